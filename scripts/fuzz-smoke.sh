#!/usr/bin/env bash
# fuzz-smoke.sh SECONDS: fuzzes each target for so long, from the checked-in corpus.
# A finding is left in .build/findings, and fails the run. Where the shared test data is, its malformed
# captures are seeds as well.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:-20}
swift=${SWIFT:-swift}
findings=.build/findings
mkdir -p "$findings"
shared=${SLUICE_SHARED:-../shared}/captures
# Swift's own report of a crash comes before libFuzzer's, and keeps it from writing the input.
export SWIFT_BACKTRACE=enable=no

fuzz() {
    local target=$1 corpus=$2 grown log
    grown=$(mktemp -d)
    if [ "$target" = CaptureFuzz ] && [ -d "$shared" ]; then
        find "$shared" -maxdepth 1 \( -name 'badfile-*' -o -name 'fmt_*' -o -name 'cap-gt-len-*' \) \
            -size -32k -exec cp {} "$grown" \;
    fi
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
fuzz CaptureFuzz Fuzz/Corpus/capture
fuzz FleetFuzz Fuzz/Corpus/fleet
