#!/usr/bin/env python3
"""What the compliance process costs: verifying a certificate, publishing and replaying a log of 100,000 entries,
importing a health check of 140 MB. Each figure is the median of several runs, beside what bounds it."""
import hashlib
import json
import os
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import xml.parsers.expat

PROJECT = pathlib.Path(__file__).resolve().parent.parent
ASSAY = str(PROJECT / "build" / "release" / "assay")
sys.path.insert(0, str(PROJECT / "tests"))
os.environ["ASSAY"] = ASSAY
import process_test  # noqa: E402  (it reads ASSAY)

RUNS = 5
VERIFY_GOAL_MS, REPLAY_GOAL_S, IMPORT_GOAL_S, IMPORT_GOAL_MB = 20, 10, 5, 200
ENTRIES, REPORT_OCTETS = 100_000, 140_000_000


class Run:
    """One run of a program: seconds, and its peak of memory in MB."""

    def __init__(self, *command: str, code: int = 0) -> None:
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = child.stderr.read()
        # The kernel's figure starts with what Python had at the fork, so it is an upper bound.
        _, status, usage = os.wait4(child.pid, 0)
        self.seconds, self.memory_mb = time.monotonic() - start, usage.ru_maxrss / 1024
        if os.waitstatus_to_exitcode(status) != code:
            sys.exit(f"{' '.join(command)} failed: {said.decode()}")


def median(*command: str, runs: int = RUNS) -> float:
    return statistics.median(Run(*command).seconds for _ in range(runs))


def judge(what: str, value: float, goal: float, unit: str) -> bool:
    print(f"{what}: {value:,.1f} {unit} (goal below {goal:,} {unit}: {'met' if value < goal else 'NOT MET'})")
    return value < goal


def bench_verify(folder: pathlib.Path) -> bool:
    office = process_test.Office(folder)
    office.start()
    number = office.certified(office.ready())
    fill_log(folder)
    published = median(ASSAY, "authority", "publish", *office.options, "--at", office.at)
    print(f"publishing anew with {ENTRIES:,} entries in the log: {published:.2f} s (all of it is hashed and replayed)")
    pack = folder / "pack.json"
    pack.write_bytes(subprocess.check_output([ASSAY, "certificate", "pack", number, *office.options]))
    trust = folder / "authority/public/trust.json"
    whole = median(ASSAY, "certificate", "verify", str(pack), "--trust", str(trust), "--at", office.at, runs=30) * 1000
    start = median(ASSAY, "--version", runs=30) * 1000
    met = judge(f"verifying a certificate, a pack of {pack.stat().st_size:,} bytes", whole - start, VERIFY_GOAL_MS, "ms")
    print(f"  the whole command takes {whole:.1f} ms, of which the loader's work on the shared libraries is {start:.1f} ms")
    return met


def fill_log(folder: pathlib.Path) -> None:
    """Entries as the program writes them, of a thousand organisations, straight into the store."""
    with sqlite3.connect(folder / "store.db") as store:
        first, = store.execute("SELECT max(number) + 1 FROM log_entry").fetchone()
        example, = store.execute("SELECT content FROM log_entry WHERE content LIKE '%cert.issued%'").fetchone()

        def entry(i: int) -> str:
            if i < 1000:
                return json.dumps({"v": 1, "t": "org.created", "at": "2026-03-02T09:00:00Z", "org": f"body{i}",
                                   "name": f"Example Council {i}", "type": "local_authority"}, separators=(",", ":"))
            number = f"PSN-X-{i // 4:06}"
            if i % 4 == 0:
                return json.dumps({**json.loads(example), "cert": number, "org": f"body{i % 1000}"}, separators=(",", ":"))
            kind = ("", "cert.suspended", "cert.resumed", "cert.withdrawn")[i % 4]
            return json.dumps({"v": 1, "t": kind, "at": "2026-03-02T09:00:00Z", "cert": number, "org": f"body{i % 1000}",
                               "reason": "commitments_breached"}, separators=(",", ":"))

        store.executemany("INSERT INTO log_entry (number, content) VALUES (?, ?)",
                          ((first + i, entry(i)) for i in range(ENTRIES - first)))


def bench_replay(folder: pathlib.Path) -> bool:
    public = folder / "authority/public"
    seconds = median(ASSAY, "register", "replay", str(public), "--compare", str(public / "register.json"))
    met = judge(f"replaying {ENTRIES:,} entries to the same register, byte for byte", seconds, REPLAY_GOAL_S, "s")
    start, octets = time.monotonic(), 0
    leaves = []
    for bundle in sorted((public / "tile/entries").rglob("*")):
        if not bundle.is_file():
            continue
        content = bundle.read_bytes()
        octets += len(content)
        while content:
            length = int.from_bytes(content[:2])
            leaves.append(hashlib.sha256(b"\0" + content[2:2 + length]).digest())
            json.loads(content[2:2 + length])
            content = content[2 + length:]
    other = time.monotonic() - start
    print(f"  {octets / 1e6:.0f} MB; hashing and reading the entries in Python takes {other:.2f} s, "
          f"so this is {other / seconds:.1f} times as fast; bound by one core that reads JSON")
    return met


def bench_import(folder: pathlib.Path) -> bool:
    report = folder / "report.nessus"
    subprocess.run([sys.executable, PROJECT / "tests/ithc_generate.py", report, str(REPORT_OCTETS)], check=True)
    runs = [Run(ASSAY, "ithc", "import", str(report), "--format", "json") for _ in range(RUNS)]
    seconds = statistics.median(run.seconds for run in runs)
    met = judge(f"importing a .nessus of {report.stat().st_size / 1e6:.0f} MB", seconds, IMPORT_GOAL_S, "s")
    memory = max(run.memory_mb for run in runs)
    met &= judge("  its peak of memory", memory, IMPORT_GOAL_MB, "MB")
    start = time.monotonic()
    with open(report, "rb") as source:
        xml.parsers.expat.ParserCreate().ParseFile(source)
    bare = time.monotonic() - start
    print(f"  expat alone, which keeps nothing, takes {bare:.2f} s: {seconds / bare:.1f} times that")
    return met


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as name:
        folder = pathlib.Path(name)
        results = [bench_verify(folder), bench_replay(folder), bench_import(folder)]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
