#!/usr/bin/env python3
"""Writes a large fleet (sluice-fleet/1, Alibaba Cloud) to standard output, always the same one.

    Benchmarks/make_large_fleet.py [INTERFACES [GROUPS [RULES_PER_GROUP]]] > large.json

The defaults, 100,000 interfaces and 10,000 groups of 100 rules, make about 200 MB.
"""

import argparse
import json
import random
import sys

PROTOCOLS = ["TCP", "UDP", "TCP", "TCP", "ICMP", "ALL"]
ADDRESSES_PER_VPC = 1 << 16


def address(value):
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def peer(random_source, group, group_count, list_count):
    kind = random_source.random()
    if kind < 0.8 or group_count < 2:
        length = random_source.choice([0, 8, 16, 24, 24, 32, 32])
        value = random_source.getrandbits(32) >> (32 - length) << (32 - length) if length else 0
        return {"cidr": f"{address(value)}/{length}"}
    if kind < 0.95:
        other = (group + 1 + random_source.randrange(group_count - 1)) % group_count
        return {"securityGroup": group_id(other)}
    return {"prefixList": f"pl-{random_source.randrange(list_count):017x}"}


def group_id(index):
    return f"sg-bp{index:018x}"


def rule(random_source, number, group, group_count, list_count):
    protocol = random_source.choice(PROTOCOLS)
    ports = "-1/-1"
    if protocol in ("TCP", "UDP"):
        low = random_source.randrange(1, 65535)
        ports = f"{low}/{min(65535, low + random_source.choice([0, 0, 0, 10, 1000]))}"
    return {
        "id": f"sgr-{number:017x}",
        "direction": random_source.choice(["ingress", "ingress", "egress"]),
        "protocol": protocol,
        "portRange": ports,
        "peer": peer(random_source, group, group_count, list_count),
        "policy": random_source.choice(["accept", "accept", "drop"]),
        "priority": random_source.randrange(1, 101),
        "description": "",
    }


def write_array(name, count, element, last=False):
    sys.stdout.write(f'"{name}": [\n')
    for index in range(count):
        json.dump(element(index), sys.stdout, separators=(",", ":"))
        sys.stdout.write("\n" if index == count - 1 else ",\n")
    sys.stdout.write("]\n}\n" if last else "],\n")


def main():
    parser = argparse.ArgumentParser(description="writes a large fleet to standard output")
    for name, count in ("interfaces", 100_000), ("groups", 10_000), ("rules_per_group", 100):
        parser.add_argument(name, type=int, nargs="?", default=count)
    counts = parser.parse_args()
    interface_count, group_count = counts.interfaces, counts.groups
    rules_per_group = counts.rules_per_group
    random_source = random.Random(20240521)
    vpc_count = (interface_count + ADDRESSES_PER_VPC - 1) // ADDRESSES_PER_VPC
    list_count = 100

    def vpc(index):
        return f"vpc-{index}"

    def group(index):
        return {
            "id": group_id(index),
            "vpc": vpc(index % vpc_count),
            "type": "normal",
            "innerAccessPolicy": "Drop",
            "rules": [
                rule(random_source, index * rules_per_group + n, index, group_count, list_count)
                for n in range(rules_per_group)
            ],
        }

    def interface(index):
        home = index // ADDRESSES_PER_VPC
        per_vpc = group_count // vpc_count
        groups = random_source.sample(range(per_vpc), min(per_vpc, random_source.randrange(1, 4)))
        return {
            "id": f"eni-bp{index:017x}",
            "type": "secondary",
            "status": "InUse",
            "vpc": vpc(home),
            "mac": ":".join(f"{index >> shift & 255:02x}" for shift in (40, 32, 24, 16, 8, 0)),
            "addresses": [address((10 << 24) + index % ADDRESSES_PER_VPC)],
            "securityGroups": [group_id(number * vpc_count + home) for number in groups],
        }

    sys.stdout.write('{"format": "sluice-fleet/1", "vendor": "alibaba",\n')
    write_array("vpcs", vpc_count, lambda index: {"id": vpc(index), "cidrBlocks": ["10.0.0.0/8"]})
    write_array("prefixLists", list_count, lambda index: {
        "id": f"pl-{index:017x}", "addressFamily": "IPv4", "maxEntries": 200,
        "entries": [f"{100 + index}.{entry}.0.0/16" for entry in range(200)]})
    write_array("securityGroups", group_count, group)
    write_array("networkInterfaces", interface_count, interface, last=True)


if __name__ == "__main__":
    main()
