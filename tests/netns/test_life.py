# SPDX-License-Identifier: BSD-2-Clause
"""What else lives on a laptop: managers of networks, firewalls, containers,
other tunnels, and networks that are not what they promise."""
import select
import socket

import pytest

import hostutil as hu
import labtools
import mobile
from harness import (CN, HOA, PA, PORT, _json, differences, host_state,
                     kernel_settled)
from test_interfaces import bound, two

TUN = "mip0"
VPN = "vpn0"


def status(net):
    return net.lab.ctl("mn", ["status"], check=False).stdout


def flows(net, *args):
    """Echo requests of an unbound socket, until one came back."""
    ping = net.traffic("mn", "ping", CN, 0.02, *args)
    ping.flows()
    return ping


def restored(net):
    return net.ask("mn", "status")["platform"]["restored"]


def ours(net):
    """What of the daemon's an administrator would see."""
    netns = net.lab.ns("mn")
    return {
        "addresses": sorted(
            a["local"] for i in _json(netns, "-6", "addr", "show", "dev", TUN)
            for a in i.get("addr_info", []) if a["scope"] == "global"),
        "routes": sorted(
            (r["dst"], str(r.get("table", "main")))
            for r in _json(netns, "-6", "route", "show", "table", "all")
            if r.get("dev") == TUN and r.get("type", "unicast") == "unicast"
            and not r["dst"].startswith(("fe80", "ff"))),
        "rules": sorted((r["src"], str(r["table"]))
                        for r in _json(netns, "-6", "rule")
                        if r["src"] != "all"),
    }


def test_others_remove_what_is_ours(net):
    """As NetworkManager and networkd do with what they do not know."""
    net = net()
    net.start()
    net.move("a")
    kernel_settled(net)
    was = ours(net)
    assert HOA in was["addresses"] and len(was["rules"]) >= 1
    assert {"::/1", "8000::/1"} <= {r[0] for r in was["routes"]}
    assert "put back" not in status(net)
    ping = flows(net)
    for argv in ([["route", "del", "::/1", "dev", TUN],
                  ["route", "del", "8000::/1", "dev", TUN]],
                 [["rule", "del", "from", HOA]],
                 [["route", "flush", "dev", TUN]],
                 [["addr", "del", HOA + "/128", "dev", TUN]]):
        before = restored(net)
        for words in argv:
            net.exec("mn", "ip", "-6", *words)
        net.wait("mn", "%s: to be put back" % argv, lambda: restored(
            net) > before and ours(net) == was, 5)
        ping.flows()
    ping.kill()
    flows(net).kill()
    assert "put back" in status(net)
    # And its firewall's rules, which a manager flushes with all others.
    net.exec("mn", "nft", "flush", "ruleset")
    net.wait("mn", "its rules to be put back", lambda: "mip6d" in net.exec(
        "mn", "nft", "list", "tables"), 5)


def test_forwarding_for_containers(net):
    """The kernel takes no advertisements then; the daemon does."""
    net = net()
    hu.sysctl_write(net.lab.ns("mn"),
                    {"net/ipv6/conf/all/forwarding": 1})
    net.exec("mn", "ip", "link", "add", "c0", "type", "veth", "peer", "name",
             "c1")
    for words in (("addr", "add", "fd00:c::1/64", "dev", "c0", "nodad"),
                  ("link", "set", "c0", "up"), ("link", "set", "c1", "up")):
        net.exec("mn", "ip", *words)
    net.start()
    for link in ("a", "b", "home", "a"):
        net.move(link)
        ping = flows(net)
        assert ping.address == HOA
        ping.kill()
    text = net.exec("mn", "ip", "-6", "route", "get", "fd00:c::2")
    assert "dev c0" in text and "fd00:c::1" in text
    net.lab.stop("mn")
    assert "1" in net.exec("mn", "cat",
                           "/proc/sys/net/ipv6/conf/all/forwarding")


REVERSE = """table inet firewall {
chain pre {
type filter hook prerouting priority -300; policy accept;
icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
meta nfproto ipv6 fib saddr . iif oif missing counter drop
}
chain in {
type filter hook input priority 0; policy drop;
meta nfproto ipv6 fib saddr . iif oif missing counter drop
ct state { established, related } accept
iifname lo accept
icmpv6 type { echo-request, nd-router-advert, nd-router-solicit, \
nd-neighbor-solicit, nd-neighbor-advert } accept
tcp dport 5001 accept
}
}
"""


def test_reverse_path_filter(net):
    """firewalld's IPv6_rpfilter, before routing and at input."""
    net = net()
    path = net.tmp / "firewall.nft"
    path.write_text(REVERSE, encoding="ascii")
    net.exec("mn", "nft", "-f", str(path))
    net.start()
    net.serve("mn")
    for link in (None, "a", "b", "home"):
        if link:
            net.move(link)
        flows(net).kill()
        stream = net.traffic("cn", "echo", HOA, PORT, 100000)
        stream.flows()
        stream.kill()
        assert not net.counters("mn").get("tunnel-peer", 0)
    net.lab.stop("mn")
    assert "firewall" in net.exec("mn", "nft", "list", "tables")


def test_another_vpn(net):
    """Its routes win where they are better, it is said, and none is fought."""
    net = net()
    net.start()
    net.move("a")
    net.exec("mn", "ip", "tuntap", "add", VPN, "mode", "tun")
    net.exec("mn", "ip", "link", "set", VPN, "up")
    # A default of its own: ours is more specific.
    net.exec("mn", "ip", "-6", "route", "add", "default", "dev", VPN,
             "metric", "1")
    flows(net).kill()
    assert "warning" not in status(net)
    # As other daemons do it.
    for half in ("::/1", "8000::/1"):
        net.exec("mn", "ip", "-6", "route", "add", half, "dev", VPN,
                 "metric", "1")
    assert "warning" in status(net) and VPN in status(net), status(net)
    # What has the home address goes by our tunnel; so do registrations.
    net.exec("mn", "ping", "-c1", "-W3", "-q", "-I", HOA, CN)
    net.move("b")
    net.exec("mn", "ping", "-c1", "-W3", "-q", "-I", HOA, CN)
    routes = net.exec("mn", "ip", "-6", "route")
    assert routes.count("::/1 dev " + VPN) >= 1, routes
    net.exec("mn", "ip", "link", "del", VPN)
    flows(net).kill()
    assert "warning" not in status(net) and "put back" not in status(net)


def test_another_tunnel_over_ipv6(net):
    """6in6 between this care-of address and somebody else: let through.

    A raw socket stands for the host's end: not every kernel has the device.
    The rule's element is then given by hand; what a device says of its ends
    is read by tests/netns/plat/unit_linux.c.
    """
    net = net()
    net.start()
    net.move("a")
    coa = net.registration()["coa"]
    pair = "{ %s . %s }" % (PA, coa)
    with hu.inside(net.lab.ns("mn")):
        end = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 41)
    far = mobile.Host(net.lab, "pa", "020000000010")
    net.things.append(far)
    inner = [mobile.ip6(PA, HOA, 59, b"%d" % i) for i in range(3)]

    def arrives(packet):
        far.send(mobile.ip6(PA, coa, 41, packet))
        return select.select([end], [], [], 1)[0] and end.recv(2000)

    with end:
        assert not arrives(inner[0])
        net.exec("mn", "nft", "add", "element", "netdev", "mip6d", "tunnels",
                 pair)
        assert arrives(inner[1]) == inner[1]
        # Its other direction, and ours beside it.
        with net.capture("a") as capture:
            end.sendto(inner[2], (PA, 0))
            flows(net).kill()
            path = capture.stop()
        net.exec("mn", "nft", "delete", "element", "netdev", "mip6d",
                 "tunnels", pair)
        assert not arrives(inner[0])
    out = labtools.tshark(path, "ipv6.src == %s && ipv6.dst == %s && "
                          "ipv6.nxt == 41" % (coa, PA), ["frame.number"])
    assert len(out) == 1
    # What the host's tunnel carries is never taken for the home agent's.
    assert net.counters("mn")["tunnel-peer"] == 3


@pytest.mark.parametrize("what,mtu", (("way", 1280), ("way", 1300),
                                      ("link", 1280)))
def test_small_network(net, what, mtu):
    """Whole transfers both ways where 1,500 octets do not fit."""
    net = net()
    net.start()
    net.move("a")
    ends = (("inet", "up-a"), ("ra", "eth1")) if what == "way" else \
        (("ra", "eth0"), ("mn", "eth0"))
    for node, dev in ends:
        net.exec(node, "ip", "link", "set", dev, "mtu", str(mtu))
    net.settled()
    net.serve("cn")
    for verb in ("get", "put"):
        transfer = net.traffic("mn", verb, CN, PORT, 2 << 20, 6275)
        assert transfer.address == HOA
        result = transfer.wait(15)
        assert result["error"] is None and result["same"], (verb, result)


@pytest.mark.parametrize("says", ("true", "false"))
def test_leaves(net, says):
    """It says good-bye, or does not, and the host is as it was."""
    net = net()
    net.lab.config("mn", mobile="\tderegister-at-exit = %s\n" % says)
    net.lab.move("a")
    kernel_settled(net)
    before = host_state(net.lab, "mn")
    net.start()
    flows(net).kill()
    assert net.binding()
    net.lab.stop("mn")
    said = net.log_lines("ha", "binding.deregistered", hoa=HOA)
    assert len(said) == (1 if says == "true" else 0), said
    assert not differences(before, host_state(net.lab, "mn"))


# Its kernel refuses to route them.  (nftables' reject says nothing about what
# has no checksum.)
BARRED = ["priority", "10", "iif", "eth0", "ipproto", "41", "prohibit"]


def test_tunnels_are_prohibited(net):
    """Updates pass, traffic does not, and the router says so."""
    net = two(net())
    ping = net.traffic("mn", "ping", CN, 0.02)
    ping.flows()
    net.exec("ra", "ip", "-6", "rule", "add", *BARRED)
    bound(net, "b")
    ping.flows()
    assert net.log_lines("mn", "link.no-way", link="eth0")
    # Nowhere else to go: it stays, and says why.
    net.lab.move("none", "eth1")
    bound(net, "a")
    net.wait("mn", "to say why", lambda: "does not get through: "
             "administratively prohibited" in status(net), 10)
    net.exec("ra", "ip", "-6", "rule", "del", *BARRED)
    ping.flows()
    net.wait("mn", "to say that it works", lambda: "does not get through"
             not in status(net), 10)
