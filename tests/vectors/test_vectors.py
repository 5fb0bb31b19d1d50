# SPDX-License-Identifier: BSD-2-Clause
"""Captures, decoded by the wire layer and by tshark to the same values.

The captures in umip/ are part of the project (umip/ORIGIN.md); those of other
projects are read from the folder that the CMake option MIP6_VECTORS_DIR names,
and their tests skip without it.  Where a capture is known to be bad, the
result and its offset are asserted instead.  Packets that the wire layer wrote
itself go to tshark as well.
"""
import ipaddress
import json
import os
import re
import shutil
import struct
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
DECODE = os.environ["MIP6_DECODE"]
OUTSIDE = os.environ.get("MIP6_VECTORS_DIR", "")
SEED = int(os.environ.get("MIP6_SEED", "6275"))
MADE = 4000          # packets of our own that tshark has to read
NTP_EPOCH = 2208988800    # seconds from 1900 to 1970
LINK_IPV6 = 229

pytestmark = pytest.mark.skipif(shutil.which("tshark") is None,
                                reason="tshark is not installed")

ADDRESSES = (
    "ipv6.src", "ipv6.dst", "ipv6.opt.mipv6.home_address",
    "ipv6.routing.mipv6.home_address", "mip6.acoa.acoa", "mip6.be.haddr",
    "icmpv6.nd.ns.target_address", "icmpv6.nd.na.target_address",
    "icmpv6.opt.prefix", "icmpv6.mip6.home_agent_address")
NUMBERS = (
    "ipv6.plen", "ipv6.nxt", "ipv6.hlim", "ipv6.tclass", "ipv6.flow",
    "ipv6.routing.segleft", "ipv6.opt.tel", "ipv6.fraghdr.nxt",
    "ipv6.fraghdr.offset", "ipv6.fraghdr.more", "ipv6.fraghdr.ident",
    "mip6.mhtype", "mip6.hlen", "mip6.bra.interval", "mip6.ni.hni",
    "mip6.ni.cni", "mip6.mnid.subtype", "mip6.auth.subtype",
    "mip6.auth.mobility_spi", "mip6.bu.seqnr", "mip6.bu.a_flag",
    "mip6.bu.h_flag", "mip6.bu.l_flag", "mip6.bu.k_flag", "mip6.bu.lifetime",
    "mip6.ba.status", "mip6.ba.k_flag", "mip6.ba.seqnr", "mip6.ba.lifetime",
    "mip6.be.status", "mip6.hot.nindex", "mip6.cot.nindex",
    "icmpv6.type", "icmpv6.code", "icmpv6.mtu", "icmpv6.pointer",
    "icmpv6.echo.identifier", "icmpv6.echo.sequence_number",
    "icmpv6.nd.ra.cur_hop_limit", "icmpv6.nd.ra.flag.m",
    "icmpv6.nd.ra.flag.o", "icmpv6.nd.ra.flag.h",
    "icmpv6.nd.ra.router_lifetime", "icmpv6.nd.ra.reachable_time",
    "icmpv6.nd.ra.retrans_timer", "icmpv6.nd.na.flag.r",
    "icmpv6.nd.na.flag.s", "icmpv6.nd.na.flag.o", "icmpv6.opt.mtu",
    "icmpv6.opt.prefix.length", "icmpv6.opt.prefix.flag.l",
    "icmpv6.opt.prefix.flag.a", "icmpv6.opt.prefix.flag.r",
    "icmpv6.opt.prefix.valid_lifetime",
    "icmpv6.opt.prefix.preferred_lifetime",
    "icmpv6.opt.advertisement_interval",
    "icmpv6.opt.home_agent_preference", "icmpv6.opt.home_agent_lifetime",
    "icmpv6.mip6.identifier", "icmpv6.mip6.flag.m", "icmpv6.mip6.flag.o")
OCTETS = (
    "eth.src", "eth.dst", "mip6.hoti.cookie", "mip6.coti.cookie",
    "mip6.hot.cookie", "mip6.hot.token", "mip6.cot.cookie",
    "mip6.bad.auth", "mip6.auth.auth_data", "icmpv6.opt.src_linkaddr",
    "icmpv6.opt.target_linkaddr")
TEXTS = ("mip6.mnid.identifier",)
TIMES = ("mip6.mseg_id.timestamp",)
FIELDS = ADDRESSES + NUMBERS + OCTETS + TEXTS + TIMES
STATES = ("icmpv6.checksum.status", "_ws.malformed", "_ws.expert.message")
# ICMPv6 types whose inside we do not read.
UNREAD = {"130", "131", "132", "137", "143"}


def read_pcap(path):
    """(link type, [octets of each packet])"""
    data = path.read_bytes()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") \
        else ">"
    link = struct.unpack(order + "I", data[20:24])[0] & 0xffff
    at, packets = 24, []
    while at + 16 <= len(data):
        count = struct.unpack(order + "I", data[at + 8:at + 12])[0]
        packets.append(data[at + 16:at + 16 + count])
        at += 16 + count
    return link, packets


def write_pcap(path, link, packets):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144,
                              link))
        for octets in packets:
            out.write(struct.pack("<IIII", 0, 0, len(octets), len(octets)))
            out.write(octets)


def ours(path):
    done = subprocess.run([DECODE, str(path)], capture_output=True, text=True,
                          check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    for line in lines:
        fields = {}
        for key, value in line.pop("f"):
            fields.setdefault(key, []).append(value)
        line["fields"] = fields
    return lines


def theirs(path):
    """What tshark says: {field: [values]} for each packet."""
    command = ["tshark", "-n", "-r", str(path), "-T", "fields",
               "-E", "separator=/t", "-E", "occurrence=a",
               "-E", "aggregator=|", "-o", "ipv6.defragment:FALSE"]
    for name in FIELDS + STATES:
        command += ["-e", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          env=dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8"))
    assert done.returncode == 0, done.stderr
    names = FIELDS + STATES
    return [dict((name, [v for v in value.split("|") if v])
                 for name, value in zip(names, line.split("\t")))
            for line in done.stdout.splitlines()]


def number(value):
    return {"True": 1, "False": 0}.get(value) if value in ("True", "False") \
        else int(value, 0)


def timestamp(value):
    """tshark's 'Nov 22, 2026 08:35:39.066 UTC', as the octets it read.

    tshark 4.0 takes the timestamp for seconds since 1970 with nanoseconds
    (which may come out negative), later ones for NTP's.
    """
    text = " ".join(re.sub(r"\.-?\d+.*", "", value).split())
    when = datetime.strptime(text, "%b %d, %Y %H:%M:%S")
    return int(when.replace(tzinfo=timezone.utc).timestamp())


def same(name, ours_, theirs_):
    if name in TIMES and len(ours_) == len(theirs_):
        return all((a - b) % (1 << 32) in (0, NTP_EPOCH)
                   for a, b in zip(ours_, theirs_))
    if name == "mip6.auth.auth_data" and len(ours_) == len(theirs_):
        # tshark 4.0 shows the last two octets of it as another option's.
        return all(b in (a, a[:-4]) for a, b in zip(ours_, theirs_))
    return ours_ == theirs_


def normal(name, values, from_tshark):
    """The values of a field in one form, whoever says them."""
    if name in ADDRESSES:
        return [ipaddress.ip_address(v) for v in values]
    if name == "ipv6.fraghdr.offset" and from_tshark:
        return [8 * number(v) for v in values]
    if name in NUMBERS:
        return [number(v) for v in values]
    if name in OCTETS:
        return [v.removeprefix("0x").replace(":", "")
                .replace("<MISSING>", "") for v in values]
    if name in TIMES:
        return [timestamp(v) if from_tshark else int(v) for v in values]
    if name in TEXTS and not from_tshark:
        # tshark 4.0 shows no identifier of less than three characters.
        return [bytes.fromhex(v).decode("ascii", "replace") for v in values
                if len(v) > 4]
    return values


def differences(our, their):
    """Fields that the two see differently."""
    unread = UNREAD & set(our["fields"].get("icmpv6.type", []))
    for name in FIELDS:
        if unread and name.startswith("icmpv6.opt"):
            continue
        # We keep the fields of routing headers of type 2 alone.
        if name == "ipv6.routing.segleft" and \
                not their["ipv6.routing.mipv6.home_address"]:
            continue
        a = normal(name, our["fields"].get(name, []), False)
        b = normal(name, their[name], True)
        # An unread message may quote a packet, which tshark shows.
        if unread:
            b = b[:len(a)]
        if not same(name, a, b):
            yield "%s: we say %s, tshark %s" % (name, a, b)


def compare(place, our, their):
    """All that is different about a packet that is good."""
    assert our["parse"] == "ok", "%s: %s" % (place, our)
    wrong = list(differences(our, their))
    assert not wrong, "%s: %s\n%s" % (place, our["text"], "\n".join(wrong))
    if our["fault"] != "none":
        return
    for status in their["icmpv6.checksum.status"][:1]:
        if our["checksum"] != "none":
            assert (our["checksum"] == "good") == (status in ("1", "Good")), \
                "%s: %s" % (place, our)


def both(paths, folder):
    """[(path, packet number from 1, ours, theirs)] of many captures."""
    by_link, found = {}, []
    for path in paths:
        link, packets = read_pcap(path)
        for n, octets in enumerate(packets, 1):
            by_link.setdefault(link, []).append((path, n, octets))
    for link, entries in sorted(by_link.items()):
        merged = Path(folder) / ("link-%d.pcap" % link)
        write_pcap(merged, link, [octets for _, _, octets in entries])
        left, right = ours(merged), theirs(merged)
        assert len(left) == len(right) == len(entries)
        found += [(path, n, a, b)
                  for (path, n, _), a, b in zip(entries, left, right)]
    return found


def test_umip(tmp_path):
    """Every packet of another implementation, as tshark reads it."""
    found = both(sorted((HERE / "umip").glob("*.pcap")), tmp_path)
    kinds = {}
    assert len(found) > 1500
    for path, n, our, their in found:
        compare("%s:%d" % (path.name, n), our, their)
        assert our["fault"] == "none", our
        for kind in our["fields"].get("mip6.mhtype", []):
            kinds[kind] = kinds.get(kind, 0) + 1
        if "mip6.mhtype" in our["fields"] or their["icmpv6.checksum.status"]:
            assert our["checksum"] in ("good", "none"), (path.name, our)
    # BRR, HoTI, CoTI, HoT, CoT, BU, BA, BE: all eight were there.
    assert sorted(kinds) == list("01234567"), kinds


def test_made(tmp_path):
    """What we write, tshark reads: nothing malformed, no bad checksum."""
    path = tmp_path / "made.pcap"
    subprocess.run([DECODE, "--make", str(path), str(SEED), str(MADE)],
                   check=True)
    found = both([path], tmp_path)
    assert len(found) == MADE
    for _, n, our, their in found:
        place = "seed %d packet %d" % (SEED, n)
        assert our["fault"] == "none" and our["checksum"] == "good", \
            (place, our)
        assert not their["_ws.malformed"], (place, our, their)
        compare(place, our, their)


needs_outside = pytest.mark.skipif(
    not OUTSIDE or not Path(OUTSIDE).is_dir(),
    reason="MIP6_VECTORS_DIR names no folder with other projects' captures")

# What must be refused: {file: {packet: (result, layer, offset)}}.
REFUSED = {
    "cve2015-0261-ipv6": dict.fromkeys((1, 2), ("truncated", "ip6", 4)),
    "icmp6_mobileprefix_asan": {1: ("truncated", "ip6", 4),
                                2: ("truncated", "eth", 0)},
    "ipv6-mobility-header-oobr": {1: ("truncated", "ip6", 4)},
    "ipv6-rthdr-oobr": {1: ("truncated", "ip6", 4)},
    # Padding behind Binding Authorization Data (RFC 6275 section 6.2.7).
    "ipv6_mobility_1": {9: ("option-order", "mh", 26),
                        10: ("option-order", "mh", 50),
                        13: ("option-order", "mh", 26),
                        14: ("option-order", "mh", 30)},
    # An option that leaves its header; a header that leaves the packet; a
    # Home Address option of length 1, so that the next one leaves the header.
    "ipv6-mobility-dst-opts": {1: ("option-length", "ip6", 47),
                               2: ("truncated", "ip6", 41),
                               3: ("option-length", "ip6", 64)},
    "ipv6_zero_len_ah": {5: ("bad-length", "ip6", 41),
                         6: ("bad-length", "quoted", 41)},
    "trunc__ip6-ext-trunc": {1: ("truncated", "ip6", 4)},
    # An error that quotes nothing.
    "icmp__icmp6-destunreach-no-context": {1: ("truncated", "quoted", 0)},
    "icmp__icmp6-nd-short-options": {
        1: ("truncated", "icmp6", 12), 3: ("truncated", "icmp6", 16),
        5: ("truncated", "icmp6", 16), 13: ("truncated", "icmp6", 8),
        14: ("truncated", "icmp6", 8), 15: ("truncated", "icmp6", 8)},
}
for _n, _packets in ((0, 2), (2, 1), (3, 2), (4, 1), (5, 1), (6, 2), (7, 2),
                     (8, 1)):
    REFUSED["mobility_opt_asan" + ("_%d" % _n if _n else "")] = dict.fromkeys(
        range(1, _packets + 1), ("truncated", "ip6", 4))
# A routing header of type 0 that wants to be obeyed: {file: offset}.
ROUTED = {"chksums__ip6-route0-%s-%s-chksum" % (kind, state): 42
          for kind in ("icmp6", "tcp", "udp") for state in ("bad", "good")}
ROUTED["ipv6-hbh-routing0"] = 50
# Checksums that are wrong in the capture: {file: packets}.
UNSUMMED = {
    "chksums__ip6-hoa-tcp-bad-chksum": {1},
    "chksums__ip6-hoa-udp-bad-chksum": {1},
    "chksums__mip6-bad-mh-chksum": {1},
    "ipv6-http-atomic-frag": {7, 18, 28, 38},
    "ipv6_mobility_1": set(range(1, 17)),
}
# A source link-layer address means nothing in a Neighbor Advertisement.
SKIPPED = {("icmp__icmp6-nd-short-options", 4)}


@needs_outside
def test_outside(tmp_path):
    """Other projects' captures: what is good as tshark reads it, what is bad
    refused for the reason that is known."""
    paths = sorted(p for p in Path(OUTSIDE).rglob("*.pcap")
                   if p.parent.name != "umip")
    assert paths
    refused = routed = unsummed = 0
    for path, n, our, their in both(paths, tmp_path):
        place = "%s:%d" % (path.name, n)
        want = REFUSED.get(path.stem, {}).get(n)
        if want:
            assert (our["parse"], our["layer"], our["at"]) == want, \
                (place, our)
            refused += 1
            continue
        if path.stem in ROUTED:
            assert (our["fault"], our["fault_at"]) == \
                ("rh-other", ROUTED[path.stem]), (place, our)
            routed += 1
        else:
            assert our["fault"] == "none", (place, our)
            bad = n in UNSUMMED.get(path.stem, set())
            assert our["checksum"] in ("bad",) if bad else ("good", "none"), \
                (place, our)
            unsummed += bad
        if (path.stem, n) not in SKIPPED:
            compare(place, our, their)
    stems = {p.stem for p in paths}
    assert refused == sum(len(v) for k, v in REFUSED.items() if k in stems)
    assert routed == len(stems & set(ROUTED))
    assert unsummed == sum(
        len(v - set(REFUSED.get(k, {}))) for k, v in UNSUMMED.items()
        if k in stems)


def mh_checksum(octets):
    """RFC 6275 section 6.1.1, in plain words."""
    mh = octets[40:]
    data = octets[8:40] + struct.pack(">IxxxB", len(mh), 135) + mh[:4] + \
        b"\0\0" + mh[6:]
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


@needs_outside
def test_outside_checksums_set(tmp_path):
    """tcpdump's Mobility Headers have none; with the right one they hold."""
    path = Path(OUTSIDE) / "tcpdump" / "ipv6_mobility_1.pcap"
    if not path.exists():
        pytest.skip("%s is not there" % path)
    link, packets = read_pcap(path)
    assert link == LINK_IPV6 and len(packets) == 16
    summed = [p[:44] + struct.pack(">H", mh_checksum(p)) + p[46:]
              for p in packets]
    write_pcap(tmp_path / "summed.pcap", link, summed)
    assert [line["checksum"] for line in ours(tmp_path / "summed.pcap")] == \
        ["good"] * 16
    # The sums that are known for two of them.
    assert [mh_checksum(packets[n - 1]) for n in (1, 5)] == [0x68fb, 0xae12]
