# SPDX-License-Identifier: BSD-2-Clause
"""Mobile prefix discovery: the home link is renumbered while the mobile node
is away; and who asks or answers without right is not heard.

Implements (as a test of): RFC 6275 §6.7, §6.8, §10.6, §11.4.2, §11.4.3.
"""
import os
import signal
import struct

import hostutil as hu
import labtools
import mip6lab
import mobile
from harness import CN, HOA, PA
from mobile import HAO, RH2, ip6, octets

HA = mip6lab.HOME_AGENT
NEW_PREFIX, NEW_HA, NEW_HOA = ("2001:db8:2::/64", "2001:db8:2::1",
                               "2001:db8:2::100")
MPS, MPA = 146, 147
QUICK = ("\tmin-mob-pfx-adv-interval = 1s\n"
         "\tmax-mob-pfx-adv-interval = 2s\n")
OLD = '\thome-prefix "%s" {\n\t\tvalid-lifetime = %s\n' \
      '\t\tpreferred-lifetime = %s\n\t}\n'


def write(net, extra, prefixes=None):
    """The home agent's file; prefixes: in place of the lab's one."""
    net.lab.config("ha", extra=extra)
    if prefixes is None:
        return
    path = net.lab.path("etc", "ha.conf")
    with open(path, encoding="ascii") as f:
        text = f.read()
    line = '\tprefix = "%s"\n' % mip6lab.PREFIX["home"]
    assert line in text
    with open(path, "w", encoding="ascii") as f:
        f.write(text.replace(line, prefixes))


def plumb(net):
    """The new prefix leads to the home agent, which has an address in it."""
    routes = hu.run(["ip", "-6", "-n", net.lab.ns("inet"), "route", "show",
                     mip6lab.PREFIX["home"]]).stdout.split()
    hu.run(["ip", "-6", "-n", net.lab.ns("inet"), "route", "add", NEW_PREFIX]
           + routes[1:routes.index("dev") + 2])
    hu.run(["ip", "-6", "-n", net.lab.ns("ha"), "addr", "add",
            NEW_HA + "/64", "dev", "eth0", "nodad"])


def renumber(net):
    key = net.lab.key()
    write(net, QUICK + '\tmobile "%s" {\n\t\tkey-file = "%s"\n\t}\n' % (
        NEW_HOA, key), OLD % (mip6lab.PREFIX["home"], "3h", "0s") +
        OLD % (NEW_PREFIX, "30d", "7d"))
    os.kill(net.lab.daemon_pid("ha"), signal.SIGHUP)


def home(net, hoa):
    """The registration of a home address, or None."""
    rows = [r for r in net.rows("mn", "registrations") if r["hoa"] == hoa]
    return rows[0] if rows else None


def told(net, node, prefix):
    """What `show prefixes` says of a prefix that no router advertised."""
    rows = [r for r in net.rows(node, "prefixes")
            if r["prefix"] == prefix and r["origin"] != "router"]
    return rows[0] if rows else None


def test_renumbering(net):
    """A reload of the home agent reaches the mobile node: it takes a home
    address in the new prefix, and keeps its sessions on the old one."""
    n = net()
    write(n, QUICK)
    n.start()
    capture = n.capture("a")
    n.move("a")
    n.wait("mn", "the home prefix to be told",
           lambda: told(n, "mn", mip6lab.PREFIX["home"]))
    ping = n.traffic("mn", "ping", CN, 0.05)
    assert ping.address == HOA
    ping.flows()
    plumb(n)
    renumber(n)
    n.wait("mn", "the new home address to be registered", lambda: (
        home(n, NEW_HOA) or {}).get("state") == "registered")
    new, old = home(n, NEW_HOA), home(n, HOA)
    assert new["formed"] and not new["deprecated"] and new["agent"] == NEW_HA
    assert old["deprecated"] and not old["formed"]
    assert old["state"] in ("registered", "updating")
    assert 7000e6 < old["prefix_left_us"] <= 10800e6
    assert "not for new sessions" in n.lab.ctl("mn", ["status"]).stdout
    # The home agent says the same.
    own = told(n, "ha", NEW_PREFIX)
    assert own["origin"] == "configured" and own["router"] == NEW_HA
    assert own["valid_us"] == 30 * 86400 * 10**6
    assert told(n, "ha", mip6lab.PREFIX["home"])["preferred_us"] == 0
    # What is new has the new address, what is old goes on.
    new_ping = n.traffic("mn", "ping", CN, 0.05)
    assert new_ping.address == NEW_HOA
    new_ping.flows()
    ping.flows()
    result = ping.finish()
    assert result["sent"] - result["received"] <= 2
    new_ping.finish()
    judge(capture.stop())


def judge(path):
    """What tshark says of the messages."""
    asked = labtools.tshark(path, "icmpv6.type == %d" % MPS, [
        "icmpv6.code", "ipv6.dst", "ipv6.opt.mipv6.home_address",
        "icmpv6.mip6.identifier"])
    answers = labtools.tshark(path, "icmpv6.type == %d" % MPA, [
        "icmpv6.code", "ipv6.src", "icmpv6.mip6.identifier",
        "icmpv6.opt.prefix", "icmpv6.checksum.status"])
    assert asked and all(a[0] == "0" and a[1] in (HA, NEW_HA) for a in asked)
    assert HOA in {a[2] for a in asked}
    assert answers and all(a[0] == "0" for a in answers)
    # Some were unasked; each question has its own answer.
    ids = [a[2] for a in answers]
    assert {a[3] for a in asked[:-1]} <= set(ids)
    assert len(answers) > len({a[3] for a in asked} & set(ids))
    assert any(a[3].count(",") == 1 for a in answers), answers
    bad = labtools.frames(path, "(icmpv6.type == %d || icmpv6.type == %d) && "
                          "(_ws.malformed || _ws.expert.severity == error)"
                          % (MPS, MPA))
    assert not bad, bad


# --- without right -----------------------------------------------------------

def icmp(kind, ident, src, dst, options=b""):
    """An ICMPv6 message of mobile prefix discovery; src, dst: the ends."""
    body = struct.pack("!BBHHH", kind, 0, 0, ident, 0) + options
    pseudo = octets(src) + octets(dst) + struct.pack("!II", len(body), 58)
    cksum = 0xffff - labtools.ones_sum(pseudo + body)
    return body[:2] + struct.pack("!H", cksum) + body[4:]


def solicitation(ident, coa=PA, hoa=HOA):
    option = bytes([58, 2, 1, 2, 0, 0, HAO, 16]) + octets(hoa)
    return ip6(coa, HA, 60, option + icmp(MPS, ident, hoa, HA))


def advertisement(ident, coa, prefix=NEW_HA):
    header = bytes([58, 2, RH2, 1, 0, 0, 0, 0]) + octets(HOA)
    option = bytes([3, 4, 64, 0xe0]) + struct.pack(
        "!III", 86400, 86400, 0) + octets(prefix)
    return ip6(HA, coa, 43, header + icmp(MPA, ident, HA, HOA, option))


def answers(host, seconds):
    """(when, identifier) of the advertisements that come."""
    for packet in host.frames_until(hu.Deadline(seconds)):
        if packet[6] == 43 and packet[64] == MPA:
            yield packet[68] << 8 | packet[69]


def test_solicitation_flood(net):
    """A thousand a second from a mobile node: one answer a second; none to
    who has no binding or asks from elsewhere; registrations go on."""
    n = net()
    n.start("ha")
    host = mobile.Host(n.lab)
    n.things.append(host)
    spi, key = mobile.read_key(n.lab.key())
    host.send(mobile.Update(seq=100, spi=spi, key=key).packet())
    assert host.ack(100).status == 0
    for ident in range(1000):
        host.send(solicitation(ident))
    got = list(answers(host, 2.5))
    assert got[0] == 0 and 2 <= len(got) <= 3 and got[1] == 999
    before = n.counters("ha")
    host.send(solicitation(5000, hoa="2001:db8:1::101"))
    host.send(solicitation(5001, coa="2001:db8:a::51"))
    n.wait("ha", "both to be refused", lambda: n.counters("ha")[
        "mps-no-binding"] == before["mps-no-binding"] + 2)
    host.send(mobile.Update(seq=101, spi=spi, key=key).packet())
    assert host.ack(101).status == 0
    assert not [i for i in answers(host, 0.5) if i >= 5000]


def test_forged_advertisements(net):
    """Without the identifier of a question nothing is believed, and however
    many come, little is asked."""
    n = net()
    n.start()
    n.move("a")
    n.wait("mn", "the home prefix to be told",
           lambda: told(n, "mn", mip6lab.PREFIX["home"]))
    before = n.counters("mn")["mpa-unsolicited"]
    capture = n.capture("a")
    host = mobile.Host(n.lab, router_mac="020000000010")
    n.things.append(host)
    coa = n.registration()["coa"]
    for ident in range(0, 65536, 131):
        host.send(advertisement(ident, coa))
    n.wait("mn", "all of them to be refused", lambda: n.counters("mn")[
        "mpa-unsolicited"] >= before + 490)
    assert home(n, NEW_HOA) is None
    assert told(n, "mn", NEW_PREFIX) is None
    asked = labtools.tshark(capture.stop(), "icmpv6.type == %d" % MPS,
                            ["frame.number"])
    assert len(asked) <= 4, asked
