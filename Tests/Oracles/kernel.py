#!/usr/bin/env python3
"""kernel.py [CAPTURE…]: sluice against the Linux kernel's nftables, frame by frame.

As bpf.py, but the judge is the kernel: each capture's frames are sent through a filter in network
namespaces, and what comes out is what was accepted. Takes about seven seconds a capture, and root.

Every address is first replaced, one to one and in order, by one of the test hosts' own range.
SLUICE: the program; SLUICE_SHARED: the shared folder; SLUICE_SEED: the first seed (default 1).
"""
import io
import ipaddress
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

import judging
from judging import Difference

RULES = 40
CAPTURES = (
    "flows-zeek-wikipedia.pcap",
    "flows-PcapPlusPlus-DnsPackets.pcap",
    "icmp-ipfixprobe-mixed.pcap",
    "icmp6-zeek-icmp6.pcap",
    "frag-PcapPlusPlus-ip4_fragments.pcap",
    "6in4-PcapPlusPlus-Ftp.pcap",
    "esp-zeek-ip6_esp.pcap",
)
LENGTHS = {
    "pl4": (9, 10, 11, 12, 14, 16, 20, 24, 28, 32),
    "pl6": (96, 97, 98, 99, 100, 104, 112, 120, 128),
}
DIFFERENCES = [
    Difference("two tags or more: not IP to the hook", lambda frame: frame.tags > 1),
    Difference(
        "IPv4 total length 0: no ports for the kernel",
        lambda frame: frame.notes.get("iplen") == "0"),
    Difference(
        "not sent: the frame is no Ethernet frame", lambda frame: frame.expected[1] == "not-sent",
        tshark_differs_too=True),
]


# --- addresses of our own


def header(frame):
    """The place of the frame's IP header and its version; None if there is none."""
    place = 12
    while frame[place:place + 2] in (b"\x81\x00", b"\x88\xa8", b"\x91\x00"):
        place += 4
    version = {b"\x08\x00": 4, b"\x86\xdd": 6}.get(frame[place:place + 2])
    place += 2
    length = 20 if version == 4 else 40
    return (place, version) if version and len(frame) >= place + length else None


def places(frame):
    """Where the frame's source and destination addresses lie, and their length."""
    found = header(frame)
    if not found:
        return []
    place, version = found
    first, length = (12, 4) if version == 4 else (8, 16)
    return [(place + first + length * each, length) for each in (0, 1)]


def own_addresses(present):
    """A new address for each present one, in the same order, spread over 10/8 or fd00:5e::/96."""
    out = {}
    for length, base, room in ((4, "10.0.0.0", 24), (16, "fd00:5e::", 32)):
        old = sorted(each for each in present if len(each) == length)
        step = max(1, (1 << room) // (len(old) + 1))
        for rank, address in enumerate(old, 1):
            out[address] = (ipaddress.ip_address(base) + rank * step).packed
    return out


def remap(source, target):
    """Copies an Ethernet capture with addresses of our own; returns the new ones by the old."""
    subprocess.run(
        ["tcpdump", "-Z", "root", "-n", "-r", source, "-w", target], check=True,
        capture_output=True)
    data = bytearray(pathlib.Path(target).read_bytes())
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    spots, place = [], 24
    while place + 16 <= len(data):
        length, = struct.unpack_from(order + "I", data, place + 8)
        place += 16
        frame = bytes(data[place:place + length])
        spots += [(place + first, size) for first, size in places(frame)]
        place += length
    new = own_addresses({bytes(data[place:place + size]) for place, size in spots})
    for place, size in spots:
        data[place:place + size] = new[bytes(data[place:place + size])]
    pathlib.Path(target).write_bytes(data)
    return {ipaddress.ip_address(old): ipaddress.ip_address(own) for old, own in new.items()}


def moved(key, new):
    """tshark's reading of a frame, with the addresses of our own."""
    if not key:
        return None
    version, source, destination, *rest = key
    return version, new.get(source, source), new.get(destination, destination), *rest


# --- the comparison


def judge(verdicts, name, seed, folder):
    import kernel_oracle

    capture = f"{folder}/{name}"
    new = remap(str(judging.SHARED / "captures" / name), capture)
    rows, keys = judging.truth(name)
    keys = [moved(key, new) for key in keys]
    rules = judging.random_rules(filter(None, keys), seed, RULES, any_p=0.35, **LENGTHS)
    log = io.StringIO()
    expected = kernel_oracle.decide(rules, capture, td=folder, log=log)
    if "equal True" not in log.getvalue():
        raise RuntimeError(f"what came out is not what was accepted: {log.getvalue().strip()}")
    found = judging.answers(rules, capture)
    verdicts.compare(name, seed, rows, found, expected, judging.read_by(rules, keys))


def run_apart():
    """Starts again with namespace names of our own: the oracle's are the same in every run of it."""
    if os.environ.get("SLUICE_APART"):
        return
    if os.geteuid():
        judging.skip_all("network namespaces need root")
    names = "mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns"
    apart = ["unshare", "--mount", "--net", "sh", "-c"]
    if subprocess.run([*apart, names], capture_output=True, check=False).returncode:
        judging.skip_all("this machine gives us no network namespaces")
    os.environ["SLUICE_APART"] = "1"
    os.execvp(apart[0], [*apart, f'{names} && exec "$@"', "sh", sys.executable, *sys.argv])


def main():
    judging.require("tcpdump", "tcpreplay", "nft", "ip", "ethtool", "taskset", "unshare")
    run_apart()
    verdicts = judging.Verdicts(DIFFERENCES)
    first = int(os.environ.get("SLUICE_SEED", "1"))
    with tempfile.TemporaryDirectory() as folder:
        for seed, name in enumerate(sys.argv[1:] or CAPTURES, first):
            judge(verdicts, name, seed, folder)
    verdicts.finish("kernel")


if __name__ == "__main__":
    main()
