# SPDX-License-Identifier: BSD-2-Clause
"""What the wire may bring: refused as the RFC says, counted by name, logged
once, and nothing changed.

The home agent is asked by a mobile node made of bytes (mobile.py) on link a.
"""
import dataclasses

import pytest
from scapy.layers.inet6 import IPv6

import labtools
import mip6lab
import mobile
from harness import CN, HN, HOA, PA
from mobile import A, ip6, octets

RA_MAC = "02000000000a"
MN_MAC = "020000000010"
STATUS_OK, NOT_SUBNET, SEQUENCE, TYPE_CHANGE = 0, 132, 135, 139
ID_MISMATCH, ID_REQUIRED, AUTH_FAIL = 144, 145, 146
SILENT = None


class Agent:
    """A home agent under test, bound to a mobile node made of bytes."""

    def __init__(self, net, bound=True):
        self.net = net
        net.start("ha")
        self.host = mobile.Host(net.lab)
        net.things.append(self.host)
        spi, key = mobile.read_key(net.lab.key())
        self.good = mobile.Update(seq=100, spi=spi, key=key)
        self.recorded = self.good.packet()
        if bound:
            self.host.send(self.recorded)
            ack = self.host.ack(100)
            assert ack.status == STATUS_OK
            assert ack.cksum_right and ack.authentic(PA, HOA, key)
        self.before = self.state()

    def update(self, ahead=1, **changes):
        """A good update, `ahead` of the binding, but for `changes`."""
        return dataclasses.replace(self.good, **{
            "seq": self.good.seq + ahead, **changes})

    def state(self):
        """What must not change: the bindings, but for the time that runs."""
        return [{k: r[k] for k in ("hoa", "coa", "seq", "state")}
                for r in self.net.rows("ha", "bindings")]

    def counted(self, before):
        after = self.net.counters("ha")
        return {k: v - before[k] for k, v in after.items() if v != before[k]}

    def refuse(self, packet, reason, times=1, send=None):
        """`reason`, and nothing else, is counted; the binding is the same."""
        before = self.net.counters("ha")
        logged = len(self.net.log_lines("ha", "drop", why=reason))
        self.host.drain()
        for _ in range(times):
            (send or self.host.send)(packet)
        self.net.wait("ha", "%s to be counted" % reason,
                      lambda: self.counted(before).get(reason) == times)
        assert self.counted(before) == {reason: times}
        assert self.state() == self.before
        assert len(self.net.log_lines("ha", "drop", why=reason)) == \
            logged + times

    def usable(self):
        """After all that: the next good update is accepted."""
        self.good = self.update(ahead=900)
        self.host.send(self.good.packet())
        assert self.host.ack(self.good.seq).status == STATUS_OK
        self.before = self.state()


@pytest.fixture
def agent(net):
    return Agent(net())


CASES = {
    # name: (what is wrong, the counter, the answer's status)
    "wrong-key": (dict(key=b"\x55" * 20), "bu-auth-fail", AUTH_FAIL),
    "wrong-spi": (dict(spi=77777), "bu-auth-spi", SILENT),
    "no-authentication": (dict(authenticate=False), "bu-auth-missing",
                          SILENT),
    "stale-sequence": (dict(ahead=-1), "bu-sequence", SEQUENCE),
    "same-sequence": (dict(ahead=0), "bu-sequence", SEQUENCE),
    "sequence-half-way-round": (dict(ahead=32768 + 1), "bu-sequence",
                                SEQUENCE),
    "wrong-home-subnet": (dict(hoa="2001:db8:77::100"), "bu-not-home-subnet",
                          NOT_SUBNET),
    "unknown-mobile": (dict(hoa="2001:db8:1::101"), "bu-unknown-mobile",
                       SILENT),
    "multicast-home-address": (dict(hoa="ff0e::1"), "hao-not-unicast",
                               SILENT),
    "loopback-home-address": (dict(hoa="::1"), "hao-not-unicast", SILENT),
    "link-local-home-address": (dict(hoa="fe80::1"), "hao-not-unicast",
                                SILENT),
    "multicast-alternate": (dict(alternate="ff0e::1"), "bu-coa-invalid",
                            SILENT),
    "loopback-alternate": (dict(alternate="::1"), "bu-coa-invalid", SILENT),
    "unspecified-alternate": (dict(alternate="::"), "bu-coa-invalid",
                              SILENT),
    # These two no router forwards: from the home link itself.
    "multicast-source": (dict(coa="ff0e::1", alternate=PA), "martian",
                         SILENT),
    "loopback-source": (dict(coa="::1", alternate=PA), "bu-src-invalid",
                        SILENT),
    "old-timestamp": (dict(stamp=mobile.ntp(1e9)), "bu-id-mismatch",
                      ID_MISMATCH),
    "future-timestamp": (dict(stamp=mobile.ntp(2.08e9)), "bu-id-mismatch",
                         ID_MISMATCH),
    "no-timestamp": (dict(stamp=0), "bu-id-missing", ID_REQUIRED),
    "bad-checksum": (dict(cksum_xor=0x0100), "bad-checksum", SILENT),
    "payload-proto": (dict(payload_proto=6), "mh-payload-proto", SILENT),
    "not-a-home-registration": (dict(flags=A), "bu-type-change",
                                TYPE_CHANGE),
}


def test_updates(agent):
    """One after the other, so that none spoils the binding for the next."""
    for name, (wrong, reason, status) in CASES.items():
        print(name)
        update = agent.update(**wrong)
        near = "coa" in wrong
        agent.refuse(update.packet(), reason,
                     send=direct(agent).send if near else None)
        if status is not SILENT:
            refused(agent, wrong, status)
        agent.usable()


def refused(agent, wrong, status):
    """The answer to it, which `refuse` has not looked at."""
    agent.host.drain()
    update = agent.update(**wrong)
    agent.host.send(update.packet())
    ack = agent.host.ack(update.seq if status != SEQUENCE else None)
    assert ack.status == status
    assert ack.cksum_right
    if status == SEQUENCE:
        assert ack.seq == agent.good.seq, "the number of the binding"
    if status == AUTH_FAIL:
        assert len(ack.packet) <= len(update.packet())
    if status == ID_MISMATCH:
        assert ack.authentic(PA, HOA, agent.good.key)
        assert ack.options[10][4:] == update.stamp.to_bytes(8, "big")[4:]


def test_silent_cases_are_silent(agent):
    """What is to be dropped without an answer has none: a later one comes
    first."""
    for name, (wrong, _, status) in CASES.items():
        if status is SILENT and wrong.get("coa", PA) == PA:
            agent.host.send(agent.update(**{"seq": 500, **wrong}).packet())
    agent.host.send(agent.update(seq=600).packet())
    assert agent.host.ack().seq == 600


def test_replay(agent):
    """A recorded Binding Update, whole."""
    agent.refuse(agent.recorded, "bu-id-replay", times=3)
    agent.usable()


def test_replay_by_timestamp(agent):
    update = agent.update(seq=101)
    stamp = mobile.ntp()
    agent.host.send(dataclasses.replace(update, stamp=stamp).packet())
    assert agent.host.ack(101).status == STATUS_OK
    agent.before = agent.state()
    again = dataclasses.replace(update, seq=102, stamp=stamp)
    agent.refuse(again.packet(), "bu-id-replay")
    agent.host.drain()
    agent.host.send(again.packet())
    assert agent.host.ack(102).status == ID_MISMATCH
    agent.usable()


def test_auth_failures_are_limited(agent):
    """A 146 is an answer to a stranger: few, and each logged once."""
    packet = agent.update(key=b"\x66" * 20).packet()
    before = agent.net.counters("ha")
    for _ in range(200):
        agent.host.send(packet)
    agent.net.wait("ha", "all to be counted", lambda: agent.counted(
        before).get("bu-auth-fail") == 200)
    agent.host.send(agent.update(seq=2000).packet())
    answers = 0
    while agent.host.ack().seq != 2000:
        answers += 1
    print(answers, "answers to 200")
    assert 1 <= answers <= 20
    lines = agent.net.log_lines("ha", "drop", why="bu-auth-fail")
    assert 1 <= len(lines) <= 20


def test_truncations_of_the_message(agent):
    """Each length of a Binding Update below its own, its header true to it:
    something is counted for each, and nothing is changed or answered."""
    whole = agent.update().packet()
    before = agent.net.counters("ha")
    count = 0
    for size in range(41, len(whole)):
        cut = whole[:4] + (size - 40).to_bytes(2, "big") + whole[6:size]
        agent.host.send(cut)
        count += 1
    agent.net.wait("ha", "each truncation to be counted", lambda: sum(
        agent.counted(before).values()) >= count)
    counted = agent.counted(before)
    print(counted)
    assert sum(counted.values()) == count
    assert not [k for k in counted if k.startswith("bu-")]
    assert agent.state() == agent.before
    agent.usable()


def test_truncations_of_the_frame(agent):
    """The same, but the IPv6 header promises more than there is."""
    whole = agent.update().packet()
    before = agent.net.counters("ha")
    for size in range(48, len(whole)):
        agent.host.send_to("020000000001", whole[:size])
    for size in range(48, len(whole)):
        agent.host.send(whole[:size])
    agent.host.send(agent.update(seq=3000).packet())
    assert agent.host.ack().seq == 3000
    print(agent.counted(before))


def direct(agent):
    """A way to the home agent past the routers: from the home link."""
    host = mobile.Host(agent.net.lab, "hn", "020000000001")
    agent.net.things.append(host)
    return host


def test_frames_that_are_short(agent):
    """No router in between: the home agent itself sees the short frame."""
    host = direct(agent)
    whole = agent.update(coa=HN).packet()
    before = agent.net.counters("ha")
    sizes = range(41, len(whole))
    for size in sizes:
        host.send(whole[:size])
    agent.net.wait("ha", "truncated frames to be counted",
                   lambda: agent.counted(before).get("truncated", 0) ==
                   len(sizes))
    assert agent.state() == agent.before


def test_each_option_length(agent):
    """Each option of the Update, each wrong length: refused, no loop."""
    mh = agent.update().mobility_header()
    at, places = 12, []
    while at < len(mh):
        if mh[at] not in (0, 1):
            places.append(at)
        at += 1 if mh[at] == 0 else 2 + mh[at + 1]
    assert len(places) == 3
    before = agent.net.counters("ha")
    count = 0
    for place in places:
        for size in (0, 1, mh[place + 1] - 1, mh[place + 1] + 1, 254, 255):
            bad = bytearray(mh)
            bad[place + 1] = size
            bad[4:6] = b"\0\0"
            bad[4:6] = mobile.checksum(
                octets(HOA), octets(mip6lab.HOME_AGENT),
                bytes(bad)).to_bytes(2, "big")
            home = bytes([135, 2, 1, 2, 0, 0, 0xc9, 16]) + octets(HOA)
            agent.host.send(ip6(PA, mip6lab.HOME_AGENT, 60,
                                home + bytes(bad)))
            count += 1
    agent.net.wait("ha", "each to be counted", lambda: sum(
        agent.counted(before).values()) >= count)
    print(agent.counted(before))
    assert sum(agent.counted(before).values()) == count
    assert agent.state() == agent.before
    agent.usable()


def test_option_home_address_malformed(agent):
    """Home Address option of length 0, 15, 17, 254; twice."""
    mh = agent.update().mobility_header()
    before = agent.net.counters("ha")
    for size in (0, 15, 17, 254):
        home = bytes([135, 2, 1, 2, 0, 0, 0xc9, size]) + octets(HOA)
        agent.host.send(ip6(PA, mip6lab.HOME_AGENT, 60, home + mh))
    twice = (bytes([135, 4, 1, 2, 0, 0, 0xc9, 16]) + octets(HOA) +
             bytes([0xc9, 16]) + octets(HOA)[:14])
    agent.host.send(ip6(PA, mip6lab.HOME_AGENT, 60,
                        twice[:40].ljust(40, b"\0") + mh))
    agent.net.wait("ha", "five drops", lambda: sum(
        agent.counted(before).values()) >= 5)
    print(agent.counted(before))
    assert agent.state() == agent.before
    agent.usable()


def test_tunnel_from_a_stranger(agent):
    """10.4.5: reverse tunnelling only from the registered care-of address,
    only with the home address inside, and no packet to ourselves in it."""
    inner = bytes(IPv6(src=HOA, dst=CN) / (b"x" * 20))
    agent.refuse(ip6("2001:db8:a::51", mip6lab.HOME_AGENT, 41, inner),
                 "tunnel-peer")
    stranger = bytes(IPv6(src="2001:db8:1::77", dst=CN))
    agent.refuse(ip6(PA, mip6lab.HOME_AGENT, 41, stranger), "tunnel-unknown")
    agent.refuse(ip6(PA, mip6lab.HOME_AGENT, 41, b"\x60\0\0\0"), "truncated")
    agent.usable()


def test_reflector(agent):
    """A type 2 routing header for somebody else makes nobody a relay."""
    rh2 = bytes([59, 2, 2, 1, 0, 0, 0, 0]) + octets(CN)
    with agent.net.capture("c") as capture:
        agent.refuse(ip6(PA, mip6lab.HOME_AGENT, 43, rh2), "rh2-not-home")
        path = capture.stop()
    assert not labtools.tshark(path, "ipv6.src == %s" % PA, ["frame.number"])


# --- the mobile node ---------------------------------------------------------

@pytest.fixture
def away(net):
    """A real mobile node on link a, and somebody else there."""
    n = net()
    n.start()
    n.move("a")
    n.forger = mobile.Host(n.lab, "pa", MN_MAC)
    n.things.append(n.forger)
    return n


def acknowledgement(net, status, seq, key=None, spi=None, cksum_xor=0):
    """A Binding Acknowledgement as from the home agent."""
    coa = net.registration()["coa"]
    mh = bytes([59, 0, 6, 0, 0, 0, status, 0x80]) + \
        seq.to_bytes(2, "big") + (150).to_bytes(2, "big")
    if key:
        mh = mobile.pad(mh, 4, 1) + bytes([9, 17, 1]) + \
            spi.to_bytes(4, "big") + bytes(12)
    mh = mobile.pad(mh, 8, 0)
    mh = mh[:1] + bytes([len(mh) // 8 - 1]) + mh[2:]
    cksum = mobile.checksum(octets(mip6lab.HOME_AGENT), octets(HOA), mh)
    mh = mh[:4] + (cksum ^ cksum_xor).to_bytes(2, "big") + mh[6:]
    rh2 = bytes([135, 2, 2, 1, 0, 0, 0, 0]) + octets(HOA)
    return ip6(mip6lab.HOME_AGENT, coa, 43, rh2 + mh)


def mn_refuses(net, packet, reason):
    before = net.counters("mn")
    state = {k: net.registration()[k] for k in ("state", "coa", "seq")}
    net.forger.send(packet)
    net.wait("mn", "%s to be counted" % reason, lambda: net.counters("mn")[
        reason] > before[reason])
    after = {k: net.registration()[k] for k in ("state", "coa", "seq")}
    assert after == state


def test_forged_acknowledgements(away):
    seq = away.registration()["seq"]
    ping = away.traffic("mn", "ping", CN, 0.01)
    ping.flows()
    for status in (0, 1, 128, 129, 135, 144, 146, 255):
        for number in (seq, seq + 1):
            before = away.counters("mn")
            away.forger.send(acknowledgement(away, status,
                                             number & 0xffff))
            away.wait("mn", "a forged %d to be counted" % status, lambda: sum(
                v for k, v in away.counters("mn").items()
                if k.startswith("ba-")) == sum(
                    v for k, v in before.items() if k.startswith("ba-")) + 1)
    assert away.registration()["state"] == "registered"
    ping.flows()


def test_forged_while_registering(away):
    """An update is outstanding; a refusal without a key is not believed."""
    away.exec("inet", "nft", "add table ip6 block; add chain ip6 block f "
              "{ type filter hook forward priority 0; }; add rule ip6 "
              "block f meta l4proto 135 drop; add rule ip6 block f exthdr "
              "dst exists drop")
    away.ask("mn", "flush", "registration")
    seq = away.wait("mn", "an update to be outstanding", lambda: (
        away.registration() if away.registration()["unanswered"] else None
    ))["seq"]
    spi, key = mobile.read_key(away.lab.key())
    before = away.counters("mn")
    away.forger.send(acknowledgement(away, 0, seq))
    away.forger.send(acknowledgement(away, 0, seq, key, spi))
    away.forger.send(acknowledgement(away, 135, seq))
    away.forger.send(acknowledgement(away, 129, seq))
    away.wait("mn", "four forgeries to be counted", lambda: sum(
        away.counters("mn")[k] - before[k] for k in before
        if k.startswith("ba-")) == 4)
    counted = {k: away.counters("mn")[k] - before[k] for k in before
               if away.counters("mn")[k] != before[k]}
    print(counted)
    assert counted.get("ba-auth-fail") == 1
    assert away.registration()["state"] == "updating"
    away.exec("inet", "nft", "delete table ip6 block")
    away.settled(40)


def test_bad_checksum_at_the_mobile_node(away):
    mn_refuses(away, acknowledgement(away, 0, 1, cksum_xor=0x0101),
               "bad-checksum")


def test_routing_header_to_somebody_else(away):
    coa = away.registration()["coa"]
    rh2 = bytes([59, 2, 2, 1, 0, 0, 0, 0]) + octets(CN)
    mn_refuses(away, ip6(CN, coa, 43, rh2), "rh2-not-home")


def test_tunnel_not_from_the_home_agent(away):
    """11.3.1: only the home agent's packets are taken out of the tunnel."""
    coa = away.registration()["coa"]
    inner = bytes(IPv6(src=CN, dst=HOA) / b"x")
    mn_refuses(away, ip6(PA, coa, 41, inner), "tunnel-peer")


def test_router_advertisements(away):
    """Malformed or from far away: no router, no prefix, no address."""
    routers = away.rows("mn", "routers")
    ra = bytes([134, 0, 0, 0, 64, 0, 7, 8]) + bytes(8)
    bogus = bytes([3, 4, 64, 0xc0]) + (86400).to_bytes(4, "big") * 2 + \
        bytes(4) + octets("2001:db8:bad::")
    cases = (
        ("nd-hop-limit", "fe80::bad", 64, ra + bogus),
        ("nd-source", "2001:db8:a::bad", 255, ra + bogus),
        ("nd-invalid", "fe80::bad", 255, ra + b"\x03\x00" + bogus[2:]),
        ("nd-invalid", "fe80::bad", 255, ra + bogus[:20]),
        ("nd-invalid", "fe80::bad", 255, ra[:12]),
    )
    for reason, source, hops, body in cases:
        packet = icmp6(source, "ff02::1", hops, body)
        before = away.counters("mn")[reason]
        away.forger.send_to("333300000001", packet)
        away.wait("mn", "%s to be counted" % reason, lambda r=reason, b=before:
                  away.counters("mn")[r] == b + 1)
    assert {r["addr"] for r in away.rows("mn", "routers")} == {
        r["addr"] for r in routers}
    assert not [p for p in away.rows("mn", "prefixes")
                if "bad" in str(p["prefix"])]


def icmp6(src, dst, hops, body):
    pseudo = octets(src) + octets(dst) + len(body).to_bytes(4, "big") + \
        b"\0\0\0\x3a"
    cksum = 0xffff - labtools.ones_sum(pseudo + body)
    body = body[:2] + cksum.to_bytes(2, "big") + body[4:]
    return ip6(src, dst, 58, body, hops)
