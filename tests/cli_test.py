#!/usr/bin/env python3
"""The program as a user meets it: bad input, formats, exit codes, kept facts. No network."""
import csv
import fcntl
import io
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import tempfile
import termios
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
            ("a selector that leaves the domain", ["--selector", "s1."], "without a dot at the end"),
            ("a selector with the name below which it stands", ["--selector", "s1._domainkey"], "not a DKIM selector"),
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


def test_spf_command(tests: Tests, folder: Folder) -> None:
    def run(record: str, more: str = "", *options: str) -> Run:
        zone = folder.file("spf.zone", ZONE.replace("v=spf1 mx -all", record) + more)
        return assay("spf", "--zones", zone, "council.example", *options)

    crowd = "".join(f"crowd MX {n} mail\n" for n in range(11))
    nothing = "v=spf1 a:n1.council.example a:n2.council.example a:n3.council.example -all"
    for what, record, more, code, reason in (
            ("a record that receivers can use", "v=spf1 mx -all", "", 0, "Receivers can use this record"),
            ("no record", "no", "", 1, "There is no SPF record"),
            ("two records", "v=spf1 mx -all", '@ TXT "v=spf1 -all"\n', 1, "council.example has 2 SPF records"),
            ("a term that cannot be parsed", "v=spf1 ipv4:192.0.2.1 -all", "", 1, "the record of council.example: "),
            ("an included record that cannot be parsed", "v=spf1 include:_a.council.example -all",
             '_a TXT "v=spf1 ip4:192.0.2.300 -all"\n', 1, "the record of _a.council.example: "),
            ("two included records", "v=spf1 include:_a.council.example -all",
             '_a TXT "v=spf1 -all"\n_a TXT "v=spf1 mx -all"\n', 1, "_a.council.example has 2 SPF records"),
            ("an include of nothing", "v=spf1 include:_a.council.example -all", "", 1, "include:_a.council.example has no SPF"),
            ("a redirect to nothing", "v=spf1 redirect=_a.council.example", "", 1, "redirect=_a.council.example has no SPF"),
            ("a loop", "v=spf1 include:council.example -all", "", 1, "leads back to a record above it"),
            ("too many mail servers", "v=spf1 mx:crowd.council.example -all", crowd, 1, "11 MX hosts"),
            ("too many lookups", "v=spf1 " + "mx " * 11 + "-all", "", 1, "11 DNS lookups are more than 10"),
            ("too many lookups that find nothing", nothing, "", 1, "3 lookups that find nothing are more than 2"),
            ("a term that could not be read", "v=spf1 include:elsewhere.example -all", "", 3,
             "We could not check the whole record: include:elsewhere.example"),
            ("a mistake beside a term that could not be read", "v=spf1 include:elsewhere.example ipv4:192.0.2.1 -all", "", 1,
             "the record of council.example: ")):
        done = run(record, more)
        tests.check(f"spf: {what} gives exit code {code} and says why in its last line",
                    says(done, code) or (None if reason in done.out.splitlines()[-1] else done.out.splitlines()[-1]))
    done = run("v=spf1 include:_a.council.example include:_b.council.example -all",
               '_a TXT "v=spf1 mx -all"\n_b TXT "v=spf1 include:_a.council.example -all"\n', "--format", "json")
    document = json.loads(done.out)
    tests.equal("spf: a record without trouble has no problem in JSON", document["problem"], None)
    tests.equal("spf: the trace is in the order of evaluation, and says what leads where",
                [(step["term"], step["domain"].split(".")[0], step["depth"], step["parent"]) for step in document["trace"]],
                [("include:_a.council.example", "council", 0, None), ("mx", "_a", 1, 0), ("-all", "_a", 1, 0),
                 ("include:_b.council.example", "council", 0, None), ("include:_a.council.example", "_b", 1, 3),
                 ("mx", "_a", 2, 4), ("-all", "_a", 2, 4), ("-all", "_b", 1, 3), ("-all", "council", 0, None)])
    problem = json.loads(run("v=spf1 ipv4:x", "", "--format", "json").out)["problem"]
    tests.check("spf: the problem stands in JSON too", problem.startswith("Receivers stop with an error: "))


def test_zone_paths(tests: Tests, folder: Folder) -> None:
    one = folder.file("one.zone", ZONE)
    two = folder.file("two.zone", ZONE.replace("council.example", "parish.example"))
    for command in ("spf", "dmarc"):
        for domain in ("council.example", "parish.example"):
            run = assay(command, "--zones", one, two, domain)
            tests.check(f"{command} takes several zone files, and finds {domain}", says(run, 0, domain))
        tests.check(f"{command} takes one domain",
                    says(assay(command, "--zones", one, "council.example", "parish.example"), 2, "Name one domain"))
        tests.check(f"{command} without a domain is refused", says(assay(command, "--zones", one, two), 2, "Name one domain"))


def test_help(tests: Tests, folder: Folder) -> None:
    helps = {command: assay(command, "--help").out for command in ("check", "spf", "dmarc", "explain")}
    tests.check("help has no noise of its library",
                [word for word in ("Option Group", " in [", "FLOAT", "UINT", "TEXT") if word in "".join(helps.values())] == [])
    tests.check("the exit codes of spf are its own", "receivers stop" in helps["spf"] and "'must'" not in helps["spf"])
    tests.check("the exit codes of dmarc are its own", "a DMARC policy applies" in helps["dmarc"] and "'must'" not in helps["dmarc"])
    tests.check("--selector is an option of check alone",
                "--selector" in helps["check"] and "--selector" not in helps["spf"] + helps["dmarc"])
    tests.check("help says how parked domains are judged", "parked" in helps["check"])
    explained = assay("explain", "dmarc.policy").out
    tests.check("explain says who acts, what to do and each profile's level",
                all(part in explained for part in ("Who acts: you", "What to do: Publish p=quarantine",
                                                   "Level by profile: internet: must; parked-domain: must")))
    tests.check("explain says when it is the provider who acts", "Who acts: your provider" in assay("explain", "dns.soa").out)

    def completed(*words: str) -> list[str]:
        script = (assay("completion").out + f"\nCOMP_WORDS=({' '.join(words)} '')\nCOMP_CWORD={len(words)}\n"
                  "_assay\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n")
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
        return done.stdout.split()

    for command in ("spf", "dmarc"):
        tests.equal(f"completion offers the formats of {command}", completed("assay", command, "--format"), ["text", "json"])
    tests.equal("completion offers the formats of check", completed("assay", "check", "--format"),
                ["text", "json", "jsonl", "csv", "sarif", "junit", "html"])
    for command in helps:
        offered = completed("assay", command)
        tests.equal(f"completion offers each option of {command} once", len(offered), len(set(offered)))


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
    tests.equal("a finding about the policy offers the record that fixes all", fixes["dmarc.policy"], both)
    fix = assay("check", "--zones", zone, "-q", "--fix").out.splitlines()
    tests.equal("--fix does not raise the policy before the reports arrive",
                [line for line in fix if line.startswith("_dmarc.")], [mailbox])
    tests.equal("--fix prints each record once", len(fix), len(set(fix)))
    tests.check("--fix prints only records", None if all(" IN " in line for line in fix) and fix else str(fix))

    for form in ("json", "html"):
        tests.check(f"--fix with {form} is refused, not ignored",
                    says(assay("check", "--zones", zone, "-q", "--fix", "--format", form), 2, "--fix prints records as text"))
    next_steps = [result["check"] for result in document["results"] if result.get("fix", {}).get("next_step")]
    tests.check("json marks the record that is the next step",
                "dmarc.policy" in next_steps and "dmarc.reports-retired-mailbox" not in next_steps)
    for form in ("text", "html", "junit", "sarif"):
        tests.equal(f"{form} says which record is the next step",
                    " ".join(output(form).split()).count("This record is the next step"), len(next_steps))

    rows = list(csv.DictReader(io.StringIO(output("csv"))))
    tests.equal("csv marks the record that is the next step",
                [row["check"] for row in rows if row["next_step"] == "true"], next_steps)
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
    tests.equal("sarif names the version of the program", "assay " + sarif["runs"][0]["tool"]["driver"]["version"],
                assay("--version").out.strip())
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


def heading_jumps(page: str) -> list[str]:
    """Headings that stand more than one level below the one before."""
    levels = [0] + [int(level) for level in re.findall(r"<h([1-6])", page)]
    return [f"h{before} to h{after}" for before, after in zip(levels, levels[1:]) if after > before + 1]


def test_page(tests: Tests, folder: Folder) -> None:
    zone = folder.file("page.zone", ZONE)
    other = folder.file("other.zone", ZONE.replace("council.example", "parish.example"))
    one = assay("check", "--zones", zone, "-q", "--format", "html").out
    clean = assay("check", "--zones", zone, "-q", "--format", "html", "--only", "spf.*").out
    several = assay("check", "--zones", zone, other, "-q", "--format", "html").out
    tests.check("html has a page with nothing to change", "We found nothing that you need to change" in clean)
    for what, page in (("with findings", one), ("with nothing to change", clean), ("of several domains", several)):
        tests.equal(f"no level of heading is left out on a page {what}", heading_jumps(page), [])
    tests.check("what is met stands under its own heading", "<h3>What is met</h3>" in clean)
    tests.check("html names evidence in words", "<dt>Found there</dt>" in one and "<dt>record</dt>" not in one)
    tests.check("html of one domain has no list of domains", "<nav" not in one)
    tests.equal("html of several domains lists them with links", re.findall(r'<a href="#(d\d)">([^<]+)</a>', several),
                [("d1", "council.example"), ("d2", "parish.example")])
    tests.equal("each link leads to a domain", re.findall(r'<section id="(d\d)">', several), ["d1", "d2"])


def on_terminal(columns: int, env: dict[str, str], *arguments: str) -> str:
    """What the program prints on a terminal of that width."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen([ASSAY, *arguments], stdout=slave, stderr=subprocess.DEVNULL, env={**os.environ, **env}):
        os.close(slave)
        out = b""
        try:
            while part := os.read(master, 65536):
                out += part
        except OSError:  # the other end is closed
            pass
    os.close(master)
    return out.decode().replace("\r\n", "\n")


def test_terminal(tests: Tests, folder: Folder) -> None:
    zone = folder.file("terminal.zone", ZONE)
    for columns in (50, 80):
        lines = on_terminal(columns, {"NO_COLOR": "1"}, "check", "--zones", zone, "-q").splitlines()
        long = [line for line in lines if len(line) > columns and " IN TXT " not in line]
        tests.check(f"on a terminal of {columns} columns only records are longer than a line", str(long) if long or not lines else None)
    plain = on_terminal(80, {"NO_COLOR": "1"}, "check", "--zones", zone, "-q")
    colour = on_terminal(80, {"NO_COLOR": ""}, "check", "--zones", zone, "-q", "--at", "2026-11-01T12:00:00Z")
    tests.check("a terminal gets colours, unless NO_COLOR is set", "\x1b[" in colour and "\x1b[" not in plain)


def test_full_disk(tests: Tests, folder: Folder) -> None:
    zone = folder.file("full.zone", ZONE)
    names = folder.file("names.txt", "council.example\n" * 50 + "elsewhere.example\n" * 5000)
    kept = folder.path / "kept.jsonl"
    assay("check", "--zones", zone, "-q", "--facts-out", str(kept), "council.example")
    for what, run in (
            ("--facts-out", assay("check", "--zones", zone, "--from", names, "--jobs", "1", "--format", "jsonl",
                                  "--facts-out", "/dev/full")),
            ("--facts-out of one domain", assay("check", "--zones", zone, "--facts-out", "/dev/full", "--format", "jsonl"))):
        tests.check(f"a full disk stops {what}", says(run, 4, "/dev/full: Could not be written in full"))
        tests.check(f"a full disk stops {what} at once", len(run.out.splitlines()) <= 4)
    with open("/dev/full", "w") as full:
        done = subprocess.run([ASSAY, "check", "--facts", "-", "--format", "jsonl"], stdout=full, stderr=subprocess.PIPE,
                              input=kept.read_bytes() * 200 + b"not facts\n", timeout=60)
    tests.equal("a full disk stops the output before the last line is read", (done.returncode, done.stderr.decode()),
                (4, "assay: The output could not be written.\n"))


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


def test_fix_for_others(tests: Tests, folder: Folder) -> None:
    zone = folder.file("mail.zone", ZONE.replace("dmarc-rua@dmarc.service.gov.uk", "d@reports.other.example"))
    other = folder.file("other.zone", ZONE.replace("council.example", "other.example"))
    fix = assay("check", "--zones", zone, other, "-q", "--fix", "--only", "dmarc.reports-authorised", "council.example").out
    tests.equal("--fix keeps records for another zone apart", fix.strip(),
                "; For another organisation to publish: "
                'council.example._report._dmarc.reports.other.example. IN TXT "v=DMARC1"')


def test_fix_that_raises_the_policy(tests: Tests, folder: Folder) -> None:
    raised = '_dmarc.council.example. IN TXT "v=DMARC1; p=quarantine; rua=mailto:d@council.example"'
    watching = ZONE.replace("sp=none; rua=mailto:dmarc-rua@dmarc.service.gov.uk", "rua=mailto:d@council.example")

    def fix(zone: str, *options: str) -> list[str]:
        lines = assay("check", "--zones", folder.file("raise.zone", zone), "-q", "--fix", *options).out.splitlines()
        return [line for line in lines if "_dmarc.council.example." in line]

    tests.equal("--fix keeps a record that raises the policy as a comment", fix(watching),
                ["; Only when your reports show that your own mail passes: " + raised])
    unread = watching.replace("mailto:d@council.example", "https://reports.example/")
    tests.equal("an address that nobody reads has no record that comes first", fix(unread),
                ["; Only when your reports show that your own mail passes: "
                 '_dmarc.council.example. IN TXT "v=DMARC1; p=quarantine; rua=https://reports.example/"'])
    parked = watching.replace("@ MX 10 mail", "@ MX 0 .").replace("v=spf1 mx -all", "v=spf1 -all")
    tests.equal("a parked domain has no mail that a stricter policy could stop", fix(parked),
                ['_dmarc.council.example. IN TXT "v=DMARC1; p=reject; sp=reject; np=reject; adkim=s; aspf=s; '
                 'rua=mailto:d@council.example"'])


def test_reverse_zone(tests: Tests, folder: Folder) -> None:
    zone = folder.file("reverse.zone", ZONE.replace("council.example", "2.0.192.in-addr.arpa"))
    run = assay("check", "--zones", zone, "-q", "--format", "jsonl", "2.0.192.in-addr.arpa")
    document = run.documents()[0]
    tests.check("a zone of addresses is judged by the profile for those", document["profile"].startswith("reverse-zone/"))
    tests.check("nobody asks a zone of addresses for mail policy",
                all(result["check"].startswith("dns.") for result in document["results"]))


def test_open_files(tests: Tests, folder: Folder) -> None:
    """Loopback only: nobody listens on port 1."""
    resolvers = [word for last in range(1, 9) for word in ("--resolver", f"127.0.0.{last}:1")]
    done = subprocess.run(["bash", "-c", 'ulimit -S -n 24 && exec "$@"', "bash", ASSAY, "check", "--timeout", "1",
                           "--only", "spf.present", *resolvers, "council.example"], capture_output=True, text=True)
    tests.check("the usual limit of open files is no limit", says(Run(done.returncode, done.stdout, done.stderr), 3,
                                                                  "Connection refused"))


def main() -> None:
    tests = Tests()
    for part in (test_bad_names, test_bad_zones, test_bad_options, test_facts, test_spf_loop, test_spf_command,
                 test_zone_paths, test_help, test_formats, test_page, test_terminal, test_full_disk, test_exit_codes,
                 test_idn, test_reverse_zone, test_open_files,
                 test_fix_for_others, test_fix_that_raises_the_policy):
        with tempfile.TemporaryDirectory() as path:
            part(tests, Folder(pathlib.Path(path)))
    tests.end()


if __name__ == "__main__":
    main()
