# SPDX-License-Identifier: BSD-2-Clause
"""Multicast over the tunnel (RFC 6275 §10.4.3 and §11.3.4), end to end.

An application on the mobile node joins a group of global scope on the virtual
home interface, and another host of the home link sends to it; and the other
way round.  The memberships are the kernel's own on both sides.
"""
import os
import select
import subprocess
import sys

from harness import HN, HOA
from hostutil import Deadline

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
            stdout=subprocess.PIPE)
        self.rest = b""
        net.things.append(self)

    def line(self, seconds):
        """Its next line; None: none came in that time."""
        deadline = Deadline(seconds)
        out = self.proc.stdout.fileno()
        while b"\n" not in self.rest:
            if not select.select([out], [], [], max(0, deadline.left()))[0]:
                return None
            data = os.read(out, 65536)
            assert data, "the program ended"
            self.rest += data
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode()

    def say(self, text):
        self.proc.stdin.write(text.encode() + b"\n")
        self.proc.stdin.flush()

    def kill(self):
        if self.proc.stdin.closed:
            return
        self.proc.kill()
        self.proc.wait(10)
        self.proc.stdin.close()
        self.proc.stdout.close()


def listen(net, node, dev):
    p = Program(net, node, LISTEN, GROUP, PORT, dev)
    assert p.line(10) == "ready"
    return p


def heard(sender, receiver, source, text, seconds=15):
    """Said again and again until it is heard, as a stream would be."""
    deadline = Deadline(seconds)
    n = 0
    while deadline.left() > 0:
        n += 1
        sender.say("%s-%d" % (text, n))
        line = receiver.line(0.2)
        if line:
            assert line.split()[0] == source
            assert line.split()[1].startswith(text)
            return
    raise AssertionError("nobody heard " + text)


def test_joined_away(net):
    """The mobile node, away, hears what a host of the home link sends, on
    another link too, and not any more when it has left the group."""
    net = net()
    net.start()
    net.move("a")
    there = listen(net, "mn", "mip0")
    sender = Program(net, "hn", SEND, GROUP, PORT, "eth0", 9)
    heard(sender, there, HN, "first")
    assert net.log_lines("ha", "mcast.joined", hoa=HOA, group=GROUP)
    assert GROUP in net.exec("ha", "ip", "maddr", "show", "dev", "eth0")
    net.move("b")
    heard(sender, there, HN, "second")
    there.kill()
    net.wait("ha", "the group is left", lambda: net.log_lines(
        "ha", "mcast.left", hoa=HOA, group=GROUP), 10)
    assert GROUP not in net.exec("ha", "ip", "maddr", "show", "dev", "eth0")


def test_sent_away(net):
    """A host of the home link hears what the mobile node sends, away; a hop
    has gone by on the way, and one that has but one hop does not come."""
    net = net()
    net.start()
    net.move("a")
    there = listen(net, "hn", "eth0")
    lame = Program(net, "mn", SEND, GROUP, PORT, "mip0", 1)
    sender = Program(net, "mn", SEND, GROUP, PORT, "mip0", 2)
    lame.say("lame")
    heard(sender, there, HOA, "far")
    net.wait("ha", "the lame one is dropped", lambda: net.counters(
        "ha").get("tunnel-hop-limit") == 1, 10)
    while line := there.line(0):
        assert line.split()[1].startswith("far")
