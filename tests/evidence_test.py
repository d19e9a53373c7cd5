#!/usr/bin/env python3
"""Evidence of a case through the program: measured claims from attaching to notice and cure; findings and their plans."""
import csv
import hashlib
import io
import json
import pathlib
import sys
import tempfile

from harness import Tests, assay, says
from process_test import Office

tests = Tests()
ZONE = """$ORIGIN example.gov.uk.
$TTL 3600
@ IN SOA ns1.example.net. hostmaster.example.gov.uk. 1 14400 3600 1209600 300
@ NS ns1.example.net.
@ NS ns2.example.org.
@ MX 10 mail
mail A 192.0.2.25
@ TXT "v=spf1 mx -all"
"""
DMARC = '_dmarc TXT "v=DMARC1; p=reject; psd=n; rua=mailto:dmarc-rua@dmarc.service.gov.uk"\n'
OTHER = ZONE.replace("example.gov.uk", "other.gov.uk")
NESSUS = """<?xml version="1.0" ?><NessusClientData_v2><Report name="r">
<ReportHost name="192.0.2.1"><HostProperties><tag name="host-ip">192.0.2.1</tag></HostProperties>
<ReportItem port="443" svc_name="www" protocol="tcp" severity="4" pluginID="1001" pluginName="=Old OpenSSL">
<risk_factor>Critical</risk_factor><solution>Install the update.</solution></ReportItem>
<ReportItem port="22" svc_name="ssh" protocol="tcp" severity="3" pluginID="1002" pluginName="Weak key">
<risk_factor>High</risk_factor><solution>Make a new key.</solution></ReportItem>
<ReportItem port="80" svc_name="www" protocol="tcp" severity="1" pluginID="1003" pluginName="Banner">
<risk_factor>Low</risk_factor><solution>Hide it.</solution></ReportItem></ReportHost>
<ReportHost name="192.0.2.2"><HostProperties><tag name="host-ip">192.0.2.2</tag></HostProperties>
<ReportItem port="443" svc_name="www" protocol="tcp" severity="4" pluginID="1001" pluginName="=Old OpenSSL">
<risk_factor>Critical</risk_factor><solution>Install the update.</solution></ReportItem></ReportHost>
</Report></NessusClientData_v2>
"""
FILLED = {"Planned start": "2026-03-10", "Planned finish": "31/05/2026", "Owner": "Ann Example", "Lessons learnt": "-Patch sooner\nand\ttest"}


def reply(run) -> dict:
    return json.loads(run.out) if run.out.strip() else {"error": run.err}


class Measured:
    """A case, then a certificate, of one domain."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.office = Office(folder)
        self.office.start()
        self.case = self.office.ready()
        for name, text in (("good", ZONE + DMARC), ("bad", ZONE), ("other", OTHER)):
            (folder / f"{name}.zone").write_text(text)

    def measure(self, zone: str, *more: str):
        return assay("case", "measure", self.case, "--as", "pat", "--at", self.office.at, *self.office.options, "--zones",
                     str(self.folder / f"{zone}.zone"), *more)

    def remeasure(self, zone: str, *more: str):
        return assay("certificate", "remeasure", *more, "--as", "ops", "--at", self.office.at, *self.office.options, "--zones",
                     str(self.folder / f"{zone}.zone"))

    def attached(self) -> dict[str, list[dict]]:
        case = self.office.must("pat", "show", {"case": self.case})["case"]
        return {name: answer["measured"] for name, answer in case["conditions"].items() if answer["measured"]}

    def certify(self) -> str:
        return self.office.certified(self.case)


def test_attach(place: Measured) -> None:
    unknown = reply(place.measure("other"))
    tests.check("a domain outside the zone files: nothing is met or not met, and that is attached",
                all(row["met"] == row["not_met"] == 0 and row["cannot_tell"] > 0 for row in unknown["attached"])
                and bool(unknown["attached"]) or f"{unknown}")
    kept = place.folder / "facts.jsonl"
    first = place.measure("good", "--facts-out", str(kept))
    tests.check("measuring the domains of a case attaches the result", says(first, 0, '"condition":"4"'))
    found = place.attached()
    tests.equal("each condition has what was measured last, once a domain", {len(rows) for rows in found.values()}, {1})
    tests.check("what is not measured stays without", "6" not in found or f"{found}")
    mail = found["4"][0]
    line, = kept.read_text().splitlines()
    tests.equal("it names the facts by their hash", mail["facts_sha256"], hashlib.sha256(line.encode()).hexdigest())
    tests.equal("it has day, profile and counts", (mail["measured_at"], mail["profile"].split("/")[0], mail["met"] > 5),
                (place.office.at, "uk-government", True))
    document, = assay("check", "--facts", str(kept), "--format", "jsonl", "-q").documents()
    failing = {result["check"] for result in document["results"] if result["status"] == "not_met"}
    tests.check("'assay check' says the same of these facts",
                {check for rows in found.values() for check in rows[0]["not_met_checks"]} <= failing or f"{found} {failing}")
    again = assay("case", "measure", place.case, "--as", "pat", "--at", place.office.at, *place.office.options, "--facts", str(kept))
    tests.equal("kept facts are judged alike, without a network", (again.code, again.out), (0, first.out))
    tests.equal("the case is as ready to be sent as before",
                place.office.must("pat", "show", {"case": place.case})["case"]["state"], "ready")
    other = place.folder / "other.jsonl"
    assay("check", "--zones", str(place.folder / "other.zone"), "--facts-out", str(other), "-q", "other.gov.uk")
    tests.check("facts of another domain are no facts of this one",
                says(assay("case", "measure", place.case, "--as", "pat", *place.office.options, "--facts", str(other)), 2, "no facts of example.gov.uk"))
    tests.check("who may not see the case cannot measure it",
                says(assay("case", "measure", place.case, "--as", "vera", *place.office.options, "--facts", str(kept)), 2, "not yours to see"))


def notices(place: Measured, number: str) -> dict[str, tuple[str, str | None]]:
    shown = place.office.must("ops", "certificate-show", {"certificate": number})["certificate"]
    tests.equal("the certificate stays valid", shown["status"], "valid")
    return {notice["check"]: (notice["cure_by"], notice["cured_at"]) for notice in shown["notices"]}


def test_notice(place: Measured) -> None:
    number = place.certify()
    place.office.at = "2026-04-01T09:00:00Z"
    holds = place.remeasure("good")
    tests.check("a claim that holds raises nothing", holds.code in (0, 3) and reply(holds)["measured"][0]["raised"] == [] or holds.out + holds.err)
    place.office.at = "2026-04-02T09:00:00Z"
    fails = place.remeasure("bad", number)
    row, = reply(fails)["measured"]
    tests.check("one that fails is a notice with 14 days to cure it",
                fails.code == 1 and row["cure_by"] == "2026-04-16" and "dmarc.present" in row["raised"] or fails.out + fails.err)
    tests.check("the same again raises nothing new", reply(place.remeasure("bad"))["measured"][0]["raised"] == [])
    first = notices(place, number)
    tests.check("notices are about requirements that held before", set(first) == set(row["raised"]) and
                all(one == ("2026-04-16", None) for one in first.values()) or f"{first}")
    letters = json.loads(assay("case", "outbox", "--format", "json", *place.office.options[:2]).out)
    told = [letter for letter in letters if letter["key"].startswith(f"technical-claim/{number}/example.gov.uk/")]
    tests.equal("the point of contact gets a letter for each", (len(told), {letter["to"] for letter in told}),
                (len(first), {"pat@northam.example"}))
    place.office.at = "2026-04-03T09:00:00Z"
    unknown = place.remeasure("other")
    tests.check("what nobody can tell is neither a failure nor a cure", says(unknown, 3, '"not_met":0'))
    tests.equal("its notices stand", notices(place, number), first)
    place.office.at = "2026-04-04T09:00:00Z"
    place.remeasure("good")
    tests.equal("what holds again is cured", {one[1] for one in notices(place, number).values()}, {place.office.at})
    tests.check("a certificate that is none is an error", says(place.remeasure("good", "X-1"), 2, "X-1"))
    tests.check("it is not for applicants", says(assay("certificate", "remeasure", "--as", "pat", *place.office.options, "--zones",
                                                       str(place.folder / "good.zone")), 2, "not for you"))


class Planned:
    """A case with a report of two hosts."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.office = Office(folder)
        self.office.start()
        self.case = self.office.ready()
        self.export = self.file("scan.nessus", NESSUS)
        documents = self.office.must("pat", "show", {"case": self.case})["case"]["documents"]
        self.report = next(one["id"] for one in documents if one["document"] == "health-check")
        self.acting = ["--as", "pat", "--at", self.office.at, *self.office.options]

    def file(self, name: str, text: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    def version(self) -> int:
        return self.office.must("pat", "show", {"case": self.case})["version"]

    def plans(self) -> dict[str, dict | None]:
        case = self.office.must("pat", "show", {"case": self.case})["case"]
        return {finding["tool_id"]: finding["plan"] for finding in case["findings"]}

    def scan(self, *more: str):
        return assay("ithc", "import", self.export, "--case", self.case, *self.acting, *more)

    def out(self, form: str) -> str:
        run = assay("case", "rap", "export", self.case, "--format", form, *self.acting)
        tests.check(f"a plan is exported as {form}", says(run, 0))
        return run.out

    def read(self, name: str, text: str | bytes):
        return assay("case", "rap", "import", self.case, self.file(name, text), *self.acting)


def rows(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def written(table: list[dict]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, table[0].keys())
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue()


def test_findings(place: Planned) -> None:
    tests.check("findings go straight into a case", says(place.scan("--report", place.report), 0, '"added":3,"known":0'))
    before = place.version()
    tests.check("the same again is known", says(place.scan("--report", place.report), 0, '"added":0,"known":3'))
    tests.equal("and changes nothing", place.version(), before)
    tests.check("without a report it is an error", says(place.scan(), 2, "--report"))
    tests.check("a report that is none is one too", says(place.scan("--report", "D99"), 2, "D99"))


def test_plans(place: Planned) -> None:
    draft = assay("ithc", "rap", "draft", place.export)
    table = rows(draft.out)
    tests.equal("a draft has what is critical or high, and what the tester recommends",
                [(row["Title"], row["Actions"], row["Owner"]) for row in table],
                [("'=Old OpenSSL", "Install the update.", ""), ("Weak key", "Make a new key.", "")])
    before = place.version()
    empty = place.out("csv")
    tests.equal("an export has the same findings, and no plan yet", [(row["Title"], row["Actions"]) for row in rows(empty)],
                [("'=Old OpenSSL", ""), ("Weak key", "")])
    for form, text in (("csv", empty), ("oscal", place.out("oscal"))):
        tests.check(f"importing an export without plans ({form}) changes nothing", says(place.read("e", text), 0, '"planned":0,"unchanged":2'))
    tests.equal("the version says so", place.version(), before)
    run = place.read("draft.csv", written([row | FILLED for row in table]))
    tests.check("a draft that was filled in is imported", says(run, 0, '"planned":2', '"missing":[]'))
    plan = place.plans()["1001"]
    tests.equal("it arrives whole", (plan["actions"], plan["start"], plan["finish"], plan["owner"], plan["lessons_learnt"]),
                ("Install the update.", "2026-03-10", "2026-05-31", "Ann Example", "-Patch sooner\nand\ttest"))
    before = place.version()
    text = place.out("csv")
    tests.check("an export is safe from formulas", "\"'-Patch sooner" in text and ",'=Old OpenSSL," in text or text)
    poam = json.loads(place.out("oscal"))["plan-of-action-and-milestones"]
    tests.equal("OSCAL has an item and a risk each", (len(poam["poam-items"]), len(poam["risks"])), (2, 2))
    for form in ("csv", "oscal"):
        tests.check(f"importing an export ({form}) changes nothing", says(place.read(f"p.{form}", place.out(form)), 0, '"planned":0,"unchanged":2'))
    tests.equal("an export is the same every time", place.out("oscal"), place.out("oscal"))
    tests.equal("the version did not change", place.version(), before)
    other = ("Plan of Northam Council;;\r\n;;\r\nVulnerability;Remedial action;Who is responsible;Start date;Target date;Lessons learned\r\n"
             "weak key;Ask Zo\xeb;Bob Example;1 April 2026;30.06.2026;Test keys\r\n;;;;;\r\n").encode("cp1252")
    tests.check("a plan in another layout is imported", says(place.read("other.csv", other), 0, '"planned":1', '"missing":[]'))
    plan = place.plans()["1002"]
    tests.equal("and arrives whole", (plan["actions"], plan["start"], plan["finish"], plan["owner"]),
                ("Ask Zoë", "2026-04-01", "2026-06-30", "Bob Example"))
    changed = json.loads(place.out("oscal"))
    changed["plan-of-action-and-milestones"]["poam-items"][1]["description"] = "Ask Bob"
    tests.check("a change in OSCAL is imported", says(place.read("c.json", json.dumps(changed)), 0, '"planned":1,"unchanged":1'))
    tests.equal("and only that", (place.plans()["1002"]["actions"], place.plans()["1002"]["finish"]), ("Ask Bob", "2026-06-30"))
    tests.check("what a plan lacks is said", says(place.read("lack.csv", written([rows(place.out("csv"))[1] | {"Owner": "IT team"}])), 0, "not a team"))


def test_wrong(place: Planned) -> None:
    before = place.version()
    header = "Finding key,Actions,Planned start,Planned finish,Owner,Lessons learnt\n"
    key = rows(place.out("csv"))[0]["Finding key"]
    for what, text, messages in (
            ("a day that is none", header + f"{key},x,2026-03-10,31/04/2026,A B,y\n", ("line 2", '"Planned finish"', "31/12/2026")),
            ("a finding that is none", header + "1001,x,,,A B,y\nF99,x,,,A B,y\n", ("line 3", "F99", "rap export")),
            ("a finding twice", header + f"{key},x,,,A B,y\n1001,z,,,A B,y\n", ("line 3", "line 2", "one row")),
            ("another finding's title", "Finding key,Title," + header[12:] + f"{key},Weak key,x,,,A B,y\n", ("line 2", "Weak key")),
            ("a column that is missing", "Finding key,Actions,Owner\nF1,x,A B\n", ("Planned start, Planned finish, Lessons learnt",)),
            ("no row of names", "a,b\nc,d\n", ("line 1", "Finding key")),
            ("nothing", "", ("empty",)),
            ("a row without a finding", header + ",x,,,A B,y\n", ("line 2", '"Finding key"')),
            ("a spreadsheet", b"PK\x03\x04\x14", ("CSV UTF-8",)),
            ("JSON that is no plan", "{}", ("plan-of-action-and-milestones",)),
            ("JSON that is none", "{", ("not valid JSON",))):
        tests.check(f"{what}: refused, and it says where", says(place.read("wrong", text), 2, *messages))
    tests.check("a file that is not there is refused",
                says(assay("case", "rap", "import", place.case, "/nowhere", *place.acting), 2, "/nowhere"))
    tests.equal("nothing changed", place.version(), before)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="assay-evidence-") as name:
        planned = Planned(pathlib.Path(name) / "planned")
        for part in (test_findings, test_plans, test_wrong):
            part(planned)
        measured = Measured(pathlib.Path(name) / "measured")
        for part in (test_attach, test_notice):
            part(measured)
    return tests.end()


if __name__ == "__main__":
    sys.exit(main())
