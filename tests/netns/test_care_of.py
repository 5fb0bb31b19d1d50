# SPDX-License-Identifier: BSD-2-Clause
"""Care-of addresses that the daemon forms, with either owner of them."""
import ipaddress
import statistics

import labtools
import mip6lab
import pytest
from harness import CN, HOA

OWNERS = ("kernel", "daemon")
USABLE_MS = 20  # RFC 6275 section 11.5.3: after the advertisement
SLACK = 5       # of a busy machine


def owned_by(net, owner, interfaces=("eth0",)):
    net.lab.config("mn", interfaces=interfaces,
                   mobile="\tcare-of-owner = %s\n" % owner)
    return net


def host_addresses(net, dev="eth0"):
    out = net.exec("mn", "ip", "-6", "-o", "addr", "show", "dev", dev)
    return {ipaddress.ip_address(line.split()[3].split("/")[0])
            for line in out.splitlines()}


def coa(net):
    return ipaddress.ip_address(net.registration()["coa"])


def test_link_up_to_usable(net):
    """Router Solicitation to advertisement, and then 20 ms at the most."""
    medians = {}
    for owner in OWNERS:
        n = owned_by(net(), owner)
        n.exec("mn", "sysctl", "-qw", "net.ipv6.conf.eth0.autoconf=0")
        n.start()
        for to in ("a", "b", "a", "b", "a", "b"):
            # As a network manager has it: nothing of the last time is left.
            n.lab.move("none")
            n.exec("mn", "ip", "-6", "addr", "flush", "dev", "eth0", "scope",
                   "global")
            n.move(to)
            assert (coa(n) in host_addresses(n)) == (owner == "kernel")
        rows = [h for h in n.rows("mn", "handovers") if h["to"] != HOA]
        heard = [(h["router_advert_us"] - h["link_up_us"]) / 1000
                 for h in rows]
        usable = [(h["coa_usable_us"] - h["router_advert_us"]) / 1000
                  for h in rows]
        print("%s: advertisement after %.1f ms (worst %.1f), usable %.2f ms "
              "later (worst %.2f)" % (
                  owner, statistics.median(heard), max(heard),
                  statistics.median(usable), max(usable)))
        assert len(usable) == 6
        assert statistics.median(usable) < USABLE_MS
        assert max(usable) < SLACK * USABLE_MS
        medians[owner] = statistics.median(usable)
    # Nothing of the host is waited for.
    assert medians["daemon"] < 1


@pytest.mark.parametrize("forwarding", (0, 1))
def test_host_says_nothing(net, forwarding):
    """The host knows nothing of an address that is the daemon's alone.

    It is found by its neighbours, and neither it nor the host answers what is
    sent there: no echo reply, no error, nothing forwarded.
    """
    net = owned_by(net(), "daemon")
    net.start()
    net.exec("mn", "sysctl", "-qw",
             "net.ipv6.conf.all.forwarding=%d" % forwarding)
    net.move("a")
    capture = net.capture("a")
    ping = net.traffic("mn", "ping", CN, 0.01)
    address = coa(net)
    out = net.exec("pa", "ping", "-6", "-c", "3", "-i", "0.2", "-W", "1",
                   str(address), check=False)
    assert ", 0 received" in out and "nreachable" not in out, out
    neighbours = net.exec("pa", "ip", "-6", "neigh", "show", str(address))
    mac = "02:00:00:00:00:%02x" % mip6lab.MOBILE["eth0"][1]
    assert "lladdr " + mac in neighbours, neighbours
    ping.flows()
    result = ping.finish()
    assert not result["errors"] and result["duplicates"] == 0
    path = capture.stop()
    asked = labtools.tshark(path, "icmpv6.type == 128 && ipv6.dst == %s"
                            % address, ["frame.number"])
    assert len(asked) == 3
    # Of ICMPv6 that is not tunnelled, from the node's interface: Neighbour
    # Discovery and listener reports, and what mobility needs.
    said = labtools.tshark(path, "eth.src == %s && icmpv6 && !ipv6.nxt == 41"
                           % mac, ["icmpv6.type"])
    types = {int(t) for (t,) in said}
    assert not types & {1, 2, 3, 4, 129}, types


def test_restored_at_exit(net):
    """Killed and started again, stopped: nothing of it stays on the host."""
    net = owned_by(net(), "daemon")
    net.start()
    net.move("a")
    address = coa(net)
    assert str(address) in net.exec("mn", "nft", "list", "ruleset")
    net.lab.stop("mn", number=9)
    net.lab.start("mn")
    net.settled()
    net.move("b")
    assert str(address) not in net.exec("mn", "nft", "list", "ruleset") or \
        coa(net) == address
    net.lab.stop("mn")
    assert "mip6" not in net.exec("mn", "nft", "list", "ruleset")


@pytest.mark.parametrize("owner", OWNERS)
def test_duplicate(net, owner):
    """Another node of the link has it: given up, another one is formed.

    And the other node goes on to be found and to answer.
    """
    net = owned_by(net(), owner)
    # The host forms none itself, which would be the care-of address then.
    net.exec("mn", "sysctl", "-qw", "net.ipv6.conf.eth0.autoconf=0")
    net.start()
    net.move("a")
    taken = coa(net)
    net.move("b")
    net.wait("mn", "to have let it go",
             lambda: taken not in host_addresses(net))
    net.exec("pa", "ip", "-6", "addr", "add", "%s/64" % taken, "dev", "eth0",
             "nodad")
    net.move("a")

    def another():
        r, b = net.registration(), net.binding()
        return r["state"] == "registered" and r["coa"] == b["coa"] and \
            ipaddress.ip_address(r["coa"]) in \
            ipaddress.ip_network(mip6lab.PREFIX["a"]) and \
            ipaddress.ip_address(r["coa"]) != taken
    net.wait("mn", "to use another address", another)
    if owner == "daemon":
        assert net.log_lines("mn", "coa.duplicate", coa=taken)
    assert net.log_lines("mn", "coa.refused", coa=taken)
    ping = net.traffic("mn", "ping", CN, 0.05)
    ping.flows()
    out = net.exec("ra", "ping", "-6", "-c", "2", "-i", "0.2", "-W", "2",
                   str(taken), check=False)
    assert ", 0% packet loss" in out, out


@pytest.mark.parametrize("owner", OWNERS)
def test_two_links(net, owner):
    """Make-before-break with addresses of the daemon's own: nothing lost."""
    both = ("eth0", "eth1")
    net = net(delay_ms=20)
    owned_by(net, owner, both)
    net.lab.move("a")
    net.lab.plug("b")
    net.start()
    ping = net.traffic("mn", "ping", CN, 0.001)
    ping.flows()
    for order, link in ((both[::-1], "b"), (both, "a")) * 2:
        owned_by(net, owner, order)
        net.lab.ctl("mn", ["reload"])
        prefix = ipaddress.ip_network(mip6lab.PREFIX[link])
        net.wait("mn", "to be on " + link, lambda p=prefix:
                 net.registration()["state"] == "registered" and
                 coa(net) in p)
        ping.flows()
    result = ping.finish()
    assert all(came is not None for _, came in result["times"])
    assert result["duplicates"] == 0 and not result["errors"]
