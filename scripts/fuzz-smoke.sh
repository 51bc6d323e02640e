#!/usr/bin/env bash
# fuzz-smoke.sh SECONDS: fuzzes each target for so long, from the checked-in corpus.
# A finding is left in .build/findings, and fails the run.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:-20}
swift=${SWIFT:-swift}
findings=.build/findings
mkdir -p "$findings"

fuzz() {
    local target=$1 corpus=$2 grown log
    grown=$(mktemp -d)
    log=$(mktemp)
    scripts/quietly.sh "building $target" "$swift" build -c release --sanitize fuzzer \
        --scratch-path .build/fuzz --product "$target"
    printf 'fuzzing with %s for %d s … ' "$target" "$seconds"
    if ".build/fuzz/release/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -artifact_prefix="$findings/$target-" "$grown" "$corpus" >"$log" 2>&1; then
        sed -n 's/^Done \([0-9]*\) runs.*/\1 inputs, nothing found/p' "$log"
    else
        echo 'failed'
        tail -n 40 "$log"
        exit 1
    fi
    rm -rf "$grown" "$log"
}

fuzz DecodeFuzz Fuzz/Corpus/decode
fuzz FleetFuzz Fuzz/Corpus/fleet
