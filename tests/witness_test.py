#!/usr/bin/env python3
"""Witness and monitor: an authority's log is signed over HTTP, and a fork of it is refused and noticed."""
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

from harness import ASSAY, Run, Tests, assay, free_port, says
from process_test import TODAY, Office

AT = "2026-06-01T00:00:00Z"
tests = Tests()


def new_witness(folder: pathlib.Path, name: str) -> str:
    made = assay("witness", "new", str(folder), "--name", name)
    assert made.code == 0, made.err
    return made.out.strip()


@contextlib.contextmanager
def serving(folder: pathlib.Path, log: str):
    """The port of a witness that serves; what it says on ending is checked."""
    with subprocess.Popen([ASSAY, "witness", "serve", str(folder), "--listen", "127.0.0.1:0", "--log", log],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            yield int(server.stdout.readline().rsplit(":", 1)[1])
        finally:
            server.send_signal(signal.SIGTERM)
            _, errors = server.communicate(timeout=60)
            tests.check("the witness ends when it is told to, and had nothing to complain of",
                        (server.returncode == 0 and errors == "") or f"{server.returncode} {errors}")


class Authority:
    """The authority of an office, with what a test does to it again and again."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.office = Office(folder)
        self.folder, self.public = folder / "authority", folder / "authority/public"

    def publish(self) -> None:
        done = assay("authority", "publish", *self.office.options, "--at", AT)
        assert done.code == 0, done.err

    def ask(self) -> Run:
        return assay("authority", "witness", "--authority", str(self.folder), env={"no_proxy": "127.0.0.1"})

    def name_witnesses(self, needed: int, *witnesses: tuple[str, str]) -> None:
        path = self.folder / "authority.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {
            "witnesses": [{"url": url, "key": key} for url, key in witnesses], "witnesses_needed": needed}))

    def verdict(self, number: str) -> Run:
        pack = self.folder.parent / "pack.json"
        pack.write_text(assay("certificate", "pack", number, *self.office.options).out)
        return assay("certificate", "verify", str(pack), "--trust", str(self.public / "trust.json"), "--at", AT)

    def organisation(self, name: str) -> None:
        self.office.must("ops", "organisation", {"id": name, "name": f"{name} Council", "type": "local_authority"})
        self.publish()

    def copy(self, to: pathlib.Path) -> "Authority":
        shutil.copytree(self.folder.parent, to)
        return Authority(to)


def checkpoint(public: pathlib.Path) -> str:
    return (public / "checkpoint").read_text()


def test_witnessed(folder: pathlib.Path) -> None:
    (folder / "office").mkdir()
    first = Authority(folder / "office")
    first.office.start()
    number = first.office.certified(first.office.ready())
    key = new_witness(folder / "witness", "witness.example")
    dead = new_witness(folder / "dead", "dead.example")
    first.publish()
    log = json.loads((first.public / "trust.json").read_text())["log"]
    with serving(folder / "witness", log) as port:
        url = f"http://127.0.0.1:{port}"
        first.name_witnesses(1, (f"http://127.0.0.1:{free_port()}", dead), (url + "/", key))
        first.publish()
        tests.check("without its witness a certificate is not logged", says(first.verdict(number), 6, "you need 1"))
        tests.check("a witness that does not answer is named and stops no other",
                    says(first.ask(), 0, "dead.example", "seen by witness.example"))
        tests.check("a certificate that a witness saw is good", says(first.verdict(number), 0, "seen by witness.example"))
        before = checkpoint(first.public)
        first.publish()
        tests.equal("publishing again keeps the signatures of the witness", checkpoint(first.public), before)
        tests.check("a witness may be asked again", says(first.ask(), 0))
        monitored(folder, first, number)
        first.name_witnesses(2, (f"http://127.0.0.1:{free_port()}", dead), (url, key))
        tests.check("too few witnesses: exit code 3", says(first.ask(), 3, "1 witnesses signed, and 2 are needed"))
        http_edges(port)


def monitored(folder: pathlib.Path, first: Authority, number: str) -> None:
    state, trust = folder / "state.json", first.public / "trust.json"

    def look(public: pathlib.Path, *more: str) -> Run:
        return assay("register", "monitor", str(public), "--state", str(state), *more)

    tests.check("a monitor's first look lists all entries", says(look(first.public), 0, "first:", number, "org.created"))
    old, small, large = (first.copy(folder / name) for name in ("old", "small", "large"))
    first.organisation("southam")
    tests.check("after an entry more the older, witnessed checkpoint still carries the certificate",
                says(first.verdict(number), 0))
    tests.check("a monitor with a trust file misses the witness", says(
        look(first.public, "--trust", str(trust)), 3, "grown:", "southam", "Seen by no witness"))
    tests.check("the witness signs the longer log", says(first.ask(), 0))
    tests.check("a monitor sees that nothing is new", says(
        look(first.public, "--trust", str(trust)), 0, "same:", " 0 of them new", "Seen by witness.example"))
    seen = checkpoint(first.public)
    small.organisation("westam")
    large.organisation("westam")
    large.organisation("eastam")
    for name, fork, status in (("of the same size", small, "409"), ("that is longer", large, "422")):
        tests.check(f"the witness refuses a fork {name}", says(fork.ask(), 3, "witness.example", f"it answers {status}"))
        tests.check(f"and the fork's certificates are good only by what was witnessed before the fork {name}",
                    says(fork.verdict(number), 0))
        tests.check(f"a monitor sees a fork {name}", says(look(fork.public), 1, "forked:", str(state)))
    tests.check("a monitor sees a log rolled back", says(look(old.public), 1, "rolled-back:"))
    tests.check("the witness does not sign a log rolled back", says(old.ask(), 0, "an old copy, or the log was rolled back"))
    kept = json.loads(state.read_text())
    tests.check("both sides of each fork are kept", (kept["seen"] == seen and kept["evidence"] == [
        checkpoint(one.public) for one in (small, large, old)]) or state.read_text())
    tests.check("the good log goes on being good", says(look(first.public), 0, "same:"))
    tests.check("no log is an error, not a log rolled back", says(look(folder), 2, "There is no log"))
    state.write_text("{}")
    tests.check("a broken state is an error, not a first look", says(look(first.public), 2, "not a monitor's state"))


def http_edges(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(method: str, path: str, body: bytes = b"") -> int:
        connection.request(method, path, body)
        with connection.getresponse() as reply:
            reply.read()
            return reply.status

    tests.equal("on one connection: GET, another path, rubbish", [
        ask("GET", "/add-checkpoint"), ask("POST", "/"), ask("POST", "/add-checkpoint", b"old 1\n")], [405, 404, 400])
    tests.equal("a body of more than 64 kB is refused", ask("POST", "/add-checkpoint", b"x" * 65_537), 413)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
        raw.sendall(b"hello\r\n\r\n")
        tests.check("what is no HTTP is refused", raw.recv(100).startswith(b"HTTP/1.1 400 "))
    for name, start in (("trailers", b"0\r\n"), ("extensions", b"1;x=")):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
            raw.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + start)
            sent, line = 0, b"X: " + b"a" * 4_000 + (b"\r\n" if name == "trailers" else b"")
            try:
                while sent < 20_000_000:
                    raw.sendall(line)
                    sent += len(line)
            except OSError:
                pass
            tests.check(f"endless {name} of a body are not taken in", sent < 20_000_000 or f"{sent} bytes were")
    idle = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(4)]
    tests.equal("clients that say nothing do not stop others", ask("POST", "/add-checkpoint", b"x"), 400)
    for one in idle:
        one.close()


def test_requests(folder: pathlib.Path) -> None:
    """One request a process, and killed at every step that brings its state to the disk."""
    made = assay("authority", "new", str(folder / "a"), "--origin", "https://assurance.example", "--at", AT)
    assert made.code == 0, made.err
    options = ["--db", f"sqlite:{folder}/a.db", "--authority", str(folder / "a")]
    started = assay("case", "start", "--as", "ops", "--at", f"{TODAY}T09:00:00Z", "--body",
                    '{"name":"Olu Ops","email":"ops@scheme.example"}', *options)
    assert started.code == 0, started.err
    added = assay("case", "organisation", "--as", "ops", "--at", f"{TODAY}T09:00:00Z", "--body",
                  '{"id":"northam","name":"Northam Council","type":"local_authority"}', *options)
    assert added.code == 0, added.err
    log = json.loads((folder / "a/public/trust.json").read_text())["log"]
    signed = checkpoint(folder / "a/public")
    size = signed.splitlines()[1] + "\n"
    new, again = (f"old {known}\n\n" + signed for known in ("0", size.strip()))
    new_witness(folder / "w", "witness.example")

    def ask(where: str, body: str, *before: str) -> subprocess.CompletedProcess:
        return subprocess.run([*before, ASSAY, "witness", "add-checkpoint", str(folder / where), "--log", log],
                              input=body, capture_output=True, text=True, timeout=120,
                              env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0" if before else ""})

    problems, kept, lost, killed = [], 0, 0, -signal.SIGKILL
    for point in range(1, 10):
        where = f"w{point}"
        shutil.copytree(folder / "w", folder / where)
        done = ask(where, new, "strace", "-f", "-o", "/dev/null", "-e",
                   f"inject=fsync,rename:signal=SIGKILL:when={point}")
        if done.returncode == 0:
            break
        after = ask(where, new)
        kept += after.returncode == 1 and after.stdout == size
        lost += after.returncode == 0
        if done.stdout or done.returncode not in (killed, 128 - killed) or (after.returncode, after.stdout) != (1, size) and after.returncode:
            problems.append(f"step {point}: {done.returncode} {done.stdout}, then {after.returncode} {after.stdout} {after.stderr}")
        if ask(where, again).returncode != 0:
            problems.append(f"step {point}: the witness does not sign what it kept")
    tests.check("a witness that is killed has signed nothing that it does not remember, and signs later",
                "\n".join(problems) or (kept > 0 and lost > 0) or f"{kept} kept, {lost} lost")
    tests.equal("a request is signed", ask("w", new).returncode, 0)
    tests.equal("sent again it is told the size", ask("w", new).stdout, size)
    wrong = assay("witness", "add-checkpoint", str(folder / "w"), "--log", "x", stdin=new)
    tests.check("a log's key that is none is an error", says(wrong, 2, "is not the key of a log"))
    long = assay("witness", "add-checkpoint", str(folder / "w"), "--log", log, stdin="x" * 100_000)
    tests.check("a request that is too long is refused", says(long, 1, "status 400"))
    twice = assay("witness", "new", str(folder / "w"), "--name", "witness.example")
    tests.check("a witness is not made twice", says(twice, 2, "already"))
    nowhere = assay("witness", "serve", str(folder / "w"), "--log", log, "--listen", "localhost")
    tests.check("an address that is none is an error", says(nowhere, 2, "127.0.0.1:8080"))


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for test in (test_witnessed, test_requests):
        with tempfile.TemporaryDirectory(prefix="assay-witness-") as name:
            test(pathlib.Path(name))
    return tests.end()


if __name__ == "__main__":
    sys.exit(main())
