# SPDX-License-Identifier: BSD-2-Clause
"""Where a home agent stands: the home link's router, a host beside it, or a
server that the home prefix is routed to (RFC 6275 §8.4, §10.1, §10.4).

The same journey in each place, and a host that is as before afterwards.
"""
import json
import re
import signal
import subprocess

import pytest

import hostutil as hu
import mip6lab
from harness import (CN, HOA, PORT, differences, host_state)

PLACES = mip6lab.PLACES
AWAY = {"router": ("a", "b", "home"), "host": ("a", "b", "home"),
        "virtual": ("b", "a")}


def interfaces(net, node="ha"):
    return {r["name"]: r for r in net.rows(node, "links")}


def group_joined(net):
    """Is the solicited-node group of the home address joined at home?"""
    return "ff02::1:ff00:100" in net.exec("ha", "ip", "-6", "maddr")


def home_route(net):
    out = net.exec("ha", "ip", "-6", "-j", "route", "show", "proto", "62")
    return sorted(r["dst"] for r in json.loads(out or "[]"))


@pytest.mark.parametrize("place", PLACES)
def test_journey(net, place):
    """Registration, echo and TCP both ways across moves, and what remains."""
    net = net(ha=place)
    before = host_state(net.lab, "ha")
    net.start()
    net.serve("cn")
    net.serve("mn")
    out = net.traffic("mn", "echo", CN, PORT, 20000)
    ping = net.traffic("mn", "ping", CN, 0.01)
    if place == "virtual":
        assert net.binding(), "away from the beginning"
        back = net.traffic("cn", "echo", HOA, PORT, 20000)
    for to in AWAY[place]:
        net.move(to)
        ping.flows()
        out.flows()
        if to != "home":
            assert net.binding()["state"] == "registered"
        if place != "virtual" and to == "a":
            back = net.traffic("cn", "echo", HOA, PORT, 20000)
        back.flows()
        if place == "virtual":
            assert home_route(net) == ["2001:db8:1::/64"]
            assert not group_joined(net)
        else:
            assert home_route(net) == ([] if to == "home" else [HOA])
            assert group_joined(net) == (to != "home")
    for t in (out, back):
        result = t.finish()
        assert result["same"] and not result["error"], result
    assert not net.ask("ha", "status")["why"]
    for node in ("mn", "ha"):
        net.lab.stop(node)
    assert not differences(before, host_state(net.lab, "ha"))


@pytest.mark.parametrize("place", ("host", "virtual"))
def test_killed_and_started_again(net, place):
    net = net(ha=place)
    before = host_state(net.lab, "ha")
    net.start()
    if place == "host":
        net.move("a")
    net.lab.stop("ha", signal.SIGKILL)
    net.start("ha")
    net.ask("mn", "flush", "registration")
    net.settled()
    ping = net.traffic("cn", "ping", HOA, 0.01)
    ping.flows()
    ping.finish()
    net.lab.stop("mn")
    net.lab.stop("ha")
    assert not differences(before, host_state(net.lab, "ha"))


@pytest.mark.parametrize("place", PLACES)
def test_interfaces(net, place):
    """It listens wherever its address can be reached by, also on what comes
    later, and says what each interface is."""
    net = net(ha=place)
    net.start("ha")
    roles = {n: r["role"] for n, r in interfaces(net).items()}
    if place == "router":
        assert roles == {"eth0": "home-agent", "eth1": "uplink"}
    elif place == "host":
        assert roles == {"eth0": "home-agent"}
    else:
        assert roles == {"eth0": "uplink"}
    second_uplink(net)
    net.wait("ha", "the new interface", lambda: interfaces(net).get(
        "eth7", {}).get("captured"))
    assert interfaces(net)["eth7"]["role"] == "uplink"


def second_uplink(net):
    """Another cable from the home agent to the internet router."""
    ha, inet = net.lab.ns("ha"), net.lab.ns("inet")
    hu.ip_batch(None, [
        "link add eth7 index 77 netns %s type veth peer name up-two index 78 "
        "netns %s" % (ha, inet)])
    hu.ip_batch(inet, ["link set up-two up",
                       "addr add 2001:db8:f:77::1/64 dev up-two nodad"])
    hu.ip_batch(ha, ["link set eth7 up",
                     "addr add 2001:db8:f:77::2/64 dev eth7 nodad"])


def longest_gap(result):
    """Seconds without an answer, and echoes lost outside the longest gap."""
    times = result["times"]
    gaps, begin = [], None
    for sent, came in times:
        if came is None:
            begin = sent if begin is None else begin
        elif begin is not None:
            gaps.append((sent - begin, begin, sent))
            begin = None
    return max(gaps, default=(0.0, 0, 0))[0], len(gaps)


def sent_by(net, link):
    return next(r["count"] for r in net.rows("ha", "counters")
                if r["group"].endswith(link) and r["name"] == "sent")


@pytest.mark.parametrize("place", PLACES)
def test_default_route_changes_under_traffic(net, place):
    """R10.4.2: the next hop towards the care-of address is the host's."""
    net = net(ha=place)
    net.start()
    net.serve("cn")
    net.move("b")
    second_uplink(net)
    net.wait("ha", "the new interface", lambda: interfaces(net).get(
        "eth7", {}).get("captured"))
    first = json.loads(net.exec("ha", "ip", "-6", "-j", "route", "show",
                                "default"))[0]
    ways = ((first["gateway"], first["dev"]), ("2001:db8:f:77::1", "eth7"))
    tcp = net.traffic("mn", "echo", CN, PORT, 50000)
    ping = net.traffic("mn", "ping", CN, 0.005)
    ping.flows()
    changes = 6
    for n in range(1, changes + 1):
        gateway, dev = ways[n % 2]
        net.exec("ha", "ip", "-6", "route", "replace", "default", "via",
                 gateway)
        before = sent_by(net, dev)
        net.wait("ha", "50 packets sent by " + dev,
                 lambda d=dev, was=before: sent_by(net, d) >= was + 50)
        ping.flows()
        tcp.flows()
    result = ping.finish()
    gap, gaps = longest_gap(result)
    print("%s: %d changes: longest gap %.1f ms, %d of %d echoes lost" % (
        place, changes, gap * 1000, result["sent"] - result["received"],
        result["sent"]))
    assert gap < 0.2
    assert gaps <= changes
    stream = tcp.finish()
    assert stream["same"] and not stream["error"], stream


def test_nobody_is_unreachable(net):
    """A virtual home link: what is for no mobile node is told so at once."""
    net = net(ha="virtual")
    net.start()
    done = subprocess.run(
        ["ip", "netns", "exec", net.lab.ns("cn"), "ping", "-c3", "-i0.2",
         "-W3", "2001:db8:1::4711"], text=True, capture_output=True,
        check=False)
    told = re.findall(r"From (\S+) icmp_seq=\d+ (.*)", done.stdout)
    assert told == [("2001:db8:1::1",
                     "Destination unreachable: Address unreachable")] * 3, \
        done.stdout
    # From inside a tunnel as well, and our own address is there.
    ping = net.traffic("mn", "ping", "2001:db8:1::1", 0.01)
    ping.flows()
    ping.finish()
    bad = net.traffic("mn", "ping", "2001:db8:1::4712", 0.01)
    net.wait("ha", "told", lambda: [
        r for r in net.rows("ha", "counters")
        if r["name"] == "unreachable-sent" and r["count"] >= 4])
    assert bad.finish()["received"] == 0


def test_address_of_the_uplink(net):
    """A virtual home link served from the server's own address."""
    net = net(ha="virtual")
    path = net.lab.config("ha")
    with open(path, encoding="ascii") as f:
        text = f.read()
    with open(path, "w", encoding="ascii") as f:
        f.write(text.replace('address = "2001:db8:1::1"',
                             'address = "2001:db8:f:1::2"'))
    path = net.lab.config("mn")
    with open(path, encoding="ascii") as f:
        text = f.read()
    with open(path, "w", encoding="ascii") as f:
        f.write(text.replace('"2001:db8:1::1"', '"2001:db8:f:1::2"'))
    net.start()
    ping = net.traffic("pa", "ping", HOA, 0.01)
    ping.flows()
    net.move("b")
    ping.flows()
    ping.finish()


def test_every_group(net):
    """join-groups = false: no group for a binding, and still all is heard."""
    net = net()
    net.lab.config("ha", extra="\tjoin-groups = false\n")
    before = host_state(net.lab, "ha")
    net.start()

    def allmulti():
        return json.loads(net.exec("ha", "ip", "-d", "-j", "link", "show",
                                   "dev", "eth0"))[0]["allmulti"]

    assert allmulti() == 1
    net.move("a")
    assert not group_joined(net)
    # A neighbour asks for it from nothing: its solicitation is multicast.
    net.exec("hn", "ip", "-6", "neigh", "flush", "dev", "eth0")
    ping = net.traffic("hn", "ping", HOA, 0.01)
    ping.flows()
    ping.finish()
    net.lab.stop("mn")
    net.lab.stop("ha")
    assert not differences(before, host_state(net.lab, "ha"))


def test_address_goes_and_comes(net):
    """Our address vanishes: status says so, the bindings wait; it comes
    back and they go on; another comes instead and they end."""
    net = net()
    net.start()
    net.move("a")
    ping = net.traffic("cn", "ping", HOA, 0.01)
    ping.flows()
    address = mip6lab.HOME_AGENT + "/64"
    net.exec("ha", "ip", "-6", "addr", "del", address, "dev", "eth0")
    net.wait("ha", "the loss", lambda: "no address in the home prefix" in
             net.ask("ha", "status")["why"])
    assert "bindings wait" in net.ask("ha", "status")["why"]
    assert net.binding()["state"] == "registered"
    net.exec("ha", "ip", "-6", "addr", "add", address, "dev", "eth0", "nodad")
    net.wait("ha", "its return",
             lambda: not net.ask("ha", "status")["why"])
    ping.flows()
    ping.finish()
    net.exec("ha", "ip", "-6", "addr", "add", "2001:db8:1::7/64", "dev",
             "eth0", "nodad")
    net.exec("ha", "ip", "-6", "addr", "del", address, "dev", "eth0")
    net.wait("ha", "the end of the binding", lambda: net.binding() is None)
    net.wait("ha", "the new address", lambda: net.log_lines(
        "ha", "ha.serving", address="2001:db8:1::7"))
