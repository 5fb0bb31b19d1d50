# SPDX-License-Identifier: BSD-2-Clause
"""A mobile node and its home agents (RFC 6275 §11.4.1, §11.7.1).

Two of them listed, and the one in use is killed under a TCP session; one by
a name that only a name server reachable over IPv6 knows.
"""
import signal

import hostutil as hu
from harness import CN, HOA, PORT
from naming import Names

ONE, TWO = "2001:db8:1::1", "2001:db8:1::2"
NAME = "ha.example.org"


def mobile_conf(n, agent, extra=""):
    path = n.lab.config("mn", extra="\t\tlifetime = 8s\n" + extra)
    with open(path, encoding="ascii") as f:
        text = f.read()
    was = 'agent = "%s"' % ONE
    assert was in text
    with open(path, "w", encoding="ascii") as f:
        f.write(text.replace(was, "agent = " + agent))


def agents(net, agent):
    """Both home agents, and the mobile node registered on link a."""
    n = net(agents=2)
    for node in ("ha", "ha2"):
        n.lab.config(node)
        n.start(node)
    mobile_conf(n, agent)
    n.lab.move("a")
    n.start("mn")
    return n


def uses(n, agent, seconds=15):
    n.wait("mn", "the mobile node to use " + agent,
           lambda: n.registration()["agent"] == agent and
           n.registration()["state"] == "registered", seconds)


def test_killed_under_a_session(net):
    """The first is killed: the session goes on by the second."""
    n = agents(net, '{"%s", "%s"}' % (ONE, TWO))
    assert n.registration()["agent"] == ONE
    n.serve("cn")
    stream = n.traffic("mn", "echo", CN, PORT, 100000)
    assert stream.address == HOA
    stream.flows()
    hu.end_processes([n.lab.daemon_pid("ha")], 3, (signal.SIGKILL,))
    uses(n, TWO)
    assert n.log_lines("mn", "mn.agent-left", agent=ONE, why="silent",
                       next=TWO)
    stream.flows()
    result = stream.finish()
    assert result["error"] is None and result["same"], result
    # And it is said why.
    text = n.lab.ctl("mn", ["status"]).stdout
    assert "%s does not answer" % ONE in text, text


def test_goes_back_to_the_one_it_had(net):
    """A new start begins with the one that has the binding (§11.4.1)."""
    n = agents(net, '{"%s", "%s"}' % (ONE, TWO))
    hu.end_processes([n.lab.daemon_pid("ha")], 3, (signal.SIGKILL,))
    uses(n, TWO)
    hu.end_processes([n.lab.daemon_pid("mn")], 3, (signal.SIGKILL,))
    before = len(n.log_lines("mn", "bu.sent"))
    n.lab.start("mn")
    uses(n, TWO, 5)
    first = n.log_lines("mn", "bu.sent")[before]
    assert "agent=" + TWO in first, first
    # Its number is newer than all before: nobody had to correct it.
    assert not n.log_lines("mn", "ba.received",
                           status="sequence-number-out-of-window")


def test_name_over_ipv6(net):
    """A cold start on a foreign link; the server fails at first."""
    n = net()
    n.start("ha")
    names = Names(n, "cn", CN, NAME, ONE, failures=1)
    mobile_conf(n, '"%s"' % NAME)
    n.lab.move("a")
    n.lab.start("mn")
    uses(n, ONE)
    asked = names.asked()
    assert len(asked) >= 2 and {a[1] for a in asked} == {"28"}, asked
    assert {a[2] for a in asked} == {NAME}
    # From the care-of link, never from the home address.
    assert all(a[0].startswith("2001:db8:a:") for a in asked), asked
    n.exec("mn", "ping", "-c1", "-W3", "-q", "-I", HOA, CN)
