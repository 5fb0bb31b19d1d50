# SPDX-License-Identifier: BSD-2-Clause
"""The lid is closed, everything expires, and the session goes on.

The mobile node's daemon stands still (SIGSTOP) and its cable is pulled, for
longer than the binding lives and with MIP6_LONG=1 for 40 s.
"""
import os
import signal

import hostutil as hu
from harness import CN, HN, HOA, PORT

LONG = bool(os.environ.get("MIP6_LONG"))
LIFETIME_S = 20 if LONG else 4
ASLEEP_S = 40 if LONG else 5


def session(net, lifetime=LIFETIME_S):
    n = net()
    n.lab.config("ha")
    n.lab.config("mn", extra="\t\tlifetime = %ds\n" % lifetime)
    n.lab.move("a")
    n.start("ha", "mn")
    n.settled()
    n.serve("cn")
    stream = n.traffic("mn", "echo", CN, PORT, 50000)
    assert stream.address == HOA
    stream.flows()
    return n, stream


def sleeps(n, seconds):
    """Nothing of the mobile node runs, and no carrier.

    Its end is what a clock on another host says: the correspondent's pings to
    a neighbour, one a second.
    """
    pid = n.lab.daemon_pid("mn")
    os.kill(pid, signal.SIGSTOP)
    try:
        n.lab.move("none")
        seen = len(n.log_lines("mn", "bu.sent"))
        ticks = n.traffic("cn", "ping", HN, 1)
        for _ in range(seconds):
            ticks.flows()
        n.wait("ha", "the binding to have expired", lambda: n.binding() is
               None or n.binding()["state"] == "invalid", LIFETIME_S + 5)
        assert len(n.log_lines("mn", "bu.sent")) == seen
    finally:
        os.kill(pid, signal.SIGCONT)


def test_wakes_elsewhere(net):
    """Closed on link a, opened on link b: the same TCP session."""
    n, stream = session(net)
    sleeps(n, ASLEEP_S)
    n.move("b")
    stream.flows(30)
    result = stream.finish()
    assert result["error"] is None and result["same"], result
    assert result["sent"] > 0


def test_wakes_where_it_was(net):
    """And opened where it was closed."""
    n, stream = session(net)
    sleeps(n, ASLEEP_S)
    n.move("a")
    stream.flows(30)
    result = stream.finish()
    assert result["error"] is None and result["same"], result


def test_wakes_at_home(net):
    """Opened at home, where another one could have the address by now."""
    n, stream = session(net)
    sleeps(n, ASLEEP_S)
    n.move("home")
    stream.flows(30)
    result = stream.finish()
    assert result["error"] is None and result["same"], result
    assert not n.log_lines("mn", "mn.conflict")


def test_home_agent_asleep(net):
    """The home agent stands still for longer than the binding lives."""
    n, stream = session(net)
    pid = n.lab.daemon_pid("ha")
    os.kill(pid, signal.SIGSTOP)
    try:
        n.wait("mn", "to lose its binding", lambda: n.log_lines(
            "mn", "mn.binding-expired"), LIFETIME_S + 5)
        status = n.ask("mn", "status")
        assert not status["working"]
        assert "no Binding Acknowledgement from" in status["why"]
    finally:
        os.kill(pid, signal.SIGCONT)
    n.settled(35)
    stream.flows(30)
    result = stream.finish()
    assert result["error"] is None and result["same"], result
    assert hu.proc_start_time(pid) is not None
