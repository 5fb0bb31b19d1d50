# SPDX-License-Identifier: BSD-2-Clause
"""A correspondent under a flood of Home Test Inits, and who else talks to it.

In a lab: the mobile node is on link a and talks directly to the correspondent,
TCP that is checked and 100 echo requests a second, all of it through both
daemons; a host on link a asks the correspondent's kernel as often, and for a
care-of test 20 times a second.  Then the router of the correspondent's link
sends Home Test Inits as fast as one processor can, from 65,536 addresses or
from one; the correspondent's daemon has another processor.  Each round begins
with a quiet time as long.

Answers have a share in each second, 64 for the addresses of one of 256 places:
a flood of 3 s meets the shares of 4.  No phase begins in a second whose share
another one had.

The answers come back to that router, which throws them away: no neighbour is
asked for.  Raises LabError when the daemon's memory grows with the floods, or
an octet of the TCP session is lost.
"""
import os
import re
import select
import socket
import statistics
import struct
import subprocess
import time

import hostutil as hu
import labtools
import mip6lab
from hostutil import LabError

CN, PORT = mip6lab.ADDRESS["cn"], 5001
PROBE_SRC = mip6lab.ADDRESS["pa"]
SOURCES = "2001:db8:1:0:f::"
TCP_OCTETS_S = 50000
PING_S, PROBE_S = 0.01, 0.05
GROWTH_KB_MAX = 1024   # a flood is some hundred thousand requests
COUNT_MAX = 20000000
SHARE_S = 1.1
COTI, COT = 2, 4
QUIET = "quiet"
KINDS = ((QUIET, 0), ("65,536 sources", 65536), ("one source", 1))
# Of each phase: key, figure, unit, and which end of the rounds is the worst.
COLUMNS = (("offered", "requests sent", "per_second", min),
           ("taken", "packets taken", "per_second", min),
           ("overflowed", "packets lost before it", "per_second", max),
           ("answered", "requests answered", "per_second", min),
           ("cpu", "processor it used", "%", max),
           ("waited", "time it waited for one", "%", max),
           ("each_ns", "processor for a packet", "ns", max),
           ("tests", "honest tests answered", "%", min),
           ("rtt", "direct ping", "ms", max),
           ("rtt_worst", "direct ping, longest", "ms", max),
           ("lost", "direct pings lost", "%", max),
           ("plain_rtt", "kernel's ping", "ms", max),
           ("plain_lost", "kernel's pings lost", "%", max))


def resident_kb(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))


def tasks(pid):
    return [int(t) for t in os.listdir("/proc/%d/task" % pid)]


def cpu_ns(pid):
    """On a processor, and ready but waiting for one: of all threads."""
    total = [0, 0]
    for t in tasks(pid):
        with open("/proc/%d/task/%d/schedstat" % (pid, t),
                  encoding="ascii") as f:
            for i, ns in enumerate(f.read().split()[:2]):
                total[i] += int(ns)
    return total


def processors(pid):
    """One for the daemon, which stays there, and one for the sender, or -1."""
    there = sorted(os.sched_getaffinity(0))
    if len(there) < 2:
        return -1
    for t in tasks(pid):
        os.sched_setaffinity(t, {there[0]})
    return there[1]


class Probe:
    """An honest stranger on link a: Care-of Test Inits, at a slow rate."""

    def __init__(self, lab):
        with hu.inside(lab.ns("pa")):
            self.sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 135)
        self.sock.bind((PROBE_SRC, 0))
        self.sock.setblocking(False)
        self.came = set()
        self.sent = 0

    def ask(self):
        mh = struct.pack("!BBBBHHQ", 59, 1, COTI, 0, 0, 0, self.sent)
        pseudo = b"".join(socket.inet_pton(socket.AF_INET6, a)
                          for a in (PROBE_SRC, CN))
        cksum = 0xffff - labtools.ones_sum(
            pseudo + struct.pack("!II", len(mh), 135) + mh)
        self.sock.sendto(mh[:4] + struct.pack("!H", cksum) + mh[6:], (CN, 0))
        self.sent += 1

    def hear(self):
        while True:
            try:
                mh = self.sock.recv(256)
            except BlockingIOError:
                return
            if len(mh) == 24 and mh[2] == COT:
                self.came.add(struct.unpack_from("!Q", mh, 8)[0])

    def run(self, done):
        """Asks until `done`, a descriptor to read or a time; (asked, came)."""
        first, due = self.sent, time.monotonic()
        watched = [] if isinstance(done, float) else [done]
        end = done if isinstance(done, float) else None
        while end is None or time.monotonic() < end:
            if time.monotonic() >= due:
                self.ask()
                due = max(due + PROBE_S, time.monotonic())
            ready = select.select([self.sock, *watched], [], [],
                                  max(0, due - time.monotonic()))[0]
            self.hear()
            if watched and watched[0] in ready:
                end, watched = time.monotonic() + 0.1, []
        return self.sent - first, sum(n >= first for n in self.came)


class Siege:
    def __init__(self, lab, sender, seconds):
        self.lab, self.sender, self.seconds = lab, sender, seconds
        self.begin()
        self.pid = lab.daemon_pid("cn")
        self.cpu = processors(self.pid)
        self.probe = Probe(lab)

    def begin(self):
        lab = self.lab
        lab.config("ha", extra="\thome-dad = off\n")
        lab.config("mn", mobile="\troute-optimization = all\n")
        lab.wait_host_ready()
        lab.move("a")
        for node in ("ha", "mn", "cn"):
            lab.start(node)
        labtools.wait_settled(lab)
        hu.ip_batch(lab.ns("rc"), ["route add blackhole %s/80" % SOURCES])

    def direct(self):
        return any(r["with"] == "correspondent" and r["state"] == "direct"
                   for r in self.lab.ctl_json("mn", "show",
                                              "registrations")["rows"])

    def wait_direct(self):
        labtools.wait_state(self.lab, "mn", "to talk directly", self.direct)

    def counts(self):
        """Of the link and of the path."""
        return {r["name"]: r["count"] for r in
                self.lab.ctl_json("cn", "show", "counters")["rows"]
                if r["group"] in ("eth0", "path")}

    def phase(self, sources):
        """One quiet time or flood: what was counted."""
        self.probe.run(time.monotonic() + SHARE_S)
        before, cpu, began = self.counts(), cpu_ns(self.pid), time.time()
        if sources == 0:
            asked, came = self.probe.run(time.monotonic() + self.seconds)
            sent = 0
            took = time.time() - began
        else:
            flood = subprocess.Popen(
                ["ip", "netns", "exec", self.lab.ns("rc"), self.sender,
                 "eth0", "02:00:00:00:00:0d", SOURCES, CN, str(sources),
                 str(self.seconds), str(COUNT_MAX), str(self.cpu)],
                stdout=subprocess.PIPE)
            with flood:
                asked, came = self.probe.run(flood.stdout.fileno())
                words = flood.stdout.read().decode().split()
            if flood.returncode != 0:
                raise LabError("bench_flood: exit %d" % flood.returncode)
            sent = int(words[1])
            took = float(words[5])
        used = [(b - a) / 1e9 for a, b in zip(cpu, cpu_ns(self.pid))]
        after = self.counts()
        grew = {k: after[k] - before.get(k, 0) for k in after}
        return {"began": began, "until": time.time(), "offered": sent / took,
                "taken": grew["received"] / took,
                "overflowed": grew["overflowed"] / took,
                # Most of the rest that it sends is the session's.
                "answered": max(0, grew["sent"] - grew["direct-out"] -
                                came) / took,
                "cpu": 100 * used[0] / took, "waited": 100 * used[1] / took,
                "each_ns": 1e9 * used[0] / max(1, grew["received"]),
                "tests": 100 * came / asked, "rss": resident_kb(self.pid)}


def echoes(times, phase):
    """Per cent lost, median and worst round trip in ms, of one phase."""
    window = [t for t in times if phase["began"] <= t[0] < phase["until"]]
    back = [1000 * (came - sent) for sent, came in window if came is not None]
    return {"lost": 100 * (1 - len(back) / len(window)),
            "rtt": statistics.median(back) if back else None,
            "rtt_worst": max(back) if back else None}


def measure(sender, rounds, seconds, say=print):
    """({kind: [what was counted in each round]}, memory in KB, TCP's end)."""
    lab = mip6lab.Lab("bench%d" % os.getpid())
    try:
        lab.up()
        siege = Siege(lab, sender, seconds)
        with labtools.Traffic(lab, "cn", "serve", PORT), \
                labtools.Traffic(lab, "mn", "echo", CN, PORT,
                                 TCP_OCTETS_S) as tcp, \
                labtools.Traffic(lab, "mn", "ping", CN, PING_S) as direct, \
                labtools.Traffic(lab, "pa", "ping", CN, PING_S) as plain:
            for t in (tcp, direct, plain):
                t.flows()
            siege.wait_direct()
            found = {kind: [] for kind, _ in KINDS}
            memory = [resident_kb(siege.pid)]
            for n in range(rounds):
                for kind, sources in KINDS:
                    found[kind].append(siege.phase(sources))
                    memory.append(found[kind][-1]["rss"])
                say("flood: round %d of %d" % (n + 1, rounds))
            for t in (tcp, direct, plain):
                t.flows(30)
            end = tcp.finish(60)
            for name, t in (("", direct), ("plain_", plain)):
                times = t.finish(60)["times"]
                for phase in sum(found.values(), []):
                    phase.update({name + k: v for k, v in
                                  echoes(times, phase).items()})
            if siege.lab.daemon_pid("cn") != siege.pid:
                raise LabError("the correspondent's daemon ended")
    finally:
        lab.down()
    if end["error"] or not end["same"]:
        raise LabError("the TCP session under the flood: %s" % end)
    if max(memory) - memory[0] > GROWTH_KB_MAX:
        raise LabError("memory grew from %d to %d KB" % (memory[0],
                                                         max(memory)))
    return found, memory, end
