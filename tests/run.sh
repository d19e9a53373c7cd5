#!/usr/bin/env bash
# Every test, with one last line: N passed, N failed. Called by ./dev test after the dev build.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

passed=0
failed=0
results=$(mktemp)
trap 'rm -f "$results"' EXIT

# Runs a command that prints "ok   ..." and "FAIL ..." lines, and counts them. One that fails without saying
# what, counts as one failure. One that ends with $left_out could not run here: it says so, and counts as nothing.
left_out=77
count() {
    local title=$1 good bad code=0
    shift
    printf '\n== %s\n' "$title"
    "$@" >"$results" 2>&1 || code=$?
    good=$(grep -c '^ok ' "$results")
    bad=$(grep -c '^FAIL ' "$results")
    if [[ $code -eq $left_out ]]; then
        cat "$results"
        return
    elif [[ $code -ne 0 && $bad -eq 0 ]] || [[ $good -eq 0 && $bad -eq 0 ]]; then
        echo "FAIL $title ended with code $code"
        tail -n 40 "$results"
        bad=1
    else
        grep -v '^ok ' "$results"
        echo "$good ok"
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
}

# doctest counts test cases; a skipped one would be a silent hole, so it counts as failed.
unit_tests() {
    local log code=0
    log=$(mktemp)
    ./build/dev/assay_tests >"$log" 2>&1 || code=$?
    cat "$log"
    local line
    line=$(grep -E '^\[doctest\] test cases:' "$log" | tr -cd '0-9 ')
    rm -f "$log"
    read -r _ good bad skipped <<<"$line"
    for ((i = 0; i < ${good:-0}; ++i)); do echo "ok   a test case"; done
    for ((i = 0; i < ${bad:-1} + ${skipped:-0}; ++i)); do echo "FAIL a test case, see above"; done
    return $code
}

# The facts of real zones, counted a second time by a program that shares no code with this one.
recount() {
    local data=${ASSAY_SHARED_DATA:-../shared/data}
    if [[ -d $data/zones/octodns ]]; then
        python3 tests/oracle.py "$data/zones/octodns" build/dev/assay
    else
        echo "left out: there are no real zones at $data (set ASSAY_SHARED_DATA)"
        return "$left_out"
    fi
}

# A lab that ran before keeps running.
lab_tests() {
    local code=0 ran=no
    if ./lab/lab.sh status 2>/dev/null; then ran=yes; fi
    ./lab/lab.sh up >&2 || return 1
    python3 tests/lab_test.py || code=$?
    if [[ $ran == no ]]; then ./lab/lab.sh down; fi
    return $code
}

# The tests before it leave a core idle, so the fuzz targets are built meanwhile; `./dev fuzz` says what fails.
nice ./dev build fuzz >/dev/null 2>&1 &
fuzz_build=$!
trap 'kill "$fuzz_build" 2>/dev/null; rm -f "$results"' EXIT

count "unit tests and cases" unit_tests
count "the command line" python3 tests/cli_test.py
count "a recount of the fixture zones" python3 tests/oracle.py --self-test build/dev/assay
count "a recount of real zones" recount
count "the lab" lab_tests
count "the compliance process by its commands" python3 tests/process_test.py
count "witness and monitor" python3 tests/witness_test.py
count "documents and a real virus scanner" python3 tests/clamd_test.py
count "diagrams, certificates and letters on paper" python3 tests/paper_test.py
count "letters by SMTP" python3 tests/deliver_test.py
count "measured claims and plans of a case" python3 tests/evidence_test.py
count "the rules of the house" python3 tests/lint.py
wait "$fuzz_build"
count "fuzzing, ${ASSAY_FUZZ_SECONDS:-10} s a target" ./dev fuzz "${ASSAY_FUZZ_SECONDS:-10}"

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 ]]
