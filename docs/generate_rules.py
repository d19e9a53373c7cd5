#!/usr/bin/env python3
"""Makes docs/psn-rules.md: every sentence of the scheme's text that states a rule, where the rule is kept, and which
cases test it. From docs/psn-rules.map, the scheme, the code and the cases. With --check: says what is old or missing,
one a line."""
import collections
import pathlib
import re
import sys

import yaml

PROJECT = pathlib.Path(__file__).resolve().parent.parent
MAP = PROJECT / "docs/psn-rules.map"
OUT = PROJECT / "docs/psn-rules.md"
SCHEME = PROJECT / "schemes/psn-connection"
WORDS_MAX = 6
RULE = re.compile(r"\bR-\d\d\b")
SPAN = re.compile(r"\b(R-(\d\d)) to (R-(\d\d))\b")


def named(text: str) -> set[str]:
    """The rules that a text names; "R-10 to R-13" names four."""
    out = set(RULE.findall(text))
    for _, first, _, last in SPAN.findall(text):
        out |= {f"R-{number:02}" for number in range(int(first), int(last) + 1)}
    return out


def rules() -> dict[str, str]:
    return {row["id"]: row["sentence"] for row in yaml.safe_load((SCHEME / "rules.yaml").read_text())["rules"]}


def sentences(known: set[str], faults: list[str]) -> list[tuple[int, str, list[str]]]:
    """Number, first words, rules."""
    out = []
    for line in MAP.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        number, words, what = (cell.strip() for cell in line.split(" | "))
        found = [] if what.startswith("-") else what.split()
        if int(number) != len(out) + 1:
            faults.append(f"docs/psn-rules.map: {number} is out of order")
        if len(words.split()) > WORDS_MAX:
            faults.append(f"docs/psn-rules.map: {number} has more than {WORDS_MAX} words")
        if what.startswith("-") and len(what) < 3:
            faults.append(f"docs/psn-rules.map: {number} states no rule, and does not say why")
        faults += [f"docs/psn-rules.map: {number}: there is no rule {rule}" for rule in found if rule not in known]
        out.append((int(number), words, found))
    return out


def places() -> dict[str, list[str]]:
    """Rule -> files that keep it: code (no headers, which only announce), and what the scheme asks for it. A rule's own sentence is not its keeping."""
    out = collections.defaultdict(list)
    files = [path for path in sorted((PROJECT / "src/certify").rglob("*.cpp"))
             if not path.name.endswith(("_test.cpp", "_fuzz.cpp"))]
    files += [path for path in sorted(SCHEME.glob("*.yaml")) if path.name != "rules.yaml"]
    for path in files:
        for rule in named(path.read_text().replace("\n// ", " ")):
            out[rule].append(str(path.relative_to(PROJECT)))
    return out


def cases() -> dict[str, list[str]]:
    """Rule -> titles of the cases that begin with it."""
    out = collections.defaultdict(list)
    for path in sorted((PROJECT / "src/certify/cases").glob("*.cases")):
        for title in re.findall(r"^case (.+)$", path.read_text(), re.M):
            ids = re.match(r"((?:R-\d\d )*)", title)[1].split()
            for rule in ids:
                out[rule].append(f"{path.stem}: {title[len(' '.join(ids)):].strip()}")
    return out


def page(faults: list[str]) -> str:
    known, where, tested = rules(), places(), cases()
    stated = collections.defaultdict(list)
    listed = sentences(set(known), faults)
    for number, _, found in listed:
        for rule in found:
            stated[rule].append(number)
    rows = ["# The PSN connection scheme: from its sentences to code and tests", "",
            "Made by `generate_rules.py` from `psn-rules.map`, the scheme, the code and the cases of the process. "
            f"The text has {len(listed)} sentences; {sum(bool(found) for *_, found in listed)} of them state a rule.", "",
            "## Sentences that state a rule", "", "| sentence | begins with | rules |", "|---|---|---|"]
    rows += [f"| {number} | {words} … | {', '.join(found)} |" for number, words, found in listed if found]
    rows += ["", "## Rules", "", "| rule | in our words | sentences | kept in | cases |", "|---|---|---|---|---|"]
    for rule, sentence in known.items():
        for what, found in (("no sentence", stated[rule]), ("no code", where[rule]), ("no case", tested[rule])):
            if not found:
                faults.append(f"{rule} has {what}")
        rows.append(f"| {rule} | {sentence} | {', '.join(map(str, stated[rule]))} | "
                    f"{'<br>'.join(f'`{path}`' for path in where[rule])} | {'<br>'.join(tested[rule])} |")
    unknown = sorted(set(tested) - set(known))
    faults += [f"a case names {rule}, which the scheme does not have" for rule in unknown]
    return "\n".join(rows) + "\n"


def main() -> None:
    faults: list[str] = []
    text = page(faults)
    if "--check" not in sys.argv[1:]:
        OUT.write_text(text)
        print("wrote docs/psn-rules.md")
    elif not OUT.exists() or OUT.read_text() != text:
        faults.append("docs/psn-rules.md is old: run python3 docs/generate_rules.py")
    print("\n".join(faults), end="\n" if faults else "")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
