#!/usr/bin/env python3
"""`case attach` asks a real clamd, with a tiny database of its own, whether a document is clean."""
import contextlib
import pathlib
import subprocess
import sys
import tempfile

from harness import Tests, says
from process_test import TODAY, Office, pdf

CLAMD = "/usr/sbin/clamd"
MARK = b"assay example of something that is not wanted"
tests = Tests()


@contextlib.contextmanager
def clamd(folder: pathlib.Path):
    """A server with one signature; yields its socket when it listens."""
    database = folder / "database"
    database.mkdir(parents=True)
    (database / "example.ndb").write_text(f"Example.Unwanted-1:0:*:{MARK.hex()}\n")
    socket = folder / "clamd.sock"
    (folder / "clamd.conf").write_text(
        f"DatabaseDirectory {database}\nLocalSocket {socket}\nTemporaryDirectory {folder}\nForeground yes\n"
        "StreamMaxLength 1M\nLogTime no\nMaxThreads 1\nSelfCheck 0\nDisableCache yes\n")
    server = subprocess.Popen([CLAMD, "-c", str(folder / "clamd.conf")], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
    try:
        said = []
        for line in server.stdout:
            said.append(line)
            if "Self checking" in line:
                break
        else:
            raise AssertionError("clamd ended: " + "".join(said))
        yield str(socket)
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def documents(folder: pathlib.Path) -> list[str]:
    vault = folder / "authority/documents"
    return sorted(one.name for one in vault.iterdir()) if vault.exists() else []


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="assay-clamd-") as name:
        folder = pathlib.Path(name)
        office = Office(folder)
        office.start()
        case = office.must("pat", "new", {"scheme": "psn-connection", "infrastructure": "main"})["case"]
        body = {"case": case, "document": "evidence", "date": TODAY}
        clean, unwanted, large = folder / "clean.pdf", folder / "unwanted.pdf", folder / "large.pdf"
        clean.write_bytes(pdf("Nothing to find here"))
        unwanted.write_bytes(pdf(MARK.decode()))
        large.write_bytes(pdf("Much to read") + b"%" + b"x" * 2_000_000 + b"\n")

        def attach(path: pathlib.Path, *more: str, env: dict[str, str] | None = None):
            return office.assay("pat", "attach", body, "--file", str(path), *more, env=env)

        with clamd(folder / "scanner") as socket:
            found = attach(unwanted, "--clamd", socket)
            tests.check("a document with something unwanted is refused by its name",
                        says(found, 2, "found Example.Unwanted-1", "unwanted.pdf", "Nothing was kept"))
            found = attach(unwanted, env={"ASSAY_CLAMD": socket})
            tests.check("ASSAY_CLAMD names the scanner as --clamd does", says(found, 2, "found Example.Unwanted-1"))
            tests.check("a document that the scanner does not take is not called clean",
                        says(attach(large, "--clamd", socket), 2, "StreamMaxLength"))
            tests.equal("nothing of them was kept", documents(folder), [])
            tests.check("a clean document is attached", says(attach(clean, "--clamd", socket), 0, '"document"'))
            tests.equal("the clean document was kept", len(documents(folder)), 1)
        gone = attach(clean, "--clamd", socket)
        tests.check("a scanner that is not there is said to be so, and what to do",
                    None if gone.code == 4 and "Start clamd" in gone.err else f"{gone.code} {gone.err}")
        tests.check("an address that is none is refused", says(attach(clean, "--clamd", "clamd"), 2, "HOST:PORT"))
    return tests.end()


if __name__ == "__main__":
    sys.exit(main())
