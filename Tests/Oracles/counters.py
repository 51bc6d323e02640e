#!/usr/bin/env python3
"""counters.py: sluice against the kernel's counters on the project's own captures.

`captures/NAME.counters.tsv` says how often each step of each interface decided while NAME was
recorded. sluice must count the same, step by step: with sessions where the kernel's filter kept
connections, without where it did not. The kernel puts fragments together before a filter with
connections counts them, so there the first fragment stands for the datagram. The kernel has one
table of connections, in which a packet leaves nothing if either interface drops it, while every
interface of a cloud has sessions of its own: where the other interface drops the packet, the step
that began the session stands for `established`.
"""
import collections
import json
import subprocess
import sys

import judging

CAPTURES = judging.ROOT / "captures"


def counted_by_kernel(path):
    """The fleet, whether the filter was stateless, and the packets by interface, direction, step."""
    heading, _, *lines = path.read_text(encoding="utf-8").splitlines()
    fleet, kind, _ = heading.removeprefix("# ").split(", ")
    counts = collections.Counter()
    for line in lines:
        interface, direction, step, packets = line.split("\t")
        if int(packets):
            counts[interface, direction, step] = int(packets)
    return fleet, kind == "stateless", counts


def flow_of(packet):
    """What a packet and its reply have in common."""
    ends = ((packet[end], packet.get(f"{end}Port")) for end in ("source", "destination"))
    return frozenset(ends), packet["protocol"], packet.get("icmpId")


def counted_by_sluice(fleet, is_stateless, capture):
    run = subprocess.run(
        [judging.SLUICE, "replay", "-f", CAPTURES / fleet, "-r", capture, "-o", "ndjson"]
        + ["--stateless"] * is_stateless,
        capture_output=True, text=True, check=True)
    counts = collections.Counter()
    first_steps = {}
    for line in run.stdout.splitlines():
        decision = json.loads(line)
        if decision["decision"] == "none":
            continue
        if not is_stateless and decision["packet"].get("fragment", {"offset": 0})["offset"] > 0:
            continue
        evaluations = decision.get("evaluations", [decision])
        steps = [each.get("rule", each["reason"]) for each in evaluations]
        if set(steps) == {"established"}:
            counts["-", "packets", "established"] += 1
            continue
        verdict = {"accept": "accepted", "drop": "dropped"}[decision["decision"]]
        counts["-", "packets", verdict] += 1
        for each, step in zip(evaluations, steps):
            flow = each["networkInterface"], flow_of(decision["packet"])
            if step == "established":
                step = first_steps[flow]
            first_steps[flow] = step
            counts[each["networkInterface"], each["direction"], step] += 1
    return counts


def main():
    passed = failed = 0
    for path in sorted(CAPTURES.glob("*.counters.tsv")):
        name = path.name.removesuffix(".counters.tsv")
        fleet, is_stateless, kernel = counted_by_kernel(path)
        capture, = CAPTURES.glob(f"{name}.pcap*")
        sluice = counted_by_sluice(fleet, is_stateless, capture)
        different = [key for key in kernel | sluice if kernel[key] != sluice[key]]
        for key in different:
            print(f"FAILED: {name}: {' '.join(key)}: {kernel[key]} counted, {sluice[key]} found")
        passed, failed = passed + (not different), failed + bool(different)
    judging.end(passed, failed, 0)


if __name__ == "__main__":
    sys.exit(main())
