# SPDX-License-Identifier: BSD-2-Clause
"""A home agent besieged, while a mobile node lives by it.

Under each flood the mobile node moves to another link and registers there
within seconds, its echo requests to a correspondent are answered, and the
daemon's memory stays what it was.  What it refuses is counted by name, what it
answers is bounded.
"""
import dataclasses
import hashlib
import hmac
import os
import random
import re
import socket
import struct
import subprocess
import sys
import time

import hostutil as hu
import mip6lab
import mobile
from harness import CN, HOA, PA
from mobile import ip6, octets
from test_bad_input import icmp6
from test_mobiles import write
from test_prefix import solicitation

HERE = os.path.dirname(os.path.abspath(__file__))
HA = mip6lab.HOME_AGENT
HA_MAC = "02:00:00:00:00:01"
ANYCAST = "2001:db8:1:0:fdff:ffff:ffff:fffe"
RA_MAC = bytes.fromhex("02000000000a")
REGISTER_S = 8      # a move under attack, until it is registered
MEMORY_KB = 6 << 10 # what a siege may add
LOSS = 0.1          # of the echo requests, but for the move itself
MASTER = bytes(range(32))


def resident_kb(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))


def cpu_ns(pid):
    """The time of all threads of a process on a processor."""
    total = 0
    for task in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/schedstat" % (pid, task),
                  encoding="ascii") as f:
            total += int(f.read().split()[0])
    return total


class Flood:
    """Frames from eth0 of a node, at a rate, until stop()."""

    def __init__(self, net, node, frames, rate):
        path = str(net.tmp / ("flood-%d" % len(net.things)))
        with open(path, "wb") as f:
            for frame in frames:
                f.write(struct.pack("!H", len(frame)) + frame)
        self.proc = subprocess.Popen(
            ["ip", "netns", "exec", net.lab.ns(node), sys.executable, "-B",
             os.path.join(HERE, "tools", "flood.py"), "eth0", path,
             str(rate)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        net.things.append(self)
        assert self.proc.stdout.readline() == b"ready\n"

    def stop(self):
        """How many went."""
        self.proc.stdin.close()
        sent = int(self.proc.stdout.readline())
        self.proc.wait(5)
        self.proc.stdout.close()
        return sent

    def kill(self):
        self.proc.kill()
        self.proc.wait()


class Siege:
    """A real mobile node on link a with a ping, and what it was before."""

    def __init__(self, net, extra="", master=False):
        self.net = net
        net.lab.config("ha", extra=extra)
        spi, self.key = mobile.read_key(net.lab.key())
        self.good = mobile.Update(seq=100, spi=spi, key=self.key)
        if master:
            path = write(net, "master", "spi = 4711\nmaster = %s\n" %
                         MASTER.hex())
            own = '\tmobile "%s" {\n\t\tkey-file = "%s"\n\t}\n' % (
                HOA, net.lab.key())
            conf = net.lab.path("etc", "ha.conf")
            with open(conf, encoding="ascii") as f:
                text = f.read()
            assert own in text
            with open(conf, "w", encoding="ascii") as f:
                f.write(text.replace(own, '\tmaster-key-file = "%s"\n' % path))
            with open(net.lab.key(), "w", encoding="ascii") as f:
                f.write("spi = 4711\nkey = %s\n" % derived(HOA).hex())
        net.start()
        net.move("a")
        self.ping = net.traffic("mn", "ping", CN, 0.02)
        self.ping.flows()
        self.before = net.counters("ha")
        self.pid = net.lab.daemon_pid("ha")
        self.kb = resident_kb(self.pid)
        self.moved = []

    def counted(self, name):
        return self.net.counters("ha")[name] - self.before[name]

    def until(self, name, count, seconds=10):
        self.net.wait("ha", "%d of %s" % (count, name),
                      lambda: self.counted(name) >= count, seconds)

    def move(self):
        """To the other link; which one."""
        began = time.time()
        to = "b" if self.net.lab.attached() == "a" else "a"
        self.net.move(to, REGISTER_S)
        self.ping.flows(3)
        self.moved.append((began - 0.1, time.time()))
        return to

    def holds(self):
        """The mobile node moves under fire, and is served."""
        began = time.monotonic()
        to = self.move()
        took = time.monotonic() - began
        b = self.net.binding()
        assert b["state"] == "registered"
        assert b["coa"] == self.net.registration()["coa"]
        assert b["coa"].startswith("2001:db8:%s:" % to)
        print("moved and registered in %.2f s" % took)

    def over(self, loss=LOSS, kb=MEMORY_KB):
        """The same process, hardly larger, and little was lost."""
        result = self.ping.finish()
        there = [came for at, came in result["times"] if not any(
            began < at < until for began, until in self.moved)]
        lost = there.count(None) / len(there)
        grown = resident_kb(self.pid) - self.kb
        print("lost %.1f %% of %d, grown by %d KB, %s" % (
            100 * lost, len(there), grown, {
                k: v - self.before[k] for k, v in
                self.net.counters("ha").items() if v != self.before[k]}))
        assert self.net.lab.daemon_pid("ha") == self.pid
        assert lost <= loss
        assert grown < kb


def frame(packet, src, dst="33:33:00:00:00:01"):
    return bytes.fromhex(dst.replace(":", "")) + bytes.fromhex(
        src.replace(":", "")) + b"\x86\xdd" + packet


def far(packet):
    """From the host on link a, through its router."""
    return RA_MAC + bytes([2, 0, 0, 0, 0, mip6lab.ON_LINK["pa"][2]]) + \
        b"\x86\xdd" + packet


def derived(hoa):
    prk = hmac.new(bytes(32), MASTER, hashlib.sha256).digest()
    return hmac.new(prk, b"mip6d mobile node key" + octets(hoa) + b"\1",
                    hashlib.sha256).digest()


# --- on the home link --------------------------------------------------------

def advertisement(number, rng):
    """One of another home agent with another prefix; each 50th is broken."""
    body = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0x20, 1800, 0, 0)
    body += struct.pack("!BBHHH", 8, 1, 0, rng.randrange(65536), 65535)
    prefix = struct.pack("!BBBBIII", 3, 4, 64, 0xe0, 1 << 30, 1 << 30, 0) + \
        struct.pack("!QQ", 0x20010db8 << 32 | rng.randrange(1 << 32), number)
    body += prefix
    if number % 50 == 0:
        body += (b"\3\0" + bytes(6), b"\1\0" + bytes(6), b"\5",
                 b"\7\2" + bytes(6), b"\xff\xff")[number // 50 % 5]
    return frame(icmp6("fe80::bad:%x" % number, "ff02::1", 255, body),
                 "02:00:00:00:00:05")


def advertisements(n, siege):
    """Thousands of sources with the H bit and prefixes nobody has, some with
    options of length 0 or past the end (RFC 4861 §6.1.2, §10.5.1)."""
    rng = random.Random(1)
    # All namespaces of a machine share one table of neighbours, 1024 long: the
    # kernel beside the daemon would fill it for the other nodes too.
    n.exec("ha", "nft", "add table netdev own; add chain netdev own in "
           "{ type filter hook ingress device eth0 priority 0; }; add rule "
           "netdev own in icmpv6 type nd-router-advert drop")
    flood = Flood(n, "hn", [advertisement(i, rng) for i in range(5000)], 5000)
    siege.until("nd-invalid", 50)
    siege.until("ha-list-full", 3000)
    siege.holds()
    assert len({r["addr"] for r in n.rows("ha", "home-agents")}) <= 65
    assert len(n.rows("ha", "prefixes")) <= 128
    assert flood.stop() > 3000


NA_S, NA_O = 0x40, 0x20


def na(target, flags, dst="ff02::1", mac="02:00:00:00:00:05"):
    body = bytes([136, 0, 0, 0, flags, 0, 0, 0]) + octets(target) + \
        bytes([2, 1]) + bytes.fromhex(mac.replace(":", ""))
    return icmp6(target, dst, 255, body)


def defended(packet):
    """Is it ours to all nodes: override, not solicited, for the address?"""
    return packet[:6] == b"\x33\x33\0\0\0\1" and \
        packet[6:12] == bytes.fromhex(HA_MAC.replace(":", "")) and \
        packet[20] == 58 and packet[54] == 136 and \
        packet[58] == NA_O and packet[62:78] == octets(HOA)


class Ear:
    """What the home link brings to hn."""

    def __init__(self, net):
        with hu.inside(net.lab.ns("hn")):
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                      socket.htons(0x86dd))
        self.sock.bind(("eth0", 0))
        net.things.append(self)

    def send(self, packet, dst="33:33:00:00:00:01"):
        self.sock.send(frame(packet, "02:00:00:00:00:05", dst))

    def defences(self, seconds, enough=None):
        """How many came; no longer than until there are enough."""
        deadline, count = hu.Deadline(seconds), 0
        while deadline.left() > 0 and count != enough:
            self.sock.settimeout(deadline.left() or 0.001)
            try:
                count += defended(self.sock.recv(2048))
            except socket.timeout:
                break
        return count

    def drain(self):
        self.sock.setblocking(False)
        try:
            while True:
                self.sock.recv(2048)
        except BlockingIOError:
            self.sock.setblocking(True)

    def kill(self):
        self.sock.close()


def claimed_by(n):
    """Whose link-layer address the router-side neighbour hn believes."""
    out = hu.run(["ip", "-6", "-n", n.lab.ns("hn"), "neigh", "show", HOA]
                 ).stdout
    return re.search(r"lladdr (\S+)", out).group(1) if "lladdr" in out \
        else None


def test_home_link(net):
    n = net()
    siege = Siege(n)
    claims(n, siege)
    advertisements(n, siege)
    siege.over()


def claims(n, siege):
    """Another host says that it has the home address, in every way: it is
    told otherwise, each claim counts, answers are ten a second; who asks
    whether anybody has it is answered (§10.4.1, RFC 4862 §5.4.3)."""
    ear = Ear(n)
    n.exec("hn", "ping", "-c1", "-W3", "-q", HOA)
    assert claimed_by(n) == HA_MAC
    # The mobile node's own three announcements are over.
    while ear.defences(1.2):
        pass
    ways = [(0, "ff02::1"), (NA_O, "ff02::1"), (NA_S, HA), (NA_S | NA_O, HA)]
    for flags, dst in ways:
        ear.drain()
        ear.send(na(HOA, flags, dst), HA_MAC if dst == HA else
                 "33:33:00:00:00:01")
        assert ear.defences(2, 1) == 1, (flags, dst)
    siege.until("nd-claim", len(ways))
    assert siege.counted("nd-claim") == len(ways)
    # A host that checks whether the address is free: it is not.
    ear.drain()
    probe = bytes([135, 0, 0, 0, 0, 0, 0, 0]) + octets(HOA)
    ear.send(icmp6("::", "ff02::1:ff00:100", 255, probe),
             "33:33:ff:00:01:00")
    assert ear.defences(2, 1) == 1
    assert claimed_by(n) == HA_MAC
    # A flood of claims: each counted, few answered, traffic goes on.
    ear.drain()
    began = time.monotonic()
    flood = Flood(n, "hn", [frame(na(HOA, f), "02:00:00:00:00:05")
                            for f in (0, NA_O)], 2000)
    siege.until("nd-claim", 2000)
    siege.holds()
    sent = flood.stop()
    siege.until("nd-claim", len(ways) + sent * 9 // 10)
    answers = ear.defences(0.3)
    assert 2 <= answers <= 10 * (time.monotonic() - began + 2) + 3
    print(answers, "answers to", sent)
    assert len(n.log_lines("ha", "drop", why="nd-claim")) <= 60


# --- from far ----------------------------------------------------------------

def test_messages(net):
    """Updates with bad keys, wrong SPIs, unknown home addresses, recorded
    ones; requests for home agents and prefixes; all at once (§10.3.1, §10.5,
    §10.6).  And somebody who plays with the control socket."""
    n = net()
    siege = Siege(n)
    host = mobile.Host(n.lab)
    n.things.append(host)
    # Recorded from the wire, a while ago.
    with n.capture("b") as capture:
        siege.move()
        path = capture.stop()
    recorded = [p for _, p in mobile.labtools.records(path)
                if p[12:14] == b"\x86\xdd" and p[20] == 60]
    assert recorded
    siege.move()
    good = siege.good
    bad = [dataclasses.replace(good, seq=i, key=bytes([i & 255] * 20))
           for i in range(200)]
    bad += [dataclasses.replace(good, seq=i, spi=i + 1000)
            for i in range(100)]
    bad += [dataclasses.replace(good, seq=i, hoa="2001:db8:1::5:%x" % i)
            for i in range(100)]
    packets = [u.packet() for u in bad]
    packets += [p[14:] for p in recorded] * (100 // len(recorded) + 1)
    packets += [ip6(PA, ANYCAST, 58, request(i)) for i in range(300)]
    packets += [prefixes_please(i) for i in range(200)]
    random.Random(2).shuffle(packets)
    host.drain()
    began = time.monotonic()
    flood = Flood(n, "pa", [far(p) for p in packets], 6000)
    clients = [control(n) for _ in range(8)]
    for name in ("bu-auth-fail", "bu-auth-spi", "bu-unknown-mobile",
                 "bu-id-replay", "dhaad-rate", "mps-no-binding"):
        siege.until(name, 300)
    siege.holds()
    sent = flood.stop()
    took = time.monotonic() - began
    answers = {"ba": 0, "dhaad": 0, "mpa": 0}
    for packet in host.frames_until(hu.Deadline(0.3)):
        if mobile.parse_ack(packet):
            answers["ba"] += 1
        elif packet[6] == 58 and packet[40] == 145:
            answers["dhaad"] += 1
        elif packet[6] == 43 and packet[64] == 147:
            answers["mpa"] += 1
    print("%d in %.1f s, %s" % (sent, took, answers))
    # So many a second, and what the bucket had.
    assert 0 < answers["dhaad"] <= 50 * (took + 2)
    assert 0 < answers["ba"] <= 20 * (took + 2)
    assert answers["mpa"] == 0
    for c in clients:
        c.close()
    siege.over()


def request(ident):
    body = struct.pack("!BBHHH", 144, 0, 0, ident, 0)
    src = octets(PA)
    total = mobile.labtools.ones_sum(
        src + octets(ANYCAST) + struct.pack("!II", len(body), 58) + body)
    return body[:2] + struct.pack("!H", 0xffff - total) + body[4:]


def prefixes_please(ident):
    """With the home address of somebody who is elsewhere."""
    return solicitation(ident)


def control(n):
    """A client that asks much, in pieces and in nonsense, and never reads."""
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(2)
    s.connect(n.lab.socket_path("ha"))
    s.setblocking(False)
    try:
        s.send(b'{"cmd":"show","table":"counters"}\n' * 50 + b"\0{[" * 3000)
    except (BlockingIOError, BrokenPipeError, ConnectionResetError):
        pass
    return s


def test_cost_of_a_bad_update(net):
    """With its packet's way in and out, an update with a bad key costs the
    daemon no more than one that is accepted."""
    n = net()
    n.start("ha")
    host = mobile.Host(n.lab)
    n.things.append(host)
    spi, key = mobile.read_key(n.lab.key())
    update = mobile.Update(seq=1, spi=spi, key=key)
    host.send(update.packet())
    assert host.ack(1).status == 0
    pid = n.lab.daemon_pid("ha")

    stamps = iter(range(mobile.ntp() + 1, 1 << 64))

    def updates(first, count, good):
        return [dataclasses.replace(
            update, seq=first + i, stamp=next(stamps),
            key=key if good or i == count - 1 else b"\x11" * 20).packet()
            for i in range(count)]

    def cost(first, good):
        """Nanoseconds for each of 3,000; batches, so that none is lost."""
        batches = [updates(first + k * 100, 100, good) for k in range(30)]
        began = cpu_ns(pid)
        for k, batch in enumerate(batches):
            host.drain()
            for p in batch:
                host.send(p)
            assert host.ack(first + k * 100 + 99).status == 0
        return (cpu_ns(pid) - began) / 3000

    before = n.counters("ha")["bu-auth-fail"]
    # In turns, and the least of each: other processes are about.
    good = cost(1000, True), cost(4000, True)
    bad = cost(7000, False), cost(10000, False)
    good += (cost(13000, True),)
    bad += (cost(16000, False),)
    print("a good one %.1f us, a bad one %.1f us" % (
        min(good) / 1e3, min(bad) / 1e3))
    assert n.counters("ha")["bu-auth-fail"] - before == 3 * 30 * 99
    assert min(bad) <= min(good) * 1.1


# --- tables that are full ----------------------------------------------------

def crowd(i, coa=PA, **changes):
    """Update of one of many mobile nodes that have a right to be there."""
    hoa = "2001:db8:1::9:%x" % i
    return mobile.Update(**{**dict(
        seq=1, spi=4711, key=derived(hoa), hoa=hoa, coa=coa,
        flags=mobile.A | mobile.H), **changes})


def test_bindings(net):
    """More mobile nodes than there is room for: 130 for who comes too late,
    and who was there before moves on (§10.3.1)."""
    n = net()
    siege = Siege(n, "\tbindings-max = 100\n\thome-dad = off\n", master=True)
    host = mobile.Host(n.lab)
    n.things.append(host)
    packets = [crowd(i).packet() for i in range(300)]
    status = []
    for p in packets:
        host.send(p)
        status.append(host.ack(1).status)
    assert status == [0] * 99 + [130] * 201
    assert siege.counted("bu-resources") == 201
    assert len(n.rows("ha", "bindings")) == 100
    more = [crowd(i, seq=2, stamp=mobile.ntp() + i).packet()
            for i in range(300, 900)]
    flood = Flood(n, "pa", [far(p) for p in more], 3000)
    siege.until("bu-resources", 1000)
    siege.holds()
    flood.stop()
    siege.over()


def test_pending(net):
    """Registrations that wait for the check of their home address fill the
    table; the rest is refused, and who has a binding moves meanwhile."""
    n = net()
    siege = Siege(n, "\tbindings-max = 20000\n\thome-dad = rfc\n"
                  "\tjoin-groups = false\n", master=True)
    packets = [far(crowd(i).packet()) for i in range(9000)]
    flood = Flood(n, "pa", packets, 9000)
    siege.until("bu-resources", 1)
    siege.holds()
    flood.stop()
    siege.over(loss=0.3, kb=16 << 10)


# --- tunnels and fragments ---------------------------------------------------

def report(groups, hops=1):
    """A listener report of that many groups of its own, alerting."""
    records = b"".join(struct.pack("!BBH", 4, 0, 0) + octets(g)
                       for g in groups)
    body = struct.pack("!BBHHH", 143, 0, 0, 0, len(groups)) + records
    src, dst = "fe80::1", "ff02::16"
    total = mobile.labtools.ones_sum(
        octets(src) + octets(dst) + struct.pack("!II", len(body), 58) + body)
    body = body[:2] + struct.pack("!H", 0xffff - total) + body[4:]
    return ip6(src, dst, 0, bytes([58, 0, 5, 2, 0, 0, 1, 0]) + body, hops)


def fragment(i):
    """The first of a packet whose rest never comes."""
    head = bytes([135, 0]) + struct.pack("!HI", 1, i)
    return ip6("2001:db8:a::%x" % (i % 4096 + 99), HA, 44,
               head + crowd(0).mobility_header()[:8] + bytes(1192))


def test_tunnels_fragments_neighbours(net):
    """A mobile node that joins thousands of groups, others that pretend to be
    one, packets of which half never comes; and mobile nodes whose care-of
    addresses, on the home agent's own link, fill its neighbour table."""
    n = net()
    siege = Siege(n, "\tbindings-max = 5000\n\thome-dad = off\n", master=True)
    host = mobile.Host(n.lab)
    n.things.append(host)
    host.send(crowd(1).packet())
    assert host.ack(1).status == 0
    packets = []
    for i in range(600):
        groups = ["ff0e::%x:%x" % (i + 1, k + 1) for k in range(40)]
        packets.append(ip6(PA, HA, 41, report(groups)))
        packets.append(ip6("2001:db8:a::66", HA, 41, report(groups[:1])))
        packets.append(ip6(PA, HA, 41, report(groups[:1], hops=2)))
        packets += [fragment(i * 4 + k) for k in range(4)]
    near = [frame(crowd(i, "2001:db8:1::7:%x" % i).packet(),
                  "02:00:00:00:00:05", HA_MAC) for i in range(2, 1500)]
    floods = [Flood(n, "pa", [far(p) for p in packets], 4000),
              Flood(n, "hn", near, 2000)]
    siege.until("nd-full", 300)
    siege.until("bu-resources", 300)
    siege.until("mld-full", 5000)
    siege.until("tunnel-peer", 100)
    siege.until("fragment-full", 1000)
    groups = [w for w in n.exec("ha", "ip", "-6", "maddr", "show", "dev",
                                "eth0").split() if w.startswith("ff0e::")]
    assert 1 <= len(groups) <= 16
    siege.holds()
    for flood in floods:
        flood.stop()
    assert 1000 < len(n.rows("ha", "neighbours")) <= 1024
    siege.over()
