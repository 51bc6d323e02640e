#!/usr/bin/env bash
# benchmark-smoke.sh SLUICE: `sluice classify` on a made-up rule set; fails if it gives no figures.
set -euo pipefail

sluice=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

awk 'BEGIN {
    srand(1)
    for (i = 0; i < 1000; i++)
        printf "@10.%d.%d.0/%d\t10.%d.0.0/%d\t0 : 65535\t%d : %d\t0x06/0xFF\n",
            rand() * 256, rand() * 256, 16 + rand() * 9, rand() * 256, 8 + rand() * 9, i, i + rand() * 999
}' >"$work/rules"
awk 'BEGIN {
    srand(2)
    for (i = 0; i < 100000; i++)
        printf "%d %d %d %d 6\n", 167772160 + rand() * 16777216, 167772160 + rand() * 16777216,
            1024 + rand() * 64000, rand() * 2000
}' >"$work/trace"

figures=$("$sluice" classify --rules "$work/rules" --trace "$work/trace" --repeat 3 -o json)
python3 - "$figures" <<'EOF'
import json
import sys

figures = json.loads(sys.argv[1])
assert figures["rules"] == 1000 and figures["headers"] == 100000, figures
print(f"{figures['decisionsPerSecond'] / 1e6:.1f} M decisions/s on 1,000 made-up rules")
EOF
