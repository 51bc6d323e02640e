"""What bpf.py and kernel.py share: random rule lists, the fleet that says the same, sluice's answers,
and the comparison frame by frame, in which a disagreement must have a name.

The oracles and tshark's reading of the captures come from the shared folder, at run time.
"""
import collections
import dataclasses
import ipaddress
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
from typing import Callable

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("SLUICE_SHARED") or ROOT.parent / "shared")
SLUICE = os.environ.get("SLUICE") or str(ROOT / ".build/release/sluice")
NOT_IP = ("-", "non-ip")
INTERFACE = "eni-judged"

# The shared folder is read, never written.
sys.dont_write_bytecode = True
sys.path.insert(0, str(SHARED / "oracles"))

COLUMNS = (
    "frame caplen len version source destination protocol source_port destination_port icmp_type "
    "icmp_code tcp_flags fragment_offset more_fragments l4 encapsulation note"
).split()
Row = collections.namedtuple("Row", COLUMNS, defaults=["-"] * len(COLUMNS))


def end(passed, failed, skipped):
    """The driver's last line and exit status."""
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


def skip_all(reason):
    print(f"SKIPPED: {reason}")
    end(0, 0, 1)


# --- rules, and the fleet that says the same


def random_rules(keys, seed, count, **options):
    """An ordered rule list around the addresses and ports of `keys`, as the oracles read it.

    Without what Alibaba Cloud's rules cannot say: ICMP types, and port 0.
    """
    import rules_lib

    addresses = {4: set(), 6: set()}
    ports = set()
    for version, source, destination, _, source_port, destination_port, _, _ in keys:
        addresses[version] |= {str(source), str(destination)}
        ports |= {port for port in (source_port, destination_port) if port is not None}
    rules = rules_lib.rand_rules(
        random.Random(seed), count, sorted(addresses[4]) or ["192.0.2.9"], sorted(addresses[6]),
        sorted(ports) or [80], **options)
    for rule in rules:
        rule.pop("icmp", None)
        for side in ("sport", "dport"):
            if rule[side]:
                rule[side] = [max(1, port) for port in rule[side]]
    return rules


def networks(text, version):
    """The networks of one family that a rule's side names."""
    if text == "any":
        return [ipaddress.ip_network("0.0.0.0/0" if version == 4 else "::/0")]
    named = {ipaddress.ip_network(each) for each in text.split(",")}
    return sorted(network for network in named if network.version == version)


def fleet(rules):
    """A fleet of one interface whose advanced group decides as `rules` do, the first match winning.

    A rule's place is its priority. A source of several blocks becomes a prefix list, several
    destinations become several rules.
    """
    lists, out = [], []
    for place, rule in enumerate(rules, 1):
        for version in (4, 6):
            if (rule["proto"], version) in (("icmp", 6), ("icmpv6", 4)):
                continue
            sources = networks(rule["src"], version)
            if not sources:
                continue
            peer = {"cidr": str(sources[0])}
            if len(sources) > 1:
                peer = {"prefixList": f"pl-{place}-{version}"}
                lists.append({
                    "id": peer["prefixList"], "addressFamily": f"IPv{version}",
                    "maxEntries": len(sources), "entries": [str(each) for each in sources]})
            for network in networks(rule["dst"], version):
                out.append(fleet_rule(rule, f"{rule['id']}.{len(out)}", place, peer, network))
    return {
        "format": "sluice-fleet/1", "vendor": "alibaba",
        "vpcs": [{"id": "vpc-judged", "cidrBlocks": ["192.0.2.0/24"]}],
        "prefixLists": lists,
        "securityGroups": [
            {"id": "sg-judged", "vpc": "vpc-judged", "type": "enterprise", "rules": out}],
        "networkInterfaces": [{
            "id": INTERFACE, "vpc": "vpc-judged", "status": "InUse", "addresses": ["192.0.2.1"],
            "securityGroups": ["sg-judged"]}],
    }


def fleet_rule(rule, identifier, place, peer, destination):
    out = {
        "id": identifier, "direction": "ingress", "protocol": rule["proto"], "peer": peer,
        "policy": rule["action"], "priority": place}
    if destination.prefixlen:
        out["localCidr"] = str(destination)
    for key, side in (("portRange", "dport"), ("sourcePortRange", "sport")):
        if rule[side]:
            out[key] = "{}/{}".format(*rule[side])
    return out


def answers(rules, capture):
    """What sluice says of each frame: decision, the rule's name in `rules`, and the reason."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(fleet(rules), file)
        file.flush()
        run = subprocess.run(
            [SLUICE, "replay", "-f", file.name, "-r", str(capture), "--stateless",
             "--interface", f"{INTERFACE}:ingress", "-o", "ndjson"],
            capture_output=True, text=True, check=False)
    # 3: the capture ends early, and so do the answers.
    if run.returncode not in (0, 3):
        raise RuntimeError(f"sluice ended with {run.returncode}: {run.stderr.strip()}")
    return [answer(json.loads(line)) for line in run.stdout.splitlines()]


def answer(decision):
    reason = decision["reason"]
    if decision["decision"] == "none":
        return (*NOT_IP, reason)
    rule = decision["rule"].split(".")[0] if reason == "rule" else "default"
    return decision["decision"], rule, reason


# --- disagreements


@dataclasses.dataclass
class Frame:
    """One frame on which sluice and an oracle disagree."""

    row: Row  # tshark's reading
    found: tuple  # sluice: decision, rule, reason
    expected: tuple  # the oracle: decision, rule
    read: tuple  # the rules applied to tshark's reading: decision, rule

    @property
    def reason(self):
        return self.found[2]

    @property
    def notes(self):
        return dict((each.split("=") + [""])[:2] for each in self.row.note.split(","))

    @property
    def layers(self):
        return self.row.encapsulation.split(":")

    @property
    def tags(self):
        return len(self.notes["vlan"].split("+")) if "vlan" in self.notes else 0


@dataclasses.dataclass
class Difference:
    """A way in which an oracle is known to differ, and the test that recognises it.

    Unless `tshark_differs_too`, the rules applied to tshark's reading must give sluice's answer.
    """

    name: str
    test: Callable[[Frame], bool]
    tshark_differs_too: bool = False

    def explains(self, frame):
        sides = self.tshark_differs_too or frame.read == frame.found[:2]
        return sides and self.test(frame)


def is_system(frame):
    """Whether Alibaba Cloud lets the packet in whatever the rules say (SEMANTICS A.11)."""
    row = frame.row
    too_big = (row.protocol, row.icmp_type, row.icmp_code) == ("1", "3", "4")
    too_big6 = (row.protocol, row.icmp_type) == ("58", "2")
    return frame.reason == "system" and (too_big or too_big6 or row.source == "100.100.100.200")


def is_cut(frame):
    """Whether sluice asked no group because the frame ends early or makes no sense, as tshark
    says too."""
    bad = {"short", "malformed", "badip", "caplt"} & frame.notes.keys()
    return frame.reason in ("truncated", "malformed") and bool(bad or frame.row.l4 == "short")


def is_foreign(frame):
    """Whether sluice does not decode the link type, and need not."""
    known = {"eth", "raw", "sll", "null", "ppp"}
    return frame.reason == "unsupported-link-type" and frame.layers[0] not in known


COMMON = [
    Difference("link type that sluice does not decode", is_foreign, tshark_differs_too=True),
    Difference("system traffic", is_system, tshark_differs_too=True),
    Difference("cut or malformed: no group asked", is_cut, tshark_differs_too=True),
    Difference(
        "non-first fragment: sluice takes the first one's decision",
        lambda frame: frame.row.l4 == "nonfirst", tshark_differs_too=True),
    Difference(
        "wrong IP version or header length",
        lambda frame: frame.row.version == "-" and frame.reason == "malformed"),
    Difference(
        "no port seen by the oracle: the frame ends inside the header",
        lambda frame: frame.row.l4 == "short"),
    Difference("MPLS", lambda frame: "mpls" in frame.notes),
    Difference("PPPoE", lambda frame: "pppoes" in frame.layers),
    Difference("LLC and SNAP", lambda frame: "llc" in frame.layers),
]


class Verdicts:
    """The comparison over all captures of a run."""

    def __init__(self, differences):
        self.differences = COMMON + differences
        self.named = collections.Counter()
        self.skipped = collections.defaultdict(list)
        self.frames = self.passed = self.failed = 0

    def skip(self, name, reason):
        self.skipped[reason].append(name)

    def compare(self, name, seed, rows, found, expected, read):
        """Judges one capture; prints what nothing explains."""
        unexplained = []
        if len(found) != len(expected):
            unexplained.append(f"{len(found)} frames, the oracle has {len(expected)}")
        # tshark stops earlier than the others in some broken captures.
        missing = len(found) - len(rows)
        rows = rows + [Row(str(number)) for number in range(len(rows) + 1, len(found) + 1)]
        read = read + [NOT_IP] * missing
        for row, answer_, expected_, read_ in zip(rows, found, expected, read):
            if answer_[:2] == expected_:
                continue
            frame = Frame(row, answer_, expected_, read_)
            reason = next((each.name for each in self.differences if each.explains(frame)), None)
            if reason:
                self.named[reason] += 1
            else:
                unexplained.append(
                    f"frame {row.frame}: sluice {answer_}, oracle {expected_}, tshark {read_}; "
                    f"{row.encapsulation} {row.source} > {row.destination} {row.note} l4 {row.l4}")
        self.frames += len(found)
        if unexplained:
            self.failed += 1
            print(f"FAILED: {name} (seed {seed}): {len(unexplained)} unexplained")
            for line in unexplained[:5]:
                print(f"  {line}")
        else:
            self.passed += 1

    def finish(self, title):
        print(f"{title}: {self.frames} frames of {self.passed + self.failed} captures")
        for reason, count in self.named.most_common():
            print(f"  {count:6d} explained: {reason}")
        for reason, names in self.skipped.items():
            print(f"SKIPPED: {len(names)}, for example {names[0]}: {reason}")
        end(self.passed, self.failed, sum(map(len, self.skipped.values())))


# --- captures


def truth(name):
    """tshark's reading of a shared capture: its rows, and a key (or None) for each."""
    import rules_lib

    rows, keys = [], []
    for _, key, columns in rules_lib.truth_keys(SHARED / "captures/truth" / f"{name}.truth.tsv.gz"):
        rows.append(Row(*columns))
        keys.append(key)
    return rows, keys


def read_by(rules, keys):
    """The rules applied to tshark's reading."""
    import rules_lib

    parsed = [rules_lib.Rule(rule) for rule in rules]
    return [rules_lib.evaluate(parsed, key) if key else NOT_IP for key in keys]


def manifest():
    """The shared captures: a dictionary of the manifest's columns for each."""
    lines = (SHARED / "captures/MANIFEST.tsv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:]]


def require(*programs):
    """Skips the whole run where the shared folder is missing; fails where a program is."""
    if not (SHARED / "oracles").is_dir():
        skip_all(f"no folder {SHARED / 'oracles'}")
    for program in programs + (SLUICE,):
        if subprocess.run(["which", program], capture_output=True, check=False).returncode:
            print(f"not found: {program}", file=sys.stderr)
            sys.exit(2)
