# SPDX-License-Identifier: BSD-2-Clause
"""The lab itself: without it no other end-to-end test means anything."""
import json
import os
import random
import select
import signal
import socket
import statistics
import subprocess
import sys
import time

import pytest
from scapy.layers.inet import UDP
from scapy.layers.inet6 import (HAO, IPv6, IPv6ExtHdrDestOpt, MIP6MH_BU)
from scapy.layers.l2 import Ether

import hostutil as hu
import labtools
import mip6lab
from conftest import TREE

LAB = os.path.join(TREE, "scripts", "lab")


def remains(lab):
    return ([n for n in hu.netns_list()
             if n.startswith("mip6-%s-" % lab.name)] +
            ([lab.dir] if os.path.exists(lab.dir) else []))


def test_up_is_quick_and_down_leaves_nothing(make_lab):
    lab = make_lab(up=False)
    began = time.monotonic()
    lab.up(delay_ms=5)
    took = time.monotonic() - began
    pids = [p for n in mip6lab.NODES for p in hu.netns_pids(lab.ns(n))]
    assert len(pids) >= 4, "radvd on three routers, and delay"
    assert lab.down()
    assert took < 5
    assert not remains(lab)
    assert not [p for p in pids if hu.proc_start_time(p)]
    assert not lab.down(), "the second time there is nothing"


def test_killed_half_way(make_lab):
    """kill -9 at any moment of `up`: `down` removes it, `up` makes it anew."""
    seed = random.randrange(1 << 32)
    print("seed", seed)
    rng = random.Random(seed)
    for _ in range(8):
        lab = make_lab(up=False)
        p = subprocess.Popen([sys.executable, LAB, "--name", lab.name, "up"],
                             stdout=subprocess.DEVNULL)
        fd = os.pidfd_open(p.pid)
        select.select([fd], [], [], rng.uniform(0.02, 0.35))
        os.close(fd)
        p.send_signal(signal.SIGKILL)
        p.wait()
        if rng.random() < 0.5 and not os.path.exists(lab.path("lab.json")):
            lab.up()
        lab.down()
        assert not remains(lab)


def test_side_by_side(make_lab):
    one, two = make_lab(), make_lab()
    one.move("a")
    assert one.attached() == "a"
    assert two.attached() == "home"
    assert {one.name, two.name} <= set(mip6lab.labs())
    one.down()
    with labtools.Traffic(two, "cn", "ping", mip6lab.ADDRESS["hn"],
                          0.01) as p:
        p.flows()


def test_a_second_up_is_refused(make_lab):
    lab = make_lab()
    with pytest.raises(hu.LabError, match="up already"):
        lab.up()
    lab.down()
    with pytest.raises(hu.LabError, match="not up"):
        lab.move("a")


def advertisement(sock, deadline):
    """The source address of the next Router Advertisement."""
    while True:
        left = deadline.left_or_raise("a Router Advertisement")
        if select.select([sock], [], [], left)[0]:
            data = sock.recv(2048)
            if len(data) > 55 and data[20] == 58 and data[54] == 134:
                return data[22:38], time.time()


def test_move(make_lab):
    """Carrier goes and comes; the router of the new link is heard soon."""
    lab = make_lab()
    with hu.inside(lab.ns("mn")):
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                          socket.htons(0x86dd))
    s.bind(("eth0", 0))
    ends = {"home": 0x01, "a": 0x0a, "b": 0x0b}
    heard = []
    with s:
        for to in ("a", "b", "home", "b", "a", "home") * 3:
            moved = lab.move(to)
            assert moved["to"] == lab.attached() == to
            deadline = hu.Deadline(2)
            while True:
                source, at = advertisement(s, deadline)
                if source[15] == ends[to]:
                    break
            heard.append(at - moved["up_at"])
    print("plugged in to advertisement: median %.1f ms, worst %.1f ms" % (
        statistics.median(heard) * 1000, max(heard) * 1000))
    assert max(heard) < 0.5


def test_unplugged(make_lab):
    lab = make_lab()
    lab.move("none")
    assert lab.attached() == "none"
    flags = json.loads(hu.run(["ip", "-j", "-n", lab.ns("mn"), "link",
                               "show", "eth0"]).stdout)[0]["flags"]
    assert "NO-CARRIER" in flags
    lab.move("b")
    assert lab.attached() == "b"


@pytest.mark.parametrize("hardware", (False, True))
def test_offloads(make_lab, hardware):
    lab = make_lab(like_hardware=hardware)
    for node, dev in (("mn", "eth0"), ("ha", "eth1"), ("wire", "cn"),
                      ("inet", "up-a")):
        words = hu.run(["ip", "netns", "exec", lab.ns(node), "ethtool", "-k",
                        dev]).stdout
        for feature in ("tcp-segmentation-offload",
                        "generic-receive-offload", "tx-checksumming"):
            want = "%s: %s" % (feature, "on" if hardware else "off")
            assert want in words, "%s %s" % (node, dev)


@pytest.mark.parametrize("hardware", (False, True))
def test_delay(make_lab, hardware):
    """20 ms each way between sites, none within one; bulk passes."""
    lab = make_lab(delay_ms=20, like_hardware=hardware)
    cn = mip6lab.ADDRESS["cn"]
    with labtools.Traffic(lab, "hn", "ping", cn, 0.01) as p:
        p.flows()
        for _ in range(50):
            p.flows()
        times = [r - s for s, r in p.finish()["times"] if r]
    with labtools.Traffic(lab, "rc", "ping", cn, 0.01) as p:
        p.flows()
        near = [r - s for s, r in p.finish()["times"] if r]
    print("round trip: median %.2f ms, worst %.2f ms" % (
        statistics.median(times) * 1000, max(times) * 1000))
    assert min(times) >= 0.040
    assert statistics.median(times) < 0.043
    assert statistics.median(near) < 0.005
    with labtools.Traffic(lab, "cn", "serve", 5001), \
            labtools.Traffic(lab, "hn", "get", cn, 5001, 100 << 20, 1) as t:
        got = t.wait(20)
    print("100 MB in %.2f s: %.0f Mbit/s" % (
        got["seconds"], got["octets"] * 8e-6 / got["seconds"]))
    assert got["same"]
    assert got["seconds"] < 4.2, "200 Mbit/s"


def test_capture_is_whole(make_lab, tmp_path):
    """stop() returns when everything before it is in the file."""
    lab = make_lab()
    with labtools.Capture(lab, "c", str(tmp_path / "c.pcap")) as c, \
            labtools.Traffic(lab, "hn", "ping", mip6lab.ADDRESS["cn"],
                             0.002) as p:
        for _ in range(20):
            p.flows()
        result = p.finish()
        path = c.stop()
    replies = labtools.tshark(path, "icmpv6.type == 129", ["frame.number"])
    assert len(replies) == result["received"] == result["sent"]
    assert not labtools.frames(path, labtools.BAD)


def test_capture_sees_what_is_bad(make_lab, tmp_path):
    """The filters of bad packets are not blind."""
    lab = make_lab()
    ether = Ether(src="02:00:00:00:00:0d", dst="02:00:00:00:00:0c")
    ip = IPv6(src="2001:db8:c::2", dst="2001:db8:c::1")
    home = IPv6ExtHdrDestOpt(options=[HAO(hoa="2001:db8:1::100")])
    update = MIP6MH_BU(seq=7, mhtime=9)
    with labtools.Capture(lab, "c", str(tmp_path / "c.pcap")) as c:
        with hu.inside(lab.ns("cn")):
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        with s:
            s.bind(("eth0", 0))
            for last in (UDP(sport=9, dport=9) / b"x",
                         UDP(sport=9, dport=9, chksum=1) / b"x",
                         home / update, home / MIP6MH_BU(cksum=1),
                         IPv6(src=ip.src, dst=ip.dst) / home / update,
                         IPv6() / home / MIP6MH_BU(cksum=1)):
                s.send(bytes(ether / ip / last))
        path = c.stop()
    assert len(labtools.tshark(path, labtools.BAD, ["frame.number"])) == 1
    count, wrong = labtools.mobility_checksums(path)
    assert (count, len(wrong)) == (4, 2)


def test_command_line(make_lab):
    """What people type: every verb that needs no daemon."""
    lab = make_lab(up=False)

    def say(*args, code=0):
        done = subprocess.run([LAB, "--name", lab.name, *args], text=True,
                              capture_output=True, check=False)
        assert done.returncode == code, done.stderr + done.stdout
        return done.stdout + done.stderr

    assert "not up" in say("status", code=1)
    assert "is up" in say("up", "--like-hardware", "--delay", "1")
    assert "home -> a" in say("move", "a")
    text = say("status")
    assert "on link: a" in text and "2001:db8:c::2/64" in text
    status = json.loads(say("status", "--json"))
    assert status["nodes"]["mn"]["link"] == "a"
    assert status["like_hardware"] and status["delay_ms"] == 1
    assert "2001:db8:a::50" in say("exec", "pa", "ip", "addr")
    assert lab.name in say("list")
    assert "no node" in say("exec", "nobody", "true", code=1)
    assert "was not started" in say("logs", "mn", code=1)
    assert "is gone" in say("down")
    assert "was not up" in say("down")
