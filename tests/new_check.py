#!/usr/bin/env python3
"""Writes the four pieces of a new check, each to be filled in: new_check.py AREA.WHAT"""
import pathlib
import re
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = """#include "check/{folder}/checks.hpp"

namespace assay::check {{

namespace {{

constexpr std::string_view references[] = {{"RFC ... section ..."}};
constexpr std::string_view guidance[] = {{""}};

constexpr OutcomeText outcomes[] = {{
    {{"good", "{{domain}} ...", ""}},
    {{"bad", "{{domain}} ...", "What to do next."}},
    {{cannot_tell_tag, "We could not check this: {{reason}}", "Try again later."}},
}};

Outcome judge(const fact::Domain& facts) {{
    if (!facts.{folder}) return not_collected();
    return Outcome("good").with("domain", facts.name.text());
}}

}}  // namespace

constinit const Check {variable}{{
    .id = "{id}",
    .question = "...?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::{folder},
    .outcomes = outcomes,
    .judge = judge,
}};

}}  // namespace assay::check
"""
CASES = """# {id}: what it says of small worlds; the grammar is in tests/README.md.
case good
  zone    example.gov.uk. A 192.0.2.1
  expect  {id}/good

case bad
  expect  {id}/bad

case resolver-down
  dns     servfail example.gov.uk.
  expect  {id}/cannot-tell
"""
GUIDANCE = """# ...?

## What

## Why

## How to fix

## How to verify
Run `assay check DOMAIN --only {id}`.
"""


def main() -> None:
    if len(sys.argv) != 2 or not re.fullmatch(r"[a-z-]+\.[a-z0-9-]+", sys.argv[1]):
        sys.exit("use: ./dev new-check AREA.WHAT, for example dmarc.report-size")
    check = sys.argv[1]
    area, what = (word.replace("-", "_") for word in check.split("."))
    folder = PROJECT / "src" / "check" / area
    if not (folder / "checks.hpp").exists():
        sys.exit(f"there is no area '{area}'; the areas are "
                 + ", ".join(sorted(path.parent.name for path in folder.parent.glob("*/checks.hpp"))))
    words = {"id": check, "folder": area, "variable": f"{area}_{what}"}
    made = {folder / f"{what}.cpp": SOURCE, folder / f"{what}.cases": CASES, PROJECT / "guidance" / f"{check}.md": GUIDANCE}
    for path in made:
        if path.exists():
            sys.exit(f"{path.relative_to(PROJECT)} is there already")
    for path, text in made.items():
        path.write_text(text.format(**words))
        print(path.relative_to(PROJECT))
    print(f"now declare {words['variable']} in src/check/{area}/checks.hpp, name it in src/check/catalogue.cpp,")
    print("and grade its outcomes in profiles/*.yaml; the catalogue test says what is missing")


if __name__ == "__main__":
    main()
