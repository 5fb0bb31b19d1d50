# SPDX-License-Identifier: BSD-2-Clause
"""Route-optimized packets, judged by tshark and by the RFC's words.

A program joins three packet paths and writes what their hosts sent, what went
over the wire and what the hosts at the other end got (direct.c).  Here the
packets of the wire are made once more, out of what was sent, in a few lines
of Python, and tshark reads them: nothing malformed, every checksum right.
"""
import ipaddress
import os
import shutil
import struct
import subprocess

import pytest

MAKE = os.environ["MIP6_MAKE_DIRECT"]
SEED = int(os.environ.get("MIP6_SEED", "6275"))
COUNT = 1500

pytestmark = pytest.mark.skipif(shutil.which("tshark") is None,
                                reason="tshark is not installed")

HOPOPTS, IPV6, ROUTING, FRAGMENT, DSTOPTS = 0, 41, 43, 44, 60
MTU_MIN = 1280
# Where each of the nodes is: RFC 6275's care-of addresses.
AT = {ipaddress.ip_address(a).packed: ipaddress.ip_address(b).packed
      for a, b in (("2001:db8:1::100", "2001:db8:a::5"),
                   ("2001:db8:1::101", "2001:db8:b::6"))}
BAD = ("_ws.malformed || tcp.checksum.status == 0 || "
       "udp.checksum.status == 0 || icmpv6.checksum.status == 0 || "
       "(_ws.expert.severity == error && !tcp)")


def read(path):
    """{number: [packets]}"""
    data, at, found = path.read_bytes(), 24, {}
    while at < len(data):
        number, _, count, _ = struct.unpack(">4I", data[at:at + 16])
        found.setdefault(number, []).append(data[at + 16:at + 16 + count])
        at += 16 + count
    return found


def tshark(path, display_filter, *fields):
    argv = ["tshark", "-n", "-r", str(path), "-T", "fields",
            "-E", "occurrence=a", "-E", "separator=/t",
            "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
            "-o", "ipv6.defragment:TRUE", "-d", "tcp.port==6275,data",
            "-d", "udp.port==6275,data", "-Y", display_filter]
    for f in fields:
        argv += ["-e", f]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def optimized(packet):
    """RFC 6275 sections 6.3, 6.4: the packet as it is to be sent."""
    src, dst = packet[8:24], packet[24:40]
    lead, first, rest = b"", packet[6], packet[40:]
    if first == HOPOPTS:
        size = (rest[1] + 1) * 8
        first, lead, rest = rest[0], rest[:size], rest[size:]
    if src in AT:
        # An option at 8n + 6, so behind four octets of padding (§6.3).
        rest = bytes((first, 2, 1, 2, 0, 0, 0xc9, 16)) + src + rest
        first = DSTOPTS
    if dst in AT:
        # Length 2, type 2, one segment left, 32 bits reserved (§6.4.1).
        rest = bytes((first, 2, 2, 1, 0, 0, 0, 0)) + dst + rest
        first = ROUTING
    if lead:
        lead, first = bytes((first,)) + lead[1:], HOPOPTS
    rest = lead + rest
    return packet[:4] + struct.pack(">HBB", len(rest), first, packet[7]) + \
        AT.get(src, src) + AT.get(dst, dst) + rest


def whole(packets):
    """RFC 8200 section 4.5: the packet of these fragments, in order."""
    fronts, data = set(), b""
    for packet in packets:
        at, kind, field = 40, packet[6], 6
        while kind in (HOPOPTS, ROUTING, DSTOPTS):
            kind, field = packet[at], at
            at += (packet[at + 1] + 1) * 8
        assert kind == FRAGMENT
        front = bytearray(packet[:at])
        front[field] = packet[at]
        front[4:6] = b""
        # Each has the same headers in front.
        fronts.add(bytes(front))
        word, = struct.unpack(">H", packet[at + 2:at + 4])
        assert word & 0xfff8 == len(data)
        data += packet[at + 8:]
    front, = fronts
    assert not word & 1
    return front[:4] + struct.pack(">H", len(front) - 38 + len(data)) + \
        front[4:] + data


def host(packets):
    """What its host makes of them."""
    return whole(packets) if packets[0][6] == FRAGMENT or len(packets) > 1 \
        else packets[0]


def test_wire(tmp_path):
    subprocess.run([MAKE, str(tmp_path), str(SEED), str(COUNT)], check=True)
    sent, wire, got = (read(tmp_path / (n + ".pcap"))
                       for n in ("sent", "wire", "got"))
    cut = direct = tunnelled = 0
    assert sorted(sent) == list(range(COUNT))
    for n, packets in sent.items():
        want = [optimized(p) for p in packets]
        made = wire.get(n, [])
        place = "seed %d packet %d" % (SEED, n)
        if made == want:
            direct += 1
        elif len(packets) == 1 and made and made[0][6] != IPV6:
            # Small enough for every path, too large with the headers.
            cut += 1
            assert max(map(len, made)) <= MTU_MIN < len(want[0]), place
            assert len(packets[0]) <= MTU_MIN and whole(made) == want[0], place
        else:
            # Too large by itself, or a fragment, which is not cut again.
            tunnelled += 1
            assert max(map(len, want)) > MTU_MIN, place
            continue
        assert host(got[n]) == host(packets), place
    assert direct > COUNT / 2 and cut > 20 and tunnelled < COUNT / 4
    for name in ("sent", "wire", "got"):
        path = tmp_path / (name + ".pcap")
        assert tshark(path, BAD, "frame.number", "_ws.col.Info") == [], name
        for kind in ("udp", "tcp", "icmpv6"):
            assert len(tshark(path, kind + ".checksum.status == 1",
                              "frame.number")) > COUNT / 8, (name, kind)
    rows = tshark(tmp_path / "wire.pcap", "ipv6.nxt != 41", "ipv6.src",
                  "ipv6.dst", "ipv6.opt.mipv6.home_address",
                  "ipv6.routing.mipv6.home_address", "ipv6.routing.segleft")
    kinds = set()
    for src, dst, hao, rh2, left in rows:
        kinds.add((bool(hao), bool(rh2)))
        for home, at in ((hao, src), (rh2, dst)):
            if home:
                assert AT[ipaddress.ip_address(home).packed] == \
                    ipaddress.ip_address(at).packed
        assert left == ("1" if rh2 else "")
    assert kinds == {(True, False), (False, True), (True, True)}
