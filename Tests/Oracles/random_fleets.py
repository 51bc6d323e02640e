"""Random fleets (sluice-fleet/1) and random edits of them, for difference.py."""
import copy
import ipaddress

PROTOCOLS = {
    "alibaba": ["TCP"] * 4 + ["UDP"] * 2 + ["ICMP", "ICMPv6", "GRE", "ALL", "ALL", 50],
    "aws": ["tcp"] * 4 + ["udp"] * 2 + ["icmp", "icmpv6", "-1", "-1", 50],
}
BASES = {4: ipaddress.ip_network("10.0.0.0/8"), 6: ipaddress.ip_network("2001:db8::/32")}
FAR = {4: ipaddress.ip_network("203.0.113.0/24"), 6: ipaddress.ip_network("2001:db8:ffff::/48")}


class FleetMaker:
    """One random fleet: `rule_count` rules in a few groups, interfaces in two overlapping VPCs."""

    def __init__(self, random_source, vendor, rule_count):
        self.random = random_source
        self.vendor = vendor
        self.rule_count = rule_count

    def fleet(self):
        out = {"format": "sluice-fleet/1", "vendor": self.vendor}
        out["vpcs"] = [
            {"id": f"vpc-{n}", "cidrBlocks": ["10.0.0.0/8", "2001:db8::/32"]} for n in range(2)]
        out["prefixLists"] = [self.prefix_list(n) for n in range(3)]
        if self.vendor == "alibaba":
            out["portLists"] = [
                {"id": f"prl-{n}", "ranges": [self.ports() for _ in range(2)]} for n in range(2)]
            if self.random.random() < 0.5:
                out["loadBalancerSources"] = [self.block(4)]
                out["platformProbes"] = [self.block(4), self.block(6)]
            if self.random.random() < 0.4:
                out["switches"] = {"alibaba.innerAcceptEgress": "bypass"}
        out["securityGroups"] = [self.group(n) for n in range(5)]
        for number in range(self.rule_count):
            group = self.random.choice(out["securityGroups"])
            group["rules"].append(self.rule(number, group, out))
        out["networkInterfaces"] = [self.interface(n, out) for n in range(6)]
        return out

    def address(self, version):
        """One of a few addresses, so that rules and interfaces meet."""
        return BASES[version][self.random.randrange(1, 200)]

    def block(self, version):
        if self.random.random() < 0.15:
            return "0.0.0.0/0" if version == 4 else "::/0"
        bits = BASES[version].max_prefixlen
        base = FAR[version][5] if self.random.random() < 0.2 else self.address(version)
        length = bits - self.random.choice([0, 0, 1, 3, 5, 7, 8, 20])
        return str(ipaddress.ip_network(f"{base}/{length}", strict=False))

    def ports(self):
        low = self.random.choice([1, 22, 80, 443, 1024, self.random.randrange(1, 65536)])
        high = min(65535, low + self.random.choice([0, 0, 10, 5000, 65535]))
        return f"{low}/{high}"

    def prefix_list(self, number):
        version = 6 if number == 2 else 4
        entries = {self.block(version) for _ in range(self.random.randrange(5))}
        return {"id": f"pl-{number}", "addressFamily": f"IPv{version}", "maxEntries": 10,
                "entries": sorted(entries)}

    def group(self, number):
        out = {"id": f"sg-{number}", "vpc": "vpc-0" if number < 4 else "vpc-1", "rules": []}
        if self.vendor == "alibaba":
            out["type"] = "enterprise" if number == 3 else "normal"
            is_open = number != 3 and self.random.random() < 0.4
            out["innerAccessPolicy"] = "Accept" if is_open else "Drop"
        return out

    def rule(self, number, group, fleet):
        protocol = self.random.choice(PROTOCOLS[self.vendor])
        version = {"ICMP": 4, "ICMPv6": 6, "icmp": 4, "icmpv6": 6}.get(protocol)
        version = version or (6 if self.random.random() < 0.3 else 4)
        out = {"id": f"sgr-{number:04}", "protocol": protocol,
               "direction": self.random.choice(["ingress", "ingress", "egress"]),
               "peer": self.peer(version, group, fleet)}
        if self.vendor == "aws":
            self.add_aws_ports(out)
            return out
        out["policy"] = self.random.choice(["accept", "accept", "drop"])
        out["priority"] = self.random.choice([1, 1, 2, 5, 100])
        if protocol in ("TCP", "UDP"):
            kind = self.random.random()
            if kind < 0.2:
                out["portList"] = f"prl-{self.random.randrange(2)}"
            elif kind < 0.85:
                out["portRange"] = self.ports()
            if self.random.random() < 0.3:
                out["sourcePortRange"] = self.ports()
        if self.random.random() < 0.25 and "cidr" in out["peer"]:
            out["localCidr"] = self.block(ipaddress.ip_network(out["peer"]["cidr"]).version)
        return out

    def add_aws_ports(self, rule):
        if rule["protocol"] in ("tcp", "udp"):
            low, high = self.ports().split("/")
            rule["fromPort"], rule["toPort"] = int(low), int(high)
        elif rule["protocol"] in ("icmp", "icmpv6"):
            kind = self.random.choice([-1, 0, 3, 8, 128])
            rule["fromPort"] = kind
            rule["toPort"] = -1 if kind == -1 else self.random.choice([-1, 0, 4])

    def peer(self, version, group, fleet):
        kind = self.random.random()
        others = [each for each in fleet["securityGroups"]
                  if each.get("type") != "enterprise" and each["vpc"] == group["vpc"]
                  and (each is not group or self.vendor == "aws")]
        if kind < 0.25 and group.get("type") != "enterprise" and others:
            return {"securityGroup": self.random.choice(others)["id"]}
        if kind < 0.4:
            lists = [each for each in fleet["prefixLists"]
                     if each["addressFamily"] == f"IPv{version}"]
            return {"prefixList": self.random.choice(lists)["id"]}
        return {"cidr": self.block(version)}

    def interface(self, number, fleet):
        vpc = "vpc-0" if number < 5 else "vpc-1"
        # Apart in one VPC, and the first again in the other.
        places = [1 + 33 * (number % 5), 2 + 33 * (number % 5)]
        addresses = [str(BASES[4][place]) for place in places] + [str(BASES[6][places[0]])]
        if number == 4:
            addresses.append(f"{BASES[4][176]}/28")
        kind = "enterprise" if number == 3 and self.vendor == "alibaba" else "normal"
        return {"id": f"eni-{number}", "vpc": vpc, "addresses": addresses,
                "status": "Available" if self.random.random() < 0.1 else "InUse",
                "securityGroups": self.some_groups(fleet, vpc, kind)}

    def some_groups(self, fleet, vpc, kind):
        eligible = [each["id"] for each in fleet["securityGroups"]
                    if each["vpc"] == vpc and each.get("type", "normal") == kind]
        count = min(len(eligible), self.random.choice([0, 1, 1, 2, 2, 3]))
        return self.random.sample(eligible, count)

    # --- edits

    def edited(self, fleet):
        out = copy.deepcopy(fleet)
        edits = [self.drop_rule, self.drop_rule, self.turn_rule, self.change_groups,
                 self.change_list, self.change_addresses, self.change_interface]
        for edit in self.random.sample(edits, self.random.randrange(1, 4)):
            edit(out)
        return out

    def any_group(self, fleet):
        return self.random.choice([each for each in fleet["securityGroups"] if each["rules"]])

    def drop_rule(self, fleet):
        rules = self.any_group(fleet)["rules"]
        rules.pop(self.random.randrange(len(rules)))

    def turn_rule(self, fleet):
        rule = self.random.choice(self.any_group(fleet)["rules"])
        if self.vendor == "alibaba":
            rule["priority"] = self.random.choice([1, 3, 50])
            rule["policy"] = self.random.choice(["accept", "drop"])

    def change_groups(self, fleet):
        interface = self.random.choice(fleet["networkInterfaces"])
        kind = "enterprise" if interface["id"] == "eni-3" and self.vendor == "alibaba" else "normal"
        interface["securityGroups"] = self.some_groups(fleet, interface["vpc"], kind)

    def change_list(self, fleet):
        self.random.choice(fleet["prefixLists"])["entries"] = []

    def change_addresses(self, fleet):
        interface = self.random.choice(fleet["networkInterfaces"])
        interface["addresses"] = interface["addresses"][1:]

    def change_interface(self, fleet):
        interfaces = fleet["networkInterfaces"]
        place = self.random.randrange(len(interfaces))
        if self.random.random() < 0.5:
            interfaces.pop(place)
        else:
            interfaces[place]["status"] = "Available"
