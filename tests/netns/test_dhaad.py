# SPDX-License-Identifier: BSD-2-Clause
"""Dynamic Home Agent Address Discovery, asked from a foreign link by scapy.

Implements (as a test of): RFC 6275 §10.5, §6.5, §6.6, RFC 2526.
"""
import random
import signal

import pytest
from scapy.layers.inet6 import (ICMPv6HAADReply, ICMPv6HAADRequest, IPv6,
                                ICMPv6EchoRequest)

import hostutil as hu
import labtools
import mobile
from harness import HOA, PA
from mip6lab import ADDRESS

ANYCAST = "2001:db8:1:0:fdff:ffff:ffff:fffe"
ONE, TWO = "2001:db8:1::1", "2001:db8:1::2"


def settings(preference, lifetime="2s"):
    return ("\tadvertise = true\n\tmin-rtr-adv-interval = 30ms\n"
            "\tmax-rtr-adv-interval = 70ms\n\trouter-lifetime = 0s\n"
            "\thome-agent-lifetime = %s\n\thome-agent-preference = %d\n"
            % (lifetime, preference))


class Asker:
    """A host on link a that asks for home agents."""

    def __init__(self, n):
        self.host = mobile.Host(n.lab)
        n.things.append(self.host)
        self.id = random.randrange(1, 0xffff)

    def packet(self, dst=ANYCAST, src=PA, number=None):
        return bytes(IPv6(src=src, dst=dst, hlim=64) / ICMPv6HAADRequest(
            id=self.id if number is None else number))

    def replies(self, seconds):
        for packet in self.host.frames_until(hu.Deadline(seconds)):
            if packet[6] == 58 and packet[40] == 145:
                yield IPv6(packet)

    def ask(self, dst=ANYCAST, seconds=3):
        """The home agents that the answer lists, and its source."""
        self.id += 1
        self.host.drain()
        self.host.send(self.packet(dst))
        for p in self.replies(seconds):
            reply = p[ICMPv6HAADReply]
            assert p.dst == PA and p[ICMPv6HAADReply].id == self.id
            assert reply.code == 0 and reply.R == 0
            sent = reply.cksum
            del p[ICMPv6HAADReply].cksum
            assert IPv6(bytes(p))[ICMPv6HAADReply].cksum == sent
            return list(reply.addresses), p.src
        raise hu.Timeout("no reply from %s within %g s" % (dst, seconds))


def two(net, first, second, **options):
    """Both home agents, each knowing of the other."""
    n = net(agents=2, **options)
    if n.lab.topology().advertisers.get("ha"):
        n.lab.advertise_stop("ha")
    for node, text in (("ha", first), ("ha2", second)):
        n.lab.config(node, extra=text)
        n.start(node)
    for node in ("ha", "ha2"):
        n.wait(node, "both home agents in the list of " + node,
               lambda: len(n.rows(node, "home-agents")) == 2)
    return n, Asker(n)


def test_both_in_order(net):
    """Two on one link: both answer with both, the preferred one first.  One
    dies without a word, and its lifetime ends it."""
    n, asker = two(net, settings(10), settings(20))
    capture = n.capture("a")
    assert asker.ask() == ([TWO, ONE], ONE)
    assert asker.ask(ONE) == ([TWO, ONE], ONE)
    assert asker.ask(TWO) == ([TWO, ONE], TWO)
    hu.end_processes([n.lab.daemon_pid("ha2")], 3, (signal.SIGKILL,))
    n.wait("ha", "the dead one to leave the list",
           lambda: len(n.rows("ha", "home-agents")) == 1, 5)
    assert asker.ask() == ([ONE], ONE)
    path = capture.stop()
    rows = labtools.tshark(path, "icmpv6.type == 145", [
        "ipv6.src", "icmpv6.mip6.home_agent_address"])
    assert rows[0] == [ONE, TWO + "," + ONE] and rows[-1] == [ONE, ONE]
    bad = labtools.frames(path, "icmpv6.type == 145 && (_ws.malformed || "
                          "_ws.expert.severity == error)")
    assert not bad, bad


def test_says_goodbye(net):
    """One that is stopped leaves the other's list at once."""
    n, asker = two(net, settings(10), settings(20, "600s"))
    n.lab.stop("ha2")
    n.wait("ha", "it to leave", lambda: len(n.rows("ha", "home-agents")) == 1,
           2)
    assert asker.ask() == ([ONE], ONE)


def test_equals_in_any_order(net):
    """Equal preference: each is first in some of the answers."""
    _, asker = two(net, settings(5), settings(5))
    first = {asker.ask()[0][0] for _ in range(40)}
    assert first == {ONE, TWO}


@pytest.mark.parametrize("place", ["host", "virtual"])
def test_places(net, place):
    """Beside another router, which looks for the anycast address on the home
    link; and without a home link."""
    n = net(ha=place)
    if place == "host":
        n.lab.config("ha", extra=settings(7))
    n.start("ha")
    asker = Asker(n)
    assert asker.ask() == ([ONE], ONE)
    # Nobody else has that address: the kernel does not answer for it.
    asker.host.send(bytes(IPv6(src=PA, dst=ANYCAST, hlim=64) /
                          ICMPv6EchoRequest(id=1, seq=1)))
    assert asker.ask(ONE) == ([ONE], ONE)
    assert not [p for p in asker.replies(0.3)]
    if place == "host":
        rows = hu.run(["ip", "-6", "-n", n.lab.ns("rh"), "neigh", "show",
                       ANYCAST]).stdout
        assert "02:00:00:00:00:01" in rows and "router" in rows, rows


def test_flood(net):
    """Anybody may ask: answers are bounded, registrations go on."""
    n = net()
    n.start("ha")
    asker = Asker(n)
    before = n.counters("ha")["dhaad-rate"]
    spi, key = mobile.read_key(n.lab.key())
    update = mobile.Update(seq=100, spi=spi, key=key)
    flood = [asker.packet(src="2001:db8:a::%x" % (i + 0x1000), number=i)
             for i in range(2000)]
    for i, packet in enumerate(flood):
        asker.host.send(packet)
        if i == 1000:
            asker.host.send(update.packet())
    assert asker.host.ack(100).status == 0
    n.wait("ha", "the flood to be over", lambda: n.counters("ha")
           ["dhaad-rate"] - before > 1500)
    # And when it is over, who asks is answered again.
    n.wait("ha", "an answer", lambda: ask_once(asker))


def ask_once(asker):
    try:
        return asker.ask(seconds=0.5)
    except hu.Timeout:
        return None


def test_mobile_node_moves_over(net):
    """§10.5, §11.4.1: a mobile node that was told nothing finds both, uses
    the preferred one, and when that dies the other, under traffic."""
    n, _ = two(net, settings(10), settings(20))
    path = n.lab.config("mn", extra="\t\tlifetime = 8s\n")
    with open(path, encoding="ascii") as f:
        text = f.read()
    with open(path, "w", encoding="ascii") as f:
        f.write(text.replace('agent = "%s"' % ONE, 'agent = "auto"'))
    n.lab.move("a")
    n.start("mn")
    assert n.registration()["agent"] == TWO
    assert [r["hoa"] for r in n.rows("ha2", "bindings")] == [HOA]
    n.exec("mn", "ping", "-c1", "-W3", "-q", "-I", HOA, ADDRESS["cn"])
    hu.end_processes([n.lab.daemon_pid("ha2")], 3, (signal.SIGKILL,))
    n.lab.ctl("mn", ["flush", "registration"]) # not to wait for its refresh
    n.wait("mn", "the mobile node to use the other home agent",
           lambda: n.registration()["agent"] == ONE and
           n.registration()["state"] == "registered", 20)
    assert n.binding()["state"] == "registered"
    n.exec("cn", "ping", "-c1", "-W3", "-q", HOA)
