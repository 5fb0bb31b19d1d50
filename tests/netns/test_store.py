# SPDX-License-Identifier: BSD-2-Clause
"""A home agent that is killed under the traffic of fifty mobile nodes.

The mobile nodes are made of bytes (mobile.py) and do nothing after they have
been acknowledged: what comes to them after the restart comes of the store.
"""
import os
import signal
import struct
import time

import pytest

import hostutil as hu
import mip6lab
import mobile
from harness import CN

MOBILES = 50
PA = mip6lab.ADDRESS["pa"]


def hoa(i):
    return "2001:db8:1::1:%x" % (i + 1)


class Agent:
    def __init__(self, net, extra=""):
        self.net = net
        key = net.lab.key()
        self.spi, self.key = mobile.read_key(key)
        net.lab.config("ha", extra="\tdurability = sync\n" +
                       "\thome-dad = off\n" + extra + "".join(
                           '\tmobile "%s" {\n\t\tkey-file = "%s"\n\t}\n' % (
                               hoa(i), key) for i in range(MOBILES)))
        net.start("ha")
        self.pa = mobile.Host(net.lab)
        self.cn = mobile.Host(net.lab, "cn", "02000000000c")
        net.things += [self.pa, self.cn]

    def update(self, i, **changed):
        return mobile.Update(seq=100 + i, spi=self.spi, key=self.key,
                             hoa=hoa(i), flags=mobile.A | mobile.H, **changed)

    def register(self, n=MOBILES):
        for i in range(n):
            self.pa.send(self.update(i).packet())
            assert self.pa.ack(100 + i).status == 0

    def bindings(self):
        return {r["hoa"]: (r["coa"], r["seq"])
                for r in self.net.rows("ha", "bindings")
                if r["state"] == "registered"}

    def ask(self, n=MOBILES):
        """A packet from the correspondent to each home address."""
        for i in range(n):
            udp = struct.pack("!HHHH", 9, 9, 12, 0) + b"mip6"
            src, dst = mobile.octets(CN), mobile.octets(hoa(i))
            total = mobile.labtools.ones_sum(
                src + dst + struct.pack("!II", 12, 17) + udp)
            udp = udp[:6] + struct.pack("!H", 0xffff - total) + udp[8:]
            self.cn.send(mobile.ip6(CN, hoa(i), 17, udp))

    def reached(self, wanted, seconds):
        """Home addresses whose packets come through the tunnel."""
        got, deadline = set(), hu.Deadline(seconds)
        while deadline.left() > 0 and got != wanted:
            self.ask()
            for packet in self.pa.frames_until(
                    hu.Deadline(min(0.05, max(deadline.left(), 0)))):
                if packet[6] == 41 and packet[24:40] == mobile.octets(PA):
                    got |= {packet[64:80]} & wanted
                if got == wanted:
                    break
        return got


ALL = {mobile.octets(hoa(i)) for i in range(MOBILES)}


def test_killed_under_traffic_of_fifty(net):
    agent = Agent(net())
    agent.register()
    before = agent.bindings()
    assert len(before) == MOBILES
    assert agent.reached(ALL, 5) == ALL
    agent.net.lab.stop("ha", signal.SIGKILL)
    agent.pa.drain()
    began = time.monotonic()
    agent.net.start("ha")
    started = time.monotonic() - began
    assert agent.reached(ALL, 10 - started) == ALL
    took = time.monotonic() - began
    print("all %d mobile nodes reached %.3f s after the start (%.3f s of "
          "them until it answered)" % (MOBILES, took, started))
    assert agent.bindings() == before
    assert took < 1
    # What was accepted before is not accepted again.
    agent.pa.send(agent.update(0, stamp=mobile.ntp(time.time() - 60)).packet())
    assert agent.pa.ack(100).status == 144


@pytest.mark.parametrize("how", ("garbage", "cut"))
def test_damaged_store(net, how):
    agent = Agent(net())
    agent.register(3)
    agent.net.lab.stop("ha", signal.SIGKILL)
    path = agent.net.lab.path("state-ha", "store.db")
    assert os.stat(path).st_mode & 0o777 == 0o600
    with open(path, "r+b") as f:
        if how == "cut":
            f.truncate(1000)
        else:
            f.write(os.urandom(4096))
    agent.net.start("ha")
    store = agent.net.ask("ha", "status")["store"]
    assert store["open"] and "set aside as store.db.damaged-" in store["damage"]
    assert agent.net.log_lines("ha", "store.damaged")
    assert agent.bindings() == {}
    agent.register(3)
    assert len(agent.bindings()) == 3
