# SPDX-License-Identifier: BSD-2-Clause
"""Multicast over the tunnel (RFC 6275 §10.4.3 and §11.3.4), end to end.

An application on the mobile node joins a group of global scope on the virtual
home interface, and another host of the home link sends to it; and the other
way round.  The memberships are the kernel's own on both sides.
"""
import socket
import struct
import subprocess
import sys

import labtools
from harness import HOA

GROUP, PORT = "ff0e::4:5", 5407

# A receiver: says "ready", then a line for each datagram: source and payload.
LISTEN = """
import socket, struct, sys
group, port, dev = sys.argv[1], int(sys.argv[2]), sys.argv[3]
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("::", port))
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
             socket.inet_pton(socket.AF_INET6, group) +
             struct.pack("@I", socket.if_nametoindex(dev)))
print("ready", flush=True)
while True:
    data, src = s.recvfrom(2048)
    print(src[0], data.decode(), flush=True)
"""

# A sender: a datagram for each line of its input, with the hop limit given.
SEND = """
import socket, struct, sys
group, port, dev, hops = sys.argv[1], int(sys.argv[2]), sys.argv[3], \\
    int(sys.argv[4])
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF,
             socket.if_nametoindex(dev))
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, hops)
for line in sys.stdin:
    s.sendto(line.strip().encode(), (group, port))
"""


class Program:
    """One of the two on a node, its lines read with a deadline."""

    def __init__(self, net, node, text, *args):
        self.proc = subprocess.Popen(
            ["ip", "netns", "exec", net.lab.ns(node), sys.executable, "-c",
             text, *map(str, args)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, bufsize=1)
        net.things.append(self)

    def line(self, seconds):
        return labtools.read_line(self.proc, seconds)

    def say(self, text):
        self.proc.stdin.write(text + "\n")
        self.proc.stdin.flush()

    def close(self):
        self.proc.kill()
        self.proc.wait(10)
        self.proc.stdin.close()
        self.proc.stdout.close()
