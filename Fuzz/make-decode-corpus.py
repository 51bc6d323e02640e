#!/usr/bin/env python3
"""Writes the seeds of DecodeFuzz, a frame of each kind, into Corpus/decode beside this file.

An input is two bytes and a frame: see DecodeFuzz/DecodeFuzz.swift.
"""
import pathlib
import struct

NULL, ETHERNET, PPP, HDLC, PPPOE, RAW, LOOP, COOKED, IPV4, IPV6, COOKED2, OTHER = range(12)
INNER_IP, INNER_ETHERNET = 14, 15


def big(value):
    return struct.pack(">H", value)


UDP = big(40000) + big(53) + big(12) + big(0) + bytes(4)
TCP = big(40000) + big(443) + bytes(8) + b"\x50\x12" + bytes(6)


def ipv4(protocol, payload, options=b"", flags=0, total=None):
    length = 20 + len(options) + len(payload) if total is None else total
    return (bytes([0x40 | (20 + len(options)) // 4, 0]) + big(length) + big(7) + big(flags)
            + bytes([64, protocol, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2]) + options + payload)


def ipv6(following, payload, length=None):
    prefix = bytes.fromhex("20010db8") + bytes(11)
    return (b"\x60\0\0\0" + big(len(payload) if length is None else length)
            + bytes([following, 64]) + prefix + b"\1" + prefix + b"\2" + payload)


def options(following, payload):
    return bytes([following, 0, 1, 4, 0, 0, 0, 0]) + payload


def fragment(following, field, payload):
    return bytes([following, 0]) + big(field) + b"\xaa\xbb\xcc\xdd" + payload


def ethernet(kind, payload):
    return b"\2\0\0\0\0\x0b" + b"\2\0\0\0\0\x0a" + big(kind) + payload


def tag(kind, payload):
    return big(7) + big(kind) + payload


def snap(kind, payload):
    return b"\xaa\xaa\3\0\0\0" + big(kind) + payload


def pppoe(payload):
    return b"\x11\0" + big(1) + big(len(payload)) + payload


def label(bottom, payload):
    return bytes([0, 1, bottom, 64]) + payload


def cooked(kind, payload, device=1):
    return big(0) + big(device) + big(6) + b"\2\0\0\0\0\x0a\0\0" + big(kind) + payload


def cooked2(kind, payload, device=1):
    return (big(kind) + bytes(2) + bytes(4) + big(device) + b"\0\6" + b"\2\0\0\0\0\x0a\0\0"
            + payload)


V4, V6 = ipv4(17, UDP), ipv6(6, TCP)
ERROR = ipv4(1, bytes([3, 1]) + bytes(6) + V4)
AUTHENTICATION = bytes([6, 4]) + bytes(22)

SEEDS = {
    "ethernet-ipv4": (ETHERNET, ethernet(0x0800, V4)),
    "ethernet-ipv6": (ETHERNET, ethernet(0x86DD, V6)),
    "ethernet-arp": (ETHERNET, ethernet(0x0806, bytes(28))),
    "ethernet-tags": (ETHERNET, ethernet(0x88A8, tag(0x8100, tag(0x9100, tag(0x0800, V4))))),
    "ethernet-service-tag": (ETHERNET, ethernet(0x88E7, bytes(4) + ethernet(0x0800, V4))),
    "ethernet-snap": (ETHERNET, ethernet(8 + len(V4), snap(0x0800, V4))),
    "ethernet-llc": (ETHERNET, ethernet(3 + len(V4), b"\6\6\3" + V4)),
    "ethernet-jumbo-llc": (ETHERNET, ethernet(0x8870, snap(0x86DD, V6))),
    "ethernet-pppoe": (ETHERNET, ethernet(0x8864, pppoe(b"\0\x21" + V4))),
    "ethernet-mpls": (ETHERNET, ethernet(0x8847, label(0, label(1, V6)))),
    "null-little": (NULL, b"\2\0\0\0" + V4),
    "null-big": (NULL, b"\0\0\0\x1e" + V6),
    "loop": (LOOP, b"\0\0\0\x18" + V6),
    "ppp": (PPP, b"\xff\3\0\x21" + V4),
    "ppp-mpls": (PPP, b"\2\x81" + label(1, V4)),
    "ppp-one-byte": (PPP, b"\x21" + V4),
    "hdlc-cisco": (HDLC, b"\x0f\0\x08\0" + V4),
    "hdlc": (HDLC, b"\xff\3\0\x57" + V6),
    "pppoe": (PPPOE, pppoe(b"\0\x57" + V6)),
    "cooked": (COOKED, cooked(0x0800, V4)),
    "cooked-llc": (COOKED, cooked(4, snap(0x0800, V4))),
    "cooked-netlink": (COOKED, cooked(0, bytes(16), device=824)),
    "cooked2": (COOKED2, cooked2(0x86DD, V6)),
    "raw-options": (RAW, ipv4(6, TCP, options=b"\x94\4\0\0")),
    "raw-first-fragment": (RAW, ipv4(17, UDP, flags=0x2000)),
    "raw-later-fragment": (RAW, ipv4(17, UDP, flags=185)),
    "raw-offloaded": (RAW, ipv4(6, TCP, total=0)),
    "raw-error": (RAW, ERROR),
    "ipv4-gre": (IPV4, ipv4(47, b"\0\0\x08\0" + V4)),
    "ipv4-sctp": (IPV4, ipv4(132, UDP)),
    "ipv6-chain": (IPV6, ipv6(0, options(43, options(60, options(51, AUTHENTICATION + TCP))))),
    "ipv6-first-fragment": (IPV6, ipv6(44, fragment(60, 1, options(17, UDP)))),
    "ipv6-later-fragment": (IPV6, ipv6(44, fragment(17, 1448, UDP))),
    "ipv6-atomic-fragment": (IPV6, ipv6(44, fragment(17, 0, UDP))),
    "ipv6-offloaded": (IPV6, ipv6(6, TCP, length=0)),
    "ipv6-icmp": (IPV6, ipv6(58, bytes([128, 0]) + bytes(6))),
    "unsupported": (OTHER, bytes(32)),
    "inner-ip": (INNER_IP | 0x80, bytes(8) + V4),
    "inner-ethernet": (INNER_ETHERNET | 0x80, bytes(8) + ethernet(0x0800, V4)),
}

folder = pathlib.Path(__file__).parent / "Corpus" / "decode"
folder.mkdir(parents=True, exist_ok=True)
for name, (entry, frame) in SEEDS.items():
    (folder / name).write_bytes(bytes([entry, 8]) + frame)
