#!/usr/bin/env python3
"""Makes the documents that follow from other files. With --check: says which are old, one a line.

    docs/mail-check.md    from docs/mail-check.txt
    docs/standards.md     from the citations in src
    docs/checks.md        from the checks and the profiles
    lab/TENANTS.md        from lab/tenants.txt
"""
import collections
import pathlib
import re
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent
CITATION = re.compile(r"\bRFC (\d{3,5})(?: sections? ([0-9.]+(?:(?:, | and |, and )[0-9.]+)*))?")
BY_EVERY_CHECK = {"cannot-tell", "not-applicable"}


def checks() -> dict[str, tuple[str, list[str], str]]:
    """Id -> question, outcomes, references; in the order of the catalogue."""
    found = {}
    for path in sorted(PROJECT.glob("src/check/*/*.cpp")):
        text = path.read_text()
        ident = re.search(r'\.id = "([^"]+)"', text)
        if not ident:
            continue
        question = "".join(re.findall(r'"([^"]*)"', re.search(r"\.question =(.*?),\n    \.", text, re.S)[1]))
        outcomes = re.findall(r'^    \{(?:"([a-z0-9-]+)"|(cannot_tell|not_applicable)_tag),', text, re.M)
        references = re.search(r"references\[\] = \{(.*?)\};", text, re.S)[1]
        found[ident[1]] = (question, [a or b.replace("_", "-") for a, b in outcomes],
                           ", ".join(re.findall(r'"([^"]+)"', references)))
    order = re.findall(r"&(\w+),", (PROJECT / "src/check/catalogue.cpp").read_text())
    by_variable = {ident.replace(".", "_").replace("-", "_"): ident for ident in found}
    return {by_variable[name]: found[by_variable[name]] for name in order}


def grades(profile: str) -> dict[str, dict[str, str]]:
    out: dict[str, dict[str, str]] = collections.defaultdict(dict)
    check = ""
    for line in (PROJECT / "profiles" / f"{profile}.yaml").read_text().splitlines():
        if match := re.fullmatch(r"  ([a-z-]+\.[a-z0-9-]+):", line):
            check = match[1]
        elif match := re.fullmatch(r"    ([a-z0-9-]+): (.+)", line):
            out[check][match[1]] = match[2]
    return out


def mail_check() -> str:
    known = checks()
    rows = ["# Mail Check's advisories, and ours", "",
            "NCSC Mail Check ended on 31 March 2026. For those who knew its findings: where to find each here, and where ours",
            "differs and why. Made from `mail-check.txt` by `generate.py`.", "",
            "| area | Mail Check | its severity | ours | where ours differs, and why |", "|---|---|---|---|---|"]
    for number, line in enumerate((PROJECT / "docs/mail-check.txt").read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        area, name, severity, ours, note = (cell.strip() for cell in line.split(" | "))
        without = {"-": "none", "not yet": "not yet"}
        for pair in ours.split() if ours not in without else []:
            check, outcome = pair.split("/")
            if check not in known or outcome not in known[check][1]:
                sys.exit(f"docs/mail-check.txt:{number}: there is no outcome {pair}")
        shown = without.get(ours) or "<br>".join(f"`{pair}`" for pair in ours.split())
        rows.append(f"| {area} | {name} | {severity} | {shown} | {note} |")
    return "\n".join(rows) + "\n"


def standards() -> str:
    used: dict[int, dict[str, set[str]]] = collections.defaultdict(lambda: collections.defaultdict(set))
    for path in sorted((PROJECT / "src").rglob("*.[ch]pp")):
        if path.name.endswith(("_test.cpp", "_fuzz.cpp")):
            continue
        room = "/".join(path.relative_to(PROJECT / "src").parts[:-1]) or "main"
        for number, sections in CITATION.findall(path.read_text().replace("\n// ", " ").replace("\n    // ", " ")):
            for section in re.split(r", and |, | and ", sections) if sections else ["in general"]:
                used[int(number)][section.rstrip(".")].add(room)
    rows = ["# Standards, and where the code follows them", "",
            "Made by `generate.py` from the citations in `src`.", "", "| RFC | section | where |", "|---|---|---|"]
    for number, sections in sorted(used.items()):
        for section, rooms in sorted(sections.items(), key=lambda item: section_key(item[0])):
            rows.append(f"| [{number}](https://www.rfc-editor.org/rfc/rfc{number}) | {section} | {', '.join(sorted(rooms))} |")
    return "\n".join(rows) + "\n"


def section_key(section: str) -> list[int]:
    return [int(part) for part in section.split(".") if part.isdigit()]


def check_list() -> str:
    profile = grades("uk-government")
    parked = grades("parked-domain")
    rows = ["# Checks", "", "Made by `generate.py` from the checks and the profiles. `assay explain CHECK` says more.", "",
            "| check | question | outcomes, as uk-government (or parked-domain) grades them | sources |", "|---|---|---|---|"]
    for ident, (question, outcomes, references) in checks().items():
        row = profile.get(ident) or parked.get(ident, {})
        told = "<br>".join(f"`{outcome}` {row.get(outcome, '')}".strip() for outcome in outcomes
                           if outcome not in BY_EVERY_CHECK)
        rows.append(f"| `{ident}` ({row.get('level', '')}) | {question} | {told} | {references} |")
    return "\n".join(rows) + "\n"


def tenants() -> str:
    return subprocess.run([sys.executable, str(PROJECT / "lab/zones.py"), "document"], capture_output=True, text=True,
                          check=True).stdout


def main() -> None:
    stale = False
    for name, make in (("docs/mail-check.md", mail_check), ("docs/standards.md", standards),
                       ("docs/checks.md", check_list), ("lab/TENANTS.md", tenants)):
        path, text = PROJECT / name, make()
        if path.exists() and path.read_text() == text:
            continue
        if "--check" in sys.argv[1:]:
            print(f"{name} is old: run python3 docs/generate.py")
            stale = True
        else:
            path.write_text(text)
            print(f"wrote {name}")
    sys.exit(1 if stale else 0)


if __name__ == "__main__":
    main()
