#!/usr/bin/env python3
"""fleet_to_nft.py FLEET.json [--stateful]: a fleet's filter as a Linux nftables rule set, on stdout.

Each network interface gets an egress and an ingress chain with the vendor's steps in the vendor's
order. Every step counts in a named counter, `INTERFACE/DIRECTION/RULE` (or the implicit step's name
for RULE), so that the kernel's counters can be laid beside sluice's hit counts.

A drop is remembered in the packet's mark until both interfaces have been asked, because sluice, too,
asks both; then the packet is really dropped. With --stateful, packets of connections that the kernel
knows are accepted first.

Left out: traffic that the platforms exempt (metadata, resolver), port lists, and rules about
fragments; `record.sh` sends none of the first two, and nftables defragments when stateful.
"""
import argparse
import ipaddress
import json
import sys

PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58, "gre": 47}
FAMILY = {4: "ip", 6: "ip6"}


def protocol_number(name):
    """The protocol's number; None for all protocols."""
    name = name.lower()
    if name in ("all", "-1"):
        return None
    return PROTOCOLS[name] if name in PROTOCOLS else int(name)


def port_range(text):
    """`80/443` as a pair; None for any port."""
    if text in (None, "", "-1/-1"):
        return None
    low, high = text.split("/")
    return int(low), int(high)


def decision_order(rule):
    """Smaller priority first, then drop before accept, then the smaller id."""
    return rule.get("priority", 1), rule.get("policy", "accept") != "drop", rule["id"]


class Filter:
    """The nftables lines of one fleet."""

    def __init__(self, fleet):
        self.fleet = fleet
        self.is_alibaba = fleet["vendor"] == "alibaba"
        self.groups = {group["id"]: group for group in fleet["securityGroups"]}
        self.lists = {each["id"]: each for each in fleet.get("prefixLists", [])}
        self.counters = ["packets/accepted", "packets/dropped"]

    def members(self, group):
        """The addresses of the interfaces in `group`."""
        return [
            ipaddress.ip_network(address)
            for interface in self.fleet["networkInterfaces"]
            if group in interface["securityGroups"]
            for address in interface["addresses"]
        ]

    def peer_networks(self, peer):
        """The networks that a rule's peer stands for."""
        if "cidr" in peer:
            return [ipaddress.ip_network(peer["cidr"], strict=False)]
        if "prefixList" in peer:
            return [ipaddress.ip_network(each) for each in self.lists[peer["prefixList"]]["entries"]]
        return self.members(peer["securityGroup"])

    def count(self, interface, direction, step, match="", accepts=True):
        """A line that counts a match and ends the chain's work for the packet."""
        name = f"{interface}/{direction}/{step}"
        if name not in self.counters:
            self.counters.append(name)
        verdict = "return" if accepts else "meta mark set 1 return"
        return "    " + " ".join(filter(None, [match, f'counter name "{name}"', verdict]))

    def matches(self, rule, direction):
        """The nftables matches of `rule`, one for each family of its peer."""
        peer, local = ("saddr", "daddr") if direction == "ingress" else ("daddr", "saddr")
        number = protocol_number(rule["protocol"])
        for version in (4, 6):
            networks = [n for n in self.peer_networks(rule["peer"]) if n.version == version]
            if not networks:
                continue
            family = FAMILY[version]
            parts = [f"meta nfproto ipv{version}"]
            parts += self.address_match(family, peer, networks)
            if "localCidr" in rule:
                own = ipaddress.ip_network(rule["localCidr"], strict=False)
                parts += self.address_match(family, local, [own])
            if number is not None:
                parts.append(f"meta l4proto {number}")
            yield " ".join(parts + self.transport_matches(rule, number))

    def address_match(self, family, side, networks):
        if any(network.prefixlen == 0 for network in networks):
            return []
        return [f"{family} {side} {{ {', '.join(map(str, networks))} }}"]

    def transport_matches(self, rule, number):
        parts = []
        if number in (6, 17):
            ports = port_range(rule.get("portRange"))
            if not self.is_alibaba:
                ports = rule["fromPort"], rule["toPort"]
            sources = port_range(rule.get("sourcePortRange"))
            for field, range_ in (("sport", sources), ("dport", ports)):
                if range_ and range_ != (0, 65535):
                    parts.append(f"th {field} {range_[0]}-{range_[1]}")
        elif number in (1, 58) and not self.is_alibaba:
            family = "icmp" if number == 1 else "icmpv6"
            for field, key in (("type", "fromPort"), ("code", "toPort")):
                if rule.get(key, -1) != -1:
                    parts.append(f"{family} {field} {rule[key]}")
        return parts

    def chain(self, interface, direction):
        """One interface's steps in one direction."""
        eni = interface["id"]
        lines = []
        if self.is_alibaba and direction == "ingress":
            too_big = ("icmp type 3 icmp code 4", "icmpv6 type 2")
            lines += [self.count(eni, direction, "system", match) for match in too_big]
            lines += self.intra_group(interface)
        rules = [
            rule
            for group in interface["securityGroups"]
            for rule in self.groups[group]["rules"]
            if rule["direction"] == direction
        ]
        for rule in sorted(rules, key=decision_order):
            accepts = rule.get("policy", "accept") == "accept"
            for match in self.matches(rule, direction):
                lines.append(self.count(eni, direction, rule["id"], match, accepts))
        lines.append(self.last_step(interface, direction))
        return [f"  chain {direction}-{eni} {{", *lines, "  }"]

    def intra_group(self, interface):
        """Alibaba Cloud's step before the rules: members of an open basic group reach each other."""
        for group in interface["securityGroups"]:
            if self.groups[group].get("innerAccessPolicy", "Accept") != "Accept":
                continue
            own = {ipaddress.ip_network(address) for address in interface["addresses"]}
            for version in (4, 6):
                mates = [n for n in self.members(group) if n.version == version and n not in own]
                if mates:
                    match = " ".join(self.address_match(FAMILY[version], "saddr", mates))
                    yield self.count(interface["id"], "ingress", "intra-group", match)

    def last_step(self, interface, direction):
        """What decides when no rule does."""
        if not self.is_alibaba:
            return self.count(interface["id"], direction, "implicit-deny", accepts=False)
        is_basic = all(
            self.groups[group].get("type", "normal") == "normal"
            for group in interface["securityGroups"]
        )
        accepts = direction == "egress" and is_basic
        return self.count(interface["id"], direction, "default", accepts=accepts)

    def dispatch(self, direction, side):
        """The jumps from an address to its interface's chain."""
        for version in (4, 6):
            jumps = [
                f"{address} : jump {direction}-{interface['id']}"
                for interface in self.fleet["networkInterfaces"]
                for address in interface["addresses"]
                if ipaddress.ip_address(address).version == version
            ]
            if jumps:
                yield f"    {FAMILY[version]} {side} vmap {{ {', '.join(jumps)} }}"

    def text(self, is_stateful):
        chains = []
        for interface in self.fleet["networkInterfaces"]:
            for direction in ("egress", "ingress"):
                chains += self.chain(interface, direction)
        forward = [
            "  chain forward {",
            "    type filter hook forward priority filter; policy drop;",
            *self.dispatch("egress", "saddr"),
            *self.dispatch("ingress", "daddr"),
            '    meta mark 1 counter name "packets/dropped" drop',
            '    counter name "packets/accepted" accept',
            "  }",
        ]
        if is_stateful:
            self.counters.insert(0, "packets/established")
            known = '    ct state { established, related } counter name "packets/established" accept'
            forward.insert(2, known)
        counters = [f"  counter {name} {{ }}" for name in self.counters]
        return "\n".join(["table inet cloud {", *counters, *chains, *forward, "}"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("fleet")
    parser.add_argument("--stateful", action="store_true")
    options = parser.parse_args()
    with open(options.fleet, encoding="utf-8") as file:
        print(Filter(json.load(file)).text(options.stateful))


if __name__ == "__main__":
    sys.exit(main())
