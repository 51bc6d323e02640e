#!/usr/bin/env python3
"""bpf.py [CAPTURE…]: sluice against libpcap's BPF, frame by frame, on shared captures.

For each capture, random ordered rules around its own addresses and ports; the same rules as a fleet
for sluice and as one BPF expression each for tcpdump. Every frame's decision and rule must be equal,
or the disagreement one of those named here, each with the test that recognises it.

SLUICE: the program; SLUICE_SHARED: the shared folder; SLUICE_SEED: the first seed (default 1).
"""
import os
import random
import sys

import judging
from judging import Difference

LARGEST = 1_000_000
# BPF reads one path through a frame; these are the forks that it does not take.
DIFFERENCES = [
    Difference(
        "IPv6 extension headers: BPF looks at the first next header",
        lambda frame: "ext" in frame.notes),
    Difference(
        "PPP without address and control bytes: BPF skips two too many",
        lambda frame: frame.layers[0] == "ppp"),
    Difference("802.1ah", lambda frame: "ieee8021ah" in frame.layers),
    Difference("more tags than the expression names", lambda frame: frame.tags > 3),
]


def captures(names):
    """The captures to judge: those named, or all of a bearable size that libpcap reads."""
    for entry in judging.manifest():
        if names:
            if entry["file"] in names:
                yield entry
        elif int(entry["bytes"]) <= LARGEST and int(entry["libpcap_packets"] or 0):
            yield entry


def most_tags(rows):
    """The most VLAN tags that a frame of the capture carries."""
    tags = [row.note.partition("vlan=")[2].partition(",")[0] for row in rows]
    return max((each.count("+") + 1 for each in tags if each), default=0)


def judge(verdicts, entry, seed):
    import oracle_bpf

    name = entry["file"]
    path = judging.SHARED / "captures" / name
    rows, keys = judging.truth(name)
    count = random.Random(seed).randint(10, 60)
    rules = judging.random_rules(filter(None, keys), seed, count, any_p=0.3)
    try:
        expected, _ = oracle_bpf.decide(rules, str(path), vlan=min(most_tags(rows), 3))
    except (FileNotFoundError, KeyError):
        return verdicts.skip(name, "tcpdump cannot copy it")
    except RuntimeError as error:
        if "filtering not implemented" not in str(error):
            raise
        return verdicts.skip(name, "libpcap has no filter for its link type")
    found = judging.answers(rules, path)
    verdicts.compare(name, seed, rows, found, expected, judging.read_by(rules, keys))


def main():
    judging.require("tcpdump")
    verdicts = judging.Verdicts(DIFFERENCES)
    first = int(os.environ.get("SLUICE_SEED", "1"))
    for seed, entry in enumerate(captures(sys.argv[1:]), first):
        judge(verdicts, entry, seed)
    verdicts.finish("BPF")


if __name__ == "__main__":
    main()
