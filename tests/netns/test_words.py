# SPDX-License-Identifier: BSD-2-Clause
"""`mip6ctl status` names the cause of each failure, in these words.

Each begins with what somebody would really have done wrong, or what a network
does, and ends with the words that lead to it.
"""
import ipaddress
import os
import re
import socket
import struct
import subprocess

import hostutil as hu
import labtools
import mip6lab
import mobile
from harness import CN, HN, HOA

AGENT = mip6lab.HOME_AGENT
ROUTER = "2001:db8:a::1"


def says(net, *words, seconds=15):
    """Waits until `status` says all of these; the whole text."""
    said = [""]

    def there():
        said[0] = net.lab.ctl("mn", ["status"]).stdout
        return all(w in said[0] for w in words)
    try:
        net.wait("mn", "to say " + " ... ".join(words), there, seconds)
    except hu.LabError as e:
        raise AssertionError("%s\nit said: %s" % (e, said[0])) from e
    return said[0]


def away(net, to="a", **options):
    """Both daemons run; the mobile node is plugged in on a foreign link."""
    n = net(**options)
    n.start("ha")
    n.lab.move(to)
    n.lab.start("mn")
    return n


def works(net):
    net.settled()
    status = net.ask("mn", "status")
    assert status["working"] and status["why"] == "", status


def rewrite(path, old, new):
    with open(path, encoding="ascii") as f:
        text = f.read()
    assert re.search(old, text), text
    with open(path, "w", encoding="ascii") as f:
        f.write(re.sub(old, new, text))


def refuse_mobility(net, verdict):
    net.exec("inet", "nft", "add table ip6 refuse; add chain ip6 refuse f "
             "{ type filter hook forward priority 0; }; add rule ip6 refuse "
             "f exthdr dst exists " + verdict)


def test_no_router_advertisement(net):
    n = away(net, routers_advertise=False)
    says(n, "NOT WORKING", "no Router Advertisement on eth0",
         "solicitations sent")


def test_no_binding_acknowledgement(net):
    """What goes to the home agent vanishes, and nobody says anything."""
    n = net()
    refuse_mobility(n, "drop")
    n.start("ha")
    n.lab.move("a")
    n.lab.start("mn")
    text = says(n, "NOT WORKING", "no Binding Acknowledgement from " + AGENT)
    assert "prohibited" not in text
    n.exec("inet", "nft", "delete table ip6 refuse")
    works(n)


def prohibit(net):
    """The router of link a answers one Binding Update with an ICMPv6 error.

    Made by hand: a kernel with Mobile IPv6 sends its own to the home address.
    """
    with hu.inside(net.lab.ns("ra")):
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                             socket.htons(0x86dd))
    with sock:
        sock.bind(("eth0", 0))
        deadline = hu.Deadline(10)
        while True:
            sock.settimeout(deadline.left_or_raise("a Binding Update"))
            frame = sock.recv(2048)
            packet = frame[14:]
            if packet[6] == 60 and packet[40] == 135:
                break
        source, to = mobile.octets(ROUTER), packet[8:24]
        body = bytes([1, 1, 0, 0, 0, 0, 0, 0]) + packet[:1232]
        cksum = 0xffff - labtools.ones_sum(
            source + to + struct.pack("!II", len(body), 58) + body)
        body = body[:2] + struct.pack("!H", cksum) + body[4:]
        sock.send(frame[6:12] + frame[:6] + frame[12:14] + mobile.ip6(
            ROUTER, ipaddress.ip_address(to), 58, body))


def test_prohibited(net):
    """A firewall on the way says so."""
    n = net()
    refuse_mobility(n, "drop")
    n.start("ha")
    n.lab.move("a")
    n.lab.start("mn")
    prohibit(n)
    says(n, "no Binding Acknowledgement from " + AGENT,
         "administratively prohibited from " + ROUTER)
    n.exec("inet", "nft", "delete table ip6 refuse")
    works(n)


def key_of_another(n, tmp_path):
    """The mobile node's configuration with a key that is not the agent's."""
    conf = n.lab.config("mn")
    path = str(tmp_path / "other.key")
    with open(n.lab.key(), encoding="ascii") as f:
        text = f.read()
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as f:
        f.write(re.sub(r"(?m)^(\s*key\s*=\s*)(\w{2})", lambda m: m.group(
            1) + "%02x" % (int(m.group(2), 16) ^ 0xff), text))
    rewrite(conf, re.escape(n.lab.key()), path)


def test_wrong_key(net, tmp_path):
    n = net()
    key_of_another(n, tmp_path)
    n.start("ha")
    n.lab.move("a")
    n.lab.start("mn")
    says(n, "refused by " + AGENT, "auth-fail (146",
         "is the key the same on both sides?")
    assert n.binding() is None
    n.lab.config("mn")
    n.lab.ctl("mn", ["reload"])
    works(n)


def test_not_home_subnet(net):
    """The home agent serves another prefix than the home address's."""
    n = net()
    n.lab.config("ha")
    rewrite(n.lab.config("mn"), HOA, "2001:db8:99::100")
    n.start("ha")
    n.lab.move("a")
    n.lab.start("mn")
    says(n, "refused by " + AGENT, "not-home-subnet (132, not authenticated)")


def test_duplicated_away(net):
    """Another node has the home address: the home agent finds it."""
    n = net()
    n.lab.config("ha", extra="\thome-dad = rfc\n")
    n.exec("hn", "ip", "-6", "addr", "add", HOA + "/64", "dev", "eth0",
           "nodad")
    n.start("ha")
    n.lab.move("a")
    n.lab.start("mn")
    says(n, "refused by " + AGENT, "duplicate-address", "(134)",
         "asked again in ")
    # Mended, and told so: at once.
    n.exec("hn", "ip", "-6", "addr", "del", HOA + "/64", "dev", "eth0")
    n.lab.ctl("mn", ["flush", "registration"])
    works(n)


def test_duplicated_at_home(net):
    """The same, found by the mobile node on the home link."""
    n = net()
    n.exec("hn", "ip", "-6", "addr", "add", HOA + "/64", "dev", "eth0",
           "nodad")
    n.start("ha")
    n.lab.start("mn")
    says(n, HOA + " is used by another node on the home link: "
         "02:00:00:00:00:05", seconds=10)
    answered = n.exec("cn", "ping", "-c", "1", "-W", "2", HN, check=False)
    assert " 0% packet loss" in answered


def test_interface_gone(net):
    """The adapter is pulled out, and another one is plugged in."""
    n = away(net)
    n.settled()
    n.lab.move("none")
    says(n, "NOT WORKING", "no link is up")
    hu.ip_batch(n.lab.ns("mn"), ["link del eth0"])
    says(n, "NOT WORKING", "no interface of the configuration is there")


CLOCK = r"""
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* This clock is WALL_AHEAD_S ahead, and goes WALL_TIMES as fast. */
int
clock_gettime(clockid_t id, struct timespec *t)
{
	const char *ahead = getenv("WALL_AHEAD_S"), *times = getenv("WALL_TIMES");
	static struct timespec first;
	double since;

	if (syscall(SYS_clock_gettime, id, t) != 0)
		return -1;
	if (id != CLOCK_REALTIME)
		return 0;
	if (first.tv_sec == 0)
		first = *t;
	since = (double)(t->tv_sec - first.tv_sec) +
	    (double)(t->tv_nsec - first.tv_nsec) / 1e9;
	if (times != NULL)
		t->tv_sec += (time_t)(since * atof(times));
	if (ahead != NULL)
		t->tv_sec += atol(ahead);
	return 0;
}
"""


def with_clock(n, tmp_path, monkeypatch, **values):
    """Starts the mobile node's daemon with a wall clock of its own."""
    source, shared = tmp_path / "clock.c", tmp_path / "clock.so"
    source.write_text(CLOCK)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(shared),
                    str(source)], check=True, timeout=30)
    with monkeypatch.context() as m:
        m.setenv("LD_PRELOAD", str(shared))
        for name, value in values.items():
            m.setenv(name, value)
        n.lab.start("mn")


def test_clock_off(net, tmp_path, monkeypatch):
    """An hour ahead: it learns that from the home agent, works, and says it.
    """
    n = net()
    n.start("ha")
    n.lab.move("a")
    with_clock(n, tmp_path, monkeypatch, WALL_AHEAD_S="3600")
    works(n)
    found = re.search(r"the home agent's clock is (-?\d+) ms ahead of ours",
                      n.lab.ctl("mn", ["status"]).stdout)
    assert found and -3602000 < int(found.group(1)) < -3598000, found
    assert n.log_lines("mn", "mn.clock-differs")
    ping = n.traffic("mn", "ping", CN, 0.05)
    ping.flows()


def test_clock_wild(net, tmp_path, monkeypatch):
    """A clock that runs away: what was learnt is of yesterday at once."""
    n = net(delay_ms=5)
    n.start("ha")
    n.lab.move("a")
    with_clock(n, tmp_path, monkeypatch, WALL_TIMES="10000")
    says(n, "NOT WORKING", "refused by " + AGENT, "(144); its clock said -",
         "s more than ours")
