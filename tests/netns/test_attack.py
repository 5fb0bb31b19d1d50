# SPDX-License-Identifier: BSD-2-Clause
"""The attacker's book against a real correspondent (RFC 6275 §5.2, §15).

Whoever sends here has two legs, hn on the home link and pa on link a, and may
send anything from either.  After each attempt one honest care-of test goes
round: when its answer is there, the attempt has been dealt with.
"""
import ipaddress
import os
import socket
import struct
import time

import pytest

import hostutil as hu
import mip6lab
import labtools
import test_direct
import test_handover
from harness import HOA
from mobile import A, H, Host, ip6, octets, parse_ack
from optimizer import (BE, CARE_OF, CN, COT, COTI, HOME, HOT, HOTI, Optimizer,
                       ack_is_authentic, destination, home_option,
                       init_message, kbm, message, parse_test, routed, udp,
                       with_option)
from test_hostile import Flood, cpu_ns, resident_kb

PORT = 4001
VICTIM = "2001:db8:1::77"       # on the home link, nobody
MN_MAC = "020000000010"


@pytest.fixture
def field(net):
    """A correspondent with the daemon, and both legs."""
    n = net()
    n.lab.start("cn")
    n.opt = Optimizer(n)
    return n


class Listener:
    """A UDP socket on the correspondent: what applications get."""

    def __init__(self, net):
        with hu.inside(net.lab.ns("cn")):
            self.sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self.sock.bind(("::", PORT))
        net.things.append(self)

    def kill(self):
        self.sock.close()

    def get(self, seconds=2):
        """(datagram, address of the sender), or None."""
        self.sock.settimeout(seconds)
        try:
            data, name = self.sock.recvfrom(2048)
            return data, name[0]
        except socket.timeout:
            return None

    def nothing(self):
        return self.get(0.05) is None


def dealt_with(opt):
    opt.ask(COTI, CARE_OF)


def errors(packets):
    """Binding Errors: (status, home address, octets of the packet)."""
    found = []
    for p in packets:
        for _, _, mh in labtools.mobility_headers(p):
            if mh[2] == BE:
                found.append((mh[6], ipaddress.ip_address(mh[8:24]), len(p)))
    return found


def heard(host, seconds=0.3):
    """Everything that comes to a leg in this time."""
    return list(host.frames_until(hu.Deadline(seconds)))


# --- the honest way ----------------------------------------------------------

def test_binding_and_direct_traffic(field):
    opt, ear = field.opt, Listener(field)
    ack, bu = opt.register()
    assert ack and ack.status == 0
    assert ack.cksum_right and ack_is_authentic(ack, bu.key)
    assert ack.lifetime_s <= 60
    row = opt.binding()
    assert row["coa"] == CARE_OF and not row["home_registration"]
    opt.away.send(with_option(CARE_OF, CN, HOME, 17,
                              udp(HOME, CN, b"direct")))
    assert ear.get() == (b"direct", HOME)
    ear.sock.sendto(b"answer", (HOME, 4000))
    for packet in opt.away.frames_until(hu.Deadline(3)):
        if packet[6] == 43 and packet[24:40] == octets(CARE_OF):
            assert packet[42] == 2 and packet[43] == 1
            assert packet[48:64] == octets(HOME)
            assert packet[64:] == udp(CN, HOME, b"answer", PORT, 4000)
            break
    else:
        raise AssertionError("no answer by the direct way")
    # Taken back with the home token alone (§5.2.5), from the home address.
    home = opt.ask(HOTI, HOME)
    gone = opt.update(home, home, key=kbm(home.token), coa=HOME,
                      lifetime_s=0)
    ack = opt.send(gone)
    assert ack and ack.status == 0
    assert opt.binding() is None or opt.binding()["state"] == "invalid"


def test_lifetime_is_capped(field):
    ack, _ = field.opt.register(lifetime_s=4000)
    assert ack.status == 0 and ack.lifetime_s <= 420


# --- tokens ------------------------------------------------------------------

def test_tokens(field):
    opt = field.opt
    home, care_of = opt.tests()
    # Of another address: the victim's traffic cannot be had.
    assert opt.send(opt.update(home, care_of, hoa=VICTIM), 0.5) is None
    # Sent elsewhere: nobody was asked at that care-of address.
    assert opt.send(opt.update(home, care_of, alternate=VICTIM), 0.5) is None
    # Guessed, swapped, one of the two alone.
    for key in (bytes(20), os.urandom(20), kbm(care_of.token, home.token),
                kbm(home.token), kbm(care_of.token)):
        assert opt.send(opt.update(home, care_of, key=key), 0.3) is None
    # Unauthenticated, or without the nonces it is made of.
    assert opt.send(opt.update(home, care_of, authenticate=False), 0.3) is None
    assert opt.send(opt.update(home, care_of, nonces=False), 0.3) is None
    assert opt.send(opt.update(home, care_of, spoil=1), 0.3) is None
    assert opt.binding() is None
    # Nonces that there never were are said (§9.5.4), without a key.
    for status, fields in ((136, {"home": 1}), (137, {"care": 1}),
                           (138, {"home": 1, "care": 1})):
        bu = opt.update(home, care_of)
        bu.home_index = (home.index - 300 * fields.get("home", 0)) & 0xffff
        bu.coa_index = (care_of.index - 300 * fields.get("care", 0)) & 0xffff
        ack = opt.send(bu)
        assert ack and ack.status == status
        assert 5 not in ack.options
    assert opt.binding() is None
    assert opt.send(opt.update(home, care_of)).status == 0


def test_home_registration_is_not_for_a_correspondent(field):
    opt = field.opt
    home, care_of = opt.tests()
    ack = opt.send(opt.update(home, care_of, flags=A | H))
    assert ack is None or ack.status == 131
    assert opt.binding() is None


def test_own_address_as_home_address(field):
    """Nobody takes the correspondent's own traffic, with tokens or without."""
    opt = field.opt
    home, care_of = opt.tests()
    assert opt.send(opt.update(home, care_of, hoa=CN), 0.3) is None
    assert field.rows("cn", "bindings") == []
    assert opt.send(opt.update(home, care_of)).status == 0


def test_inits_with_headers(field):
    """A test is for who asks from its own address, and for nobody else."""
    opt = field.opt

    def init(kind, cookie, src):
        return message(kind, b"\0\0" + cookie, src, CN)

    for kind in (HOTI, COTI):
        bad = (lambda c: with_option(CARE_OF, CN, HOME, 135,
                                     init(kind, c, HOME)),
               lambda c: routed(CARE_OF, CN, CN, 135, init(kind, c, CARE_OF)),
               lambda c: routed(CARE_OF, CN, HOME, 135, message(
                   kind, b"\0\0" + c, CARE_OF, HOME)),
               lambda c: ip6("ff0e::1", CN, 135, init(kind, c, "ff0e::1")),
               lambda c: ip6("::1", CN, 135, init(kind, c, "::1")),
               lambda c: ip6(CN, CN, 135, init(kind, c, CN)))
        for number, packet in enumerate(bad):
            cookie = os.urandom(8)
            opt.home.drain()
            opt.away.drain()
            opt.away.send(packet(cookie))
            # What is said of it has been said before the answer to this.
            with pytest.raises(Answered):
                opt.heard(opt.away, "answer", answers_to(
                    cookie, opt.away, number, kind))
            assert not any(cookie in p for p in heard(opt.home, 0.02)), number
    count = field.counters("cn")
    print({k: v for k, v in count.items() if v})
    assert count["rr-headers"] >= 2


class Answered(Exception):
    """The honest question was answered, and none before it."""


def answers_to(bad, host, *what):
    """Sends an honest Care-of Test Init, and looks for what comes first."""
    good = os.urandom(8)
    host.send(init_message(COTI, CARE_OF, good))

    def look(packet):
        test = parse_test(packet)
        assert not test or test.cookie != bad, what
        if test and test.cookie == good:
            raise Answered
    return look


# --- against the mobile node -------------------------------------------------

def test_forged_tests_at_the_mobile_node(net):
    """Cookies are guessed, on its link and as if through its tunnel."""
    net = net()
    test_direct.started(net, "cn")
    coa = net.registration()["coa"]
    pa = Host(net.lab, "pa")
    net.things.append(pa)
    test_handover.block_mobility(net, True)
    ping = net.traffic("mn", "ping", CN, 0.02)
    ping.flows()

    def testing():
        row = test_direct.peer(net)
        return row and row["state"] == "testing"

    def test(kind, dst):
        return ip6(CN, dst, 135, message(
            kind, struct.pack("!H", 1) + os.urandom(16), CN, dst))

    net.wait("mn", "to ask for tests", testing)
    before = net.counters("mn")
    forged = []
    for _ in range(50):
        forged += [test(COT, coa),
                   ip6(mip6lab.HOME_AGENT, coa, 41, test(HOT, HOA)),
                   # And by ways that no such message comes.
                   test(HOT, coa), ip6(mip6lab.HOME_AGENT, coa, 41,
                                       test(COT, HOA))]
    for packet in forged:
        pa.send_to(MN_MAC, packet)
    net.wait("mn", "to have dealt with them", lambda: sum(
        net.counters("mn")[n] - before[n] for n in (
            "test-cookie", "test-unexpected", "test-way")) >= len(forged))
    assert net.counters("mn")["test-cookie"] - before["test-cookie"] >= 100
    assert testing()
    assert not net.log_lines("mn", "rr.hot") + net.log_lines("mn", "rr.cot")
    assert not net.log_lines("mn", "ro.bu-sent")
    ping.flows()
    # Nor was anything spoilt: the true ones come through.
    test_handover.block_mobility(net, False)
    test_direct.wait_direct(net, 8)
    ping.flows()


# --- replays -----------------------------------------------------------------

def test_replays(field):
    """The same update in every window: no binding comes of it."""
    opt = field.opt
    ack, bu = opt.register()
    assert ack.status == 0
    # While it stands.
    ack = opt.send(bu)
    assert ack and ack.status == 135 and ack.seq == bu.seq
    # After it was deleted.
    home = opt.ask(HOTI, HOME)
    gone = opt.update(home, home, key=kbm(home.token), coa=HOME, lifetime_s=0)
    assert opt.send(gone).status == 0
    ack = opt.send(bu, 1)
    assert ack is None or ack.status in (135, 136, 137, 138)
    assert opt.binding() is None or opt.binding()["state"] == "invalid"
    # After a restart: keys and nonces are new.
    field.lab.stop("cn")
    field.lab.start("cn")
    ack = opt.send(bu, 1)
    assert ack is None or ack.status in (136, 137, 138)
    assert opt.binding() is None
    dealt_with(opt)


def test_replay_after_expiry(field):
    opt = field.opt
    ack, bu = opt.register(lifetime_s=4)
    assert ack.status == 0
    field.wait("cn", "the end of the binding", lambda: opt.binding() is None or
               opt.binding()["state"] == "invalid", 10)
    ack = opt.send(bu, 1)
    assert ack is None or ack.status in (135, 136, 137, 138)
    assert opt.binding() is None or opt.binding()["state"] == "invalid"


def test_sequence_numbers(field):
    """§9.5.1: newer modulo 65,536; 32,768 apart is not newer."""
    opt = field.opt
    home, care_of = opt.tests()
    assert opt.send(opt.update(home, care_of, seq=65000)).status == 0
    for seq, status in ((65000, 135), (64999, 135),
                        ((65000 + 32768) & 0xffff, 135),
                        ((65000 + 32767) & 0xffff, 0),
                        (65000, 135)):
        ack = opt.send(opt.update(home, care_of, seq=seq))
        assert ack and ack.status == status, (seq, ack)


# --- Home Address options ----------------------------------------------------

def test_home_address_options(field):
    """What is not bound, or cannot be, reaches nobody (§9.3.1)."""
    opt, ear = field.opt, Listener(field)
    assert opt.register()[0].status == 0
    data = b"x" * 64

    def option(hoa, src=CARE_OF):
        return with_option(src, CN, hoa, 17, udp(hoa, CN, data))

    payload = udp(HOME, CN, data)
    bad = {
        "multicast": option("ff0e::1"),
        "loopback": option("::1"),
        "unspecified": option("::"),
        "link-local": option("fe80::1"),
        "the correspondent's own": option(CN),
        "twice": ip6(CARE_OF, CN, 60, bytes([17, 5]) + destination(
            home_option(HOME)) + bytes([1, 4, 0, 0, 0, 0]) + home_option(HOME)
            + payload),
        "two headers": ip6(CARE_OF, CN, 60, bytes([60, 2]) + destination(
            home_option(HOME)) + bytes([17, 2]) + destination(
            home_option(HOME)) + payload),
        "hop-by-hop": ip6(CARE_OF, CN, 0, bytes([17, 2]) + destination(
            home_option(HOME)) + payload),
        "before a routing header": ip6(CARE_OF, CN, 60, bytes([43, 2]) +
                                       destination(home_option(HOME)) +
                                       struct.pack("!BBBBI", 17, 2, 2, 0, 0) +
                                       octets(HOME) + payload),
        "length": ip6(CARE_OF, CN, 60, bytes([17, 2, 1, 2, 0, 0, 0xc9, 15]) +
                      octets(HOME)[:15] + b"\0" + payload),
    }
    for name, packet in bad.items():
        opt.away.drain()
        opt.away.send(packet)
        dealt_with(opt)
        assert ear.nothing(), name
        assert errors(heard(opt.away, 0.05)) == [], name
    # Unknown ones are told, with no more than came (§9.3.3).
    for hoa in (VICTIM, "2001:db8:1::78"):
        packet = option(hoa)
        opt.away.drain()
        opt.away.send(packet)
        said = errors(heard(opt.away))
        assert said == [(1, ipaddress.ip_address(hoa), said[0][2])]
        assert said[0][2] <= len(packet)
        assert ear.nothing()
    # From another care-of address than the bound one: as unknown.
    opt.home.drain()
    opt.home.send(option(HOME, HOME))
    assert [e[0] for e in errors(heard(opt.home))] == [1]
    assert ear.nothing()
    # The bound one still works.
    opt.away.send(option(HOME))
    assert ear.get() == (data, HOME)


def test_binding_errors_are_limited(field):
    opt = field.opt
    opt.away.drain()
    for i in range(200):
        hoa = "2001:db8:1::%x" % (0x1000 + i)
        opt.away.send(with_option(CARE_OF, CN, hoa, 17, udp(hoa, CN, b"x")))
    dealt_with(opt)
    assert len(errors(heard(opt.away, 0.5))) <= 30


# --- routing headers ---------------------------------------------------------

def test_routing_headers(field):
    """A type 2 routing header is for its own mobile node: never forwarded."""
    opt, ear = field.opt, Listener(field)
    assert opt.register()[0].status == 0
    payload = udp(CARE_OF, HOME, b"through")
    bad = {
        "foreign": routed(CARE_OF, CN, HOME, 17, payload),
        "own address": routed(CARE_OF, CN, CN, 17,
                              udp(CARE_OF, CN, b"through")),
        "two segments": routed(CARE_OF, CN, HOME, 17, payload, left=2),
        "short": ip6(CARE_OF, CN, 43, struct.pack("!BBBBI", 17, 0, 2, 1, 0) +
                     payload),
        "long": ip6(CARE_OF, CN, 43, struct.pack("!BBBBI", 17, 4, 2, 1, 0) +
                    octets(HOME) * 2 + payload),
        "type 0": routed(CARE_OF, CN, HOME, 17, payload, rtype=0),
        "multicast": routed(CARE_OF, CN, "ff0e::1", 17, payload),
    }
    for name, packet in bad.items():
        opt.home.drain()
        opt.away.drain()
        opt.away.send(packet)
        dealt_with(opt)
        assert ear.nothing(), name
        for host in (opt.home, opt.away):
            for p in heard(host, 0.05):
                assert b"through" not in p or p[6] == 58, name
    # Long chains end at the parser's limit, not in a loop.
    chain = b"".join(bytes([60, 0, 1, 4, 0, 0, 0, 0]) for _ in range(120))
    opt.away.send(ip6(CARE_OF, CN, 60, chain + bytes([17, 0, 1, 4]) + bytes(4)
                      + udp(CARE_OF, CN, b"deep")))
    dealt_with(opt)
    # Without a Home Address option it is the kernel's, which may take it.
    assert field.lab.daemon_pid("cn")


# --- floods ------------------------------------------------------------------

def test_flood_of_test_inits(field):
    """Nothing is kept for a question, and one that counts is answered."""
    opt = field.opt
    pid = field.lab.daemon_pid("cn")
    kb, began, cpu = resident_kb(pid), time.monotonic(), cpu_ns(pid)
    ether = opt.home.ether
    # The answers end at the router: asked for, two thousand neighbours would
    # fill the kernel's table, which all namespaces share.
    hu.run(["ip", "-n", field.lab.ns("ha"), "-6", "route", "add", "blackhole",
            "2001:db8:1:0:f::/80"])
    frames = []
    for i in range(2000):
        src = "2001:db8:1:0:f::%x" % (0x1000 + i)
        frames.append(ether + init_message(HOTI, src, os.urandom(8)))
    flood = Flood(field, "hn", frames, 3000)
    accepted = 0
    try:
        # As long as it takes to be a flood, and for one that is accepted.
        while time.monotonic() < began + (2 if accepted else 10):
            try:
                ack, _ = opt.register()
                accepted += ack is not None and ack.status == 0
            except hu.Timeout:
                pass
    finally:
        sent = flood.stop()
    assert accepted > 0
    took = time.monotonic() - began
    share = (cpu_ns(pid) - cpu) / 1e9 / took
    print("%d sent, %.2f of a processor" % (sent, share))
    assert sent > 1000
    assert resident_kb(pid) - kb < 4096
