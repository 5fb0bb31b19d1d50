# SPDX-License-Identifier: BSD-2-Clause
"""What is done in a lab that is up: traffic, captures, questions to tshark.

Each is a process inside a node and ends with its `with` block; each wait has
a deadline.
"""
import contextlib
import ipaddress
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys

import hostutil as hu
import mip6lab
from hostutil import Deadline, LabError

HERE = os.path.dirname(os.path.abspath(__file__))
MARK_ETHERTYPE = 0x88b5  # IEEE 802: local experiments


class Traffic:
    """One traffic.py: its lines of JSON, each waited for with a deadline."""

    def __init__(self, lab, node, *args):
        self.what = "%s: traffic.py %s" % (node, " ".join(map(str, args)))
        self.proc = subprocess.Popen(
            ["ip", "netns", "exec", lab.ns(node), sys.executable,
             os.path.join(HERE, "traffic.py"), *map(str, args)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True)
        self.rest = b""
        first = self.line(15)
        if "ready" not in first:
            self.kill()
            raise LabError("%s: %s" % (self.what, first))
        self.address = first["ready"]

    def line(self, seconds):
        deadline = Deadline(seconds)
        out = self.proc.stdout.fileno()
        while b"\n" not in self.rest:
            left = deadline.left_or_raise(self.what)
            if select.select([out], [], [], left)[0]:
                data = os.read(out, 65536)
                if not data:
                    raise LabError("%s: ended without a word" % self.what)
                self.rest += data
        first, _, self.rest = self.rest.partition(b"\n")
        return json.loads(first)

    def flows(self, seconds=10):
        """Waits until something sent from now on came back; when it did."""
        os.write(self.proc.stdin.fileno(), b"flow\n")
        line = self.line(seconds)
        if "flow" not in line:
            raise LabError("%s: %s" % (self.what, line))
        return line["flow"]

    def finish(self, seconds=30):
        """Ends it; its last line, whatever else it said before."""
        self.proc.stdin.close()
        return self.wait(seconds)

    def wait(self, seconds):
        """Waits for the end of a transfer that ends by itself."""
        line = self.line(seconds)
        while "flow" in line:
            line = self.line(seconds)
        self.proc.wait(5)
        return line

    def kill(self):
        self.proc.kill()
        self.proc.wait()
        for f in (self.proc.stdin, self.proc.stdout):
            with contextlib.suppress(OSError):
                f.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.kill()


class Capture:
    """A recording of one link, whole: stop() waits for a frame of its own.

    Links as for `lab capture`.  The file is there from the start.
    """

    def __init__(self, lab, link, path):
        self.lab, self.link, self.path = lab, link, path
        argv = lab.capture_argv(link, path)
        self.netns, self.device = argv[3], argv[argv.index("-i") + 1]
        self.proc = subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL,
                                     stderr=subprocess.PIPE,
                                     start_new_session=True)
        self.words = b""
        try:
            self._wait_listening(Deadline(10))
        except BaseException:
            self.kill()
            raise

    def _wait_listening(self, deadline):
        err = self.proc.stderr.fileno()
        while b"listening on" not in self.words:
            left = deadline.left_or_raise("tcpdump to listen")
            if select.select([err], [], [], left)[0]:
                data = os.read(err, 4096)
                if not data:
                    raise LabError("tcpdump: " + self.words.decode())
                self.words += data

    def _mark(self, deadline):
        token = os.urandom(32)
        with hu.inside(self.netns):
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        with s, hu.FileWatch(self.path) as watch, open(self.path, "rb") as f:
            s.bind((self.device, 0))
            s.send(b"\x02\0\0\0\0\xff" * 2 +
                   MARK_ETHERTYPE.to_bytes(2, "big") + token)
            tail = b""
            while True:
                tail += f.read()
                if token in tail:
                    return
                tail = tail[-64:]
                watch.wait(deadline.left_or_raise(
                    "the capture of %s to be complete" % self.link))

    def stop(self):
        """Everything that was on the link until now is in the file."""
        try:
            self._mark(Deadline(10))
            self.proc.send_signal(signal.SIGINT)
            self.proc.wait(5)
            self.words += self.proc.stderr.read()
        finally:
            self.kill()
        for line in self.words.decode().splitlines():
            if "dropped by kernel" in line and not line.startswith("0 "):
                raise LabError("capture of %s: %s" % (self.link, line))
        return self.path

    def kill(self):
        self.proc.kill()
        self.proc.wait()
        self.proc.stderr.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.kill()


def wait_state(lab, node, what, ask, seconds=10):
    """Until ask() is true; what it returned.

    Asked again each time the daemon on the node has logged something, or 50
    ms have passed.
    """
    deadline = Deadline(seconds)
    with hu.FileWatch(lab.log_path(node)) as watch:
        while True:
            answer = ask()
            if answer:
                return answer
            watch.wait(min(0.05, deadline.left_or_raise(
                "%s: %s" % (node, what))))


def registration(lab):
    """Of `show registrations`: the row with the home agent."""
    rows = [r for r in lab.ctl_json("mn", "show", "registrations")["rows"]
            if r["with"] == "home-agent"]
    if len(rows) != 1:
        raise LabError("one home address was expected: %s" % rows)
    return rows[0]


def wait_settled(lab, seconds=10):
    """The mobile node is at home on its link, or registered from it."""
    link = lab.attached()
    prefix = ipaddress.ip_network(mip6lab.PREFIX[link])

    def there():
        r = registration(lab)
        if link == "home":
            return r if r["state"] == "at-home" else None
        return r if r["state"] == "registered" and \
            ipaddress.ip_address(r["coa"]) in prefix else None
    return wait_state(lab, "mn", "to be settled on link %s" % link, there,
                      seconds)


def longest_gap(times, since, until):
    """Seconds: the longest time without an echo reply around [since, until].

    times: [[sent, came or None], ...] of a ping.  None: no reply afterwards.
    """
    came = sorted(r for _, r in times if r is not None)
    longest, last = None, since
    for t in came:
        if t > since and last <= until:
            longest = max(longest or 0, t - last)
        last = t if t <= since else max(last, t)
    return longest


# traffic.py's own, whatever known port the other end happens to have.
PAYLOAD = ["-d", "tcp.port==5001,data"]
CHECKSUMS = [w for p in ("tcp", "udp", "ip")
             for w in ("-o", "%s.check_checksum:TRUE" % p)]
# What must not be on a link: packets that tshark cannot parse, and checksums
# that are not right (but a Mobility Header's, see mobility_checksums).  Linux
# writes 0xffff for 0 also in TCP, which is the same sum; tshark minds.
BAD = ("_ws.malformed || "
       "(tcp.checksum.status == 0 && !(tcp.checksum == 0xffff)) || "
       "udp.checksum.status == 0 || icmpv6.checksum.status == 0 || "
       "(_ws.expert.severity == error && !tcp)")
# ICMPv6 errors, and not what one of them quotes.
ICMP_ERROR = "icmpv6.type < 128"


def tshark(path, display_filter, fields):
    """The packets that match, each a list of the fields' texts."""
    argv = ["tshark", "-n", "-r", path, *PAYLOAD, *CHECKSUMS,
            "-Y", display_filter, "-T", "fields", "-E", "occurrence=a",
            "-E", "separator=/t"]
    for f in fields:
        argv += ["-e", f]
    done = subprocess.run(argv, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise LabError("tshark: " + done.stderr)
    return [line.split("\t") for line in done.stdout.splitlines()]


def records(path):
    """The frames of a capture file as tcpdump writes it: (time, octets)."""
    with open(path, "rb") as f:
        head = f.read(24)
        if head[:4] != b"\xd4\xc3\xb2\xa1":
            raise LabError("%s: not a capture of this machine" % path)
        while len(head := f.read(16)) == 16:
            s, us, count, _ = struct.unpack("<4I", head)
            yield s + us * 1e-6, f.read(count)


def ones_sum(data):
    data += b"\0" * (len(data) & 1)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return total


def mobility_headers(packet):
    """Each whole Mobility Header in an IPv6 packet, tunnelled ones too.

    Yields (source, destination, octets), the home address in place of the
    one it stands for (RFC 6275 §6.1.1, RFC 8200 §8.1).
    """
    while len(packet) >= 40 and packet[0] >> 4 == 6:
        src, dst, kind = packet[8:24], packet[24:40], packet[6]
        end = 40 + int.from_bytes(packet[4:6], "big")
        at = 40
        while kind in (0, 43, 60) and at + 8 <= len(packet):
            size = (packet[at + 1] + 1) * 8
            body = packet[at:at + size]
            if kind == 43 and body[2] == 2 and body[3] == 1:
                dst = body[8:24]
            option = 2
            while kind == 60 and option + 1 < size:
                if body[option] == 0xc9:
                    src = body[option + 2:option + 18]
                option += 1 if body[option] == 0 else 2 + body[option + 1]
            kind, at = body[0], at + size
        if kind == 135 and end <= len(packet):
            yield src, dst, packet[at:end]
        if kind != 41:
            return
        packet = packet[at:end]


def mobility_checksums(path):
    """(how many Mobility Headers, frame numbers of those that are wrong)."""
    count, wrong = 0, []
    for number, (_, frame) in enumerate(records(path), 1):
        if frame[12:14] != b"\x86\xdd":
            continue
        for src, dst, mh in mobility_headers(frame[14:]):
            count += 1
            pseudo = src + dst + struct.pack("!II", len(mh), 135)
            if ones_sum(pseudo + mh) != 0xffff:
                wrong.append(number)
    return count, wrong


def frames(path, display_filter):
    """For a message: one line a packet that matches."""
    return ["%s: %s" % (os.path.basename(path), "  ".join(row)) for row in
            tshark(path, display_filter,
                   ["frame.number", "frame.time_relative", "ipv6.src",
                    "ipv6.dst", "_ws.col.Info"])]
