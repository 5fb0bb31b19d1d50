# SPDX-License-Identifier: BSD-2-Clause
"""The daemon leaves a host as it was, or the next start does.

Stopped, it undoes everything at once.  Killed at any moment, it leaves a host
that the next start repairs and the stop after that leaves as it was.
"""
import random
import signal

import pytest

import hostutil as hu
from harness import (CN, HOA, PORT, differences, host_state, kernel_settled)


@pytest.mark.parametrize("hardware", (False, True))
@pytest.mark.parametrize("where", ("home", "a"))
def test_stop_leaves_the_host_as_it_was(net, where, hardware):
    net = net(like_hardware=hardware)
    if where != "home":
        net.lab.move(where)
    kernel_settled(net)
    before = {n: host_state(net.lab, n) for n in ("ha", "mn")}
    net.start()
    during = {n: host_state(net.lab, n) for n in ("ha", "mn")}
    assert differences(before["mn"], during["mn"]), "it changed something"
    assert differences(before["ha"], during["ha"])
    ping = net.traffic("mn", "ping", CN, 0.01)
    ping.flows()
    ping.finish()
    for node in ("mn", "ha"):
        net.lab.stop(node)
    for node in ("mn", "ha"):
        assert not differences(before[node], host_state(net.lab, node))


def test_forwarding_is_put_back(net):
    """A home agent on a host that did not forward."""
    net = net()
    name = "net/ipv6/conf/all/forwarding"
    hu.sysctl_write(net.lab.ns("ha"), {name: 0})
    before = host_state(net.lab, "ha")
    net.start("ha")
    assert host_state(net.lab, "ha")["sysctls"]["/proc/sys/" + name] == "1"
    net.lab.stop("ha")
    assert not differences(before, host_state(net.lab, "ha"))


def kill(net, node):
    net.lab.stop(node, signal.SIGKILL)


@pytest.mark.parametrize("moment", (
    "starting", "at-home", "away", "registering", "moving", "busy"))
def test_kill_the_mobile_node(net, moment):
    net = net()
    kernel_settled(net)
    if moment in ("away", "registering", "busy"):
        net.lab.move("a")
        kernel_settled(net)
    before = host_state(net.lab, "mn")
    net.start("ha")
    if moment == "starting":
        for after_s in (0.001, 0.01, 0.03, 0.06):
            pid = net.lab.start("mn", wait=False)
            try:
                hu.wait_exit(pid, hu.Deadline(after_s), "")
            except hu.Timeout:
                pass
            kill(net, "mn")
    elif moment == "registering":
        pid = net.lab.start("mn", wait=False)
        net.wait("mn", "an update", lambda: net.log_lines(
            "mn", "bu.sent"))
    else:
        net.start("mn")
        if moment == "moving":
            net.lab.move("a")
            net.lab.move("home")
        if moment == "busy":
            net.serve("cn")
            net.traffic("mn", "get", CN, PORT, 1 << 30, 1)
    kill(net, "mn")
    net.start("mn")
    ping = net.traffic("cn", "ping", HOA, 0.01)
    ping.flows()
    ping.finish()
    net.lab.stop("mn")
    assert not differences(before, host_state(net.lab, "mn"),
                           visited=("a",) if moment == "moving" else ())


@pytest.mark.parametrize("moment", ("starting", "idle", "bound", "moving"))
def test_kill_the_home_agent(net, moment):
    net = net()
    before = host_state(net.lab, "ha")
    if moment == "starting":
        for after_s in (0.001, 0.01, 0.03, 0.06):
            pid = net.lab.start("ha", wait=False)
            try:
                hu.wait_exit(pid, hu.Deadline(after_s), "")
            except hu.Timeout:
                pass
            kill(net, "ha")
        net.start()
        net.move("a")
    else:
        net.start()
        if moment != "idle":
            net.move("a")
        if moment == "moving":
            net.lab.move("b")
        kill(net, "ha")
        net.start("ha")
        net.ask("mn", "flush", "registration")
    if moment == "idle":
        net.move("b")
    net.settled()
    ping = net.traffic("cn", "ping", HOA, 0.01)
    ping.flows()
    ping.finish()
    net.lab.stop("ha")
    assert not differences(before, host_state(net.lab, "ha"))


def test_kill_at_random(net):
    """Ten kills at random moments of a life with moves; one last repair."""
    seed = random.randrange(1 << 32)
    print("seed", seed)
    rng = random.Random(seed)
    net = net()
    kernel_settled(net)
    before = host_state(net.lab, "mn")
    net.start("ha")
    for _ in range(10):
        pid = net.lab.start("mn", wait=False)
        if rng.random() < 0.5:
            net.lab.move(rng.choice(("home", "a")))
        try:
            hu.wait_exit(pid, hu.Deadline(rng.uniform(0, 0.4)), "")
        except hu.Timeout:
            pass
        kill(net, "mn")
    net.lab.move("home")
    net.start("mn")
    net.lab.stop("mn")
    after = host_state(net.lab, "mn")
    assert not differences(before, after, visited=("a",))


def test_second_instance_is_refused(net):
    """Two daemons with one state directory would undo each other's work."""
    net = net()
    net.start()
    done = net.exec("mn", net.lab.program("mip6d"), "-c",
                    net.lab.path("etc", "mn.conf"), "-f", check=False)
    assert net.registration()["state"] == "at-home", done
    ping = net.traffic("mn", "ping", CN, 0.01)
    ping.flows()
