# SPDX-License-Identifier: BSD-2-Clause
"""Registration and defence against the kernel of a host on the home link, its
Duplicate Address Detection and neighbour discovery (RFC 6275 §10.3.1, §10.4.1).
"""
import json

import hostutil as hu
import labtools
from harness import CN, HOA

HA_MAC = "02:00:00:00:00:01"


def addresses(net, node):
    """{address: entry} of a host's own addresses."""
    out = net.exec(node, "ip", "-6", "-j", "addr", "show", "dev", "eth0")
    return {a["local"]: a for i in json.loads(out or "[]")
            for a in i.get("addr_info", []) if "local" in a}


def neighbour(net, node):
    """The link-layer address that a host's kernel has for the home address."""
    rows = json.loads(net.exec(node, "ip", "-6", "-j", "neigh", "show",
                               HOA) or "[]")
    return rows[0].get("lladdr") if rows else None


def test_taken_on_the_home_link(net):
    """A host that has the home address: 134, in words, and no binding."""
    net = net()
    net.lab.config("ha", extra="\thome-dad = rfc\n")
    net.exec("hn", "ip", "-6", "addr", "add", HOA + "/64", "dev", "eth0",
             "nodad")
    net.lab.move("a")
    net.start("ha")
    net.lab.start("mn")
    net.wait("mn", "134 is received",
             lambda: net.log_lines("mn", "ba.received",
                                   status="duplicate-address-detection-failed"))
    # What is remembered is its number, so that it is not used again.
    assert net.binding()["state"] == "invalid"
    assert "duplicate-address-detection-failed (134)" in net.lab.ctl(
        "mn", ["status"], check=False).stdout
    # It gives the address up; asked again, the mobile node is taken.
    net.exec("hn", "ip", "-6", "addr", "del", HOA + "/64", "dev", "eth0")
    net.lab.ctl("mn", ["flush", "registration", HOA])
    net.settled()
    assert net.binding()["state"] == "registered"
    assert net.traffic("mn", "ping", CN, 0.01).flows()


def test_defended_against_a_kernel(net):
    """A host whose kernel tries to take a defended address fails its DAD."""
    net = net()
    net.start()
    net.move("a")
    ping = net.traffic("cn", "ping", HOA, 0.01)
    ping.flows()
    # The lab's hosts do without DAD; this one asks.
    net.exec("hn", "sysctl", "-qw", "net.ipv6.conf.eth0.accept_dad=1",
             "net.ipv6.conf.eth0.dad_transmits=1")
    net.exec("hn", "ip", "-6", "addr", "add", HOA + "/64", "dev", "eth0")
    deadline = hu.Deadline(10)
    with hu.AddressWatch(net.lab.ns("hn")) as watch:
        while not addresses(net, "hn").get(HOA, {}).get("dadfailed"):
            watch.wait(deadline.left_or_raise("the kernel's DAD to fail"))
    net.exec("hn", "ip", "-6", "addr", "del", HOA + "/64", "dev", "eth0")
    assert net.binding()["state"] == "registered"
    ping.flows()
    ping.finish()


def test_home_dad(net):
    """The acknowledgement waits a second; provisional, packets do not."""
    for how, bound in (("rfc", 3), ("provisional", 0.6)):
        one = net()
        one.lab.config("ha", extra="\thome-dad = %s\n" % how)
        one.start()
        ping = one.traffic("mn", "ping", CN, 0.01)
        ping.flows()
        moved = one.move("a")
        at = ping.flows()
        result = ping.finish()
        gap = labtools.longest_gap(result["times"], moved["down_at"], at)
        row = one.rows("mn", "handovers")[-1]
        print("%s: gap %.0f ms" % (how, 1000 * gap))
        assert row["ba_received_us"] - row["bu_sent_us"] >= 1000000
        assert (gap >= 1) == (how == "rfc")
        assert gap < bound


def test_neighbours(net):
    """The kernel of a neighbour knows where the home address is, each time."""
    net = net()
    net.start()
    own = net.exec("mn", "cat", "/sys/class/net/eth0/address").strip()
    ping = net.traffic("hn", "ping", HOA, 0.01)
    ping.flows()
    for to, lladdr in (("a", HA_MAC), ("home", own), ("b", HA_MAC)):
        net.move(to)
        ping.flows()
        assert neighbour(net, "hn") == lladdr, to
    ping.finish()
