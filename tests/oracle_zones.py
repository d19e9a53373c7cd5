"""The OctoDNS zone files of a folder as one small DNS, for oracle.py. It shares no code with the
program."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import yaml

ALIASES_MAX = 10  # CNAMEs in a row


class Unknown(Exception):
    """The files do not say: the name is outside the zones, or delegated out of them."""


@dataclass
class Node:
    txt: list[str] = field(default_factory=list)
    cname: Optional[str] = None
    mx: bool = False
    ns: bool = False
    filled: bool = False  # holds a record; else only a step on the way to one


def parent(name: str) -> str:
    return name.partition(".")[2]


def is_below(name: str, ancestor: str) -> bool:
    return name.endswith("." + ancestor)


def plain_name(text: str) -> str:
    return text.strip().rstrip(".").lower()


class Zone:
    def __init__(self, apex: str) -> None:
        self.apex = apex
        self.nodes: dict[str, Node] = {apex: Node()}

    def touch(self, name: str) -> Node:
        step = name
        while step != self.apex:  # RFC 4592 section 2.2.2: empty non-terminals exist
            self.nodes.setdefault(step, Node())
            step = parent(step)
        return self.nodes[name]

    def is_delegated(self, name: str) -> bool:
        while name != self.apex:
            if name in self.nodes and self.nodes[name].ns:
                return True
            name = parent(name)
        return False

    def find(self, name: str) -> Optional[Node]:
        """What answers for the name, through wildcards too (RFC 4592 section 3.3.1)."""
        if self.is_delegated(name):
            raise Unknown(name)
        if name in self.nodes:
            return self.nodes[name]
        encloser = parent(name)
        while encloser not in self.nodes:
            encloser = parent(encloser)
        return self.nodes.get("*." + encloser)


def txt_value(text: str) -> str:
    """OctoDNS writes ';' as '\\;'. A value all in quotation marks is a row of strings."""
    text = text.replace("\\;", ";")
    if re.fullmatch(r'\s*("(\\.|[^"\\])*"\s*)+', text):
        strings = re.findall(r'"((?:\\.|[^"\\])*)"', text)
        return "".join(re.sub(r"\\(.)", r"\1", string) for string in strings)
    return text


def records_of(entry: Any) -> Iterator[tuple[str, Any]]:
    for record in entry if isinstance(entry, list) else [entry]:
        values = record.get("values", record.get("value"))
        for value in values if isinstance(values, list) else [values]:
            yield record["type"], value


def read_zone(path: Path) -> Zone:
    zone = Zone(plain_name(path.stem))
    # BaseLoader leaves every scalar a text: "no", "010" and "1.10" are labels like all others.
    content = yaml.load(path.read_bytes(), Loader=yaml.BaseLoader)
    for key, entry in (content or {}).items():
        owner = zone.apex if key in ("", "@") else f"{key}.{zone.apex}".lower()
        node = zone.touch(owner)
        for kind, value in records_of(entry):
            node.filled = True
            if kind in ("TXT", "SPF"):
                node.txt.append(txt_value(value))
            elif kind == "CNAME":
                node.cname = plain_name(value)
            elif kind == "MX":
                node.mx = True
            elif kind == "NS" and owner != zone.apex:
                node.ns = True
    return zone


class World:
    """The zones of a folder as one small DNS."""

    def __init__(self, folder: Path) -> None:
        files = [path for path in folder.iterdir() if path.suffix in (".yaml", ".yml")]
        self.zones = {zone.apex: zone for zone in map(read_zone, sorted(files))}

    def zone_of(self, name: str) -> Zone:
        while name:
            if name in self.zones:
                return self.zones[name]
            name = parent(name)
        raise Unknown(name)

    def txt(self, name: str) -> list[str]:
        for _ in range(ALIASES_MAX + 1):
            node = self.zone_of(name).find(name)
            if node is None or node.txt or node.cname is None:
                return node.txt if node else []
            name = node.cname
        raise Unknown(name)

    def exists(self, name: str) -> bool:
        return self.zone_of(name).find(name) is not None

    def mail_names(self) -> list[str]:
        """Every apex, and every name that an MX, SPF, DMARC, MTA-STS, TLS-RPT or DKIM record is
        about; no wildcards and underscored names."""
        names = set(self.zones)
        for zone in self.zones.values():
            for owner, node in zone.nodes.items():
                about = None if zone.is_delegated(owner) else name_about(owner, node)
                inside = about and (about == zone.apex or is_below(about, zone.apex))
                if about and inside and not about.startswith("*.") and not has_underscore(about):
                    names.add(about)
        return sorted(names)

    def selectors(self, domain: str) -> list[str]:
        """What stands below _domainkey. A wildcard is no selector."""
        base = "_domainkey." + domain
        try:
            zone = self.zone_of(base)
        except Unknown:
            return []
        owners = (o for o, node in zone.nodes.items() if node.filled and is_below(o, base))
        return sorted(o[:-len(base) - 1] for o in owners if not o.startswith("*."))


def has_underscore(name: str) -> bool:
    """Underscored names carry records of protocols, not mail (RFC 8552)."""
    return any(label.startswith("_") for label in name.split("."))


def is_spf(text: str) -> bool:
    return re.match(r"v=spf1( |$)", text, re.I) is not None


def name_about(owner: str, node: Node) -> Optional[str]:
    if node.txt or node.cname:
        label, _, rest = owner.partition(".")
        if label in ("_dmarc", "_mta-sts"):
            return rest
        if owner.startswith("_smtp._tls."):
            return parent(rest)
        if (at := owner.find("._domainkey.")) >= 0:
            return owner[at + len("._domainkey."):]
    if node.mx or any(is_spf(text) for text in node.txt):
        return owner
    return None
