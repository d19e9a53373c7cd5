#!/usr/bin/env python3
"""The outbox by SMTP: Postfix's smtp-sink takes, refuses or puts off letters, and a Postfix of our own asks for TLS."""
import contextlib
import email
import email.policy
import email.utils
import json
import os
import pathlib
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

from harness import ASSAY, Tests, assay, free_port, says
from process_test import Office

FROM = "assurance@scheme.example.gov.uk"
POSTFIX = pathlib.Path("/usr/lib/postfix/sbin")
LAPSED = "2026-10-01T09:00:00Z"
START_SECONDS_MAX = 30
tests = Tests()


def later(at: str, minutes: int) -> str:
    hours, rest = divmod(int(at[11:13]) * 60 + int(at[14:16]) + minutes, 60)
    return f"{at[:11]}{hours:02}:{rest:02}{at[16:]}"


def wait_for(port: int, process: subprocess.Popen | None = None) -> None:
    end = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as open_one:
            if open_one.recv(3).isdigit():
                return
        assert process is None or process.poll() is None, "the server ended"
        select.select([], [], [], 0.05)
    raise AssertionError(f"nobody answers on port {port}")


class Sink:
    """An smtp-sink on a port of its own; what it took is in `letters`."""

    def __init__(self, folder: pathlib.Path, *options: str) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sink-", dir=folder))
        self.port = free_port()
        user = ["-u", "postfix"] if os.geteuid() == 0 else []
        if user:
            os.chmod(self.folder, 0o777)
        self.process = subprocess.Popen(["/usr/sbin/smtp-sink", *user, "-d", "letter.", *options,
                                         f"127.0.0.1:{self.port}", "10"], cwd=self.folder,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port, self.process)

    def __enter__(self) -> "Sink":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def texts(self) -> list[bytes]:
        """Whole ones: a transaction that was cut off leaves a file without a text."""
        return [text for path in sorted(self.folder.iterdir()) if b"Message-ID:" in (text := path.read_bytes())]

    def letters(self) -> list[email.message.EmailMessage]:
        return [email.message_from_bytes(text, policy=email.policy.default) for text in self.texts()]


class Place:
    """An office with one letter for pat: the application has lapsed."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.office = Office(folder)
        self.office.start()
        self.case = self.office.must("pat", "new", {"scheme": "psn-connection", "infrastructure": "main"})["case"]
        self.office.at = LAPSED
        self.office.must("ops", "tick", {})

    def arguments(self, port: int, at: str, *more: str) -> list[str]:
        return ["case", "deliver", "--smtp", f"smtp://127.0.0.1:{port}", "--from", FROM, "--at", at,
                *self.office.options[:2], *(more or ("--insecure-plaintext",))]

    def deliver(self, port: int, at: str = LAPSED, *more: str):
        return assay(*self.arguments(port, at, *more))

    def outbox(self, *more: str) -> list[dict]:
        return json.loads(assay("case", "outbox", "--format", "json", *self.office.options[:2], *more).out)

    def post(self, key: str, to: str, subject: str, body: str) -> None:
        """A letter that no command would write."""
        with sqlite3.connect(self.folder / "store.db") as store:
            message = {"key": key, "to": to, "subject": subject, "body": body, "not_before": LAPSED}
            store.execute("INSERT INTO outbox (key, not_before, tries, problem, json) VALUES (?, ?, 0, '', ?)",
                          (key, LAPSED, json.dumps(message)))


def test_once(folder: pathlib.Path) -> None:
    place = Place(folder / "once")
    tests.equal("before: one letter waits", [(one["to"], one["state"], one["tries"]) for one in place.outbox()],
                [("pat@northam.example", "waiting", 0)])
    with Sink(folder) as sink:
        tests.check("a letter that is not due stays", says(place.deliver(sink.port, "2026-09-30T09:00:00Z"), 0, "0 delivered"))
        tests.check("what is due is delivered", says(place.deliver(sink.port), 0, "1 delivered, 0 postponed, 0 refused"))
        tests.check("delivered once, and not again", says(place.deliver(sink.port), 0, "0 delivered"))
        letters, texts = sink.letters(), sink.texts()
    tests.equal("one letter came", len(letters), 1)
    letter = letters[0]
    tests.equal("it is for the point of contact", (letter["To"], letter["From"]), ("pat@northam.example", FROM))
    tests.equal("its envelope is that of its headers", (b"X-Rcpt-Args: <pat@northam.example>" in texts[0],
                                                       f"X-Mail-Args: <{FROM}>".encode() in texts[0]), (True, True))
    tests.equal("its subject is the scheme's", letter["Subject"], f"We have closed your application {place.case}")
    tests.equal("it has the date on which it was posted", email.utils.parsedate_to_datetime(letter["Date"]).isoformat(),
                "2026-10-01T09:00:00+00:00")
    tests.equal("it says that no person answers for it", letter["Auto-Submitted"], "auto-generated")
    tests.check("its text is readable", "Dear pat" in letter.get_content() or letter.get_content())
    tests.equal("no letter waits", place.outbox(), [])


def test_hostile(folder: pathlib.Path) -> None:
    place = Place(folder / "hostile")
    place.post("h/1", "zoe@northam.example", "Zoë\r\nBcc: eve@example.net\r\n\r\nHello",
               "Dear Zoë,\n.\nQUIT\r\nRCPT TO:<eve@example.net>\n" + "x" * 2000)
    place.post("h/2", "eve@northam.example>\r\nRCPT TO:<eve@example.net", "Hello", "Hello")
    with Sink(folder) as sink:
        tests.check("hostile fields: the good letters go out, the address is refused",
                    says(place.deliver(sink.port), 1, "2 delivered, 0 postponed, 1 refused"))
        letters, texts = sink.letters(), sink.texts()
    found = [letter for letter in letters if letter["To"] == "zoe@northam.example"]
    tests.equal("hostile fields: nobody else gets a letter", (len(letters), b"".join(texts).count(b"X-Rcpt-Args"),
                                                             any(letter["Bcc"] for letter in letters)), (2, 2, False))
    tests.equal("hostile fields: the subject is one line", found[0]["Subject"], "Zoë  Bcc: eve@example.net    Hello")
    lines = found[0].get_content().rstrip().splitlines()  # the sink ends with an empty line
    tests.equal("hostile fields: the text arrives whole", [*lines[:4], lines[4:] == ["x" * 2000]],
                ["Dear Zoë,", ".", "QUIT", "RCPT TO:<eve@example.net>", True])
    kept, = place.outbox()
    tests.check("hostile fields: the refusal is kept with its reason",
                (kept["state"], kept["key"]) == ("refused", "h/2") and "not an e-mail address" in kept["problem"] or f"{kept}")


def test_later(folder: pathlib.Path) -> None:
    place = Place(folder / "later")
    for command in ("RCPT", "MAIL", "."):
        with Sink(folder, "-r", command, "-b", "451 4.3.2 Try later") as sink:
            at = place.outbox()[0]["next_try"]
            tests.check(f"4yz to {command}: postponed", says(place.deliver(sink.port, at), 3, "1 postponed"))
    one, = place.outbox()
    tests.equal("4yz three times: the next try is after 1, 2 and 4 minutes, and the words are kept",
                (one["state"], one["tries"], one["next_try"], one["problem"]),
                ("postponed", 3, later(LAPSED, 7), "451 4.3.2 Try later"))
    with Sink(folder) as sink:
        tests.check("not before its time", says(place.deliver(sink.port, later(LAPSED, 6)), 0, "0 delivered"))
        tests.check("then delivered", says(place.deliver(sink.port, later(LAPSED, 7)), 0, "1 delivered"))
        tests.equal("and it came", len(sink.letters()), 1)


def test_refused(folder: pathlib.Path) -> None:
    place = Place(folder / "refused")
    with Sink(folder, "-f", "RCPT", "-B", "550 5.1.1 No such person") as sink:
        tests.check("5yz to RCPT: refused", says(place.deliver(sink.port), 1, "1 refused", "assay case outbox"))
        tests.check("5yz: not tried again", says(place.deliver(sink.port, "2027-10-01T09:00:00Z"), 0, "0 delivered"))
    one, = place.outbox()
    tests.equal("5yz: kept with the server's words", (one["state"], one["problem"], one["next_try"]),
                ("refused", "550 5.1.1 No such person", None))
    text = assay("case", "outbox", *place.office.options[:2])
    tests.check("5yz: shown to people", says(text, 0, "refused   pat@northam.example", "No such person"))
    place.outbox("--retry", one["key"], "--at", "2027-10-01T09:00:00Z")
    with Sink(folder, "-f", ".", "-B", "554 5.7.1 No") as sink:
        tests.check("5yz to the text: refused", says(place.deliver(sink.port, "2027-10-01T09:00:00Z"), 1, "1 refused"))
    tests.check("a key that is none is an error", says(assay("case", "outbox", "--retry", "x", *place.office.options[:2]), 2, "'x'"))
    place.outbox("--retry", one["key"], "--at", "2027-10-01T09:00:00Z")
    with Sink(folder) as sink:
        tests.check("a letter that is retried is delivered", says(place.deliver(sink.port, "2027-10-01T09:00:00Z"), 0, "1 delivered"))


def test_gone(folder: pathlib.Path) -> None:
    place = Place(folder / "gone")
    place.post("g/1", "zoe@northam.example", "Hello", "Hello")
    for what, options in (("is gone", None), ("speaks to nobody", ["-f", "CONNECT"]), ("takes nothing of this sender", ["-f", "MAIL"]),
                          ("hangs up after RCPT", ["-q", "RCPT"]), ("closes", ["-Q", "RCPT"]), ("hangs up after the text", ["-q", "."])):
        at = max(one["next_try"] for one in place.outbox())
        if options is None:
            run = place.deliver(free_port(), at)
        else:
            with Sink(folder, *options) as sink:
                run = place.deliver(sink.port, at)
        tests.check(f"a server that {what}: all is postponed", says(run, 3, "0 delivered, 2 postponed, 0 refused"))
    with Sink(folder) as sink:
        at = max(one["next_try"] for one in place.outbox())
        tests.check("and then delivered", says(place.deliver(sink.port, at), 0, "2 delivered"))


def test_killed(folder: pathlib.Path) -> None:
    """Killed at each write of the store: the letter comes at least once, and every copy is the same letter."""
    place = Place(folder / "killed")
    whole = (folder / "killed/store.db").read_bytes()
    twice = killed = 0
    wrong = []
    for point in range(1, 100):
        for path in (folder / "killed").glob("store.db*"):
            path.unlink()
        (folder / "killed/store.db").write_bytes(whole)
        with Sink(folder) as sink:
            calls = "pwrite64,fdatasync,fsync,unlink,ftruncate"
            done = subprocess.run(["strace", "-f", "-o", "/dev/null", "-e", f"inject={calls}:signal=SIGKILL:when={point}",
                                   ASSAY, *place.arguments(sink.port, LAPSED)], capture_output=True, timeout=120,
                                  env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
            again = place.deliver(sink.port)
            letters = sink.letters()
        killed += b"delivered" not in done.stdout
        ids = {letter["Message-ID"] for letter in letters}
        twice += len(letters) == 2
        if again.code != 0 or len(ids) != 1 or len(letters) > 2:
            wrong.append(f"at {point}: {len(letters)} letters, {len(ids)} ids; {again.err}")
        if b"delivered" in done.stdout:
            break
    tests.check(f"killed at {killed} points: no letter is lost, and a copy has the same Message-ID", "\n".join(wrong) or None)
    tests.check("one of them is between the server's answer and the note of it", killed > 3 and twice > 0 or f"{killed} {twice}")


def certificate(folder: pathlib.Path, address: str) -> None:
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=mx.example.gov.uk", "-addext", f"subjectAltName=IP:{address}", "-keyout", folder / "key.pem",
                    "-out", folder / "cert.pem"], check=True, capture_output=True)


@contextlib.contextmanager
def postfix(folder: pathlib.Path, relay: int):
    """A Postfix of our own on loopback that asks for TLS and hands on to `relay`."""
    port = free_port()
    root = [] if os.geteuid() == 0 else ["sudo"]
    for part in ("etc", "spool", "data"):
        (folder / part).mkdir()
    subprocess.run([*root, "chown", "postfix", folder / "data"], check=True)
    certificate(folder, "127.0.0.1")
    (folder / "etc/main.cf").write_text(f"""compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
myhostname = mx.example.gov.uk
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
relayhost = [127.0.0.1]:{relay}
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_received_header = yes
smtpd_recipient_restrictions = check_recipient_access inline:{{nobody@northam.example=reject}}, permit_mynetworks, reject
alias_maps =
local_recipient_maps =
maillog_file_prefixes = {folder}
maillog_file = {folder}/spool/log
""")
    (folder / "etc/master.cf").write_text(f"""127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
""")
    command = [*root, "/usr/sbin/postfix", "-c", str(folder / "etc")]
    started = subprocess.run([*command, "start"], capture_output=True, text=True)
    assert started.returncode == 0, started.stderr
    try:
        wait_for(port)
        yield port
    finally:
        subprocess.run([*command, "stop"], capture_output=True)
        subprocess.run([*root, "chown", "-R", str(os.getuid()), folder], check=True)


def test_tls(folder: pathlib.Path) -> None:
    place = Place(folder / "tls")
    place.post("t/1", "nobody@northam.example", "Hello", "Hello")
    server = folder / "postfix"
    server.mkdir()
    ca = ["--ca-file", str(server / "cert.pem")]
    with Sink(folder) as sink, postfix(server, sink.port) as port:
        def at() -> str:
            return max(one["next_try"] or "" for one in place.outbox())
        tests.check("Postfix refuses letters without TLS: all is postponed, none refused",
                    says(place.deliver(port, at(), "--insecure-plaintext"), 3, "2 postponed"))
        tests.check("its words are kept", "Must issue a STARTTLS" in place.outbox()[0]["problem"] or f"{place.outbox()}")
        tests.check("a certificate that nobody vouches for is not believed", says(place.deliver(port, at(), "--ca-file", str(other(folder))),
                                                                                    3, "2 postponed"))
        tests.check("that is said", "certificate" in place.outbox()[0]["problem"] or f"{place.outbox()}")
        named = assay(*[part.replace("127.0.0.1", "localhost") for part in place.arguments(port, at(), *ca)])
        tests.check("a certificate for another name is not believed", says(named, 3, "2 postponed"))
        tests.check("with TLS: delivered, and one refused by name", says(place.deliver(port, at(), *ca), 1, "1 delivered, 0 postponed, 1 refused"))
        tests.check("Postfix's words are kept", "554 5.7.1" in place.outbox()[0]["problem"] or f"{place.outbox()}")
        end = time.monotonic() + START_SECONDS_MAX
        while not sink.letters() and time.monotonic() < end:
            select.select([], [], [], 0.05)
        letter, = sink.letters()
        tests.check("it came by TLS", re.search(r"TLSv1\.[23]", f"{letter.get_all('Received')}") is not None or f"{letter.get_all('Received')}")
    with Sink(folder) as sink:
        place.post("t/2", "zoe@northam.example", "Hello", "Hello")
        tests.check("a server that offers no TLS gets nothing", says(place.deliver(sink.port, at(), *ca), 3, "0 delivered, 1 postponed"))
        tests.equal("nothing came", sink.letters(), [])


def other(folder: pathlib.Path) -> pathlib.Path:
    """A certificate that vouches for nobody else."""
    place = folder / "other"
    place.mkdir(exist_ok=True)
    certificate(place, "127.0.0.2")
    return place / "cert.pem"


def test_usage(folder: pathlib.Path) -> None:
    place = Place(folder / "usage")
    for what, arguments, message in (
            ("a URL of another kind", ["--smtp", "http://127.0.0.1", "--from", FROM], "smtp://HOST:PORT"),
            ("a URL with a line end", ["--smtp", "smtp://127.0.0.1\r\nQUIT", "--from", FROM], "smtp://HOST:PORT"),
            ("a sender that is none", ["--smtp", "smtp://127.0.0.1:1", "--from", "nobody"], "'nobody'"),
            ("a CA file that is not there", ["--smtp", "smtp://127.0.0.1:1", "--from", FROM, "--ca-file", "/nowhere"], "/nowhere")):
        tests.check(f"{what} is refused", says(assay("case", "deliver", *arguments, *place.office.options[:2]), 2, message))
    tests.equal("nothing was tried", [one["tries"] for one in place.outbox()], [0])


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="assay-deliver-") as name:
        os.chmod(name, 0o755)
        for part in (test_usage, test_once, test_hostile, test_later, test_refused, test_gone, test_killed, test_tls):
            part(pathlib.Path(name))
    return tests.end()


if __name__ == "__main__":
    sys.exit(main())
