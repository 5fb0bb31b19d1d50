# SPDX-License-Identifier: BSD-2-Clause
"""The home agent as router of its home link (RFC 6275 §7, RFC 4861 §6.2).

No radvd there: a host's kernel makes an address and finds its default router
by the daemon's own advertisements, tshark judges them, and a mobile node lives
by them.  Then another router: radvd as a home agent beside it.
"""
import json
import os
import re
import signal

import hostutil as hu
import labtools
import mip6lab
from hostutil import Deadline

HA_MAC = "02:00:00:00:00:01"
HA_LOCAL = "fe80::ff:fe00:1"
HN_LOCAL = "fe80::ff:fe00:5"
FAST = """\tadvertise = true
\tmin-rtr-adv-interval = 30ms
\tmax-rtr-adv-interval = 70ms
\trouter-lifetime = 30s
\thome-agent-lifetime = 20s
\thome-agent-preference = 10
"""
RA = "icmpv6.type == 134 && ipv6.src == " + HA_LOCAL


def alone(net, extra):
    """The home agent is the only one that advertises on the home link."""
    net.lab.advertise_stop("ha")
    net.lab.config("ha", extra=extra)
    return net


def listen(net, node="hn"):
    """From now on the host's kernel configures itself by advertisements."""
    hu.run(["ip", "-6", "-n", net.lab.ns(node), "route", "del", "default"])
    hu.sysctl_write(net.lab.ns(node), {
        "net/ipv6/conf/eth0/accept_ra": 1,
        "net/ipv6/conf/eth0/autoconf": 1})


def routes(net, node):
    out = hu.run(["ip", "-6", "-j", "-n", net.lab.ns(node), "route", "show",
                  "default"]).stdout
    return [r for r in json.loads(out or "[]") if r.get("protocol") == "ra"]


def addresses(net, node):
    out = hu.run(["ip", "-6", "-j", "-n", net.lab.ns(node), "addr", "show",
                  "dev", "eth0"]).stdout
    return [a for i in json.loads(out) for a in i.get("addr_info", [])
            if a.get("dynamic")]


def until(net, node, what, ask, seconds=10):
    """Until ask() is true, asked again when an address of the node changes."""
    deadline = Deadline(seconds)
    with hu.AddressWatch(net.lab.ns(node)) as watch:
        while not ask():
            watch.wait(min(0.1, deadline.left_or_raise(what)))


def test_host_configures_itself(net):
    """§7.1 to §7.4: what a kernel and tshark make of the advertisements."""
    n = alone(net(), FAST)
    capture = n.capture("home")
    listen(n)
    n.start("ha")
    until(n, "hn", "an address of hn by advertisement",
          lambda: addresses(n, "hn"))
    formed = addresses(n, "hn")
    assert [a["local"] for a in formed] == ["2001:db8:1::ff:fe00:5"]
    assert [r["gateway"] for r in routes(n, "hn")] == [HA_LOCAL]
    # By that router alone there is a way out.
    n.exec("hn", "ping", "-c1", "-W3", "-q", mip6lab.ADDRESS["cn"])
    heard(capture, 30)
    n.lab.stop("ha")
    # It has said so: no default router any more (RFC 4861 §6.2.5).
    until(n, "hn", "the default route to go", lambda: not routes(n, "hn"), 3)
    path = capture.stop()
    rows = labtools.tshark(path, RA, [
        "ipv6.dst", "ipv6.hlim", "icmpv6.nd.ra.flag.h",
        "icmpv6.nd.ra.router_lifetime", "icmpv6.opt.prefix",
        "icmpv6.opt.prefix.flag.r", "icmpv6.opt.prefix.length",
        "icmpv6.opt.home_agent_preference",
        "icmpv6.opt.home_agent_lifetime", "icmpv6.opt.src_linkaddr",
        "icmpv6.opt.mtu", "icmpv6.opt.advertisement_interval", "eth.src"])
    assert len(rows) > 5
    for row in rows[:-1]:
        assert row == ["ff02::1", "255", yes(row[2]), "30", "2001:db8:1::1",
                       yes(row[5]), "64", "10", "20", HA_MAC, "1500", "90",
                       HA_MAC], row
        assert row[2] == row[5] == rows[0][2] != ""
    # The last one: no router, no home agent, nothing else.
    last = rows[-1]
    assert last[3] == "0" and last[2] != rows[0][2]
    assert last[4] == last[7] == "" and last[9] == HA_MAC
    bad = labtools.frames(path, "(%s) && (_ws.malformed || "
                          "_ws.expert.severity == error)" % RA)
    assert not bad, bad


def heard(capture, count):
    """Until about so many advertisements have been recorded."""
    deadline = Deadline(10)
    with hu.FileWatch(capture.path) as grown:
        while os.path.getsize(capture.path) < count * 150:
            grown.wait(deadline.left_or_raise("advertisements"))


def yes(text):
    """tshark says 1 or True, by its version."""
    assert text in ("1", "True"), text
    return text


def test_rate(net):
    """§7.5: every 30 to 70 ms, on a wall clock."""
    n = alone(net(), FAST)
    capture = n.capture("home")
    n.start("ha")
    heard(capture, 60)
    times = [float(t) for (t,) in labtools.tshark(
        capture.stop(), RA, ["frame.time_epoch"])]
    gaps = [b - a for a, b in zip(times, times[1:])]
    assert len(gaps) > 30
    # A busy machine sends one of them late, which shortens the next gap: each
    # by itself is the simulator's to judge (test_sim_ra), the rate is ours.
    assert 0.03 < sum(gaps) / len(gaps) < 0.09, gaps
    assert sorted(gaps)[len(gaps) // 2] > 0.03, gaps


def test_mobile_node(net):
    """A mobile node goes and comes home by the daemon's own advertisements,
    and is answered at once when it asks (RFC 4861 §6.2.6)."""
    slow = FAST.replace("30ms", "100ms").replace("70ms", "1800s").replace(
        "30s", "1800s")
    n = alone(net(), slow)
    n.start()
    n.move("a")
    assert n.binding()["state"] == "registered"
    n.move("home")
    n.wait("ha", "the binding to go", lambda: not n.binding() or
           n.binding()["state"] == "invalid")
    assert n.log_lines("mn", "router.found", router=HA_LOCAL)


def test_not_asked_to(net):
    """advertise = false leaves it to radvd: not one is the daemon's."""
    n = net()
    capture = n.capture("home")
    n.start("ha")
    n.exec("hn", "ping", "-c2", "-W3", "-q", mip6lab.ADDRESS["ha"])
    n.lab.stop("ha")
    assert labtools.tshark(capture.stop(), "%s && icmpv6.nd.ra.cur_hop_limit"
                           " == 64 && icmpv6.nd.ra.router_lifetime == 0" % RA,
                           ["frame.number"]) == []


# --- another router ----------------------------------------------------------

RADVD = """interface eth0 {
\tAdvSendAdvert on;
\tMinRtrAdvInterval 0.03;
\tMaxRtrAdvInterval 0.07;
\tMinDelayBetweenRAs 0.03;
\tAdvDefaultLifetime 0;
\tAdvHomeAgentFlag %s;
\tAdvHomeAgentInfo %s;
%s\tprefix 2001:db8:1::50/64 {
\t\tAdvOnLink on;
\t\tAdvAutonomous on;
\t\tAdvRouterAddr on;
\t};
};
"""


def radvd(n, agent=True):
    """radvd on hn; returns its pid."""
    conf = n.lab.path("etc", "radvd-hn.conf")
    word = "on" if agent else "off"
    with open(conf, "w", encoding="ascii") as f:
        f.write(RADVD % (word, word, "\tHomeAgentLifetime 2;\n"
                         "\tHomeAgentPreference 20;\n" if agent else ""))
    os.chmod(conf, 0o600)
    log = n.lab.path("log", "radvd-hn-%s.log" % word)
    p = n.lab._spawn("hn", ["radvd", "-n", "-C", conf, "-m", "stderr", "-p",
                            n.lab.path("pid", "radvd-hn")], log)
    hu.wait_file_text(log, "started", Deadline(3), pid=p.pid)
    return p


def radvd_end(n, number):
    hu.end_processes([p for p in hu.netns_pids(n.lab.ns("hn"))
                      if hu.proc_name(p) == "radvd"], 3,
                     (number, signal.SIGKILL))


def agents(n, node="ha"):
    return {r["global"]: r for r in n.rows(node, "home-agents")}


def test_radvd_beside(net):
    """§10.5.1: radvd, a home agent too, comes into the list and goes."""
    n = alone(net(), FAST)
    n.start("ha")
    assert list(agents(n)) == ["2001:db8:1::1"]
    assert agents(n)["2001:db8:1::1"]["self"]
    radvd(n)
    n.wait("ha", "radvd in the list",
           lambda: "2001:db8:1::50" in agents(n))
    row = agents(n)["2001:db8:1::50"]
    assert row["addr"] == HN_LOCAL and row["interface"] == "eth0"
    assert row["preference"] == 20 and not row["self"]
    assert 0 < row["left_us"] <= 2000000
    people = n.lab.ctl("ha", ["show", "home-agents"]).stdout
    assert re.search(r"^2001:db8:1::50 +%s +eth0 +20 " % HN_LOCAL, people,
                     re.M), people
    # It dies without a word: its lifetime of 2 s ends it.
    radvd_end(n, signal.SIGKILL)
    n.wait("ha", "radvd to leave the list",
           lambda: "2001:db8:1::50" not in agents(n), 5)
    assert n.log_lines("ha", "ha-list.gone", agent=HN_LOCAL)
    # Back, and then a router that is a home agent no more.
    radvd(n)
    n.wait("ha", "radvd in the list again",
           lambda: "2001:db8:1::50" in agents(n))
    radvd_end(n, signal.SIGKILL)
    radvd(n, agent=False)
    n.wait("ha", "radvd to be a router only",
           lambda: "2001:db8:1::50" not in agents(n), 5)
    # Both say the same of the prefix: other lifetimes would be complained of.
    assert not n.log_lines("ha", "ra.inconsistent", what="MTU")
