#!/usr/bin/env python3
"""Writes a fleet (sluice-fleet/1, Alibaba Cloud) for a capture to standard output, always the same.

    Benchmarks/make_replay_fleet.py CAPTURE.pcap [SHARE] > fleet.json

Its interfaces own an address of at least SHARE (0.95 unless given) of the capture's IP packets: those
that most packets have in common, as a cloud owns one end of most of its traffic. There are five
groups of 100 rules each, about the ports and peers that the capture shows and about others. CAPTURE is
a little-endian pcap file of Ethernet frames. What the fleet covers is said on standard error.
"""

import argparse
import collections
import heapq
import ipaddress
import json
import mmap
import random
import struct
import sys

GROUP_COUNT = 5
RULES_PER_GROUP = 100
ADDRESSES_PER_INTERFACE = 20
PORTS = [22, 25, 53, 80, 110, 123, 143, 161, 179, 389, 443, 445, 465, 514, 587, 636, 853, 993, 995,
         1194, 1433, 1521, 1812, 2049, 2379, 3128, 3306, 3389, 4789, 5060, 5201, 5353, 5432, 5672,
         5900, 6379, 6443, 8080, 8443, 9000, 9090, 9092, 9200, 10250, 11211, 15672, 27017]


def address_pairs(path):
    """How many packets each pair of addresses has; addresses are as in the headers."""
    pairs = collections.Counter()
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        position = 24
        while position + 16 <= len(data):
            (length,) = struct.unpack_from("<I", data, position + 8)
            start = position + 16 + 12
            position += 16 + length
            while data[start:start + 2] in (b"\x81\x00", b"\x88\xa8"):
                start += 4
            kind = data[start:start + 2]
            if kind == b"\x08\x00" and start + 22 <= position:
                pair = (data[start + 14:start + 18], data[start + 18:start + 22])
            elif kind == b"\x86\xdd" and start + 42 <= position:
                pair = (data[start + 10:start + 26], data[start + 26:start + 42])
            else:
                continue
            pairs[min(pair), max(pair)] += 1
    return pairs


def owned_addresses(pairs, share):
    """The addresses, most packets first, that together see `share` of the packets of each family."""
    owned = []
    for size in (4, 16):
        family = {pair: count for pair, count in pairs.items() if len(pair[0]) == size}
        peers = collections.defaultdict(dict)
        for (one, other), count in family.items():
            peers[one][other] = peers[other][one] = count
        counts = {address: sum(others.values()) for address, others in peers.items()}
        heap = [(-count, address) for address, count in counts.items()]
        heapq.heapify(heap)
        missing = share * sum(family.values())
        chosen = set()
        while missing > 0 and heap:
            count, address = heapq.heappop(heap)
            if -count != counts[address]:
                if counts[address] > 0:
                    heapq.heappush(heap, (-counts[address], address))
                continue
            chosen.add(address)
            owned.append(address)
            missing += count
            for other, common in peers[address].items():
                if other not in chosen and other != address:
                    counts[other] -= common
        covered = sum(count for pair, count in family.items() if not chosen.isdisjoint(pair))
        total = max(1, sum(family.values()))
        print(f"{'IPv4' if size == 4 else 'IPv6'}: {len(chosen)} addresses own "
              f"{100 * covered / total:.1f} % of {sum(family.values())} packets", file=sys.stderr)
    return owned


def rule(random_source, number, peers):
    protocol = random_source.choice(["TCP", "TCP", "TCP", "UDP", "UDP", "ICMP", "ALL"])
    ports = "-1/-1"
    if protocol in ("TCP", "UDP"):
        low = random_source.choice(PORTS)
        ports = f"{low}/{min(65535, low + random_source.choice([0, 0, 0, 0, 10, 1000]))}"
    peer = random_source.choice(peers)
    bits = 8 * len(peer)
    if protocol == "ICMP" and bits == 128:
        protocol = "ICMPV6"
    length = random_source.choice([0, 8, 12, 16, 20, 24, 28, 32]) * bits // 32
    block = ipaddress.ip_network((peer, length), strict=False)
    return {
        "id": f"sgr-{number:017x}",
        "direction": random_source.choice(["ingress", "egress"]),
        "protocol": protocol,
        "portRange": ports,
        "peer": {"cidr": str(block)},
        "policy": random_source.choice(["accept", "accept", "accept", "drop"]),
        "priority": random_source.randrange(1, 101),
    }


def main():
    parser = argparse.ArgumentParser(description="writes a fleet for a capture to standard output")
    parser.add_argument("capture")
    parser.add_argument("share", type=float, nargs="?", default=0.95)
    arguments = parser.parse_args()
    random_source = random.Random(20261121)
    pairs = address_pairs(arguments.capture)
    owned = owned_addresses(pairs, arguments.share)
    peers = sorted({address for pair in pairs for address in pair} - set(owned)) or sorted(owned)
    groups = [
        {
            "id": f"sg-bp{index:018x}", "vpc": "vpc-0", "type": "normal",
            "innerAccessPolicy": "Drop",
            "rules": [rule(random_source, index * RULES_PER_GROUP + n, peers)
                      for n in range(RULES_PER_GROUP)],
        }
        for index in range(GROUP_COUNT)
    ]
    interfaces = []
    for first in range(0, len(owned), ADDRESSES_PER_INTERFACE):
        number = first // ADDRESSES_PER_INTERFACE
        addresses = owned[first:first + ADDRESSES_PER_INTERFACE]
        interfaces.append({
            "id": f"eni-bp{number:017x}", "type": "secondary", "status": "InUse", "vpc": "vpc-0",
            "addresses": [str(ipaddress.ip_address(address)) for address in addresses],
            "securityGroups": [groups[number % GROUP_COUNT]["id"]],
        })
    json.dump({
        "format": "sluice-fleet/1", "vendor": "alibaba", "vpcs": [{"id": "vpc-0"}],
        "prefixLists": [], "securityGroups": groups, "networkInterfaces": interfaces,
    }, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
