#!/usr/bin/python3
"""difference.py [COUNT]: `sluice diff` against z3, on random fleets of 20 to 60 rules, and on the
fleets beside the recorded captures with each rule revoked and each interface out of each group.

For each pair of fleets, interface, direction and IP version, z3 proves over all packets: the boxes are
disjoint; inside each, both fleets decide as it says, by the same rules; outside of all, the verdicts
are equal; and the example is inside. What the fleets decide is encoded here, from the fleets' JSON
and the clouds' documents; no code is shared with sluice.

Debian's own python, for which Debian's python3-z3 is made.
SLUICE: the program; SLUICE_SEED: the first seed (default 1); SLUICE_LONG=1: ten times as many fleets.
"""
import copy
import ipaddress
import itertools
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import z3

import judging
from random_fleets import FleetMaker

COUNT = 40
CAPTURES = pathlib.Path(__file__).resolve().parents[2] / "captures"
NUMBERS = {"icmp": 1, "tcp": 6, "udp": 17, "gre": 47, "icmpv6": 58}
ACCEPT, DROP, NONE = "accept", "drop", "none"


class Packet:
    """The fields of any packet of one IP version, seen in one direction."""

    def __init__(self, version):
        self.version = version
        self.bits = 32 if version == 4 else 128
        self.peer = z3.BitVec("peer", self.bits)
        self.local = z3.BitVec("local", self.bits)
        self.protocol = z3.BitVec("protocol", 8)
        self.source_port = z3.BitVec("sourcePort", 16)
        self.destination_port = z3.BitVec("destinationPort", 16)
        self.type = z3.BitVec("type", 8)
        self.code = z3.BitVec("code", 8)

    def within(self, address, blocks):
        """Whether an address lies in one of some blocks, those of the other version left out."""
        found = []
        for text in blocks:
            network = ipaddress.ip_network(text, strict=False)
            if network.version == self.version:
                mask = int(network.netmask)
                found.append(address & mask == int(network.network_address))
        return z3.Or(found)

    def is_protocol(self, *numbers):
        return z3.Or([self.protocol == number for number in numbers])


def ranged(field, low, high):
    return z3.And(z3.UGE(field, low), z3.ULE(field, high))


class Judge:
    """What one fleet decides, as formulas over a packet."""

    def __init__(self, fleet):
        self.fleet = fleet
        self.groups = {each["id"]: each for each in fleet["securityGroups"]}
        self.lists = {each["id"]: each["entries"] for each in fleet.get("prefixLists", [])}
        self.port_lists = {each["id"]: each["ranges"] for each in fleet.get("portLists", [])}
        self.interfaces = {each["id"]: each for each in fleet["networkInterfaces"]}

    def members(self, group):
        return [block for each in self.fleet["networkInterfaces"]
                if group in each["securityGroups"] for block in each["addresses"]]

    def matches(self, rule, packet):
        asked = []
        protocol = str(rule["protocol"]).lower()
        if protocol not in ("all", "-1"):
            asked.append(packet.protocol == (NUMBERS.get(protocol) or int(protocol)))
        peer = rule["peer"]
        if "cidr" in peer:
            blocks = [peer["cidr"]]
        elif "prefixList" in peer:
            blocks = self.lists[peer["prefixList"]]
        else:
            blocks = self.members(peer["securityGroup"])
        asked.append(packet.within(packet.peer, blocks))
        if "localCidr" in rule:
            asked.append(packet.within(packet.local, [rule["localCidr"]]))
        return z3.And(asked + self.asked_of_transport(rule, protocol, packet))

    def asked_of_transport(self, rule, protocol, packet):
        asked = []
        ranges = self.port_lists[rule["portList"]] if "portList" in rule else []
        ranges = [rule["portRange"]] if "portRange" in rule else ranges
        if ranges:
            ends = [map(int, each.split("/")) for each in ranges]
            asked.append(z3.Or([ranged(packet.destination_port, *each) for each in ends]))
        if "sourcePortRange" in rule:
            ends = map(int, rule["sourcePortRange"].split("/"))
            asked.append(ranged(packet.source_port, *ends))
        if "fromPort" in rule:
            low, high = rule["fromPort"], rule["toPort"]
            if protocol in ("tcp", "udp"):
                asked.append(ranged(packet.destination_port, low, high))
            else:
                asked += [packet.type == low] if low != -1 else []
                asked += [packet.code == high] if high != -1 else []
        return asked

    def steps(self, name, direction, packet):
        """Pairs of a condition and the outcome of packets that meet it; the first that is met counts."""
        always = z3.BoolVal(True)
        interface = self.interfaces.get(name)
        absent = (NONE, "no-interface", None)
        if interface is None:
            return [(always, absent)]
        out = [(z3.Not(packet.within(packet.local, interface["addresses"])), absent)]
        if interface["status"] in ("Available", "Attaching"):
            return out + [(always, (DROP, "interface-not-attached", None))]
        if not interface["securityGroups"]:
            return out + [(always, (NONE, "no-group", None))]
        groups = [self.groups[each] for each in interface["securityGroups"]]
        if self.fleet["vendor"] == "aws":
            out.append((self.exempt(interface, packet), (ACCEPT, "exempt", None)))
        else:
            out.append((self.system(direction, packet), (ACCEPT, "system", None)))
            out.append((self.inside(groups, direction, packet), (ACCEPT, "intra-group", None)))
        rules = [rule for group in groups for rule in group["rules"]
                 if rule["direction"] == direction]
        rules.sort(key=lambda rule: (
            rule.get("priority", 1), rule.get("policy", ACCEPT) == ACCEPT, rule["id"]))
        for rule in rules:
            outcome = rule.get("policy", ACCEPT), "rule", rule["id"]
            out.append((self.matches(rule, packet), outcome))
        return out + [(always, self.default(groups, direction))]

    def default(self, groups, direction):
        if self.fleet["vendor"] == "aws":
            return DROP, "implicit-deny", None
        leaves = direction == "egress" and all(each["type"] == "normal" for each in groups)
        return ACCEPT if leaves else DROP, "default", None

    def system(self, direction, packet):
        found = [packet.within(packet.peer, ["100.100.100.200"])]
        if direction == "ingress":
            probes = packet.within(packet.peer, self.fleet.get("platformProbes", []))
            found += [
                z3.And(packet.is_protocol(1), packet.type == 3, packet.code == 4),
                z3.And(packet.is_protocol(58), packet.type == 2),
                z3.And(packet.is_protocol(1, 58), probes),
                packet.within(packet.peer, self.fleet.get("loadBalancerSources", []))]
        return z3.Or(found)

    def inside(self, groups, direction, packet):
        switches = self.fleet.get("switches", {})
        if direction == "egress" and switches.get("alibaba.innerAcceptEgress") != "bypass":
            return z3.BoolVal(False)
        return z3.Or([packet.within(packet.peer, self.members(each["id"])) for each in groups
                      if each["type"] == "normal" and each["innerAccessPolicy"] == "Accept"])

    def exempt(self, interface, packet):
        services = [f"169.254.{each}" for each in (
            "169.253", "169.254", "170.2", "169.250", "169.251", "169.123")]
        services += ["fd00:ec2::253", "fd00:ec2::254", "fd00:ec2::123"]
        blocks = next(each["cidrBlocks"] for each in self.fleet["vpcs"]
                      if each["id"] == interface["vpc"])
        blocks = [ipaddress.ip_network(each) for each in blocks if ":" not in each]
        services += [str(each[1]) for each in blocks] + [str(each[2]) for each in blocks[:1]]
        ports = [ranged(each, 67, 68) for each in (packet.source_port, packet.destination_port)]
        return z3.Or(packet.within(packet.peer, services), z3.And(packet.is_protocol(17), *ports))


def decided(steps, codes):
    """The number of the outcome that the steps give, and that of its verdict."""
    number = verdict = z3.BitVecVal(255, 8)
    for condition, outcome in reversed(steps):
        code = codes.setdefault(outcome, len(codes))
        number = z3.If(condition, z3.BitVecVal(code, 8), number)
        place = (ACCEPT, DROP, NONE).index(outcome[0])
        verdict = z3.If(condition, z3.BitVecVal(place, 8), verdict)
    return number, verdict


def in_box(change, packet):
    """Whether the packet is in a box of sluice's."""
    ingress = change["direction"] == "ingress"
    sides = change["sources"], change["destinations"]
    peers, locals_ = sides if ingress else reversed(sides)
    has_ports, is_icmp = packet.is_protocol(6, 17), packet.is_protocol(1, 58)
    return z3.And(
        z3.Or([ranged(packet.protocol, *each) for each in change["protocols"]]),
        packet.within(packet.peer, peers), packet.within(packet.local, locals_),
        z3.Implies(has_ports, z3.And(
            z3.Or([ranged(packet.source_port, *each) for each in change["sourcePorts"]]),
            z3.Or([ranged(packet.destination_port, *each)
                   for each in change["destinationPorts"]]))),
        z3.Implies(is_icmp, z3.Or([
            z3.And(ranged(packet.type, *each["types"]), ranged(packet.code, *each["codes"]))
            for each in change["icmp"]])))


def is_of_version(change, version):
    return ipaddress.ip_network(change["sources"][0]).version == version


def stated(decision):
    return decision["decision"], decision["reason"], decision.get("rule")


def never(*conditions):
    """Whether no packet meets all conditions."""
    solver = z3.SolverFor("QF_BV")
    solver.add(*conditions)
    return solver.check() == z3.unsat


def prove(before, after, changes, name, direction, version):
    """The first thing that is wrong with the boxes at an interface, or None."""
    packet = Packet(version)
    codes = {}
    old, old_verdict = decided(before.steps(name, direction, packet), codes)
    new, new_verdict = decided(after.steps(name, direction, packet), codes)
    own = [block for fleet in (before, after) if name in fleet.interfaces
           for block in fleet.interfaces[name]["addresses"]]
    here = packet.within(packet.local, own)
    boxes = []
    for change in changes:
        if change["direction"] != direction or name not in change["networkInterfaces"]:
            continue
        if is_of_version(change, version):
            box = in_box(change, packet)
            outcomes = [codes.get(stated(change[each])) for each in ("before", "after")]
            if None in outcomes or not never(here, box, z3.Or(
                    old != outcomes[0], new != outcomes[1], old_verdict == new_verdict)):
                return f"a box does not say what is decided: {change}"
            if not all(never(here, box, other) for other in boxes):
                return f"a box overlaps another: {change}"
            boxes.append(box)
    if not never(here, old_verdict != new_verdict, z3.Not(z3.Or(boxes))):
        return "a packet that changes verdict is in no box"
    return None


def example_is_inside(change):
    example = change["example"]
    version = ipaddress.ip_address(example["source"]).version
    packet = Packet(version)
    ends = [int(ipaddress.ip_address(example[each])) for each in ("source", "destination")]
    peer, local = ends if change["direction"] == "ingress" else reversed(ends)
    protocol = example["protocol"]
    fields = [
        packet.peer == peer, packet.local == local,
        packet.protocol == (NUMBERS[protocol] if protocol in NUMBERS else int(protocol)),
        packet.source_port == example.get("sourcePort", 0),
        packet.destination_port == example.get("destinationPort", 0),
        packet.type == example.get("icmpType", 0), packet.code == example.get("icmpCode", 0)]
    return never(*fields, z3.Not(in_box(change, packet)))


def random_pairs(first, count):
    """Pairs of random fleets, each with its name."""
    for seed in range(first, first + count):
        source = random.Random(seed)
        maker = FleetMaker(source, ("alibaba", "aws")[seed % 2], source.randrange(20, 61))
        fleet = maker.fleet()
        yield f"seed {seed}", fleet, maker.edited(fleet)


def recorded_pairs():
    """Each recorded fleet beside the same without one rule or one membership."""
    for path in sorted(CAPTURES.glob("fleet-*.json")):
        fleet = json.loads(path.read_text(encoding="utf-8"))
        for group, each in enumerate(fleet["securityGroups"]):
            for place, rule in enumerate(each["rules"]):
                other = copy.deepcopy(fleet)
                del other["securityGroups"][group]["rules"][place]
                yield f"{path.name} without {rule['id']}", fleet, other
        for place, each in enumerate(fleet["networkInterfaces"]):
            for group in each["securityGroups"]:
                other = copy.deepcopy(fleet)
                other["networkInterfaces"][place]["securityGroups"].remove(group)
                yield f"{path.name}, {each['id']} not in {group}", fleet, other


def judge(fleet, other, folder):
    """The mistakes of one pair of fleets, and its number of boxes."""
    paths = [pathlib.Path(folder) / name for name in ("before.json", "after.json")]
    for path, each in zip(paths, (fleet, other)):
        path.write_text(json.dumps(each), encoding="utf-8")
    run = subprocess.run(
        [judging.SLUICE, "diff", *paths, "-o", "json"], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        return [run.stderr.strip()], 0
    report = json.loads(run.stdout)
    changes = report["changes"]
    mistakes = [f"the example is outside: {each}" for each in changes if not example_is_inside(each)]
    if report["equal"] != (not changes) or run.returncode != (1 if changes else 0):
        mistakes.append("equal, changes and the exit status contradict each other")
    before, after = Judge(fleet), Judge(other)
    for name in sorted(set(before.interfaces) | set(after.interfaces)):
        for direction in ("ingress", "egress"):
            for version in (4, 6):
                mistake = prove(before, after, changes, name, direction, version)
                if mistake:
                    mistakes.append(f"{direction} at {name}, IPv{version}: {mistake}")
    return mistakes, len(changes)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    count *= 10 if os.environ.get("SLUICE_LONG") == "1" else 1
    first = int(os.environ.get("SLUICE_SEED", "1"))
    passed = failed = boxes = recorded = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, fleet, other in itertools.chain(random_pairs(first, count), recorded_pairs()):
            mistakes, box_count = judge(fleet, other, folder)
            for mistake in mistakes:
                print(f"FAILED: {name}: {mistake}")
            passed, failed = passed + (not mistakes), failed + bool(mistakes)
            boxes += box_count
            recorded += not name.startswith("seed")
    print(f"z3: {boxes} boxes, {count} pairs of random fleets from seed {first}, "
          f"{recorded} changes of recorded ones")
    judging.end(passed, failed, 0)


if __name__ == "__main__":
    main()
