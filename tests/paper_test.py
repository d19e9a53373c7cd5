#!/usr/bin/env python3
"""What goes on paper: network diagrams, certificates and letters, read again by programs that share no code with us."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from harness import Tests, assay, says
from process_test import Office

DECIDED = "2026-06-30T23:30:00Z"  # 1 July in London
NETWORK = """\
organisation: Northam Council
environment: Main network
created: 2026-03-01
network: PSN
local:
  - {id: hall, name: Town Hall, users: 450, to: [firewall, gateway]}
remote-network:
  - {name: Revenues service, users: 20, to: gateway}
remote-other:
  - {name: Home working, users: 300, to: firewall}
external:
  - {organisation: Example Payroll Ltd, reason: Pays our staff, boundary: Their router, to: firewall}
security:
  - {id: firewall, name: Firewall pair}
  - {id: gateway, name: PSN gateway}
wireless: none
offshore:
  - {name: Backup copies, country: Ireland, to: firewall}
"""
SCOPE = "All of the d\u0175r. " + "\u0175" * 140
tests = Tests()


def tool(*arguments: str) -> str:
    return subprocess.run(arguments, capture_output=True, check=True, text=True).stdout


def words(path: pathlib.Path, *more: str) -> str:
    """The text of a PDF, each run of blanks as one space."""
    return " ".join(tool("pdftotext", *more, str(path), "-").split())


def lacks(text: str, *parts: str) -> str | None:
    missing = [part for part in parts if part not in text]
    return f"it does not say {missing}; it says: {text[:600]}" if missing else None


def whole(path: pathlib.Path) -> str | None:
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
    return None if done.returncode == 0 and "No syntax" in done.stdout else done.stdout + done.stderr


def attached(path: pathlib.Path, folder: pathlib.Path) -> list[pathlib.Path]:
    folder.mkdir()
    tool("pdfdetach", "-saveall", "-o", str(folder), str(path))
    return sorted(folder.iterdir())


def diagram(office: Office, case: str) -> None:
    folder = office.folder
    description, drawn = folder / "net.yaml", folder / "net.pdf"
    description.write_text(NETWORK)
    made = assay("case", "diagram", str(description), "--out", str(drawn))
    tests.check("a network diagram is drawn", says(made, 0))
    tests.check("qpdf finds nothing wrong with a diagram", whole(drawn))
    tests.check("a diagram is A4 landscape", lacks(tool("pdfinfo", str(drawn)), "841.89 x 595.28 pts (A4)"))
    picture = words(drawn, "-l", "1")
    tests.check("the picture itself shows every part of the minimum content, as text", lacks(
        picture, "Northam Council", "1 March 2026", "Town Hall", "About 450 users", "Revenues service", "over PSN", "Home",
        "Example Payroll Ltd", "Why: Pays our staff", "Their router", "Firewall pair", "PSN gateway", "Wireless", "None",
        "Backup copies", "In Ireland"))
    tests.check("the pages after it say the same in words", lacks(
        words(drawn, "-f", "2"), "Wireless devices None.", "Connects to: Firewall pair, PSN gateway"))
    again = folder / "again.pdf"
    assay("case", "diagram", str(description), "--out", str(again))
    tests.check("the same description gives the same bytes", again.read_bytes() == drawn.read_bytes())
    reply = office.must("pat", "attach", {"case": case, "document": "network-diagram", **json.loads(made.out)},
                        "--file", str(drawn))
    tests.check("what it prints is what attaching needs", "document" in reply)
    problems = office.must("pat", "show", {"case": case})["problems"]
    tests.equal("no rule about the diagram is left open",
                [one for one in problems if one["rule"] in ("R-10", "R-11", "R-12")], [])
    description.write_text(NETWORK.replace("wireless: none\n", ""))
    missing = assay("case", "diagram", str(description), "--out", str(folder / "no.pdf"))
    tests.check("a description that leaves something out is not drawn, by line and rule",
                says(missing, 2, "net.yaml:1: 'wireless' is missing", "R-12 f"))
    tests.check("nothing is written then", not (folder / "no.pdf").exists())


def letter(office: Office, case: str, name: str):
    path = office.folder / f"{name}.pdf"
    return path, assay("case", "letter", case, "--out", str(path), *office.options, "--at", office.at)


def questions(office: Office, case: str) -> None:
    _, early = letter(office, case, "early")
    tests.check("while nothing was decided or asked there is no letter", says(early, 2, "nothing to write about"))
    asked = office.must("asha", "ask", {"case": case, "text": "Who runs the gateway?\n1. By day\n2. By night {reason}"})
    path, written = letter(office, case, "question")
    tests.check("what is asked is written", says(written, 0))
    tests.check("a letter that asks is whole", whole(path))
    tests.check("it says what is asked, of whom and until when", lacks(
        words(path), "Dear pat,", "Northam Council", "Who runs the gateway? 1. By day 2. By night {reason}",
        "Please answer by 16 March 2026", "2 March 2026", f"Reference: {case}"))
    office.must("pat", "reply", {"case": case, "request": asked["request"], "text": "We do."})


def incomplete(office: Office, case: str) -> None:
    asked = office.must("vera", "validate", {"case": case, "complete": False, "text": "The report has no page 2."})
    path, written = letter(office, case, "incomplete")
    tests.check("what is missing is written", says(written, 0))
    tests.check("it says what is missing and by when", lacks(
        words(path), "is not complete yet", "The report has no page 2.", "by 16 March 2026"))
    office.must("pat", "reply", {"case": case, "request": asked["request"], "text": "It is there now."})
    _, answered = letter(office, case, "answered")
    tests.check("what was answered is not asked for again", says(answered, 2, "nothing to write about"))


def plan_agreed(office: Office, case: str, sent: dict) -> None:
    decision = {"case": case, "outcome": "not_achieved", "plan_agreed": True, "reason": "A new gateway by May.", **sent}
    office.must("asha", "decide", decision)
    office.must("dan", "decide", decision)
    path, written = letter(office, case, "plan-agreed")
    tests.check("an agreed plan is written", says(written, 0))
    tests.check("it says so", lacks(words(path), "we agree with your plan", "A new gateway by May."))


def not_achieved(office: Office, case: str, sent: dict) -> None:
    office.at = DECIDED
    decision = {"case": case, "outcome": "not_achieved", "reason": "The gateway is open.\r\n\tClose it.", **sent}
    office.must("asha", "decide", decision)
    office.must("dan", "decide", decision)
    path, written = letter(office, case, "not-achieved")
    tests.check("a decision not achieved is written", says(written, 0))
    tests.check("it says the reason and the day in London", lacks(
        words(path), "has not achieved", "The gateway is open. Close it.", "1 July 2026"))


def achieved(office: Office, case: str, sent: dict) -> None:
    folder = office.folder
    office.at = DECIDED
    decision = {"case": case, "outcome": "achieved", "reason": "All met.", "conditions": ["Replace the old firewall."], **sent}
    office.must("asha", "decide", decision)
    number = office.must("dan", "decide", decision)["certificate"]
    path = folder / "certificate.pdf"
    arguments = ["certificate", "pdf", number, "--out", str(path), *office.options, "--at"]
    tests.check("a certificate is put on paper", says(assay(*arguments, office.at), 0))
    tests.check("a certificate on paper is whole", whole(path))
    tests.check("it says what it certifies, by days in London", lacks(
        words(path), number, "Northam Council", "Main network", "All of the d\u0175r.", "Issued 1 July 2026", "Valid until the end of 1 July 2027",
        "Replace the old firewall.", "example.gov.uk", f"https://assurance.example/c/{number}#",
        "Not withdrawn as of 30 June 2026, 23:30 UTC"))
    packs = attached(path, folder / "packs")
    tests.equal("the pack is attached under its name", [one.name for one in packs], [f"{number}.assay.json"])
    verified = assay("certificate", "verify", str(packs[0]), "--trust", str(folder / "authority/public/trust.json"),
                     "--at", office.at)
    tests.check("the pack that comes out of the PDF is good", says(verified, 0, "not withdrawn"))
    letter_path, written = letter(office, case, "achieved")
    tests.check("a decision achieved is written", says(written, 0))
    tests.check("it says so, and what is enclosed", lacks(
        words(letter_path), "has achieved", number, "until the end of 1 July 2027", f"Enclosed: certificate {number}"))
    enclosed = attached(letter_path, folder / "enclosed")
    tests.check("the certificate is enclosed", [one.read_bytes() for one in enclosed] == [path.read_bytes()])
    office.must("asha", "suspend", {"certificate": number, "reason": "In doubt."})
    refused = assay(*arguments, office.at)
    tests.check("a suspended certificate is not put on paper", says(refused, 2, "cannot be put on paper", "suspended"))
    tests.check("there is no paper of a certificate that is none",
                says(assay(*arguments[:2], "none", *arguments[3:], office.at), 2, "There is no certificate 'none'"))


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="assay-paper-") as name:
        folder = pathlib.Path(name) / "one"
        folder.mkdir()
        office = Office(folder)
        office.start()
        case = office.ready()
        diagram(office, case)
        # Longer than the signed statement may be, and cut within a character by who counts bytes alone.
        office.must("pat", "answer", {"case": case, "answers": {"C3": SCOPE}})
        text = office.must("chief", "text", {"case": case})["text_sha256"]
        office.must("chief", "sign", {"case": case, "text_sha256": text, "basis": "chief_executive"})
        sent = {"snapshot_sha256": office.must("pat", "submit", {"case": case})["snapshot_sha256"]}
        office.must("vera", "take", {"case": case})
        copies = [pathlib.Path(name) / copy for copy in ("incomplete", "not-achieved", "plan-agreed")]
        shutil.copytree(folder, copies[0])
        office.must("vera", "validate", {"case": case, "complete": True})
        questions(office, case)
        for copy in copies[1:]:
            shutil.copytree(folder, copy)
        achieved(office, case, sent)
        incomplete(Office(copies[0]), case)
        not_achieved(Office(copies[1]), case, sent)
        plan_agreed(Office(copies[2]), case, sent)
    return tests.end()


if __name__ == "__main__":
    sys.exit(main())
