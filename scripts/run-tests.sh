#!/usr/bin/env bash
# run-tests.sh SWIFT [OPTION…]: runs the built tests; shows failures, what was skipped and why, and
# the runner's last line.
set -euo pipefail

swift=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT

status=0
"$swift" test --disable-xctest --skip-build "$@" >"$log" 2>&1 || status=$?
summary=$(grep -E 'Test run with [0-9]+ tests?' "$log" | tail -n 1 || true)
if [ "$status" != 0 ] || [ -z "$summary" ]; then
    grep -vE '^(◇|✔|\[[0-9]+/[0-9]+\])' "$log" || true
    [ -n "$summary" ] || { echo 'the test runner gave no summary' >&2 && exit 1; }
    echo "$summary"
    exit "$status"
fi
# What was left out and why, and what the agreement suites counted.
grep -E '^(➜|agreement|captures:)' "$log" || true
echo "$summary"
