#!/usr/bin/env python3
"""The compliance process by its commands: a whole case on SQLite and on PostgreSQL, and killed at many points."""
import concurrent.futures
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

import yaml

from harness import ASSAY, PROJECT, Run, Tests, assay, free_port

KILLS = int(os.environ.get("ASSAY_KILLS", "200"))
TODAY = "2026-03-02"
POSTGRESQL = pathlib.Path("/usr/lib/postgresql/15/bin")
tests = Tests()


def pdf(text: str) -> bytes:
    """A page with one line of text."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
               b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
               b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


class Office:
    """One store and one authority in a folder."""

    def __init__(self, folder: pathlib.Path, db: str | None = None) -> None:
        self.folder, self.at = folder, f"{TODAY}T09:00:00Z"
        self.options = ["--db", db or f"sqlite:{folder}/store.db", "--authority", str(folder / "authority")]

    def arguments(self, who: str, command: str, body: dict, *more: str) -> list[str]:
        return ["case", command, "--as", who, "--at", self.at, "--body", json.dumps(body), *self.options, *more]

    def assay(self, who: str, command: str, body: dict, *more: str, env: dict[str, str] | None = None) -> Run:
        return assay(*self.arguments(who, command, body, *more), env=env)

    def run(self, who: str, command: str, body: dict, *more: str) -> tuple[int, dict, str]:
        done = self.assay(who, command, body, *more)
        return done.code, json.loads(done.out) if done.out.strip() else {}, done.err

    def must(self, who: str, command: str, body: dict, *more: str) -> dict:
        code, reply, error = self.run(who, command, body, *more)
        if code != 0:
            raise AssertionError(f"{who} {command}: {code} {reply} {error}")
        return reply

    def start(self) -> None:
        made = assay("authority", "new", str(self.folder / "authority"), "--origin", "https://assurance.example",
                     "--at", self.at)
        assert made.code == 0, made.err
        self.must("ops", "start", {"name": "Olu Ops", "email": "ops@scheme.example"})
        for person, role in {"vera": "validator", "asha": "assessor", "dan": "decision_maker"}.items():
            self.must("ops", "person", {"id": person, "name": person, "email": f"{person}@scheme.example",
                                        "roles": [role]})
        self.must("ops", "organisation", {"id": "northam", "name": "Northam Council", "type": "local_authority"})
        for person, role in {"pat": "point_of_contact", "chief": "signatory"}.items():
            self.must("ops", "person", {"id": person, "name": person, "email": f"{person}@northam.example",
                                        "organisation": "northam", "roles": [role]})
        self.must("ops", "point-of-contact", {"organisation": "northam", "person": "pat"})
        self.must("pat", "infrastructure", {"id": "main", "name": "Main network"})

    def ready(self) -> str:
        """A case that only has to be sent."""
        case = self.must("pat", "new", {"scheme": "psn-connection", "infrastructure": "main"})["case"]
        self.must("pat", "answer", {"case": case, "answers": answers()})
        scheme = {}
        for path in (PROJECT / "schemes/psn-connection").glob("*.yaml"):
            scheme |= yaml.safe_load(path.read_text())
        for condition in scheme["conditions"]:
            self.must("pat", "condition", {"case": case, "condition": condition["id"], "state": "met", "how": "Yes."})
        self.must("pat", "gap", {"case": case, "none": True})
        for role in scheme["contact_roles"]:
            self.must("pat", "contact", {"role": role["id"], "name": "Ms X", "email": "x@northam.example"})
        for document in scheme["documents"]:
            if not document.get("required", True):
                continue
            path = self.folder / (document["id"] + ".pdf")
            path.write_bytes(pdf(document["title"]))
            body = {"case": case, "document": document["id"], "date": TODAY,
                    "confirmed_contents": [one["id"] for one in document.get("contents", [])]}
            if document["kind"] == "health_check":
                body["health_check"] = {"supplier": "Example Testing", "test_scheme": "check", "reference": "R1",
                                        "most_recent": True, "printed_counts": {"critical": 0, "high": 0}}
            self.must("pat", "attach", body, "--file", str(path))
        self.must("chief", "read", {"case": case, "groups": [one["id"] for one in scheme["groups"]],
                                    "commitments": [one["id"] for one in scheme["commitments"]]})
        text = self.must("chief", "text", {"case": case})["text_sha256"]
        self.must("chief", "sign", {"case": case, "text_sha256": text, "basis": "chief_executive"})
        return case

    def proposed(self, case: str) -> dict:
        """Sends the case; the first of two has decided on it. What the second must say."""
        sent = self.must("pat", "submit", {"case": case})
        decision = {"case": case, "outcome": "achieved", "reason": "All met.", "snapshot_sha256": sent["snapshot_sha256"]}
        self.must("vera", "take", {"case": case})
        self.must("vera", "validate", {"case": case, "complete": True})
        self.must("asha", "decide", decision)
        return decision

    def certified(self, case: str) -> str:
        """The number of the case's certificate."""
        return self.must("dan", "decide", self.proposed(case))["certificate"]


def answers() -> dict:
    questions = yaml.safe_load((PROJECT / "schemes/psn-connection/questions.yaml").read_text())["questions"]
    by_type = {"text": "An answer", "long_text": "An answer", "yes_no": True, "integer": 10, "date": TODAY,
               "email": "pat@northam.example", "telephone": "020 7946 0000", "domains": ["example.gov.uk"],
               "list": ["one"]}
    out = {}
    for question in questions:
        kind = question.get("type", "text")
        if kind in ("choice", "choices"):
            first = question["choices"][0]["id"]
            out[question["id"]] = first if kind == "choice" else [first]
        else:
            out[question["id"]] = by_type[kind]
    return out


def whole_story(name: str, folder: pathlib.Path, db: str | None) -> None:
    office = Office(folder, db)
    office.start()
    number = office.certified(office.ready())
    public = folder / "authority/public"
    pack = folder / "pack.json"

    def verdict(at: str) -> tuple[int, str]:
        published = assay("authority", "publish", *office.options, "--at", at)
        assert published.code == 0, published.err
        pack.write_text(assay("certificate", "pack", number, *office.options).out)
        done = assay("certificate", "verify", str(pack), "--trust", str(public / "trust.json"), "--at", at)
        return done.code, done.out

    code, text = verdict("2026-06-01T00:00:00Z")
    tests.check(f"{name}: the certificate of a whole case is good, and says as of when",
                code == 0 and "not withdrawn as of 2026-06-01T00:00:00Z" in text or text)
    tests.check(f"{name}: the pack has 3 kB at most", len(pack.read_bytes()) <= 3072 or f"{len(pack.read_bytes())}")
    rotated_keys(name, office, number, pack)
    office.at = "2026-07-01T09:00:00Z"
    office.must("asha", "suspend", {"certificate": number, "reason": "In doubt."})
    tests.check(f"{name}: a suspended certificate is said to be suspended", verdict("2026-07-02T00:00:00Z")[0] == 3)
    office.must("asha", "resume", {"certificate": number, "reason": "No doubt."})
    tests.check(f"{name}: a resumed certificate is good", verdict("2026-07-03T00:00:00Z")[0] == 0)
    withdrawal = {"certificate": number, "reason": "no_longer_meets_standard", "detail": "Old systems."}
    office.must("asha", "withdraw", withdrawal)
    office.must("dan", "withdraw", withdrawal)
    tests.check(f"{name}: a withdrawn certificate is said to be withdrawn", verdict("2026-07-04T00:00:00Z")[0] == 2)
    same = assay("register", "replay", str(public), "--compare", str(public / "register.json"))
    tests.check(f"{name}: the register follows from the log byte for byte", same.code == 0 or same.out + same.err)
    retired = assay("authority", "retire", "2026", *office.options)
    assert retired.code == 0, retired.err
    tests.check(f"{name}: a certificate of a retired key is not genuine any more", verdict("2026-07-05T00:00:00Z")[0] == 5)
    keys = {one["key"]: one for one in json.loads((public / "register.json").read_text())["keys"]}
    tests.check(f"{name}: the log says when a key was retired", "retired_at" in keys["2026"])
    entry, = (public / "tile/entries").glob("000.p/" + (public / "checkpoint").read_text().splitlines()[1])
    content = entry.read_bytes()
    entry.write_bytes(content.replace(b"Northam", b"Southam"))
    broken = assay("register", "replay", str(public))
    tests.check(f"{name}: a log that was changed is refused", broken.code == 2 and "changed" in broken.err or broken.err)
    entry.write_bytes(content)


def rotated_keys(name: str, office: Office, number: str, pack: pathlib.Path) -> None:
    """A new key signs; certificates of the one before stay good, and it cannot be retired while there are some."""
    public = office.folder / "authority/public"
    at = "2026-06-02T00:00:00Z"
    made = assay("authority", "rotate", *office.options, "--at", at)
    assert made.code == 0, made.err
    assert assay("authority", "publish", *office.options, "--at", at).code == 0
    pack.write_text(assay("certificate", "pack", number, *office.options).out)
    done = assay("certificate", "verify", str(pack), "--trust", str(public / "trust.json"), "--at", at)
    tests.check(f"{name}: after the keys were rotated the certificate is still good", done.code == 0 or done.out)
    keys = {one["key"]: one for one in json.loads((public / "register.json").read_text())["keys"]}
    tests.equal(f"{name}: the log announces every key", sorted(keys), ["2026", "2026-2", "assurance.example/log"])
    refused = assay("authority", "retire", "2026", *office.options)
    tests.check(f"{name}: a key is not retired while its certificates run",
                refused.code == 2 and number in refused.err or refused.out + refused.err)


def killed_at(point: int, base: pathlib.Path, kind: str, arguments: list[str]) -> str | None:
    """Runs a command on a copy of `base`, killed at its `point`-th write; what is wrong afterwards, or None."""
    with tempfile.TemporaryDirectory(prefix="assay-kill-") as name:
        folder = pathlib.Path(name) / "o"
        shutil.copytree(base, folder)
        moved = [argument.replace(str(base), str(folder)) for argument in arguments]
        calls = "write,pwrite64,fsync,fdatasync,rename,ftruncate,unlink"
        done = subprocess.run(["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", f"inject={calls}:signal=SIGKILL:when={point}",
                               ASSAY, *moved], capture_output=True, timeout=120,
                              env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        acknowledged = b'"version"' in done.stdout
        office = Office(folder)
        published = assay("authority", "publish", *office.options, "--at", office.at)
        if published.code != 0:
            return f"after the kill, publish says: {published.err}"
        public = folder / "authority/public"
        with sqlite3.connect(folder / "store.db") as store:
            state, = store.execute("SELECT state FROM application").fetchone()
            events, = store.execute("SELECT count(*) FROM event WHERE stream LIKE 'case/%'").fetchone()
            entries, = store.execute("SELECT count(*) FROM log_entry").fetchone()
            issued, = store.execute("SELECT count(*) FROM log_entry WHERE content LIKE '%cert.issued%'").fetchone()
            certificates, = store.execute("SELECT count(*) FROM certificate").fetchone()
            kept, = store.execute("SELECT count(*) FROM kept").fetchone()
        checkpoint = int((public / "checkpoint").read_text().splitlines()[1])
        with sqlite3.connect(base / "store.db") as store:
            events_before, = store.execute("SELECT count(*) FROM event WHERE stream LIKE 'case/%'").fetchone()
        after = {"submit": "submitted", "decide": "achieved"}[kind]
        is_done = state == after
        if acknowledged and not is_done:
            return f"acknowledged, and lost: the case is {state}"
        expected = (1 if kind == "decide" else 0) if is_done else 0
        if certificates != expected or issued != expected or checkpoint != entries:
            return f"{state}: {certificates} certificates, {entries} entries, a log of {checkpoint}"
        if events != events_before + (1 if is_done else 0) or kept != (1 if is_done or kind == "decide" else 0):
            return f"{state}: {events} events after {events_before}, {kept} submissions"
        return None


def writes_of(base: pathlib.Path, arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="assay-count-") as name:
        folder = pathlib.Path(name) / "o"
        shutil.copytree(base, folder)
        trace = pathlib.Path(name) / "trace"
        subprocess.run(["strace", "-f", "--seccomp-bpf", "-o", str(trace), "-e", "trace=write,pwrite64,fsync,fdatasync,rename,ftruncate,unlink",
                        ASSAY, *[argument.replace(str(base), str(folder)) for argument in arguments]],
                       capture_output=True, timeout=120, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}, check=True)
        return sum("(" in line for line in trace.read_text().splitlines())


def kill_everywhere(folder: pathlib.Path) -> None:
    office = Office(folder)
    office.start()
    case = office.ready()
    before_submit = folder.parent / "before-submit"
    shutil.copytree(folder, before_submit)
    decision = office.proposed(case)
    jobs = []
    for kind, base, who, body in (("submit", before_submit, "pat", {"case": case}), ("decide", folder, "dan", decision)):
        arguments = Office(base).arguments(who, kind, body)
        points = writes_of(base, arguments)
        tests.check(f"{kind} writes often enough to be killed at many points", points > 20 or f"{points}")
        # Every point, and again from the first until there are enough.
        jobs += [(1 + i % points, base, kind, arguments) for i in range(KILLS // 2)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [f"{job[2]} at write {job[0]}: {problem}" for job, problem in
                 zip(jobs, pool.map(lambda job: killed_at(*job), jobs)) if problem]
    tests.check(f"killed at {len(jobs)} points: nothing acknowledged is lost, store and log agree", "\n".join(wrong) or None)


def with_postgresql(folder: pathlib.Path, work) -> None:
    """A server of its own on loopback, as the user postgres where we are root."""
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    data = folder / "pg"
    data.mkdir(mode=0o700)
    if owner:
        for path in (folder, data):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    port = free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **as_owner}
    subprocess.run([POSTGRESQL / "initdb", "-A", "trust", "-U", "assay", "-D", data], check=True, **quiet)
    subprocess.run([POSTGRESQL / "pg_ctl", "-D", data, "-w", "-o", f"-p {port} -h 127.0.0.1 -k {data} -c fsync=off", "start"],
                   check=True, **quiet)
    try:
        work(f"postgresql://assay@127.0.0.1:{port}/postgres")
    finally:
        subprocess.run([POSTGRESQL / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, **quiet)


def documented_case(folder: pathlib.Path) -> None:
    """Every line of docs/process.md runs, and ends with a good certificate."""
    lines = [line[4:] for line in (PROJECT / "docs/process.md").read_text().splitlines() if line.startswith("    ")]
    script = """set -euo pipefail
assay() {
    local at=(--at 2026-11-24T10:00:00Z)  # what takes a time, gets this one
    if [[ "$1 $2" =~ ^(certificate pack|register replay)$ ]]; then at=(); fi
    "$ASSAY" "$@" "${at[@]}"
}
"""
    done = subprocess.run(["bash", "-c", script + "\n".join(lines)], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "ASSAY": ASSAY}, timeout=300)
    whole = done.returncode == 0 and "good: Genuine" in done.stdout and "byte for byte" in done.stdout
    tests.check("the case in docs/process.md runs as it is written", whole or done.stdout[-500:] + done.stderr)
    tests.check("and leaves its certificate on paper", (folder / "northam.pdf").read_bytes().startswith(b"%PDF-"))


def suite_on(url: str) -> None:
    """The tests in C++ that need a store, over this one."""
    done = subprocess.run([pathlib.Path(ASSAY).parent / "assay_tests", "--test-suite=any store"], capture_output=True,
                          text=True, env={**os.environ, "ASSAY_TEST_STORE": url})
    found = re.search(r"test cases: +(\d+) \| +(\d+) passed", done.stdout)
    whole = done.returncode == 0 and found and int(found[2]) >= 8
    tests.check("PostgreSQL: the tests of the store and every case of the process", bool(whole) or done.stdout[-2000:])


def on_postgresql(url: str, folder: pathlib.Path) -> None:
    whole_story("PostgreSQL", folder, url)
    suite_on(url)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="assay-process-") as name:
        folder = pathlib.Path(name)
        for part in ("documented", "sqlite", "postgresql", "kill"):
            (folder / part).mkdir()
        documented_case(folder / "documented")
        whole_story("SQLite", folder / "sqlite", None)
        with tempfile.TemporaryDirectory(prefix="assay-pg-") as server:
            with_postgresql(pathlib.Path(server), lambda url: on_postgresql(url, folder / "postgresql"))
        kill_everywhere(folder / "kill")
    return tests.end()


if __name__ == "__main__":
    sys.exit(main())
