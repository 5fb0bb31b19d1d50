# SPDX-License-Identifier: BSD-2-Clause
"""A mobile node with two interfaces: which one it uses, and what a change
costs."""
import ipaddress

import mip6lab
from harness import CN

BOTH = ("eth0", "eth1")
FAST_S = 0.001


def two(net, first="a", second="b"):
    """The mobile node on both links, registered from the first."""
    net.lab.config("mn", interfaces=BOTH)
    net.lab.move(first)
    net.lab.plug(second)
    net.start("ha", "mn")
    bound(net, first)
    return net


def bound(net, link, seconds=10):
    """Waits until mobile node and home agent agree on an address there."""
    prefix = ipaddress.ip_network(mip6lab.PREFIX[link])

    def there():
        r, b = net.registration(), net.binding()
        return b and r["state"] == "registered" and r["coa"] == b["coa"] and \
            ipaddress.ip_address(r["coa"]) in prefix
    net.wait("mn", "to be bound on link " + link, there, seconds)


def prefer(net, *interfaces):
    net.lab.config("mn", interfaces=interfaces)
    net.lab.ctl("mn", ["reload"])


def nothing_lost(ping):
    """By sequence numbers: each request came there and each answer back."""
    result = ping.finish()
    lost = [i for i, (_, came) in enumerate(result["times"]) if came is None]
    seconds = result["times"][-1][0] - result["times"][0][0]
    print("%d packets each way, %.0f a second" % (result["sent"],
                                                  result["sent"] / seconds))
    assert lost == [] and not result["errors"], (lost, result["errors"])
    assert result["duplicates"] == 0
    return result


def test_preference_changes(net):
    """Make-before-break: nothing is lost at 1,000 packets a second."""
    net = two(net(delay_ms=20))
    ping = net.traffic("mn", "ping", CN, FAST_S)
    ping.flows()
    for interfaces, link in ((("eth1", "eth0"), "b"), (BOTH, "a"),
                             (("eth1", "eth0"), "b")):
        prefer(net, *interfaces)
        bound(net, link)
        ping.flows()
    nothing_lost(ping)
    # What was under way was taken from where it came.
    former = [r["count"] for r in net.rows("ha", "counters")
              if r["group"] == "path" and r["name"] == "former"]
    assert former[0] >= 3
    assert net.counters("ha").get("tunnel-peer", 0) == 0
    # One that is not named any more is left alone, and taken again.
    prefer(net, "eth0")
    bound(net, "a")
    prefer(net, "eth1", "eth0")
    bound(net, "b")


def test_preferred_goes_and_comes(net):
    net = two(net())
    net.lab.move("none")
    bound(net, "b")
    ping = net.traffic("mn", "ping", CN, FAST_S)
    ping.flows()
    net.lab.move("a")
    bound(net, "a")
    ping.flows()
    nothing_lost(ping)
    # The other one takes no part, and may go as it likes.
    ping = net.traffic("mn", "ping", CN, FAST_S)
    ping.flows()
    net.lab.move("none", "eth1")
    ping.flows()
    net.lab.move("b", "eth1")
    ping.flows()
    nothing_lost(ping)
    bound(net, "a")


def test_hot_plugged(net):
    """An interface that is made when the daemon runs, and deleted."""
    net = net()
    net.lab.config("mn", interfaces=("eth1", "eth0"))
    net.start("ha", "mn")
    net.move("b")
    for _ in range(2):
        ping = net.traffic("mn", "ping", CN, FAST_S)
        ping.flows()
        net.lab.plug("a")
        bound(net, "a")
        ping.flows()
        nothing_lost(ping)
        net.lab.unplug()
        bound(net, "b")
        net.traffic("mn", "ping", CN, 0.01).flows()


def test_captive_network(net):
    """A router that advertises and forwards nothing: what works is kept."""
    net = net()
    net.exec("ra", "nft", "add table ip6 captive; add chain ip6 captive f "
             "{ type filter hook forward priority 0; policy drop; }")
    net.lab.config("mn", interfaces=("eth1", "eth0"))
    net.start("ha", "mn")
    net.move("b")
    ping = net.traffic("mn", "ping", CN, 0.01)
    ping.flows()
    net.lab.plug("a")
    net.wait("mn", "to find no way through eth1", lambda: net.log_lines(
        "mn", "link.no-way", link="eth1"), 15)
    bound(net, "b")
    ping.flows()
    nothing_lost(ping)


def test_router_dies(net):
    """The router in use says nothing any more; its link stays up."""
    net = two(net())
    ping = net.traffic("mn", "ping", CN, 0.01)
    ping.flows()
    net.exec("wire", "ip", "link", "set", "ra", "nomaster")
    bound(net, "b", 15)
    ping.flows()
    assert net.log_lines("mn", "router.unreachable")


def test_status_words(net):
    """With no interface left the status says so, and which ones there are."""
    net = two(net())
    net.lab.move("none")
    net.lab.move("none", "eth1")
    net.wait("mn", "to be nowhere",
             lambda: net.registration()["state"] == "nowhere")
    words = net.lab.ctl("mn", ["status"], check=False).stdout
    print(words)
    assert "eth0" in words and "eth1" in words
    net.lab.move("b", "eth1")
    bound(net, "b")
