#!/usr/bin/env bash
# quietly.sh WHAT COMMAND…: runs a command and shows its output only when it fails.
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
    cat "$log"
    exit "$status"
fi
