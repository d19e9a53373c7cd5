#!/usr/bin/env python3
"""The program as a user meets it: bad input, formats, exit codes, kept facts. No network."""
import csv
import io
import json
import pathlib
import re
import subprocess
import tempfile
import xml.etree.ElementTree

from harness import ASSAY, PROJECT, Run, Tests, assay, says

ZONE = """$ORIGIN council.example.
$TTL 3600
@ IN SOA ns1.host.example. hostmaster.council.example. 1 14400 3600 1209600 300
@ NS ns1.host.example.
@ NS ns2.host.example.
@ MX 10 mail
mail A 192.0.2.25
@ TXT "v=spf1 mx -all"
_dmarc TXT "v=DMARC1; p=none; sp=none; rua=mailto:dmarc-rua@dmarc.service.gov.uk"
"""


class Folder:
    """A folder for one test's files."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path

    def file(self, name: str, text: str) -> str:
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text)
        return str(self.path / name)

    def sub(self, name: str) -> str:
        (self.path / name).mkdir()
        return str(self.path / name)


def test_bad_names(tests: Tests, folder: Folder) -> None:
    zone = folder.file("council.zone", ZONE)
    long_name = ".".join(["a" * 60] * 5)
    for what, name, message in (
            ("an empty name", "", "The name is empty"),
            ("a name of 300 octets", long_name[:300], "longer than 255 octets"),
            ("a label of 64 octets", "a" * 64 + ".example", "63"),
            ("a name with a control byte", "exa\x07mple.gov.uk", "control byte (0x07)"),
            ("a name with a line end", "example\n.gov.uk", "control byte (0x0a)"),
            ("a name with a code point that no domain may have", "a\u2603\u200db.example", "not allowed"),
            ("a name that turns into an address on mapping", "a\uff20b.example", "a@b.example"),
            ("bytes that are not UTF-8", "caf\udce9.example", "not valid UTF-8"),
            ("an e-mail address", "me@example.gov.uk", "Leave out what stands before the @"),
            ("a URL", "https://example.gov.uk/", "without https://"),
            ("two dots", "example..uk", "dots"),
            ("the root", ".", "The root is not a domain that can be checked")):
        tests.check(f"{what} is refused", says(assay("check", "--zones", zone, "--", name), 2, message))
    run = assay("check", "--zones", zone, "--from", folder.file("names.txt", "council.example\nnot a name\n"))
    tests.check("a bad name in a file is named by file and line", says(run, 2, "names.txt:2:"))
    run = assay("check", "--zones", zone, "--from", "-", stdin="council.example\nbad name\n")
    tests.check("a bad name on standard input is named by line", says(run, 2, "standard input:2:"))
    tests.check("an empty list is refused",
                says(assay("check", "--zones", zone, "--from", folder.file("none.txt", "# nothing\n")), 2, "no domain"))


def test_bad_zones(tests: Tests, folder: Folder) -> None:
    broken = folder.file("broken.zone", ZONE + "www A 192.0.2.300\n")
    tests.check("a syntax error in a zone file is named by file and line",
                says(assay("check", "--zones", broken), 2, "broken.zone:10"))
    include = folder.file("include.zone", ZONE + "$INCLUDE other.zone\n")
    tests.check("$INCLUDE is refused unless it is allowed", says(assay("check", "--zones", include), 2, "$INCLUDE"))
    folder.file("other.zone", "www A 192.0.2.80\n")
    tests.check("$INCLUDE is followed when it is allowed",
                says(assay("check", "--zones", include, "--allow-include", "-q"), 1))
    for what, name, text, message in (
            ("YAML that is not OctoDNS", "a/list.example.yaml", "- one\n- two\n", "list.example.yaml"),
            ("YAML that is not YAML", "b/bad.example.yaml", "www: [unclosed\n", "bad.example.yaml"),
            ("a record without a type", "c/no-type.example.yaml", "www:\n  value: 192.0.2.1\n", "no-type.example.yaml"),
            ("a record of bad data", "d/data.example.yaml", "www:\n  type: A\n  value: nonsense\n", "data.example.yaml")):
        path = pathlib.Path(folder.file(name, text)).parent
        tests.check(f"{what} is refused", says(assay("check", "--zones", str(path)), 2, message))
    tests.check("a folder without zones is refused", says(assay("check", "--zones", folder.sub("empty")), 2, "empty"))
    tests.check("a path that is not there is refused",
                says(assay("check", "--zones", str(folder.path / "nowhere.zone")), 2, "nowhere.zone"))
    deep = folder.file("e/deep.example.yaml", "www:\n" + "".join("  " * n + f"a{n}:\n" for n in range(1, 400)))
    tests.check("YAML of great depth is refused",
                says(assay("check", "--zones", str(pathlib.Path(deep).parent)), 2, "deep.example.yaml"))


def test_bad_options(tests: Tests, folder: Folder) -> None:
    zone = folder.file("options.zone", ZONE)
    unknown = folder.file("unknown.yaml", "profile: mine\nversion: 1\ntitle: Mine\nchecks:\n"
                          "  dmarc.polcy:\n    level: must\n    reject: met positive\n")
    half = folder.file("half.yaml", "profile: mine\nversion: 1\ntitle: Mine\nchecks:\n"
                       "  dmarc.policy:\n    level: must\n    reject: met positive\n")
    for what, arguments, message in (
            ("a profile with an unknown check", ["--profile", unknown], "unknown.yaml:5: There is no check 'dmarc.polcy'"),
            ("a profile that leaves an outcome out", ["--profile", half], "half.yaml"),
            ("a profile that is not there", ["--profile", "nonsense"], "nonsense"),
            ("a format that is not there", ["--format", "xml"], "xml"),
            ("a resolver that is no address", ["--resolver", "dns.example"], "dns.example"),
            ("a port that is no port", ["--resolver", "192.0.2.53:99999"], "99999"),
            ("a resolver address without its bracket", ["--resolver", "[::1"], "is not a resolver address"),
            ("a resolver address without its port", ["--resolver", "127.0.0.1:"], "is not a resolver address"),
            ("a pattern that no check meets", ["--only", "dmarc.nothing"], "dmarc.nothing"),
            ("no waiting at all", ["--timeout", "0"], "timeout")):
        tests.check(f"{what} is refused", says(assay("check", "--zones", zone, *arguments, "council.example"), 2, message))
    tests.check("an unknown command is refused", says(assay("chekc", "council.example"), 2))
    empty = assay("check", "--from", "-", "--format", "json")
    tests.equal("an empty list gives an empty document", (empty.code, json.loads(empty.out or "null")), (0, []))
    tests.check("nothing to check is refused", says(assay("check"), 2, "domain"))
    tests.check("an unknown check cannot be explained", says(assay("explain", "dmarc.polcy"), 2, "dmarc.polcy"))


def test_facts(tests: Tests, folder: Folder) -> None:
    zone = folder.file("facts.zone", ZONE)
    kept = folder.path / "facts.jsonl"
    options = ["--format", "jsonl", "-q", "--at", "2026-11-01T12:00:00Z"]
    first = assay("check", "--zones", zone, *options, "--facts-out", str(kept))
    again = assay("check", "--facts", str(kept), "--format", "jsonl", "-q")
    tests.equal("kept facts are judged alike", again.out, first.out)
    other = re.sub(r'"assay\.facts/\d+"', '"assay.facts/999"', kept.read_text())
    for what, text, message in (
            ("facts of another version", other, "version"),
            ("facts that are cut short", kept.read_text()[:500], "facts"),
            ("facts that are something else", '{"schema":"assay.assessment/1"}\n', "facts"),
            ("facts of great depth", "[" * 100_000 + "\n", "facts")):
        path = folder.file("other-facts.jsonl", text)
        tests.check(f"{what} are refused", says(assay("check", "--facts", path), 2, message, "other-facts.jsonl"))


def test_spf_loop(tests: Tests, folder: Folder) -> None:
    zone = folder.file("loop.zone", ZONE.replace('"v=spf1 mx -all"', '"v=spf1 include:_a.council.example -all"')
                       + '_a TXT "v=spf1 include:council.example -all"\n')
    run = assay("check", "--zones", zone, "--format", "jsonl", "-q")
    found = {result["check"]: result["outcome"] for result in run.documents()[0]["results"]}
    tests.equal("an SPF include loop is found", found["spf.lookups"], "loop")


def test_formats(tests: Tests, folder: Folder) -> None:
    zone = folder.file("formats.zone", ZONE)

    def output(form: str) -> str:
        return assay("check", "--zones", zone, "-q", "--format", form, "--at", "2026-11-01T12:00:00Z").out

    array = json.loads(output("json"))
    lines = [json.loads(line) for line in output("jsonl").splitlines()]
    tests.equal("json is the array of what jsonl prints", array, lines)
    document = array[0]
    tests.equal("the document has the fields of the contract", list(document),
                ["schema", "domain", "profile", "source", "measured_at", "summary", "results"])
    policy = next(result for result in document["results"] if result["check"] == "dmarc.policy")
    tests.equal("a result says what is wrong", (policy["status"], policy["severity"], policy["level"], policy["owner"]),
                ("not_met", "urgent", "must", "you"))
    tests.equal("a result shows its evidence", policy["evidence"]["record"],
                "v=DMARC1; p=none; sp=none; rua=mailto:dmarc-rua@dmarc.service.gov.uk")
    fixes = {result["check"]: record for result in document["results"] if result["status"] == "not_met"
             for record in result.get("fix", {}).get("records", []) if record.startswith("_dmarc.")}
    mailbox = '_dmarc.council.example. IN TXT "v=DMARC1; p=none; sp=none; rua=mailto:dmarc-reports@council.example"'
    both = '_dmarc.council.example. IN TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc-reports@council.example"'
    tests.equal("a finding about a mailbox keeps the policy", fixes["dmarc.reports-retired-mailbox"], mailbox)
    tests.equal("a finding about the policy offers the record that mends all", fixes["dmarc.policy"], both)
    fix = assay("check", "--zones", zone, "-q", "--fix").out.splitlines()
    tests.equal("--fix does not raise the policy before the reports arrive",
                [line for line in fix if line.startswith("_dmarc.")], [mailbox])
    tests.equal("--fix prints each record once", len(fix), len(set(fix)))
    tests.check("--fix prints only records", None if all(" IN " in line for line in fix) and fix else str(fix))

    rows = list(csv.DictReader(io.StringIO(output("csv"))))
    tests.equal("csv has a row a result", [row["check"] for row in rows], [result["check"] for result in document["results"]])
    tests.check("csv has no cell that a spreadsheet takes for a formula",
                None if not any(cell and cell[0] in "=+-@" for row in rows for cell in row.values()) else "a formula")
    junit = xml.etree.ElementTree.fromstring(output("junit"))
    cases = junit.findall(".//testcase")
    tests.equal("junit has a case a result", len(cases), len(document["results"]))
    broken = [result for result in document["results"] if (result["status"], result["level"]) == ("not_met", "must")]
    tests.equal("junit fails where a must is not met", len(junit.findall(".//failure")), len(broken))
    sarif = json.loads(output("sarif"))
    tests.equal("sarif has its version", sarif["version"], "2.1.0")
    known = {rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"]}
    tests.check("sarif describes every rule that it names",
                None if {result["ruleId"] for result in sarif["runs"][0]["results"]} <= known else "a rule is missing")
    page = output("html")
    loads = [tag for tag in re.findall(r"<(?:script|link|img|iframe)\b[^>]*>", page)
             if "src=" in tag or "href=" in tag]
    tests.check("html loads nothing", None if not loads else str(loads))
    tests.check("html says its language and has a heading",
                None if 'lang="en' in page and "<h1" in page and "council.example" in page else page[:200])
    tests.check("html shows bytes of the domain as text",
                None if "<script" not in hostile(folder) else "a script came through")


def hostile(folder: Folder) -> str:
    zone = folder.file("hostile.zone", ZONE + 'x TXT "y"\n@ TXT "v=spf1 include:<script>alert(1)</script> -all"\n')
    return assay("check", "--zones", zone, "-q", "--format", "html").out


def test_exit_codes(tests: Tests, folder: Folder) -> None:
    zone = folder.file("codes.zone", ZONE)
    alone = folder.file("alone.zone", ZONE.replace("_dmarc TXT", "_other TXT"))  # what stands above is not given
    tests.check("a must that cannot be told gives exit code 3",
                says(assay("check", "--zones", alone, "-q", "--only", "dmarc.policy"), 3))
    for what, only, code in (("a must that is not met", "dmarc.policy", 1), ("a must that is met", "spf.single", 0),
                             ("a may that is not met", "dane.present", 0)):
        run = assay("check", "--zones", zone, "-q", "--only", only)
        tests.check(f"{what} gives exit code {code}", says(run, code))
    tests.check("help is not an error", says(assay("--help"), 0, "assay check"))
    tests.check("the version is not an error", says(assay("--version"), 0))
    tests.check("the bash completion is a script that bash reads", says(assay("completion"), 0, "complete"))


def test_idn(tests: Tests, folder: Folder) -> None:
    zone = folder.file("idn.zone", ZONE.replace("council.example", "xn--mller-kva.example"))
    run = assay("check", "--zones", zone, "-q", "--format", "jsonl", "müller.example")
    tests.equal("a name with letters beyond ASCII is measured by its A-labels", run.documents()[0]["domain"],
                "xn--mller-kva.example")


def test_open_files(tests: Tests, folder: Folder) -> None:
    """Loopback only: nobody listens on port 1."""
    resolvers = [word for last in range(1, 9) for word in ("--resolver", f"127.0.0.{last}:1")]
    done = subprocess.run(["bash", "-c", 'ulimit -S -n 24 && exec "$@"', "bash", ASSAY, "check", "--timeout", "1",
                           "--only", "spf.present", *resolvers, "council.example"], capture_output=True, text=True)
    tests.check("the usual limit of open files is no limit", says(Run(done.returncode, done.stdout, done.stderr), 3,
                                                                  "Connection refused"))


def main() -> None:
    tests = Tests()
    for part in (test_bad_names, test_bad_zones, test_bad_options, test_facts, test_spf_loop, test_formats,
                 test_exit_codes, test_idn, test_open_files):
        with tempfile.TemporaryDirectory() as path:
            part(tests, Folder(pathlib.Path(path)))
    tests.end()


if __name__ == "__main__":
    main()
