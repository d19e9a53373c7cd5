#!/usr/bin/env bash
# The lab: servers on loopback for the tests and for ./dev run. lab.sh up|down|status|bulk COUNT
#
#   127.53.0.1             the root               127.53.0.53         a validating resolver
#   127.53.0.2             uk, gov.uk and the     127.53.0.240-248    resolvers that misbehave (liar.py)
#                          like, and example      127.53.0.250        nobody answers here
#   127.53.1.1, 127.53.2.1 and ::1: the tenants   127.53.4.1          the tenants of bulk.example
#
# Everything stands below ${ASSAY_LAB_DIR:-build/lab}; only processes started here are ended, by their process ids.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p "${ASSAY_LAB_DIR:-build/lab}"
dir=$(cd "${ASSAY_LAB_DIR:-build/lab}" && pwd)
servers=(root registry ns1 ns2)

say() { printf '%s\n' "lab: $*" >&2; }
die() { say "$*"; exit 1; }
as_root() { if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo "$@"; fi; }

# Does the process of a pid file live, and is it the one we started (a pid can be used again)?
alive() {
    local pid
    [[ -s $dir/$1 ]] && read -r pid <"$dir/$1" && [[ -r /proc/$pid/cmdline ]] &&
        tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qE "$dir|lab/liar.py"
}

wait_for() {  # ADDRESS NAME TYPE: until the server answers
    local try
    for try in $(seq 1 100); do
        if dig +time=1 +tries=1 +short "@$1" "$2" "$3" 2>/dev/null | grep -q .; then return; fi
        read -rt 0.05 <> <(:) || true
    done
    die "no answer from $1 for $2 $3 after $try tries; look at $dir/*.log and $dir/*/nsd.log"
}

# Signatures last four weeks; what was built from other inputs, or a week ago, is built again.
build() {
    local stamp
    stamp="$(cat lab/tenants.txt lab/zones.py | sha256sum | cut -d' ' -f1) $(($(date +%s) / 604800))"
    if [[ -f $dir/stamp && $(<"$dir/stamp") == "$stamp" ]]; then return; fi
    down
    rm -rf "$dir"/{root,registry,ns1,ns2,stamp}
    say "making zones and keys"
    python3 lab/zones.py build "$dir"
    echo "$stamp" >"$dir/stamp"
}

start_nsd() {
    if alive "$1/nsd.pid"; then return; fi
    as_root nsd -c "$dir/$1.conf" ||
        die "nsd did not start; look at $dir/$1/nsd.log. Does a lab of another checkout run ('./dev lab down' there)?"
}

up() {
    build
    local server
    for server in "${servers[@]}"; do start_nsd "$server"; done
    wait_for 127.53.0.1 . SOA
    wait_for 127.53.0.2 gov.uk SOA
    wait_for 127.53.1.1 good.gov.uk SOA
    wait_for 127.53.2.1 good.gov.uk SOA
    if ! alive unbound.pid; then as_root unbound -c "$dir/unbound.conf" || die "unbound did not start"; fi
    if ! alive liar.pid; then
        as_root setsid python3 lab/liar.py "$dir/liar.pid" >"$dir/liar.log" 2>&1 </dev/null &
    fi
    wait_for 127.53.0.53 good.gov.uk SOA
    wait_for 127.53.0.244 loop.example CNAME
    status
}

down() {
    local file pid try
    for file in liar.pid unbound.pid bulk/nsd.pid ns2/nsd.pid ns1/nsd.pid registry/nsd.pid root/nsd.pid; do
        alive "$file" || continue
        read -r pid <"$dir/$file"
        as_root kill "$pid"
        for try in $(seq 1 100); do
            [[ -d /proc/$pid ]] || break
            read -rt 0.05 <> <(:) || true
        done
        [[ -d /proc/$pid ]] && say "process $pid of $file has not ended after $try tries"
        as_root rm -f "$dir/$file"
    done
    return 0
}

status() {
    local server missing=0
    for server in root/nsd registry/nsd ns1/nsd ns2/nsd unbound liar; do
        if alive "$server.pid"; then
            say "$server runs"
        else
            say "$server does not run"
            missing=1
        fi
    done
    if [[ $missing -eq 0 ]]; then
        say "$(grep -c '^tenant ' lab/tenants.txt) tenants (lab/TENANTS.md); ask 127.53.0.53, trust $dir/root.key"
    fi
    return $missing
}

bulk() {
    local count=${1:-5000}
    if [[ ! -f $dir/bulk/count || $(<"$dir/bulk/count") != "$count" ]]; then
        if alive bulk/nsd.pid; then as_root kill "$(<"$dir/bulk/nsd.pid")"; fi
        rm -rf "$dir/bulk"
        python3 lab/zones.py bulk "$dir" "$count"
        echo "$count" >"$dir/bulk/count"
    fi
    start_nsd bulk
    wait_for 127.53.4.1 "t$count.bulk.example" SOA
    wait_for 127.53.0.53 t1.bulk.example SOA
}

case ${1:-} in
    up) up ;;
    down) down ;;
    status) status ;;
    bulk) up && bulk "${2:-}" ;;
    *) die "use: lab.sh up|down|status|bulk COUNT" ;;
esac
