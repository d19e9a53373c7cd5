#!/usr/bin/env python3
"""How many domains a second are measured and judged: from zone files, live against the lab, from kept facts; and
whether memory grows with their number. Each figure is the median of several runs; it says what bounds it."""
import fcntl
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent
ASSAY = str(PROJECT / "build" / "release" / "assay")
LAB = PROJECT / "build" / "lab"
RUNS = 3
ZONE_GOAL, LIVE_GOAL, MEMORY_GOAL = 2000, 500, 0.10
PIPE = 1 << 20
ZONES, TENANTS, FACTS_FEW, FACTS_MANY = 5000, 2000, 1000, 100_000


class Run:
    """One run of the program, with what it cost."""

    def __init__(self, *arguments: str, stdin: str | None = None) -> None:
        source = open(stdin, "rb") if stdin else subprocess.DEVNULL
        start = time.monotonic()
        child = subprocess.Popen([ASSAY, "check", *arguments, "--format", "jsonl", "-q"], stdin=source,
                                 stdout=subprocess.PIPE)
        fcntl.fcntl(child.stdout, fcntl.F_SETPIPE_SZ, PIPE)  # or this reader would be what bounds it
        self.domains, self.memory_mb = 0, 0.0
        for chunk in iter(lambda: child.stdout.read1(PIPE), b""):
            self.domains += chunk.count(b"\n")
            # The kernel's figure for a child starts with what Python had; the process itself knows its own peak.
            peak = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{child.pid}/status").read_text())
            self.memory_mb = int(peak[1]) / 1024 if peak else self.memory_mb
        _, status, usage = os.wait4(child.pid, 0)
        self.seconds = time.monotonic() - start
        if os.waitstatus_to_exitcode(status) not in (0, 1, 3):
            sys.exit(f"assay check {' '.join(arguments)} failed")
        self.cpu = usage.ru_utime + usage.ru_stime

    @property
    def rate(self) -> float:
        return self.domains / self.seconds


def show(what: str, runs: list[Run], goal: float) -> bool:
    rate = statistics.median(run.rate for run in runs)
    spread = f"{min(run.rate for run in runs):,.0f} to {max(run.rate for run in runs):,.0f}"
    cpu = statistics.median(run.cpu / run.domains * 1000 for run in runs)
    met = rate >= goal
    print(f"{what}: {rate:,.0f} domains/s ({spread}; goal {goal:,.0f}: {'met' if met else 'NOT MET'}); "
          f"{cpu:.2f} ms of processor time a domain")
    return met


def write_zones(folder: pathlib.Path, count: int) -> None:
    record = re.search(r'TXT (".*")', (LAB / "bulk" / "tenant.zone").read_text().split("_domainkey", 1)[1])[1]
    for number in range(count):
        (folder / f"t{number}.example.zone").write_text(f"""$ORIGIN t{number}.example.
$TTL 3600
@ SOA ns1 hostmaster 1 14400 3600 1209600 300
@ NS ns1
@ NS ns2
ns1 A 192.0.2.1
ns2 A 198.51.100.1
@ MX 10 mx
mx A 192.0.2.25
@ TXT "v=spf1 mx include:_spf -all"
_spf TXT "v=spf1 ip4:192.0.2.0/24 -all"
selector1._domainkey TXT {record}
_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@t{number}.example"
_mta-sts TXT "v=STSv1; id=1"
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@t{number}.example"
@ CAA 0 issue "ca.example"
""")


def server_seconds() -> float:
    """Processor time of the lab's servers so far."""
    ticks = 0
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            name, fields = stat.read_text().rsplit(")", 1)
        except OSError:
            continue
        if name.split("(", 1)[1].startswith(("unbound", "nsd")):
            ticks += sum(int(value) for value in fields.split()[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def bench_zones(folder: pathlib.Path) -> bool:
    zones = folder / "zones"
    zones.mkdir()
    write_zones(zones, ZONES)
    runs = [Run("--zones", str(zones)) for _ in range(RUNS)]
    met = show(f"zone files, {ZONES:,} of them, reading included", runs, ZONE_GOAL)
    busy = statistics.median(run.cpu / run.seconds for run in runs)
    print(f"  bound by the processor: {busy:.1f} of {os.cpu_count()} cores are busy")
    return met


def bench_live() -> bool:
    subprocess.run([str(PROJECT / "lab/lab.sh"), "bulk", str(TENANTS)], check=True, stderr=subprocess.DEVNULL)
    arguments = ["--resolver", "127.53.0.53", "--from", str(LAB / "bulk.txt")]
    cold = Run(*arguments)
    before = server_seconds()
    runs = [Run(*arguments) for _ in range(RUNS)]
    servers = (server_seconds() - before) / sum(run.domains for run in runs) * 1000
    met = show(f"live, {TENANTS:,} unsigned tenants, through a resolver that has their records", runs, LIVE_GOAL)
    total = statistics.median(run.cpu / run.domains for run in runs) * 1000 + servers
    print(f"  bound by the processor, which the servers share: {servers:.2f} ms a domain are theirs, "
          f"so {os.cpu_count()} cores allow {os.cpu_count() * 1000 / total:,.0f} domains/s")
    print(f"  the first run, where the resolver had to ask for everything: {cold.rate:,.0f} domains/s "
          f"({cold.cpu / cold.domains * 1000:.2f} ms are ours)")
    anchored = Run(*arguments, "--trust-anchor", str(LAB / "root.key"))
    print(f"  with DNSSEC validated by libunbound: {anchored.rate:,.0f} domains/s "
          f"({anchored.cpu / anchored.domains * 1000:.2f} ms are ours)")
    return met


def bench_memory(folder: pathlib.Path) -> bool:
    kept, many = folder / "kept.jsonl", folder / "many.jsonl"
    Run("--resolver", "127.53.0.53", "--from", str(LAB / "bulk.txt"), "--facts-out", str(kept))
    lines = kept.read_bytes().splitlines(keepends=True)[:FACTS_FEW]
    kept.write_bytes(b"".join(lines))
    with open(many, "wb") as out:
        for _ in range(FACTS_MANY // FACTS_FEW):
            out.writelines(lines)
    few_run, many_run = Run("--facts", str(kept)), Run("--facts", str(many))
    print(f"judging kept facts: {many_run.rate:,.0f} domains/s, bound by one core that reads JSON")
    met = grows("judging kept facts", few_run, many_run)
    names = folder / "names.txt"
    wild = folder / "wild.example.zone"
    wild.write_text("$ORIGIN wild.example.\n$TTL 60\n@ SOA ns1 h 1 14400 3600 1209600 300\n@ NS ns1\nns1 A 192.0.2.1\n"
                    '* TXT "v=spf1 mx -all"\n* MX 10 mx\nmx A 192.0.2.25\n')
    counts = {}
    for count in (FACTS_FEW, FACTS_MANY):
        names.write_text("".join(f"t{number}.wild.example\n" for number in range(count)))
        counts[count] = Run("--zones", str(wild), "--from", str(names))
    return grows("measuring from a zone", counts[FACTS_FEW], counts[FACTS_MANY]) and met


def grows(what: str, few: Run, many: Run) -> bool:
    growth = many.memory_mb / few.memory_mb - 1
    met = abs(growth) <= MEMORY_GOAL
    print(f"memory, {what}: {few.memory_mb:.1f} MB for {few.domains:,} domains, {many.memory_mb:.1f} MB for "
          f"{many.domains:,} ({growth:+.1%}; goal ±{MEMORY_GOAL:.0%}: {'met' if met else 'NOT MET'})")
    return met


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        live = bench_live()
        results = [bench_zones(folder), live, bench_memory(folder)]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
