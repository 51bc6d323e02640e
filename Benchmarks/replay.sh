#!/bin/bash
# Replays a capture beside what reads it without deciding, in turn, and prints processor and wall seconds.
#
#     Benchmarks/make_replay_fleet.py CAPTURE > FLEET
#     Benchmarks/replay.sh CAPTURE FLEET [ROUNDS]
#
# `touch` adds up the file's words, `libpcap` calls pcap_next_ex for every packet, `tcpdump` passes those that
# one of the fleet's accepting rules names, whatever their priority. sluice is SLUICE, or the one in the release
# build. The first round warms the page cache and is not printed.
set -euo pipefail
capture=$1 fleet=$2 rounds=${3:-5}
here=$(cd "$(dirname "$0")" && pwd)
sluice=${SLUICE:-$here/../.build/release/sluice}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O2 "$here/Peers/libpcap/read_loop.c" -o "$work/read_loop" -lpcap

python3 - "$fleet" > "$work/filter" <<'PYTHON'
import json, sys
terms = []
for group in json.load(open(sys.argv[1]))["securityGroups"]:
    for rule in group["rules"]:
        if rule["policy"] != "accept":
            continue
        block = rule["peer"]["cidr"]
        family = "ip6" if ":" in block else "ip"
        protocol = {"ICMPV6": "icmp6"}.get(rule["protocol"], rule["protocol"].lower())
        term = [family] if protocol == "all" else [f"{family} and {protocol}"]
        if not block.endswith("/0"):
            term.append(f"{'src' if rule['direction'] == 'ingress' else 'dst'} net {block}")
        if rule["portRange"] != "-1/-1":
            term.append("dst portrange " + rule["portRange"].replace("/", "-"))
        terms.append("(" + " and ".join(term) + ")")
print(" or ".join(terms))
PYTHON

measure() {
    local name=$1
    shift
    local TIMEFORMAT='%U %S %R'
    local figures
    figures=$({ time "$@" > /dev/null 2>&1; } 2>&1) || true
    [ "$round" -eq 0 ] || echo "$name $figures" | awk '{printf "%-24s %.3f %.3f\n", $1, $2 + $3, $4}'
}

echo "what                     processor s, wall s"
for round in $(seq 0 "$rounds"); do
    measure touch "$work/read_loop" -t "$capture"
    measure libpcap "$work/read_loop" "$capture"
    measure tcpdump tcpdump -r "$capture" -w /dev/null -F "$work/filter"
    measure sluice/stateless "$sluice" replay -f "$fleet" -r "$capture" --stateless -o json
    measure sluice/sessions "$sluice" replay -f "$fleet" -r "$capture" -o json
    measure sluice/stateless/2 "$sluice" replay -f "$fleet" -r "$capture" --stateless --threads 2 -o json
    measure sluice/sessions/2 "$sluice" replay -f "$fleet" -r "$capture" --threads 2 -o json
done | sort -s -k1,1
