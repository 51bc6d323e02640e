#!/usr/bin/env bash
# record.sh [NAME…]: records the captures beside it again, all of them or those named.
#
# Needs root: it makes network namespaces, runs real servers and clients in them, and filters what
# they send with a fleet's rules as nftables. Nothing leaves the namespaces; all of it takes about
# two minutes and is gone afterwards. Times, ephemeral ports and keys differ from run to run.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=captures/recording/network.sh
source "$here/recording/network.sh"
# shellcheck source=captures/recording/traffic.sh
source "$here/recording/traffic.sh"

# Capture file, fleet, filter, what happens.
readonly RECORDINGS='
web-and-db.pcap        fleet-alibaba.json stateless web_and_db
ipv6.pcap              fleet-alibaba.json stateful  ipv6
dns-and-fragments.pcap fleet-alibaba.json stateful  dns_and_fragments
scan-dropped.pcap      fleet-aws.json     stateless scan_dropped
database.pcapng        fleet-aws.json     stateful  database
'
readonly SNAPSHOT_BYTES=160
readonly PACKAGES=(
    nginx-light curl redis-server redis-tools dnsmasq-base bind9-dnsutils openssh-server
    openssh-client iperf3 iputils-ping netcat-openbsd openssl nftables iproute2 ethtool tcpdump
    wireshark-common python3
)

load_filter() {
    local options=()
    [ "$2" = stateless ] || options=(--stateful)
    "$here/recording/fleet_to_nft.py" "$here/$1" ${options[@]+"${options[@]}"} >"$WORK/filter.nft"
    on router nft -f "$WORK/filter.nft"
}

start_capture() {
    on router tcpdump -Z root -i tap -n -s "$SNAPSHOT_BYTES" -B 16384 -w "$WORK/capture.pcap" \
        2>"$WORK/tcpdump.log" &
    capture_pid=$!
    until grep -q listening "$WORK/tcpdump.log"; do sleep 0.1; done
}

stop_capture() {
    sleep 1.5
    kill -INT "$(ip netns pids "${PREFIX}router")"
    wait "$capture_pid" || true
    grep -q '^0 packets dropped by kernel' "$WORK/tcpdump.log" || {
        cat "$WORK/tcpdump.log" >&2
        exit 1
    }
}

# The kernel's counters, one step of one interface a line.
write_counters() {
    {
        printf '# %s, %s, as nftables counted\n' "$1" "$2"
        printf '# networkInterface\tdirection\tstep\tpackets\n'
        on router nft -j list counters | python3 -c '
import json, sys
for entry in json.load(sys.stdin)["nftables"]:
    if "counter" in entry:
        name, packets = entry["counter"]["name"], entry["counter"]["packets"]
        if packets or name.startswith("packets/"):
            steps = name.split("/")
            print(*(["-"] + steps if len(steps) == 2 else steps), packets, sep="\t")'
    } >"$3"
}

# Every frame between hosts passed the filter once: the capture and the counters agree.
check_stateless() {
    local counted captured
    counted=$(awk -F'\t' '$1 == "-" { sum += $4 } END { print sum }' "$2")
    captured=$(tcpdump -n -r "$1" '(ip or ip6) and not ip6 multicast' 2>/dev/null | wc -l)
    if [ "$counted" != "$captured" ] || [ "$captured" = 0 ]; then
        echo "record.sh: $1 holds $captured IP packets, the filter counted $counted" >&2
        exit 1
    fi
}

record() {
    local file=$1 fleet=$2 filter=$3 traffic=$4 counters
    counters=$here/${file%.*}.counters.tsv
    WORK=$(mktemp -d)
    network_up
    start_servers
    load_filter "$fleet" "$filter"
    start_capture
    "$traffic"
    stop_capture
    write_counters "$fleet" "$filter" "$counters"
    if [ "$filter" = stateless ]; then check_stateless "$WORK/capture.pcap" "$counters"; fi
    case $file in
    *.pcapng) editcap -F pcapng "$WORK/capture.pcap" "$here/$file" ;;
    *) cp "$WORK/capture.pcap" "$here/$file" ;;
    esac
    clean_up
    printf '%-24s %7d bytes\n' "$file" "$(stat -c %s "$here/$file")"
}

clean_up() {
    network_down
    [ -z "${WORK:-}" ] || rm -rf "$WORK"
}

main() {
    local file fleet filter traffic
    [ "$(id -u)" = 0 ] || { echo 'record.sh: needs root for network namespaces' >&2; exit 2; }
    "$here/../scripts/need-packages.sh" "${PACKAGES[@]}"
    trap clean_up EXIT
    while read -r file fleet filter traffic; do
        [ -n "$file" ] || continue
        [ $# = 0 ] || [[ " $* " = *" $file "* ]] || continue
        # The table is the loop's standard input: what runs inside must not read it.
        record "$file" "$fleet" "$filter" "$traffic" </dev/null
    done <<<"$RECORDINGS"
}

main "$@"
