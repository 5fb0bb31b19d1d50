# SPDX-License-Identifier: BSD-2-Clause
"""Return routability made of bytes: a second opinion on the correspondent.

The home address is that of hn on the home link, the care-of address that of pa
on link a, so that both legs are real ones.  Tokens, the binding management key
and the authenticator are computed here from the formulas of RFC 6275 §5.2 and
§6.2.7; nothing shares code with the daemon.
"""
import dataclasses
import hashlib
import hmac
import os
import struct

import hostutil as hu
import labtools
import mip6lab
from mobile import A, HAO, RH2, Host, checksum, ip6, octets, pad, parse_ack

HOTI, COTI, HOT, COT, BU, BA, BE = 1, 2, 3, 4, 5, 6, 7
HOME = mip6lab.ADDRESS["hn"]
CARE_OF = mip6lab.ADDRESS["pa"]
CN = mip6lab.ADDRESS["cn"]
HA_MAC = "020000000001"
RA_MAC = "02000000000a"


def message(kind, body, src, dst):
    """A Mobility Header with its length and checksum."""
    mh = struct.pack("!BBBBH", 59, 0, kind, 0, 0) + body
    mh = pad(mh, 8, 0)
    mh = mh[:1] + bytes([len(mh) // 8 - 1]) + mh[2:]
    cksum = checksum(octets(src), octets(dst), mh)
    return mh[:4] + struct.pack("!H", cksum) + mh[6:]


def init_message(kind, src, cookie, dst=CN):
    return ip6(src, dst, 135,
               message(kind, b"\0\0" + cookie, src, dst))


@dataclasses.dataclass
class Heard:
    """A Home or Care-of Test as it was on the wire."""
    kind: int
    src: str
    dst: str
    index: int
    cookie: bytes
    token: bytes


def parse_test(packet):
    for src, dst, mh in labtools.mobility_headers(packet):
        if mh[2] in (HOT, COT) and len(mh) == 24:
            assert checksum(src, dst, mh) == 0
            return Heard(mh[2], src, dst, struct.unpack_from("!H", mh, 6)[0],
                        mh[8:16], mh[16:24])
    return None


def kbm(home_token, care_of_token=b""):
    return hashlib.sha1(home_token + care_of_token).digest()


def destination(option):
    """A destination options header: PadN, then the option at 8n + 6."""
    return bytes([1, 2, 0, 0]) + option


def home_option(address):
    return bytes([HAO, 16]) + octets(address)


def with_option(src, dst, hoa, kind, payload, hops=64):
    """A packet with a Home Address option before `payload`."""
    return ip6(src, dst, 60, bytes([kind, 2]) + destination(home_option(hoa)) +
               payload, hops)


def udp(src, dst, data, sport=4000, dport=4001):
    """A UDP datagram with the checksum over these (home) addresses."""
    size = 8 + len(data)
    head = struct.pack("!HHHH", sport, dport, size, 0) + data
    pseudo = octets(src) + octets(dst) + struct.pack("!II", size, 17)
    cksum = (0xffff - labtools.ones_sum(pseudo + head)) or 0xffff
    return head[:6] + struct.pack("!H", cksum) + head[8:]


def routed(src, dst, hoa, kind, payload, left=1, length=2, rtype=RH2, hops=64):
    """A packet with a routing header of type 2 for `hoa`."""
    return ip6(src, dst, 43, struct.pack("!BBBBI", kind, length, rtype, left,
                                         0) + octets(hoa) + payload, hops)


@dataclasses.dataclass
class Update:
    """A Binding Update to a correspondent; each field may be made wrong."""
    seq: int
    key: bytes                 # Kbm
    home_index: int
    coa_index: int
    hoa: str = HOME
    coa: str = CARE_OF
    cn: str = CN
    lifetime_s: int = 60
    flags: int = A
    nonces: bool = True
    authenticate: bool = True
    src: str = None            # None: the care-of address
    alternate: str = None
    spoil: int = 0             # xor on the authenticator's first octet

    def packet(self):
        mh = struct.pack("!BBBBHHHH", 59, 0, BU, 0, 0, self.seq, self.flags,
                         self.lifetime_s // 4)
        if self.alternate:
            mh = pad(mh, 8, 6) + bytes([3, 16]) + octets(self.alternate)
        if self.nonces:
            mh = pad(mh, 2, 0) + struct.pack("!BBHH", 4, 4, self.home_index,
                                             self.coa_index)
        if self.authenticate:
            mh = pad(mh, 8, 2) + bytes([5, 12])
            size = len(mh) + 12
            assert size % 8 == 0
            mh = mh[:1] + bytes([size // 8 - 1]) + mh[2:]
            mac = bytearray(hmac.new(
                self.key, octets(self.alternate or self.coa) +
                octets(self.cn) + mh, hashlib.sha1).digest()[:12])
            mac[0] ^= self.spoil
            mh += bytes(mac)
        mh = pad(mh, 8, 0)
        mh = mh[:1] + bytes([len(mh) // 8 - 1]) + mh[2:]
        src = self.src or self.coa
        # At the home address itself there is nothing to tell (§11.7.2).
        bare = src == self.hoa
        cksum = checksum(octets(self.hoa), octets(self.cn), mh)
        mh = mh[:4] + struct.pack("!H", cksum) + mh[6:]
        if bare:
            return ip6(src, self.cn, 135, mh)
        return with_option(src, self.cn, self.hoa, 135, mh)


def ack_is_authentic(ack, key, coa=CARE_OF, cn=CN):
    """§6.2.7: over the care-of address, the correspondent, the message."""
    data = ack.options.get(5)
    if data is None:
        return False
    at = ack.mh.rindex(bytes([5, 12]) + data) + 2
    body = ack.mh[:4] + b"\0\0" + ack.mh[6:at]
    want = hmac.new(key, octets(coa) + octets(cn) + body,
                    hashlib.sha1).digest()[:12]
    return hmac.compare_digest(want, data)


class Optimizer:
    """Both legs: frames from and to the home and the care-of address."""

    def __init__(self, net):
        self.net = net
        self.home = Host(net.lab, "hn", HA_MAC)
        self.away = Host(net.lab, "pa", RA_MAC)
        net.things += [self.home, self.away]
        self.seq = 1000

    def at(self, src):
        return self.home if src == HOME else self.away

    def heard(self, host, what, parse, seconds=3):
        for packet in host.frames_until(hu.Deadline(seconds)):
            found = parse(packet)
            if found:
                return found
        raise hu.Timeout("no %s within %g s" % (what, seconds))

    def ask(self, kind, src, cookie=None):
        """HoTI or CoTI from `src`; the test that answers it."""
        cookie = os.urandom(8) if cookie is None else cookie
        host = self.at(src)
        host.send(init_message(kind, src, cookie))
        test = self.heard(host, "test", lambda p: (
            lambda t: t if t and t.cookie == cookie else None)(parse_test(p)))
        assert test.kind == kind + 2
        assert (test.src, test.dst) == (octets(CN), octets(src))
        return test

    def tests(self):
        return self.ask(HOTI, HOME), self.ask(COTI, CARE_OF)

    def update(self, home, care_of, **fields):
        """The Binding Update that these tests allow (not sent)."""
        self.seq = fields.pop("seq", (self.seq + 1) & 0xffff)
        key = fields.pop("key", None) or kbm(home.token, care_of.token)
        return Update(self.seq, key, home.index, care_of.index, **fields)

    def register(self, home=None, care_of=None, **fields):
        """Registers; the acknowledgement and the update."""
        if home is None:
            home, care_of = self.tests()
        bu = self.update(home, care_of, **fields)
        return self.send(bu), bu

    def send(self, bu, seconds=3):
        """Sends an update; its acknowledgement, or None."""
        host = self.at(bu.src or bu.coa)
        host.send(bu.packet())
        try:
            return self.heard(host, "acknowledgement", lambda p: (
                lambda a: a if a and a.seq == bu.seq or a and
                a.status == 135 else None)(parse_ack(p)), seconds)
        except hu.Timeout:
            return None

    def binding(self):
        rows = [r for r in self.net.rows("cn", "bindings")
                if r["hoa"] == HOME]
        assert len(rows) <= 1, rows
        return rows[0] if rows else None
