# SPDX-License-Identifier: BSD-2-Clause
"""What a move costs: mip6d, and beside it two tunnels that roam.

Each system makes the same moves in a lab of its own while the mobile node
pings its correspondent 1,000 times a second through it:

  two links up       the preferred one becomes the other one
  other cable        eth0's cable is pulled, eth1's is put in, and back
  other network      eth0 from a to b and back
  home to away       with the home agent's check of the home address for a
                     second before (rfc), meanwhile (provisional) or not (off)
  away to home

A tunnel without mobility of its own lives on what the host does; when a cable
is pulled, the host's addresses and routes of that link go, as a network
manager has it.

mip6d is measured first, one kind of moves after the other; the two tunnels,
which need seconds, then beside each other.  No kind goes on for longer than
ten minutes: how many moves there were is in the table.
"""
import itertools
import multiprocessing
import os
import shutil
import statistics
import time

import hostutil as hu
import labtools
import mip6lab
from hostutil import Deadline, Timeout

COLUMNS = (("lost", "lost", "packets"), ("gap", "silence", "ms"),
           ("up_first", "up-1st", "ms"), ("up_address", "up-addr", "ms"),
           ("address_ack", "addr-ack", "ms"))
PING_S = 0.001
STAY_S = 0.4
CN, HA = mip6lab.ADDRESS["cn"], mip6lab.ADDRESS["ha"]
INNER = "2001:db8:1::200"  # of the home prefix, so that it leads to the server
CASE_S_MAX = 600
BESIDE_JOBS = 3
AWAY, HOME = "home to away", "away to home"
# What one journey is of: one kind of moves, or two by turns.
KINDS = (("two links up",), ("other cable",), ("other network",), (AWAY, HOME))


class Mip6d:
    name = "mip6d"

    def __init__(self, lab, home_dad="provisional", owner="kernel"):
        self.lab, self.last = lab, None
        lab.config("ha", extra='home-dad = "%s"\n' % home_dad)
        self.order = ["eth0", "eth1"]
        self.mobile = "\tcare-of-owner = %s\n" % owner

    def config(self, order):
        self.lab.config("mn", interfaces=order, mobile=self.mobile)

    def start(self):
        self.config(self.order)
        self.lab.start("ha")
        self.lab.start("mn")
        labtools.wait_state(self.lab, "mn", "to be settled", lambda:
                            labtools.registration(self.lab)["state"] in
                            ("registered", "at-home"), 20)

    def prefer(self, dev):
        self.config(sorted(self.order, key=lambda d: d != dev))
        self.lab.ctl("mn", ["reload"])

    def pulled(self, dev):
        pass

    def before(self):
        rows = self.lab.ctl_json("mn", "show", "handovers")["rows"]
        self.last = rows[-1]["wall_us"] if rows else None

    def steps(self, up_at):
        """Of the move that there was: milliseconds."""
        def done():
            rows = self.lab.ctl_json("mn", "show", "handovers")["rows"]
            return rows and rows[-1]["wall_us"] != self.last and \
                rows[-1]["first_packet_us"] and rows[-1]
        try:
            h = labtools.wait_state(self.lab, "mn", "to show it", done, 5)
        except Timeout:
            return {}
        def between(a, b):
            if not h[a + "_us"] or not h[b + "_us"]:
                return None
            return (h[b + "_us"] - h[a + "_us"]) / 1000
        steps = {}
        if up_at is not None:  # else the address was there long before
            steps["address_ack"] = between("coa_usable", "ba_received")
            steps["up_first"] = between("link_up", "first_packet")
            steps["up_address"] = between("link_up", "coa_usable")
        return steps

    def stop(self):
        pass


class Roaming:
    """A tunnel to the home agent's host, over whatever the host has."""

    def __init__(self, lab):
        self.lab = lab

    def run(self, node, *argv, check=True):
        return hu.run(["ip", "netns", "exec", self.lab.ns(node), *argv],
                      check=check).stdout

    def route(self):
        for node, address, lines in (
                ("ha", None, ["route add %s/128 dev vpn0" % INNER]),
                # Deprecated: a source where a route says so, never outside.
                ("mn", INNER, ["addr add %s/128 dev vpn0 nodad preferred_lft 0"
                               % INNER,
                               "route add %s/128 dev vpn0 src %s"
                               % (CN, INNER)])):
            hu.ip_batch(self.lab.ns(node), ["link set vpn0 mtu 1380 up"] +
                        lines)

    def prefer(self, dev):
        link = self.lab.attached(dev)
        mac = {"a": 0x0a, "b": 0x0b}[link]
        self.run("mn", "ip", "-6", "route", "replace", HA + "/128", "via",
                 "fe80::ff:fe00:%x" % mac, "dev", dev)

    def pulled(self, dev):
        self.run("mn", "ip", "-6", "addr", "flush", "dev", dev, "scope",
                 "global")
        for which in (("root", "2000::/3"), ("proto", "ra")):
            self.run("mn", "ip", "-6", "route", "flush", "dev", dev, *which)

    def before(self):
        pass

    def steps(self, up_at):
        return {}

    def stop(self):
        pass


class Wireguard(Roaming):
    name = "wireguard-go"
    programs = ("wireguard-go", "wg")

    def start(self):
        keys = {n: hu.run(["wg", "genkey"]).stdout for n in ("ha", "mn")}
        public = {}
        for node, key in keys.items():
            path = self.lab.path("etc", "wg-" + node)
            with open(path, "w", encoding="ascii",
                      opener=lambda p, f: os.open(p, f, 0o600)) as f:
                f.write(key)
            public[node] = hu.run(["sh", "-c", "wg pubkey < " +
                                   path]).stdout.strip()
        for node, peer, more in (
                ("ha", "mn", ["allowed-ips", INNER + "/128"]),
                ("mn", "ha", ["allowed-ips", "::/0", "endpoint",
                              "[%s]:51820" % HA])):
            # The socket's name is the device's: one directory for each node.
            mount = ("mkdir -p %(d)s && mount --bind %(d)s /var/run/wireguard "
                     "&& " % {"d": self.lab.path("wg-run-" + node)})
            os.makedirs("/var/run/wireguard", exist_ok=True)
            script = (mount + "wireguard-go vpn0 && wg set vpn0 private-key "
                      "%s %s peer %s %s" % (
                          self.lab.path("etc", "wg-" + node),
                          "listen-port 51820" if node == "ha" else "",
                          public[peer], " ".join(more)))
            self.run(node, "unshare", "-m", "--propagation", "private", "sh",
                     "-c", script)
        self.route()


class Openvpn(Roaming):
    name = "openvpn float"
    programs = ("openvpn",)

    def start(self):
        key = self.lab.path("etc", "openvpn.key")
        hu.run(["openvpn", "--genkey", "secret", key])
        for node, more in (("ha", ["--float", "--local", HA, "--lport",
                                   "1194"]),
                           ("mn", ["--remote", HA, "1194", "--nobind"])):
            log = self.lab.path("log", "openvpn-%s.log" % node)
            p = self.lab._spawn(node, [
                "openvpn", "--dev", "vpn0", "--dev-type", "tun", "--proto",
                "udp6", "--secret", key, "--cipher", "AES-256-CBC",
                "--auth-nocache", "--verb", "3", *more], log)
            hu.wait_file_text(log, "UDPv6 link|link remote", Deadline(5),
                              pid=p.pid)
        self.route()


def missing(system):
    return [p for p in getattr(system, "programs", ())
            if shutil.which(p) is None]


class Journey:
    """One system, moves of one kind or of two by turns, one lab."""

    def __init__(self, lab, system, kinds):
        self.lab, self.system, self.kinds = lab, system, kinds
        self.kind = kinds[0]

    def prepare(self):
        if self.kind in ("two links up", "other cable", "other network"):
            self.pull("eth0")
            self.lab.move("a")
        if self.kind in ("two links up", "other cable"):
            self.lab.plug("b")
        if self.kind == "other cable":
            self.lab.move("none", "eth1")
        self.lab.wait_host_ready()
        self.system.start()
        if self.kind == "two links up":
            self.system.prefer("eth0")

    def pull(self, dev):
        self.lab.move("none", dev)
        Roaming(self.lab).pulled(dev)

    def go(self, n):
        """The n-th move; when the link was up, or None."""
        if self.kind == "two links up":
            self.system.prefer(("eth1", "eth0")[n % 2])
            return None
        if self.kind == "other cable":
            old, new = (("eth0", "eth1"), ("eth1", "eth0"))[n % 2]
            self.lab.move("none", old)
            self.system.pulled(old)
            return self.lab.move({"eth0": "a", "eth1": "b"}[new], new)["up_at"]
        to = {"other network": "ba", AWAY: ("a", "home")}[self.kind][n % 2]
        self.lab.move("none")
        self.system.pulled("eth0")
        return self.lab.move(to)["up_at"]

    def step(self, n, ping):
        """One move: when it began, until when to look, what it showed."""
        self.system.before()
        began = time.time()
        up_at = self.go(n)
        flows = ping.flows(60)
        steps = self.system.steps(up_at)
        # Three updates a second are allowed (RFC 6275 §11.8).
        while (last := ping.flows(60)) < flows + STAY_S:
            pass
        return began, last, steps

    def travel(self, moves):
        """{kind: the figures of each move}, and why it ended early."""
        self.prepare()
        found, until, why = [], time.monotonic() + CASE_S_MAX, None
        with labtools.Traffic(self.lab, "mn", "ping", CN, PING_S) as ping:
            ping.flows(30)
            for n in range(moves * len(self.kinds)):
                if time.monotonic() > until:
                    break
                try:
                    found.append(self.step(n, ping))
                except Timeout as e:
                    why = "did not come back from move %d: %s" % (n + 1, e)
                    break
            times = ping.finish(60)["times"]
        return {kind: [figures(times, *f) for f in found[i::len(self.kinds)]]
                for i, kind in enumerate(self.kinds)}, why


def figures(times, began, until, steps):
    window = [t for t in times if began <= t[0] < until]
    gap = labtools.longest_gap(times, began, until)
    return {"lost": sum(came is None for _, came in window),
            "gap": None if gap is None else gap * 1000, **steps}


def cases():
    for kinds in KINDS:
        yield Mip6d, {}, kinds
        if kinds[0] in ("two links up", "other network"):
            yield Mip6d, {"owner": "daemon"}, kinds
        if kinds[0] == AWAY:
            yield Mip6d, {"home_dad": "rfc"}, kinds
            yield Mip6d, {"home_dad": "off"}, kinds
        for system in (Wireguard, Openvpn):
            yield system, {}, kinds


def travel(case):
    """The rows of one case: one for each kind of moves."""
    number, (system, options, kinds), moves, delay_ms = case
    label = system.name + "".join(", " + v for v in options.values())
    why, found = None, {}
    if missing(system):
        why = "not installed: " + ", ".join(missing(system))
    else:
        lab = mip6lab.Lab("bench%d_%d" % (os.getpid(), number))
        try:
            lab.up(delay_ms=delay_ms)
            found, why = Journey(lab, system(lab, **options),
                                 kinds).travel(moves)
        except Timeout as e:
            why = "did not come back: %s" % e
        finally:
            lab.down()
    rows = []
    for kind in kinds:
        row = {"system": label, "kind": kind, "why": why, "columns": {},
               "moves": len(found.get(kind, []))}
        for name, _, _ in COLUMNS:
            values = [f[name] for f in found.get(kind, [])
                      if f.get(name) is not None]
            if values:
                row["columns"][name] = (statistics.median(values), max(values))
        rows.append(row)
    return rows


def measure(moves, delay_ms, say=print):
    every = [(n, case, moves, delay_ms) for n, case in enumerate(cases())]
    found = {}

    def done(case, rows):
        found[case[0]] = rows
        say("%s: %s: done" % (" and ".join(r["kind"] for r in rows),
                              rows[0]["system"]))
    for case in every:
        if case[1][0] is Mip6d:
            done(case, travel(case))
    others = [c for c in every if c[0] not in found]
    with multiprocessing.Pool(BESIDE_JOBS) as pool:
        for case, rows in zip(others, pool.imap(travel, others, 1)):
            done(case, rows)
    rows = itertools.chain.from_iterable(found[c[0]] for c in every)
    kinds = list(itertools.chain.from_iterable(KINDS))
    return sorted(rows, key=lambda r: kinds.index(r["kind"]))


def table(rows, delay_ms):
    print("median / worst, %g ms one way, 1,000 packets/s; ms but for lost"
          % delay_ms)
    print("%-14s %-14s %5s" % ("move", "system", "moves") + "".join(
        " %15s" % title for _, title, _ in COLUMNS))
    for r in rows:
        line = "%-14s %-14s %5d" % (r["kind"], r["system"], r["moves"])
        if not r["columns"]:
            print(line + "  " + (r["why"] or "no move"))
            continue
        for name, _, _ in COLUMNS:
            v = r["columns"].get(name)
            line += " %15s" % ("-" if v is None else "%.*f / %.*f" % (
                0 if name == "lost" else 1, v[0],
                0 if name == "lost" else 1, v[1]))
        print(line + ("  " + r["why"] if r["why"] else ""))
