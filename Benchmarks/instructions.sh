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
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# instructions CELL PASSES: all that a run of so many passes executes.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$benchmarks" \
        --only "$1" --headers "$headers" --rounds "$2" 2>&1 |
        sed -n 's/.*Collected : \([0-9]*\)$/\1/p'
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
