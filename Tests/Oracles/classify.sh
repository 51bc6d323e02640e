#!/usr/bin/env bash
# classify.sh: `sluice classify` against exact first-match answers, header by header.
#
# The peers' linear scan answers uniform, zipf and pareto headers for the ClassBench rule sets of the
# shared folder. Ends with `N passed, N failed, N skipped`.
# SLUICE: the program; SLUICE_SHARED: the shared folder; SLUICE_LONG=1: a million headers each.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
shared=${SLUICE_SHARED:-$root/../shared}
sluice=${SLUICE:-$root/.build/release/sluice}
headers=200000
[ "${SLUICE_LONG:-}" != 1 ] || headers=1000000
readonly SEED=7

passed=0 failed=0 skipped=0
finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}
skip_all() {
    echo "SKIPPED: $1"
    skipped=1
    finish
    exit
}

[ -d "$shared/peers" ] || skip_all "no folder $shared/peers"
grep -q avx512bw /proc/cpuinfo || skip_all 'the linear scan needs AVX-512, which this processor lacks'
[ -x "$sluice" ] || { echo "no program $sluice: build it with \`make build\`" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for tool in gen_trace linear; do
    g++ -O3 -march=native -std=c++17 -Wno-unused-result -o "$work/$tool" "$shared/peers/$tool.cc"
done

# One rule set under one kind of traffic.
compare() {
    local name=$1 mode=$2 different
    "$work/gen_trace" "$work/rules" "$work/trace" "$mode" "$headers" "$SEED"
    "$work/linear" "$work/rules" "$work/trace" "$work/answers" >/dev/null
    od -An -v -w4 -t d4 "$work/answers" | tr -d ' ' >"$work/expected"
    if ! "$sluice" classify --rules "$work/rules" --trace "$work/trace" --output "$work/found" \
        >/dev/null 2>"$work/talk"; then
        echo "FAILED: $name $mode: $(head -n 1 "$work/talk")"
        failed=$((failed + 1))
    elif cmp -s "$work/expected" "$work/found"; then
        passed=$((passed + 1))
    else
        different=$(diff --speed-large-files "$work/expected" "$work/found" | grep -c '^<' || true)
        echo "FAILED: $name $mode: $different of $headers headers differ"
        paste "$work/expected" "$work/found" |
            awk '$1 != $2 { print "  header " NR - 1 ": expected " $1 ", found " $2; if (++n == 3) exit }'
        failed=$((failed + 1))
    fi
}

for size in 100 1000 10000; do
    for family in acl1 fw1 ipc1; do
        gzip -dc "$shared/rules/${family}_$size.rules.gz" >"$work/rules"
        for mode in uniform zipf pareto; do compare "${family}_$size" "$mode"; done
    done
done
echo "classify: $headers headers each, seed $SEED"
finish
