#!/usr/bin/python3
"""Counts in OctoDNS zone files what `assay check --zones` reports about them, by another way.

    oracle.py FOLDER ASSAY           run ASSAY over the folder and compare
    oracle.py FOLDER --jsonl FILE    compare with what ASSAY printed before
    oracle.py FOLDER                 print the oracle's own numbers
    oracle.py --self-test [ASSAY]    the small fixture against numbers written by hand, then ASSAY

It shares no code with the program. Each quantity is a set of domains (or domain and selector); a
line per quantity says `ok` or `FAIL`. Exit: 0 all equal, 1 a difference, 2 it could not be done.
"""
from __future__ import annotations

import argparse
import base64
import binascii
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import yaml

sys.dont_write_bytecode = True
from oracle_zones import Unknown, World, is_below, is_spf, plain_name  # noqa: E402

FIXTURE = Path(__file__).resolve().parent / "fixtures" / "octodns-small"
EXPECTED = FIXTURE / "expected.json"

# Where the collectors of NCSC Mail Check were, which ended on 31 March 2026. The longest first.
RETIRED = (
    "dmarc-rua.mailcheck.service.ncsc.gov.uk",
    "mailcheck.service.ncsc.gov.uk",
    "dmarc.service.gov.uk",
)
POLICIES = ("none", "quarantine", "reject")
SPF_LOOKUPS_MAX = 10  # RFC 7208 section 4.6.4
RSA_BITS_MIN, RSA_BITS_ADVISED = 1024, 2048  # RFC 8301 section 3.2
SHOWN_MAX = 12  # differing items on one line

Facts = dict[str, set[str]]


# --------------------------------------------------------------------------------------- DMARC


def tag_list(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            yield name.strip(" \t").lower(), value.strip(" \t")


def first_tags(text: str) -> dict[str, str]:
    tags: dict[str, str] = {}
    for name, value in tag_list(text):
        tags.setdefault(name, value)
    return tags


@dataclass
class DmarcRecord:
    policy: str
    subdomain_policy: str
    nonexistent_policy: str
    uris: list[str]


@dataclass
class DmarcStep:
    """What stands at _dmarc.<domain>: RFC 9989 section 4.10 steps 2 and 3."""
    domain: str
    count: int = 0
    psd: str = "u"
    record: Optional[DmarcRecord] = None  # when a receiver can use it

    @property
    def holds(self) -> bool:
        return self.count == 1

    @property
    def state(self) -> str:
        if self.count == 0:
            return "absent"
        return self.record.policy if self.record else "unusable"


URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s!,;]+", re.I)


def uri_list(text: str) -> list[str]:
    uris = (re.sub(r"!\d+[kmgt]?$", "", item.strip(), flags=re.I) for item in text.split(","))
    return [uri for uri in uris if URI.fullmatch(uri)]


def read_dmarc(text: str) -> Optional[DmarcRecord]:
    tags = first_tags(text)
    given = {name: tags[name].lower() for name in ("p", "sp", "np") if name in tags}
    aggregate = uri_list(tags.get("rua", ""))
    uris = aggregate + uri_list(tags.get("ruf", ""))
    if "p" not in given or any(value not in POLICIES for value in given.values()):
        # RFC 9989 section 4.10.1: as "p=none" where reports are asked for, else no DMARC.
        return DmarcRecord("none", "none", "none", uris) if aggregate else None
    below = given.get("sp", given["p"])
    return DmarcRecord(given["p"], below, given.get("np", below), uris)


def dmarc_step(world: World, domain: str) -> DmarcStep:
    claims = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(;|$)")
    texts = [text for text in world.txt("_dmarc." + domain) if claims.match(text)]
    step = DmarcStep(domain, len(texts))
    if step.holds:
        psd = first_tags(texts[0]).get("psd", "u").lower()
        step.psd = psd if psd in ("y", "n") else "u"
        step.record = read_dmarc(texts[0])
    return step


def tree_walk(domain: str) -> list[str]:
    """RFC 9989 section 4.10: from eight labels on, the name and then its last seven."""
    labels = domain.split(".")
    lengths = range(min(len(labels) - 1, 7), 0, -1)
    return [domain] + [".".join(labels[-length:]) for length in lengths]


def discover(world: World, domain: str) -> tuple[str, list[str]]:
    """The policy for mail from the domain, with the report addresses of its record."""
    own = dmarc_step(world, domain)
    if own.holds:
        return (own.record.policy, own.record.uris) if own.record else ("missing", [])
    found: list[DmarcStep] = []
    organisation = ""
    for name in tree_walk(domain)[1:]:
        step = dmarc_step(world, name)
        if step.holds:
            found.append(step)
        if step.psd != "u":
            # The record of the organisation one below psd=y is preferred to that of the suffix.
            labels = name.count(".") + (2 if step.psd == "y" else 1)
            organisation = ".".join(domain.split(".")[-labels:])
            break
    else:
        organisation = found[-1].domain if found else domain
    chosen = [step for step in found if step.domain == organisation]
    chosen = chosen or [step for step in found if step.psd == "y"]
    if not chosen or chosen[0].record is None:
        return "missing", []
    record = chosen[0].record
    exists = world.exists(domain)
    return record.subdomain_policy if exists else record.nonexistent_policy, record.uris


def retired_hosts(uris: Iterable[str]) -> set[str]:
    hosts = set()
    for uri in uris:
        match = re.match(r"mailto:[^@?]+@([^?@!]+)", uri, re.I)
        host = plain_name(match[1]) if match else ""
        hosts.update([r for r in RETIRED if host == r or is_below(host, r)][:1])
    return hosts


def tls_report_uris(world: World, domain: str) -> list[str]:
    try:
        texts = world.txt("_smtp._tls." + domain)
    except Unknown:
        return []
    texts = [text for text in texts if re.match(r"v=TLSRPTv1[ \t]*(;|$)", text)]
    return uri_list(first_tags(texts[0]).get("rua", "")) if len(texts) == 1 else []


# ----------------------------------------------------------------------------------------- SPF


TERM = re.compile(r"[+?~-]?(all|include|a|mx|ptr|exists)(?::([^/]*))?(?:/.*)?$", re.I)


class SpfCount:
    """Terms that query the DNS, for a sender that no term matches; it stops past the limit, and so
    at a record that includes itself too."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.terms = 0
        self.complete = True  # nothing was left out

    def run(self, domain: str) -> bool:
        """Whether there is one record."""
        texts = [text for text in self.world.txt(domain) if is_spf(text)]
        if len(texts) != 1:
            return False
        redirect = ""
        for term in texts[0].split(" ")[1:]:
            if term.lower().startswith("redirect="):
                redirect = term[len("redirect="):]
            match = TERM.match(term)
            if not match:
                continue
            if match[1].lower() == "all":
                return True  # RFC 7208 section 5.1: nothing after it counts
            self.add(match[2] if match[1].lower() == "include" else "")
            if self.terms > SPF_LOOKUPS_MAX:
                return True
        if redirect:
            self.add(redirect)
        return True

    def add(self, target: Optional[str]) -> None:
        self.terms += 1
        if not target or self.terms > SPF_LOOKUPS_MAX:
            return
        try:
            if "%" in target:
                raise Unknown(target)
            self.run(plain_name(target))
        except Unknown:
            self.complete = False


# ---------------------------------------------------------------------------------------- DKIM


def der(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of the first element, which has that tag, and what follows it (X.690)."""
    if len(data) < 2 or data[0] != tag:
        raise ValueError("another element")
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    if length == 0 or start + length > len(data):
        raise ValueError("cut off")
    return data[start:start + length], data[start + length:]


SEQUENCE, INTEGER, BIT_STRING, OID = 0x30, 0x02, 0x03, 0x06
RSA_ENCRYPTION = bytes.fromhex("2a864886f70d010101")


def rsa_bits(data: bytes) -> int:
    """Of a SubjectPublicKeyInfo (RFC 5280 section 4.1) or a bare RSAPublicKey (RFC 8017 A.1.1)."""
    inside, _ = der(data, SEQUENCE)
    if inside[:1] == bytes([SEQUENCE]):
        algorithm, rest = der(inside, SEQUENCE)
        if der(algorithm, OID)[0] != RSA_ENCRYPTION:
            raise ValueError("no RSA key")
        bits, _ = der(rest, BIT_STRING)
        inside, _ = der(bits[1:], SEQUENCE)  # the first octet counts unused bits
    modulus, rest = der(inside, INTEGER)
    der(rest, INTEGER)
    return int.from_bytes(modulus, "big").bit_length()


def dkim_bits(text: str) -> Optional[int]:
    """The length of an RSA key; nothing when the text is not a usable one."""
    pairs = list(tag_list(text))
    tags = dict(pairs)
    if len(tags) != len(pairs) or tags.get("v", "DKIM1") != "DKIM1" or not tags.get("p"):
        return None
    if tags.get("k", "rsa") != "rsa":
        return None
    try:
        return rsa_bits(base64.b64decode(re.sub(r"\s", "", tags["p"]), validate=True))
    except (ValueError, binascii.Error):
        return None


def short_keys(world: World, domain: str) -> list[tuple[str, int]]:
    out = []
    for selector in world.selectors(domain):
        try:
            texts = world.txt(f"{selector}._domainkey.{domain}")
        except Unknown:
            continue
        bits = (dkim_bits(text) for text in texts)
        out += [(selector, count) for count in bits if count and count < RSA_BITS_ADVISED]
    return out


# ----------------------------------------------------------------------- quantities, both sides


QUANTITIES = (
    ["names reported", "zones of addresses"]
    + [f"apexes whose own DMARC is {s}" for s in (*POLICIES, "absent", "unusable", "unknown")]
    + [f"names where DMARC comes out as {s}" for s in (*POLICIES, "missing", "unknown")]
    + [f"DMARC reports to {host}" for host in RETIRED]
    + [f"TLS reports to {host}" for host in RETIRED]
    + ["SPF over 10 lookups", "SPF lookups, where known"]
    + ["domains with RSA keys under 2048 bits", "selectors with RSA keys under 2048 bits"]
)


def expect(world: World) -> Facts:
    facts: Facts = defaultdict(set)
    for name in world.mail_names():
        facts["names reported"].add(name)
        if name.endswith((".in-addr.arpa", ".ip6.arpa")):
            facts["zones of addresses"].add(name)  # nobody sends mail in their name
            continue
        try:
            own = dmarc_step(world, name).state
        except Unknown:
            own = "unknown"
        if name in world.zones:
            facts[f"apexes whose own DMARC is {own}"].add(name)
        try:
            policy, uris = discover(world, name)
        except Unknown:
            policy, uris = "unknown", []
        facts[f"names where DMARC comes out as {policy}"].add(name)
        # Addresses of a record above are the business of the name that has it.
        for host in retired_hosts(uris if own in POLICIES else []):
            facts[f"DMARC reports to {host}"].add(name)
        for host in retired_hosts(tls_report_uris(world, name)):
            facts[f"TLS reports to {host}"].add(name)
        expect_spf(world, name, facts)
        keys = short_keys(world, name)
        if keys:
            facts["domains with RSA keys under 2048 bits"].add(name)
        # The program names the keys that are useless, and the others only when there are none.
        useless = [key for key in keys if key[1] < RSA_BITS_MIN]
        for selector, bits in useless or keys:
            facts["selectors with RSA keys under 2048 bits"].add(f"{name} {selector} {bits}")
    return facts


def expect_spf(world: World, name: str, facts: Facts) -> None:
    count = SpfCount(world)
    try:
        if not count.run(name):
            return
    except Unknown:
        return
    if count.terms > SPF_LOOKUPS_MAX:
        facts["SPF over 10 lookups"].add(name)
    elif count.complete:
        facts["SPF lookups, where known"].add(f"{name} {count.terms}")


NO_RESULT = {"outcome": "", "evidence": {}}


def own_dmarc(results: dict[str, Any], name: str) -> str:
    outcome = results["dmarc.single"]["outcome"]
    if outcome in ("cannot-tell", "not-applicable", "several"):
        return {"cannot-tell": "unknown", "not-applicable": "absent"}.get(outcome, "unusable")
    if results["dmarc.syntax"]["outcome"] == "unusable":
        return "unusable"
    policy = results["dmarc.policy"]
    at = policy["evidence"].get("name")
    return policy["outcome"] if at == "_dmarc." + name else f"taken from {at}"


def observe(lines: Iterable[str], world: World) -> Facts:
    """The same quantities from the program's findings."""
    facts: Facts = defaultdict(set)
    for line in lines:
        document = json.loads(line)
        name = document["domain"]
        results = defaultdict(lambda: NO_RESULT, {r["check"]: r for r in document["results"]})
        facts["names reported"].add(name)
        if document["profile"].startswith("reverse-zone/"):
            facts["zones of addresses"].add(name)
            continue
        if name in world.zones:
            facts[f"apexes whose own DMARC is {own_dmarc(results, name)}"].add(name)
        policy = results["dmarc.policy"]["outcome"]
        # A record that nobody can use is no policy.
        policy = {"cannot-tell": "unknown", "unusable": "missing"}.get(policy, policy)
        facts[f"names where DMARC comes out as {policy}"].add(name)
        for check, kind in (("dmarc.reports-retired-mailbox", "DMARC"),
                            ("tls-rpt.retired-mailbox", "TLS")):
            for host in retired_hosts(results[check]["evidence"].get("retired", [])):
                facts[f"{kind} reports to {host}"].add(name)
        spf = results["spf.lookups"]
        if spf["outcome"] in ("too-many", "loop"):
            facts["SPF over 10 lookups"].add(name)
        elif results["parked.spf"]["outcome"] == "nothing-sends":
            facts["SPF lookups, where known"].add(f"{name} 0")  # "v=spf1 -all", and no other check
        elif "lookups" in spf["evidence"]:
            facts["SPF lookups, where known"].add(f"{name} {spf['evidence']['lookups']}")
        keys = results["dkim.key-strength"]
        if keys["outcome"] in ("short", "unusable"):
            facts["domains with RSA keys under 2048 bits"].add(name)
            for key in keys["evidence"]["keys"]:
                selector, _, bits = re.sub(r" bits$", "", key).partition(", rsa ")
                facts["selectors with RSA keys under 2048 bits"].add(f"{name} {selector} {bits}")
    return facts


# ----------------------------------------------------------------------------------- comparing


def compare(expected: Facts, got: Facts) -> bool:
    same = True
    for name in [*QUANTITIES, *sorted((expected.keys() | got.keys()) - set(QUANTITIES))]:
        want, have = expected.get(name, set()), got.get(name, set())
        line = f"{name}: expected {len(want)}, got {len(have)}"
        for what, items in (("missing", sorted(want - have)), ("extra", sorted(have - want))):
            if items:
                more = f" and {len(items) - SHOWN_MAX} more" if len(items) > SHOWN_MAX else ""
                line += f"; {what}: {', '.join(items[:SHOWN_MAX])}{more}"
        print(("ok  " if want == have else "FAIL"), line)
        same = same and want == have
    return same


def run_assay(assay: str, folder: Path) -> list[str]:
    command = [assay, "check", "--zones", str(folder), "--format", "jsonl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 3) or not done.stdout:
        raise OSError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout.splitlines()


def self_test(assay: Optional[str]) -> bool:
    by_hand = {name: set(items) for name, items in json.loads(EXPECTED.read_text()).items()}
    world = World(FIXTURE)
    print("# the oracle, against numbers written by hand")
    same = compare(by_hand, expect(world))
    if assay:
        print("# the program, against the same")
        same = compare(by_hand, observe(run_assay(assay, FIXTURE), world)) and same
    return same


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", metavar="FOLDER [ASSAY]")
    parser.add_argument("--jsonl", type=Path, help="what ASSAY printed")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    paths: list[str] = options.paths
    if options.self_test:
        return 0 if self_test(paths[0] if paths else None) else 1
    if not paths or len(paths) > 2:
        parser.error("a folder, and then perhaps the program")
    world = World(Path(paths[0]))
    expected = expect(world)
    if options.jsonl:
        return 0 if compare(expected, observe(options.jsonl.open(), world)) else 1
    if len(paths) == 2:
        return 0 if compare(expected, observe(run_assay(paths[1], Path(paths[0])), world)) else 1
    for name in QUANTITIES:
        print(f"{len(expected.get(name, set())):6} {name}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError, KeyError, yaml.YAMLError) as failure:
        print(f"oracle.py: {type(failure).__name__}: {failure}", file=sys.stderr)
        sys.exit(2)
