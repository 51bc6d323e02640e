#!/usr/bin/env bash
# benchmark-smoke.sh SLUICEBENCHMARKS: a few cells of the suite, and the counts that have bounds.
#
# Fails on wrong answers, on allocations, table bytes and instructions over Benchmarks/Baselines/bounds.txt,
# and never on time. Without rte_acl (`make peers`) the answers are compared with a linear scan's and
# the reference filter's only.
set -euo pipefail

benchmarks=$1
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly BOUNDS=Benchmarks/Baselines/bounds.txt

"$benchmarks" --bounds "$BOUNDS" --rounds 1 --headers 50000
if command -v valgrind >/dev/null; then
    Benchmarks/instructions.sh "$benchmarks" "$BOUNDS"
else
    echo 'SKIPPED: instructions a decision (no valgrind)'
fi
