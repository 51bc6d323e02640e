#!/usr/bin/env bash
# need-swift.sh [SWIFT]: fails, and says where to get it, unless a Swift 6.2 toolchain or later is there.
set -euo pipefail

swift=${1:-swift}
advice='get a toolchain from https://www.swift.org/install/linux/ and put its usr/bin on PATH'
command -v "$swift" >/dev/null || {
    echo "\`$swift\` is not on PATH: $advice" >&2
    exit 1
}
version=$("$swift" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
if [ "$(printf '%s\n' 6.2 "$version" | sort -V | head -n 1)" != 6.2 ]; then
    echo "Swift 6.2 or later is needed, \`$swift\` is ${version:-of an unknown version}: $advice" >&2
    exit 1
fi
