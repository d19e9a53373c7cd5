#!/usr/bin/env python3
"""Makes the lab's zones, keys and server configurations from tenants.txt.

    zones.py build DIR        everything that lab.sh starts servers on
    zones.py bulk DIR COUNT   COUNT unsigned tenants of bulk.example, for measuring speed
    zones.py document         lab/TENANTS.md, on standard output
    zones.py expect           "NAME CHECK/OUTCOME" lines, for the test
"""
import base64
import dataclasses
import pathlib
import re
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
ROOT, REGISTRY, NS1, NS2, BULK = "127.53.0.1", "127.53.0.2", "127.53.1.1", "127.53.2.1", "127.53.4.1"
RESOLVER, DEAD = "127.53.0.53", "127.53.0.250"
SUFFIXES = {
    "gov.uk": ['_dmarc TXT "v=DMARC1; p=reject; sp=reject; np=reject; rua=mailto:dmarc@registry.example"'],
    "nhs.uk": ['_dmarc TXT "v=DMARC1; p=none; sp=none; psd=y; rua=mailto:dmarc@registry.example"'],
    "police.uk": [],
}
SOA = "@ 3600 IN SOA ns1.lab.example. hostmaster.lab.example. {serial} 14400 3600 1209600 300"
LAB_NAMES = f"""
a.root-servers A {ROOT}
ns.registry A {REGISTRY}
registry TXT "the lab's registry"
*._report._dmarc.registry TXT "v=DMARC1"
lab TXT "the lab's own servers"
ns1.lab A {NS1}
ns1.lab AAAA ::1
ns2.lab A {NS2}
ns2.lab AAAA ::1
ns-lame.lab A {REGISTRY}
ns-dead.lab A {DEAD}
mx1.lab A 192.0.2.25
mx1.lab AAAA 2001:db8:1::25
mx2.lab A 198.51.100.25
mx2.lab AAAA 2001:db8:2::25
_25._tcp.mx1.lab TLSA 3 1 1 1111111111111111111111111111111111111111111111111111111111111111
_25._tcp.mx2.lab TLSA 3 1 1 2222222222222222222222222222222222222222222222222222222222222222
provider TXT "a mail provider"
_spf.provider TXT "v=spf1 ip4:192.0.2.0/27 ip6:2001:db8:1::/64 -all"
_five.provider TXT "v=spf1 a:a.provider.example a:b.provider.example a:c.provider.example a:d.provider.example a:e.provider.example -all"
a.provider A 192.0.2.33
b.provider A 192.0.2.34
c.provider A 192.0.2.35
d.provider A 192.0.2.36
e.provider A 192.0.2.37
stranger TXT "somebody else"
"""
ALGORITHMS = {"rsasha1": ["-a", "RSASHA1", "-b", "1024"]}


@dataclasses.dataclass
class Tenant:
    name: str
    about: str = ""
    sign: str = "yes"
    servers: list[str] = dataclasses.field(default_factory=lambda: ["ns1.lab.example", "ns2.lab.example"])
    without: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    records: list[tuple[str, str, str]] = dataclasses.field(default_factory=list)
    expect: list[str] = dataclasses.field(default_factory=list)


def read_tenants() -> list[Tenant]:
    out: list[Tenant] = []
    for number, line in enumerate((HERE / "tenants.txt").read_text().splitlines(), 1):
        word, _, rest = line.partition(" ")
        if not word or word.startswith("#"):
            continue
        if word == "tenant":
            out.append(Tenant(rest))
        elif word in ("about", "sign"):
            setattr(out[-1], word, rest)
        elif word == "servers":
            out[-1].servers = rest.split()
        elif word == "without":
            name, kind = rest.split()
            out[-1].without.append((name, kind))
        elif word == "record":
            name, kind, data = rest.split(" ", 2)
            out[-1].records.append((name, kind, data))
        elif word == "expect":
            out[-1].expect.append(rest)
        else:
            sys.exit(f"lab/tenants.txt:{number}: there is no '{word}' line")
    return out


def good_records(name: str) -> list[tuple[str, str, str]]:
    return [
        ("@", "MX", "10 mx1.lab.example."),
        ("@", "MX", "20 mx2.lab.example."),
        ("@", "A", "192.0.2.80"),
        ("@", "AAAA", "2001:db8:1::80"),
        ("www", "CNAME", "@"),
        ("@", "TXT", '"v=spf1 include:_spf.provider.example -all"'),
        ("selector1._domainkey", "TXT", "{rsa2048}"),
        ("_dmarc", "TXT", f'"v=DMARC1; p=reject; psd=n; rua=mailto:dmarc@{name},mailto:dmarc@registry.example"'),
        ("_mta-sts", "TXT", '"v=STSv1; id=20261101"'),
        ("_smtp._tls", "TXT", f'"v=TLSRPTv1; rua=mailto:tls-reports@{name}"'),
        ("@", "CAA", '0 issue "ca.example"'),
    ]


def tenant_records(tenant: Tenant) -> list[tuple[str, str, str]]:
    replaced = {(name, kind) for name, kind, _ in tenant.records} | set(tenant.without)
    kept = [row for row in good_records(tenant.name) if (row[0], row[1]) not in replaced]
    aliases = {name for name, kind, _ in tenant.records if kind == "CNAME"}
    return [row for row in kept if row[0] not in aliases] + tenant.records


class Builder:
    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.dkim: dict[str, str] = {}
        for part in ("keys", "root", "registry", "ns1", "ns2"):
            (directory / part).mkdir(parents=True, exist_ok=True)

    def run(self, *command: str, cwd: pathlib.Path | None = None) -> str:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{shlex.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def dkim_record(self, bits: int) -> str:
        """A TXT record with a new public key, in strings of at most 255 octets."""
        private = self.directory / "keys" / f"dkim{bits}.pem"
        if not private.exists():
            self.run("openssl", "genrsa", "-out", str(private), str(bits))
        public = subprocess.run(["openssl", "rsa", "-in", str(private), "-pubout", "-outform", "DER"],
                                capture_output=True, check=True).stdout
        text = "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()
        return " ".join(f'"{text[at:at + 250]}"' for at in range(0, len(text), 250))

    def fill(self, data: str) -> str:
        for bits in (1024, 2048):
            field = "{rsa%d}" % bits
            if field in data:
                data = data.replace(field, self.dkim.setdefault(field, self.dkim_record(bits)))
        return data

    def key(self, zone: str, options: list[str]) -> str:
        """The base name of the zone's key, made once."""
        folder = self.directory / "keys"
        word = "_".join([zone or "root", *options]).replace("/", "")
        note = folder / f"{word}.name"
        if not note.exists():
            # Keys on disk from /dev/urandom: the lab proves nothing to anybody else.
            note.write_text(self.run("ldns-keygen", "-r", "/dev/urandom", "-k", *options, zone or ".",
                                     cwd=folder).strip())
        return note.read_text()

    def ds(self, zone: str, options: list[str]) -> list[str]:
        key = self.directory / "keys" / (self.key(zone, options) + ".key")
        return self.run("ldns-key2ds", "-n", "-2", str(key)).strip().splitlines()

    def write(self, server: str, zone: str, lines: list[str], sign: str = "no") -> None:
        """One zone file for one server, signed as said."""
        path = self.directory / server / f"{zone or 'root'}.zone"
        path.write_text(f"$ORIGIN {zone}.\n$TTL 3600\n" + "\n".join(lines) + "\n")
        if sign == "no":
            return
        options = ALGORITHMS.get(sign, ["-a", "ECDSAP256SHA256"])
        command = ["ldns-signzone", "-f", str(path) + ".signed"]
        if sign == "expired":
            command += ["-i", "20250101", "-e", "20250201"]
        if sign == "nsec3":
            command += ["-n", "-t", "50", "-s", "abcd"]
        self.run(*command, str(path), str(self.directory / "keys" / self.key(zone, options)))
        pathlib.Path(str(path) + ".signed").replace(path)

    def tenant(self, tenant: Tenant) -> list[str]:
        """Writes the zone and gives the delegation for the zone above."""
        name = tenant.name
        options = ALGORITHMS.get(tenant.sign, ["-a", "ECDSAP256SHA256"])
        for server, serial in (("ns1", 2026110102), ("ns2", 2026110101 if tenant.sign == "stale" else 2026110102)):
            lines = [SOA.format(serial=serial)] + [f"@ NS {host}." for host in tenant.servers]
            lines += [f"{owner} {kind} {self.fill(data)}" for owner, kind, data in tenant_records(tenant)]
            self.write(server, name, lines, tenant.sign)
        out = [f"{name}. NS {host}." for host in tenant.servers]
        if tenant.sign == "wrong-ds":
            out += [line.replace("other.invalid.", name + ".") for line in self.ds("other.invalid", options)]
        elif tenant.sign not in ("no", "no-ds"):
            out += self.ds(name, options)
        return out

    def registry_zone(self, zone: str, lines: list[str]) -> list[str]:
        self.write("registry", zone, [SOA.format(serial=1), "@ NS ns.registry.example.", *lines], "yes")
        return [f"{zone}. NS ns.registry.example.", *self.ds(zone, ["-a", "ECDSAP256SHA256"])]

    def build(self) -> None:
        delegations: dict[str, list[str]] = {suffix: list(lines) for suffix, lines in SUFFIXES.items()}
        for tenant in read_tenants():
            delegations[tenant.name.split(".", 1)[1]] += self.tenant(tenant)
        top: list[str] = []
        for suffix, lines in delegations.items():
            top += self.registry_zone(suffix, lines)
        root = self.registry_zone("uk", top)
        bulk = [f"bulk NS ns.bulk.example.", f"ns.bulk A {BULK}"]
        root += self.registry_zone("example", LAB_NAMES.strip().splitlines() + bulk)
        root += [f"a.root-servers.example. A {ROOT}", f"ns.registry.example. A {REGISTRY}"]
        self.write("root", "", [SOA.format(serial=1), "@ NS a.root-servers.example.", *root], "yes")
        anchor = self.directory / "keys" / (self.key("", ["-a", "ECDSAP256SHA256"]) + ".ds")
        (self.directory / "root.key").write_text(anchor.read_text())
        (self.directory / "root.hints").write_text(
            f". 3600000 NS a.root-servers.example.\na.root-servers.example. 3600000 A {ROOT}\n")
        for server, addresses in (("root", [ROOT]), ("registry", [REGISTRY]), ("ns1", [NS1, "::1"]), ("ns2", [NS2])):
            zones = sorted(path.name.removesuffix(".zone") for path in (self.directory / server).glob("*.zone"))
            write_nsd_config(self.directory, server, addresses,
                             [("." if zone == "root" else zone, f"{zone}.zone") for zone in zones])
        self.write_resolver()

    def write_resolver(self) -> None:
        (self.directory / "unbound.conf").write_text(f"""server:
    directory: "{self.directory}"
    chroot: ""
    username: ""
    pidfile: "{self.directory}/unbound.pid"
    use-syslog: no
    logfile: "{self.directory}/unbound.log"
    interface: {RESOLVER}
    access-control: 127.0.0.0/8 allow
    do-not-query-localhost: no
    root-hints: "{self.directory}/root.hints"
    trust-anchor-file: "{self.directory}/root.key"
    msg-cache-size: 128m
    rrset-cache-size: 256m
    outgoing-range: 4096
    num-queries-per-thread: 2048
    num-threads: 2
    msg-cache-slabs: 2
    rrset-cache-slabs: 2
    so-rcvbuf: 0
remote-control:
    control-enable: no
""")


def write_nsd_config(directory: pathlib.Path, server: str, addresses: list[str],
                     zones: list[tuple[str, str]]) -> None:
    folder = directory / server
    lines = ["server:"] + [f"    ip-address: {address}" for address in addresses]
    lines += [f'    zonesdir: "{folder}"', f'    pidfile: "{folder}/nsd.pid"', f'    logfile: "{folder}/nsd.log"',
              f'    xfrdfile: "{folder}/xfrd.state"', f'    zonelistfile: "{folder}/zone.list"',
              f'    xfrdir: "{folder}"', '    database: ""', '    username: ""', "    rrl-ratelimit: 0",
              "    hide-version: yes", "remote-control:", "    control-enable: no"]
    for zone, path in zones:
        lines += ["zone:", f'    name: "{zone}"', f'    zonefile: "{path}"']
    (directory / f"{server}.conf").write_text("\n".join(lines) + "\n")


def build_bulk(directory: pathlib.Path, count: int) -> None:
    """Tenants t1.bulk.example to tCOUNT.bulk.example, each a zone; they share one file."""
    builder = Builder(directory)
    folder = directory / "bulk"
    folder.mkdir(exist_ok=True)
    names = [f"t{number}.bulk.example" for number in range(1, count + 1)]
    tenant = Tenant("tenant.example", records=[
        ("_dmarc", "TXT", '"v=DMARC1; p=reject; rua=mailto:dmarc@registry.example"')])
    lines = ["$TTL 3600", SOA.format(serial=1), "@ NS ns.bulk.example.", "@ NS ns2.bulk.example."]
    lines += [f"{owner} {kind} {builder.fill(data)}" for owner, kind, data in tenant_records(tenant)]
    (folder / "tenant.zone").write_text("\n".join(lines) + "\n")
    top = ["$TTL 3600", SOA.format(serial=1), "@ NS ns", f"ns A {BULK}", f"ns2 A {BULK}"]
    top += [f"{name}. NS ns{which}.bulk.example." for name in names for which in ("", "2")]
    (folder / "bulk.zone").write_text("\n".join(top) + "\n")
    write_nsd_config(directory, "bulk", [BULK],
                     [("bulk.example", "bulk.zone")] + [(name, "tenant.zone") for name in names])
    (directory / "bulk.txt").write_text("\n".join(names) + "\n")


def document() -> str:
    rows = ["# The lab's tenants", "",
            "Made from `tenants.txt` by `zones.py document`; `./dev lint` says when it is old. The tests measure each tenant",
            "through the lab's resolver and compare.", "",
            "| domain | what it is for | what Assay says of it |", "|---|---|---|"]
    for tenant in read_tenants():
        found = "<br>".join(f"`{row}`" for row in tenant.expect) or "nothing in particular"
        rows.append(f"| {tenant.name} | {tenant.about} | {found} |")
    return "\n".join(rows) + "\n"


def main() -> None:
    match sys.argv[1:]:
        case ["build", directory]:
            Builder(pathlib.Path(directory).resolve()).build()
        case ["bulk", directory, count] if re.fullmatch(r"\d{1,6}", count):
            build_bulk(pathlib.Path(directory).resolve(), int(count))
        case ["document"]:
            sys.stdout.write(document())
        case ["expect"]:
            for tenant in read_tenants():
                for row in tenant.expect:
                    print(tenant.name, row)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
