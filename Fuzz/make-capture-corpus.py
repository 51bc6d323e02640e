#!/usr/bin/env python3
"""Writes the seeds of CaptureFuzz, a small file of each kind, into Corpus/capture beside this file."""
import gzip
import pathlib
import struct

FRAME = (b"\2\0\0\0\0\x0b" + b"\2\0\0\0\0\x0a" + b"\x08\0"
         + b"\x45\0\0\x20\0\7\0\0\x40\x11\0\0" + bytes([192, 0, 2, 1, 198, 51, 100, 2])
         + struct.pack(">HHHH", 40000, 53, 12, 0) + bytes(4))


def pcap(order="<", magic=0xA1B2C3D4, version=(2, 4), snapshot=65535, link=1, kuznetzov=False):
    head = struct.pack(order + "IHHIIII", magic, *version, 0, 0, snapshot, link)
    more = struct.pack(order + "IHBB", 3, 0x0800, 4, 0) if kuznetzov else b""

    def record(frame, original):
        lengths = (len(frame), original) if version >= (2, 3) else (original, len(frame))
        return struct.pack(order + "IIII", 1700000000, 250000, *lengths) + more + frame

    return head + record(FRAME, len(FRAME)) + record(FRAME[:20], 1514) + record(b"", 0)


def block(order, kind, body):
    body += bytes(-len(body) % 4)
    length = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + length + body + length


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def section(order):
    return block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)
                 + option(order, 4, b"seed") + option(order, 0, b""))


def interface(order, link=1, snapshot=65535, options=b""):
    return block(order, 1, struct.pack(order + "HHI", link, 0, snapshot) + options)


def enhanced(order, number, ticks, frame):
    return block(order, 6, struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF,
                                       len(frame), len(frame)) + frame)


def pcapng(order):
    nanoseconds = option(order, 9, b"\x09") + option(order, 14, struct.pack(order + "q", 3600))
    binary = option(order, 2, b"eth1") + option(order, 9, b"\xa0") + option(order, 0, b"")
    return (section(order) + interface(order) + interface(order, 101, 0, nanoseconds)
            + interface(order, 113, 96, binary) + block(order, 0x0BAD, b"\0\0\0\1custom")
            + enhanced(order, 0, 1700000000250000, FRAME)
            + enhanced(order, 1, 1700000000123456789, FRAME[14:])
            + enhanced(order, 2, 1700000000 << 32 | 1 << 31, bytes(16) + FRAME[14:])
            + block(order, 3, struct.pack(order + "I", len(FRAME)) + FRAME)
            + block(order, 2, struct.pack(order + "HHIIII", 1, 0, 0, 5, 20, 46) + FRAME[14:34])
            + block(order, 5, struct.pack(order + "III", 0, 0, 0)))


def zstd(data):
    """A frame with one block that is not compressed."""
    return b"\x28\xb5\x2f\xfd\0\x50" + struct.pack("<I", len(data) << 3 | 1)[:3] + data


SEEDS = {
    "pcap": pcap(),
    "pcap-big": pcap(">"),
    "pcap-ns": pcap(magic=0xA1B23C4D),
    "pcap-kuznetzov": pcap(magic=0xA1B2CD34, kuznetzov=True),
    "pcap-2.2": pcap(version=(2, 2)),
    "pcap-2.3": pcap(version=(2, 3)),
    "pcap-snapshot": pcap(snapshot=24),
    "pcap-raw": pcap(link=0x20000000 | 101),
    "pcapng": pcapng("<"),
    "pcapng-big": pcapng(">"),
    "pcapng-sections": pcapng("<") + pcapng(">") + section("<") + interface("<"),
    "gzip": gzip.compress(pcap(), mtime=0),
    "gzip-stored": gzip.compress(pcap(), 0, mtime=0),
    "gzip-members": gzip.compress(pcap()[:60], mtime=0) + gzip.compress(pcap()[60:], mtime=0),
    "zstd": zstd(pcap()),
    "zstd-frames": zstd(pcapng("<")[:100]) + b"\x50\x2a\x4d\x18\4\0\0\0skip" + zstd(pcapng("<")[100:]),
}

corpus = pathlib.Path(__file__).parent / "Corpus" / "capture"
corpus.mkdir(parents=True, exist_ok=True)
for name, data in SEEDS.items():
    (corpus / name).write_bytes(data)
