# SPDX-License-Identifier: BSD-2-Clause
"""A mobile node made of bytes: a second opinion on the home agent.

It stands on a host of the lab (pa on link a), builds each Binding Update by
hand (RFC 6275 §6.1.7, RFC 4285 §5 and §6), sends it as a frame and reads what
comes back from the wire.  Nothing here shares code with the daemon.
"""
import dataclasses
import hashlib
import hmac
import ipaddress
import re
import select
import socket
import struct
import time

import hostutil as hu
import labtools
import mip6lab

A, H, L, K = 0x8000, 0x4000, 0x2000, 0x1000
HAO, RH2 = 0xc9, 2
NTP_1970 = 2208988800


def octets(address):
    return ipaddress.ip_address(address).packed


def ntp(at=None):
    at = time.time() if at is None else at
    return (int(at) + NTP_1970) << 32 | int(at % 1 * (1 << 32))


def pad(data, align, offset):
    """Pad1 or PadN until the next option starts at align*n + offset."""
    gap = (offset - len(data)) % align
    if gap == 1:
        return data + b"\0"
    return data + (bytes([1, gap - 2]) + bytes(gap - 2) if gap else b"")


def checksum(src, dst, mh):
    pseudo = src + dst + struct.pack("!II", len(mh), 135)
    return 0xffff - labtools.ones_sum(pseudo + mh)


def read_key(path):
    """(spi, key) of a key file."""
    with open(path, encoding="ascii") as f:
        text = f.read()
    spi = re.search(r"^\s*spi\s*=\s*(\w+)", text, re.M)
    key = re.search(r"^\s*key\s*=\s*([0-9a-fA-F]+)", text, re.M)
    return int(spi.group(1), 0), bytes.fromhex(key.group(1))


@dataclasses.dataclass
class Update:
    """A Binding Update; each field may be made wrong."""
    seq: int
    spi: int
    key: bytes
    hoa: str = mip6lab.HOME_ADDRESS
    coa: str = mip6lab.ADDRESS["pa"]
    agent: str = mip6lab.HOME_AGENT
    alternate: str = None     # None: the same as coa; "": no such option
    lifetime_s: int = 600
    flags: int = A | H | L
    stamp: int = None         # None: now; 0: no such option
    authenticate: bool = True
    home_option: bool = True
    cksum_xor: int = 0
    payload_proto: int = 59
    mh_type: int = 5

    def mobility_header(self):
        alternate = self.coa if self.alternate is None else self.alternate
        stamp = ntp() if self.stamp is None else self.stamp
        mh = struct.pack("!BBBBHHHH", self.payload_proto, 0, self.mh_type, 0,
                         0, self.seq, self.flags, self.lifetime_s // 4)
        if alternate:
            mh = pad(mh, 8, 6) + bytes([3, 16]) + octets(alternate)
        if stamp:
            mh = pad(mh, 8, 2) + struct.pack("!BBQ", 10, 8, stamp)
        if self.authenticate:
            mh = pad(mh, 4, 1) + struct.pack("!BBBI", 9, 17, 1, self.spi)
            size = (len(mh) + 12 + 7) // 8 * 8
            mh = mh[:1] + bytes([size // 8 - 1]) + mh[2:]
            mac = hmac.new(self.key, octets(alternate or self.coa) +
                           octets(self.hoa) + mh, hashlib.sha1).digest()
            mh += mac[:12]
        mh = pad(mh, 8, 0)
        mh = mh[:1] + bytes([len(mh) // 8 - 1]) + mh[2:]
        src = octets(self.hoa if self.home_option else self.coa)
        cksum = checksum(src, octets(self.agent), mh) ^ self.cksum_xor
        return mh[:4] + struct.pack("!H", cksum) + mh[6:]

    def packet(self):
        mh = self.mobility_header()
        home = b""
        if self.home_option:
            # 8n + 6: two octets of header, PadN of four, the option.
            home = bytes([135, 2, 1, 2, 0, 0, HAO, 16]) + octets(self.hoa)
        return ip6(self.coa, self.agent, 60 if home else 135, home + mh)


def ip6(src, dst, kind, payload, hops=64):
    return struct.pack("!IHBB", 6 << 28, len(payload), kind, hops) + \
        octets(src) + octets(dst) + payload


@dataclasses.dataclass
class Ack:
    """A Binding Acknowledgement as it was on the wire."""
    status: int
    seq: int
    lifetime_s: int
    options: dict      # option type -> data
    cksum_right: bool
    packet: bytes

    def authentic(self, coa, hoa, key):
        """RFC 4285 §5.1, with the checksum field taken as zero."""
        data = self.options.get(9)
        if data is None:
            return False
        mh = self.mh
        at = mh.rindex(bytes([9, len(data)]) + data)
        body = mh[:4] + b"\0\0" + mh[6:at + 2 + 5]
        want = hmac.new(key, octets(coa) + octets(hoa) + body,
                        hashlib.sha1).digest()[:12]
        return hmac.compare_digest(want, data[5:])


def parse_ack(packet):
    for src, dst, mh in labtools.mobility_headers(packet):
        if mh[2] != 6:
            continue
        options, at = {}, 12
        while at < len(mh):
            if mh[at] == 0:
                at += 1
                continue
            options[mh[at]] = mh[at + 2:at + 2 + mh[at + 1]]
            at += 2 + mh[at + 1]
        ack = Ack(mh[6], *struct.unpack_from("!HH", mh, 8), options,
                  checksum(src, dst, mh) == 0, packet)
        ack.lifetime_s *= 4
        ack.mh = mh
        return ack
    return None


class Host:
    """Frames in and out of eth0 of a node of the lab."""

    def __init__(self, lab, node="pa", router_mac="02000000000a"):
        self.lab, self.node = lab, node
        self.ether = bytes.fromhex(router_mac) + bytes(
            [2, 0, 0, 0, 0, mip6lab.ON_LINK[node][2]]) + b"\x86\xdd"
        # The host's own kernel knows nothing of mobility: it stays quiet.
        hu.run(["ip", "netns", "exec", lab.ns(node), "nft",
                "add table ip6 quiet; add chain ip6 quiet out "
                "{ type filter hook output priority 0; }; add rule ip6 quiet "
                "out icmpv6 type { parameter-problem, "
                "destination-unreachable } drop"])
        with hu.inside(lab.ns(node)):
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                      socket.htons(0x86dd))
        self.sock.bind(("eth0", 0))

    def close(self):
        self.sock.close()

    kill = close

    def send(self, packet):
        self.sock.send(self.ether + packet)

    def send_to(self, mac, packet):
        self.sock.send(bytes.fromhex(mac) + self.ether[6:] + packet)

    def frames_until(self, deadline):
        while deadline.left() > 0:
            if select.select([self.sock], [], [], deadline.left())[0]:
                yield self.sock.recv(65536)[14:]

    def ack(self, seq=None, seconds=3):
        """The next Binding Acknowledgement (with this sequence number)."""
        for packet in self.frames_until(hu.Deadline(seconds)):
            ack = parse_ack(packet)
            if ack and seq in (None, ack.seq):
                return ack
        raise hu.Timeout("no Binding Acknowledgement within %g s" % seconds)

    def drain(self):
        """Forgets what has come so far."""
        while select.select([self.sock], [], [], 0)[0]:
            self.sock.recv(65536)
