#!/usr/bin/env bash
# instructions.sh SLUICEBENCHMARKS [BOUNDS]: instructions a decision, counted by callgrind.
#
# Each cell is decided three times and once more; the difference of two runs is that of the passes
# alone. Valgrind knows no AVX-512, so what is counted is the kernel that every machine has. With
# BOUNDS, a file of `instructions/CELL LIMIT` among other lines, it fails when a count exceeds its
# limit; times are never looked at.
set -euo pipefail

benchmarks=$1
bounds=${2:-}
headers=10000
cells=(acl_1000/uniform acl_1000/uniform/no-memo fw_1000/uniform fw_1000/uniform/no-memo)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Debian's valgrind gives up on debugging information as new as Swift's.
strip -o "$work/benchmarks" "$benchmarks"

# instructions CELL PASSES: all that a run of so many passes executes.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/benchmarks" \
        --only "$1" --headers "$headers" --rounds "$2" >"$work/log" 2>&1 ||
        { cat "$work/log" >&2 && return 1; }
    sed -n 's/.*Collected : \([0-9]*\)$/\1/p' "$work/log"
}

status=0
for cell in "${cells[@]}"; do
    one=$(instructions "$cell" 1)
    three=$(instructions "$cell" 3)
    count=$(((three - one) / 2 / headers))
    printf 'instructions/%-34s %6d a decision\n' "$cell" "$count"
    [ -n "$bounds" ] || continue
    limit=$(awk -v name="instructions/$cell" '$1 == name { print $2 }' "$bounds")
    if [ -z "$limit" ] || [ "$count" -gt "$limit" ]; then
        echo "instructions/$cell: $count, and at most ${limit:-nothing} is allowed" >&2
        status=1
    fi
done
exit "$status"
