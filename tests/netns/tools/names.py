#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A name server for one name: names.py ADDRESS NAME AAAA FAILURES

Listens on UDP port 53 of ADDRESS.  The first FAILURES questions get SERVFAIL,
the others NAME's AAAA; other names do not exist.  Says "ready", and for each
question who asked: "SOURCE TYPE NAME".
"""
import ipaddress
import socket
import struct
import sys

AAAA, SERVFAIL, NXDOMAIN = 28, 2, 3


def main():
    address, name, aaaa, failures = sys.argv[1:5]
    left = int(failures)
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.bind((address, 53))
    print("ready", flush=True)
    while True:
        question, source = s.recvfrom(1500)
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode())
            at += 1 + question[at]
        kind = struct.unpack_from("!H", question, at + 1)[0]
        asked = ".".join(labels)
        print(source[0], kind, asked.lower(), flush=True)
        code, answer = 0, b""
        if left > 0:
            left -= 1
            code = SERVFAIL
        elif asked.lower() != name:
            code = NXDOMAIN
        elif kind == AAAA:
            answer = struct.pack("!HHHIH", 0xc00c, AAAA, 1, 60, 16) + \
                ipaddress.ip_address(aaaa).packed
        s.sendto(question[:2] + struct.pack(
            "!HHHHH", 0x8180 | code, 1, 1 if answer else 0, 0, 0) +
            question[12:at + 5] + answer, source)


main()
