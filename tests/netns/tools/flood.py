#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sends the frames of a file from an interface, again and again.

flood.py INTERFACE FILE RATE: FILE holds frames, each after its length in two
octets; RATE of them go out each second, until the standard input ends.  Says
"ready" when the first have gone, and at the end how many went.
"""
import select
import socket
import struct
import sys
import time

STEP_S = 0.005


def frames(path):
    with open(path, "rb") as f:
        data = f.read()
    found, at = [], 0
    while at < len(data):
        size, = struct.unpack_from("!H", data, at)
        found.append(data[at + 2:at + 2 + size])
        at += 2 + size
    return found


def main():
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.bind((sys.argv[1], 0))
    todo, rate = frames(sys.argv[2]), float(sys.argv[3])
    since, sent = time.monotonic(), 0
    while not select.select([0], [], [], STEP_S)[0]:
        # What a busy machine could not send is not made up for at once.
        due = min(int((time.monotonic() - since) * rate),
                  sent + int(rate * STEP_S * 10))
        for i in range(sent, due):
            try:
                s.send(todo[i % len(todo)])
            except OSError:
                pass # the link's queue is full: as on any link
        if sent == 0 and due > 0:
            print("ready", flush=True)
        sent = max(sent, due)
    print(sent, flush=True)


if __name__ == "__main__":
    main()
