#!/usr/bin/env python3
"""The rules of the house that no compiler checks: rooms, lengths, banned calls, siblings, documents, format."""
import pathlib
import re
import subprocess
import sys

from harness import PROJECT, Tests

COLUMNS_MAX = 100
FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
BANNED = {  # pattern: what to write in its place
    r"\bsleep(_for|_until)?\(": "a deadline on the executor",
    r"\.detach\(\)|asio::detached": "net::gather, which waits for what it started",
    r"\b(s|vs)?n?printf\(": "fmt::format",
    r"\b(strcpy|strcat|strtok|gets|sscanf)\(": "std::string and base/text.hpp",
    r"\b(atoi|atol|strtol|strtoul|stoi|stoul)\(": "base::parse_decimal",
    r"\b(rand|srand)\(|std::random_device": "the source of randomness that main hands in",
    r"\b(getenv|system|popen)\(": "a parameter",
    r"\bassert\(": "ASSAY_ASSERT",
    r"system_clock::now\(|\btime\(nullptr\)": "the time that main hands in",
    r"\busing namespace std;": "the names themselves",
}
# Where a banned call is the point of the file.
ALLOWED = {("src/main.cpp", "the time that main hands in"), ("src/main.cpp", "a parameter"),
           ("src/main.cpp", "the source of randomness that main hands in")}
FOREIGN_WORDS = r"/work/|\bissue #?[0-9]|\bsession [0-9]|TODO|FIXME|XXX"


def sources() -> list[pathlib.Path]:
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "src", "tests"], cwd=PROJECT,
                            capture_output=True, text=True, check=True).stdout.split()
    return [PROJECT / name for name in listed if name.endswith((".cpp", ".hpp")) and (PROJECT / name).exists()]


def relative(path: pathlib.Path) -> str:
    return str(path.relative_to(PROJECT))


def read_rooms() -> dict[str, set[str]]:
    rows = [line.split() for line in (PROJECT / "rooms.txt").read_text().splitlines() if line.strip()]
    names = {row[0] for row in rows}
    return {row[0]: names if "*" in row else {row[0], *row[1:]} for row in rows}


def wrong_rooms(files: list[pathlib.Path]) -> list[str]:
    rooms = read_rooms()
    out = []
    for path in files:
        parts = relative(path).split("/")
        if parts[0] != "src":
            continue
        room = parts[1].removesuffix(".cpp")
        if room not in rooms:
            out.append(f"{relative(path)}: rooms.txt has no room '{room}'")
            continue
        if path.name.endswith(("_test.cpp", "_fuzz.cpp")):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            used = re.match(r'#include "([a-z_]+)/', line)
            if used and used[1] not in rooms[room]:
                out.append(f"{relative(path)}:{number}: room '{room}' may not use '{used[1]}' (rooms.txt)")
    return out


def too_long(files: list[pathlib.Path]) -> list[str]:
    out = []
    for path in files:
        lines = path.read_text().splitlines()
        if len(lines) > FILE_LINES_MAX:
            out.append(f"{relative(path)} has {len(lines)} lines; split it at {FILE_LINES_MAX}")
        # A test that is one raw table may be long; a line of it may not.
        out += [f"{relative(path)}:{number}: longer than {COLUMNS_MAX} columns"
                for number, line in enumerate(lines, 1) if len(line) > COLUMNS_MAX]
        opened = None
        for number, line in enumerate(lines, 1):
            if line.endswith("{") and re.match(r"[A-Za-z].*[)a-z] (const )?\{$", line) and not re.match(
                    r"(namespace|struct|class|enum|extern|union)\b", line):
                opened = number
            elif line == "}" and opened is not None:
                if number - opened > FUNCTION_LINES_MAX:
                    out.append(f"{relative(path)}:{opened}: a function of {number - opened} lines")
                opened = None
    return out


def banned_calls(files: list[pathlib.Path]) -> list[str]:
    out = []
    for path in files:
        if path.name.endswith("_fuzz.cpp") or relative(path).startswith("tests/"):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            code = line.split("//")[0]
            out += [f"{relative(path)}:{number}: use {instead}" for pattern, instead in BANNED.items()
                    if re.search(pattern, code) and (relative(path), instead) not in ALLOWED]
    return out


def missing_siblings(files: list[pathlib.Path]) -> list[str]:
    out = []
    for path in files:
        name = relative(path)
        if name.endswith("_fuzz.cpp"):
            target = f"{path.parent.name}_{path.name.removesuffix('_fuzz.cpp')}"
            seeds = PROJECT / "fuzz" / "corpus" / target
            if not seeds.is_dir() or not any(seeds.iterdir()):
                out.append(f"{name} has no seeds in fuzz/corpus/{target}")
        if name.startswith("src/check/") and name.count("/") == 3 and "constinit const Check " in path.read_text():
            if not path.with_suffix(".cases").exists():
                out.append(f"{name} has no cases beside it")
        header = path.suffix == ".hpp"
        if header and "#pragma once" not in path.read_text():
            out.append(f"{name} lacks #pragma once")
        if header and re.search(r"\b(lint|parse|parse_\w+|decode_\w+|read_\w+)\((std::string_view|std::span|std::istream)",
                                path.read_text()) and re.match(r"src/(codec|fact)/|src/check/profile", name):
            if not any(path.parent.glob("*_fuzz.cpp")):
                out.append(f"{name} reads outside bytes, and nothing in its folder fuzzes")
    return out


def foreign_words() -> list[str]:
    listed = subprocess.run(["git", "grep", "-nIE", FOREIGN_WORDS, "--", ":!tests/lint.py", ":!LICENSE"], cwd=PROJECT,
                            capture_output=True, text=True).stdout.splitlines()
    return [line[:200] for line in listed]


def wrong_format(files: list[pathlib.Path]) -> list[str]:
    done = subprocess.run(["clang-format-19", "--dry-run", "--Werror", *map(str, files)], capture_output=True, text=True)
    return sorted({line.split(": error")[0].replace(f"{PROJECT}/", "") for line in done.stderr.splitlines()
                   if ": error" in line})


def stale_documents() -> list[str]:
    out = []
    for script in ("generate.py", "generate_rules.py"):
        done = subprocess.run([sys.executable, str(PROJECT / "docs" / script), "--check"], capture_output=True, text=True)
        out += done.stdout.splitlines() + (done.stderr.splitlines()[-3:] if done.returncode else [])
    return out


def main() -> None:
    files = sources()
    tests = Tests()
    for name, problems in (
            ("each room uses only the rooms that rooms.txt gives it", wrong_rooms(files)),
            ("files, functions and lines are short", too_long(files)),
            ("no banned call", banned_calls(files)),
            ("checks have cases, fuzz targets have seeds, headers are guarded", missing_siblings(files)),
            ("the project speaks of itself alone", foreign_words()),
            ("the generated documents are fresh", stale_documents()),
            ("clang-format agrees", wrong_format(files))):
        tests.check(name, "\n  ".join(["", *problems]) if problems else None)
    tests.end()


if __name__ == "__main__":
    main()
