#!/usr/bin/env python3
"""counters.py: sluice against the kernel's counters on the project's own captures.

`captures/NAME.counters.tsv` says how often each step of each interface decided while NAME was
recorded. For the captures whose filter was stateless, sluice must count the same, step by step.
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


def counted_by_sluice(fleet, capture):
    run = subprocess.run(
        [judging.SLUICE, "replay", "-f", CAPTURES / fleet, "-r", capture, "--stateless",
         "-o", "ndjson"],
        capture_output=True, text=True, check=True)
    counts = collections.Counter()
    for line in run.stdout.splitlines():
        decision = json.loads(line)
        if decision["decision"] == "none":
            continue
        verdict = {"accept": "accepted", "drop": "dropped"}[decision["decision"]]
        counts["-", "packets", verdict] += 1
        for each in decision.get("evaluations", [decision]):
            step = each.get("rule", each["reason"])
            counts[each["networkInterface"], each["direction"], step] += 1
    return counts


def main():
    passed = failed = skipped = 0
    for path in sorted(CAPTURES.glob("*.counters.tsv")):
        name = path.name.removesuffix(".counters.tsv")
        fleet, is_stateless, kernel = counted_by_kernel(path)
        if not is_stateless:
            print(f"SKIPPED: {name}: its filter kept sessions")
            skipped += 1
            continue
        sluice = counted_by_sluice(fleet, CAPTURES / f"{name}.pcap")
        different = [key for key in kernel | sluice if kernel[key] != sluice[key]]
        for key in different:
            print(f"FAILED: {name}: {' '.join(key)}: {kernel[key]} counted, {sluice[key]} found")
        passed, failed = passed + (not different), failed + bool(different)
    judging.end(passed, failed, skipped)


if __name__ == "__main__":
    sys.exit(main())
