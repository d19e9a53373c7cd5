"""What the tests of the whole program share: run it, and say what was expected."""
import dataclasses
import json
import os
import pathlib
import socket
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent
ASSAY = os.environ.get("ASSAY", str(PROJECT / "build" / "dev" / "assay"))
RUN_SECONDS_MAX = 120  # a program that takes longer hangs


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclasses.dataclass
class Run:
    code: int
    out: str
    err: str

    def documents(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines()]


def assay(*arguments: str, stdin: str = "", cwd: pathlib.Path = PROJECT, env: dict[str, str] | None = None) -> Run:
    done = subprocess.run([ASSAY, *arguments], input=stdin.encode("utf-8", "surrogateescape"), capture_output=True,
                          cwd=cwd, timeout=RUN_SECONDS_MAX, env={**os.environ, **(env or {})})
    return Run(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


class Tests:
    """Counts; `end` prints the last line and gives the exit code."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def check(self, name: str, problem: str | None | bool) -> None:
        """`problem`: None or True when all is well, otherwise what is wrong."""
        if problem is None or problem is True:
            self.passed += 1
            print(f"ok   {name}")
            return
        self.failed += 1
        print(f"FAIL {name}" + (f": {problem}" if isinstance(problem, str) else ""))

    def equal(self, name: str, got: object, expected: object) -> None:
        self.check(name, None if got == expected else f"expected {expected!r}, got {got!r}")

    def end(self) -> None:
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)


def says(run: Run, code: int, *parts: str) -> str | None:
    """Nothing when the run ended with the code and its message holds every part; no crash is ever expected."""
    message = run.err if code in (2, 4) else run.out + run.err
    if run.code != code:
        return f"exit code {run.code}, not {code}; it said: {message.strip()[:300]}"
    missing = [part for part in parts if part not in message]
    if missing:
        return f"it does not say {missing}; it said: {message.strip()[:300]}"
    if "Sanitizer" in run.err or "runtime error" in run.err:
        return run.err[:500]
    return None
