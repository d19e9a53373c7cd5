#!/usr/bin/env bash
# How fast it is, and what bounds it: ./dev bench [measure]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
name=${1:-measure}
[[ -f bench/$name.py ]] || { echo "there is no bench '$name'; there are: $(cd bench && ls ./*.py)" >&2; exit 2; }
./dev build release
./lab/lab.sh up >&2
exec python3 "bench/$name.py"
