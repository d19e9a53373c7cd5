#!/usr/bin/env python3
"""Measures the lab's tenants with the real program over real DNS, and asks the resolvers that misbehave."""
import collections
import json
import pathlib
import subprocess
import tempfile

from harness import PROJECT, Tests, assay, says

LAB = PROJECT / "build" / "lab"
RESOLVER = ["--resolver", "127.53.0.53", "--trust-anchor", str(LAB / "root.key")]
RECURSE = ["--recurse", "--root-hints", str(LAB / "root.hints"), "--trust-anchor", str(LAB / "root.key")]
# What a resolver does wrong, and what must be said of it: by libunbound, which says little, and by the stub.
LIARS = {
    "refuses": ("127.53.0.240", "no resolver gave a usable answer", "REFUSED for example.gov.uk"),
    "never answers": ("127.53.0.241", "no usable answer within 300 ms", "no usable answer within 300 ms"),
    "answers garbage": ("127.53.0.242", "no resolver gave a usable answer", "did not send an answer"),
    "answers another question": ("127.53.0.243", "no resolver gave a usable answer", "It answered another question"),
    "loops aliases": ("127.53.0.244", "no resolver gave a usable answer", "do not end after 11 steps"),
    "fails": ("127.53.0.246", "no resolver gave a usable answer", "SERVFAIL for example.gov.uk"),
    "cuts answers short": ("127.53.0.247", "no resolver gave a usable answer", "did not send an answer"),
    "claims more records than it sends": ("127.53.0.248", "no resolver gave a usable answer", "runs past the end"),
    "is not there": ("127.53.0.250", "no usable answer within 300 ms", "Connection refused"),
}


def expectations() -> dict[str, list[str]]:
    lines = subprocess.run(["python3", str(PROJECT / "lab" / "zones.py"), "expect"], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    out: dict[str, list[str]] = collections.defaultdict(list)
    for line in lines:
        name, expected = line.split()
        out[name].append(expected)
    return out


def outcomes(document: dict) -> dict[str, str]:
    return {result["check"]: result["outcome"] for result in document["results"]}


def test_tenants(tests: Tests) -> None:
    expected = expectations()
    for way, options in (("through a validating resolver", RESOLVER), ("from the root", RECURSE)):
        run = assay("check", *options, "--format", "jsonl", "-q", *expected)
        found = {document["domain"]: outcomes(document) for document in run.documents()}
        tests.equal(f"{way}: every tenant is measured, in order", list(found), list(expected))
        for name, rows in expected.items():
            wrong = [f"{row}, got {found.get(name, {}).get(row.split('/')[0])}" for row in rows
                     if found.get(name, {}).get(row.split("/")[0]) != row.split("/")[1]]
            tests.check(f"{way}: {name} is judged as its description says", "; ".join(wrong) or None)


def test_liars(tests: Tests) -> None:
    engines = {"libunbound": ["--trust-anchor", str(LAB / "root.key")], "the stub": []}
    for what, (address, *messages) in LIARS.items():
        for (engine, options), message in zip(engines.items(), messages):
            run = assay("check", "--resolver", address, *options, "--timeout", "0.3", "--format", "jsonl", "-q",
                        "example.gov.uk")
            problem = says(run, 3, message)
            if problem is None:
                believed = [result["check"] for result in run.documents()[0]["results"]
                            if result["status"] in ("met", "not_met")]
                problem = f"it believed something: {believed}" if believed else None
            tests.check(f"{engine}: a resolver that {what} tells nothing", problem)
    run = assay("check", "--resolver", "127.53.0.245", "--format", "jsonl", "-q", "example.gov.uk")
    tests.check("a TXT record of 64 kB is read over TCP", says(run, 1))
    found = {result["check"]: result["outcome"] for result in run.documents()[0]["results"]}
    tests.check("a TXT record of 64 kB is no SPF record", None if found["spf.present"] == "missing" else str(found))


def test_dnssec(tests: Tests) -> None:
    run = assay("check", "--resolver", "127.53.0.53", "--format", "jsonl", "-q", "--only", "dns.dnssec-valid", "good.gov.uk")
    tests.check("without a trust anchor nobody says whether signatures hold", says(run, 3, "cannot_tell"))
    with tempfile.TemporaryDirectory() as folder:
        anchor = pathlib.Path(folder) / "wrong.key"
        anchor.write_text(". IN DS 1 13 2 " + "00" * 32 + "\n")
        run = assay("check", "--resolver", "127.53.0.53", "--trust-anchor", str(anchor), "--format", "jsonl", "-q",
                    "--only", "dns.dnssec-valid", "good.gov.uk")
        tests.check("a wrong trust anchor makes everything bogus", says(run, 1, '"bogus"'))


def test_commands(tests: Tests) -> None:
    run = assay("spf", *RESOLVER, "spf-lookups.gov.uk", "--format", "json")
    tests.equal("assay spf counts the lookups of every term", json.loads(run.out)["lookups"], 11)
    run = assay("spf", *RESOLVER, "spf-loop.gov.uk")
    tests.check("assay spf names a loop", says(run, 1, "spf-loop.gov.uk"))
    run = assay("dmarc", *RESOLVER, "shared.gov.uk")
    tests.check("assay dmarc shows every step of the walk", says(run, 0, "_dmarc.shared.gov.uk", "_dmarc.gov.uk", "_dmarc.uk"))
    run = assay("dmarc", *RESOLVER, "dmarc-missing.gov.uk", "--format", "json")
    tests.check("assay dmarc says which record applies", says(run, 0, "gov.uk"))


def test_facts(tests: Tests) -> None:
    with tempfile.TemporaryDirectory() as folder:
        kept = pathlib.Path(folder) / "facts.jsonl"
        first = assay("check", *RESOLVER, "--format", "jsonl", "-q", "--facts-out", str(kept), "good.gov.uk", "bogus.gov.uk")
        again = assay("check", "--facts", str(kept), "--format", "jsonl", "-q")
        tests.check("facts were kept", says(first, 1))
        tests.equal("kept facts are judged alike, without a network", again.out, first.out)


def main() -> None:
    tests = Tests()
    for part in (test_tenants, test_liars, test_dnssec, test_commands, test_facts):
        part(tests)
    tests.end()


if __name__ == "__main__":
    main()
