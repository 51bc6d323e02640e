#!/usr/bin/env bash
# quietly.sh WHAT COMMAND…: runs a build and shows what it says only when it fails.
set -euo pipefail

what=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT
start=$SECONDS
printf '%s … ' "$what"
if "$@" >"$log" 2>&1; then
    printf '%d s\n' $((SECONDS - start))
else
    status=$?
    printf 'failed\n\n'
    grep -vE '^\[[0-9]+/[0-9]+\]' "$log" || true
    exit "$status"
fi
