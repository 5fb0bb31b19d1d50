# SPDX-License-Identifier: BSD-2-Clause
"""A lab with the daemon in it, and how to wait for what the daemon does.

States are asked for with `mip6ctl --json`, again each time the daemon has
logged something (or 50 ms have passed), until a deadline.
"""
import json
import os
import re

import hostutil as hu
import labtools
import mip6lab
from hostutil import Deadline, LabError

HOA = mip6lab.HOME_ADDRESS
CN = mip6lab.ADDRESS["cn"]
HN = mip6lab.ADDRESS["hn"]
PA = mip6lab.ADDRESS["pa"]
PORT = 5001
WAIT_S = 10


def story(lab):
    """What is worth seeing of a lab when a test failed."""
    text = []
    for node in ("ha", "mn", "cn"):
        path = lab.log_path(node)
        if os.path.exists(path):
            with open(path, encoding="utf-8", errors="replace") as f:
                lines = f.read().splitlines()
            text.append("--- mip6d on %s: the last 60 of %d lines" % (
                node, len(lines)))
            text += lines[-60:]
        if lab.daemon_pid(node):
            for what in (["status"], ["show", "counters"]):
                try:
                    text.append("--- %s %s" % (node, " ".join(what)))
                    text.append(lab.ctl(node, what, check=False).stdout)
                except LabError as e:
                    text.append(str(e))
    return "\n".join(text)


class Net:
    def __init__(self, lab, tmp_path):
        self.lab = lab
        self.tmp = tmp_path
        self.things = []

    def close(self):
        for t in reversed(self.things):
            t.kill()

    # --- daemons -------------------------------------------------------------

    def start(self, *nodes):
        """Both (or the named) daemons, and the mobile node settled."""
        for node in nodes or ("ha", "mn"):
            self.lab.start(node, ["-d"] if os.environ.get("MIP6_DEBUG")
                           else [])
        if not nodes or "mn" in nodes:
            self.lab.wait_host_ready()
            self.settled()
        return self

    def ask(self, node, *args):
        return self.lab.ctl_json(node, *args)

    def rows(self, node, table):
        return self.ask(node, "show", table)["rows"]

    def registration(self):
        return labtools.registration(self.lab)

    def binding(self):
        """The home agent's binding of the home address, or None."""
        rows = [r for r in self.rows("ha", "bindings") if r["hoa"] == HOA]
        assert len(rows) <= 1, rows
        return rows[0] if rows else None

    def counters(self, node):
        """{name: count} of every reason for a drop.

        But not what the kernel says by itself at any time: multicast on the
        link (not-ours), and on the tunnel device (tunnel-scope).
        """
        return {r["name"]: r["count"] for r in self.rows(node, "counters")
                if r["group"] == "drop" and
                r["name"] not in ("not-ours", "tunnel-scope")}

    def wait(self, node, what, ask, seconds=WAIT_S):
        """Until ask() is true; what it returned."""
        return labtools.wait_state(self.lab, node, what, ask, seconds)

    def settled(self, seconds=WAIT_S):
        return labtools.wait_settled(self.lab, seconds)

    def move(self, to, seconds=WAIT_S):
        """Moves and waits until the daemon has settled there."""
        moved = self.lab.move(to)
        self.settled(seconds)
        return moved

    def log(self, node):
        with open(self.lab.log_path(node), encoding="utf-8",
                  errors="replace") as f:
            return f.read()

    def log_lines(self, node, event, **pairs):
        """Lines of one event name with these pairs."""
        found = []
        for line in self.log(node).splitlines():
            m = re.search(r"\bev=(\S+)(.*)", line)
            if m and m.group(1) == event and all(
                    re.search(r"(?:^| )%s=%s(?: |$)" % (
                        re.escape(k), re.escape(str(v))), m.group(2))
                    for k, v in pairs.items()):
                found.append(line)
        return found

    # --- traffic -------------------------------------------------------------

    def traffic(self, node, *args):
        t = labtools.Traffic(self.lab, node, *args)
        self.things.append(t)
        return t

    def serve(self, node):
        return self.traffic(node, "serve", PORT)

    def capture(self, link):
        c = labtools.Capture(self.lab, link,
                             str(self.tmp / (link + ".pcap")))
        self.things.append(c)
        return c

    def exec(self, node, *argv, check=True):
        return hu.run(["ip", "netns", "exec", self.lab.ns(node), *argv],
                      check=check).stdout


# --- the whole state of a host -----------------------------------------------

def _json(netns, *args):
    out = hu.run(["ip", "-j", "-d", "-n", netns, *args]).stdout
    return json.loads(out or "[]")


def _without(value, *keys):
    if isinstance(value, list):
        return [_without(v, *keys) for v in value]
    if isinstance(value, dict):
        return {k: _without(v, *keys) for k, v in value.items()
                if k not in keys}
    return value


def _sysctls(netns):
    found = {}
    with hu.inside(netns):
        for folder, _, names in os.walk("/proc/sys/net/ipv6"):
            for name in names:
                path = os.path.join(folder, name)
                try:
                    with open(path, encoding="ascii") as f:
                        found[path] = f.read().strip()
                except OSError:
                    pass
    return found


def host_state(lab, node):
    """What a daemon may have changed on a host, without what moves alone."""
    netns = lab.ns(node)
    links = [i["ifname"] for i in _json(netns, "link")]
    return {
        "links": sorted(
            (i["ifname"], i["mtu"], sorted(i["flags"]), i.get("allmulti"),
             i.get("promiscuity")) for i in _json(netns, "link")),
        "addresses": sorted(
            i["ifname"] + " " + json.dumps(_without(
                a, "valid_life_time", "preferred_life_time"))
            for i in _json(netns, "addr") for a in i["addr_info"]),
        "routes": sorted(json.dumps(_without(r, "expires", "used", "users",
                                             "age"), sort_keys=True)
                         for f in ("-4", "-6")
                         for r in _json(netns, f, "route", "show", "table",
                                        "all")),
        "rules": _json(netns, "-6", "rule") + _json(netns, "-4", "rule"),
        "groups": sorted({i["ifname"] + " " + m["address"]
                          for i in _json(netns, "-6", "maddr")
                          for m in i["maddr"] if "address" in m}),
        "proxies": _json(netns, "-6", "neigh", "show", "proxy"),
        "sysctls": _sysctls(netns),
        "nftables": hu.run(["ip", "netns", "exec", netns, "nft", "list",
                            "ruleset"]).stdout,
        "offloads": {i: hu.run(["ip", "netns", "exec", netns, "ethtool",
                                "-k", i]).stdout for i in links},
    }


def differences(before, after, visited=()):
    """Each difference of two host_state()s in words; [] when alike.

    visited: links where the kernel itself has formed an address meanwhile,
    and learnt a router.
    """
    found = []
    for key in before:
        b, a = before[key], after[key]
        if b == a:
            continue
        if isinstance(b, dict):
            found += ["%s: %s: %r -> %r" % (key, k, b.get(k), a.get(k))
                      for k in sorted(set(b) | set(a))
                      if b.get(k) != a.get(k)]
        elif isinstance(b, list):
            found += ["%s: gone: %s" % (key, x) for x in b if x not in a]
            found += ["%s: new: %s" % (key, x) for x in a if x not in b]
        else:
            found.append("%s:\n%s\n->\n%s" % (key, b, a))
    kernels = [w for link in visited for w in (
        mip6lab.PREFIX[link].replace(":/64", ""),
        "fe80::ff:fe00:" + link[0] + '"')]
    return [d for d in found if not any(w in d for w in kernels)]


def kernel_settled(net):
    """The mobile node's kernel has finished forming its own addresses.

    Until then a comparison before and after would see the kernel's work.
    """
    link = net.lab.attached()
    prefix = mip6lab.PREFIX[link].replace("::/64", ":")

    def formed():
        addresses = [a for i in _json(net.lab.ns("mn"), "-6", "addr")
                     for a in i.get("addr_info", [])]
        return not any(a.get("tentative") for a in addresses) and any(
            a["local"].startswith(prefix) for a in addresses)

    deadline = Deadline(10)
    watch = hu.AddressWatch(net.lab.ns("mn"))
    with watch:
        while not formed():
            watch.wait(deadline.left_or_raise("the kernel's own addresses"))
