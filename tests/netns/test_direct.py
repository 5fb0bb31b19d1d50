# SPDX-License-Identifier: BSD-2-Clause
"""Directly between a mobile node and a correspondent (RFC 6275 §9, §11).

Both are real daemons on real kernels; the applications know nothing of it.
"""
import datetime
import os
import re
import statistics

import pytest

import harness
import hostutil as hu
import labtools
import test_interfaces
from harness import CN, HOA, PORT

ALL = "\troute-optimization = all\n"
MOVES = int(os.environ.get("MIP6_MOVES") or
            (20 if os.environ.get("MIP6_LONG") else 6))
JOURNEY = ("b", "home", "a")
RATE = 50000
DELAY_MS = 10
FAST_S = 0.001


def started(net, *nodes, **config):
    """Mobile node, on link a, and home agent, and the named others."""
    net.lab.config("ha", extra="\thome-dad = off\n")
    net.lab.config("mn", mobile=config.pop("mobile", ALL), **config)
    net.lab.wait_host_ready()
    net.lab.move("a")
    net.start("ha", "mn", *nodes)
    return net


def peer(net):
    """The mobile node's row about the correspondent, or None."""
    rows = [r for r in net.rows("mn", "registrations")
            if r["with"] == "correspondent"]
    assert len(rows) <= 1, rows
    return rows[0] if rows else None


def bound(net):
    """The correspondent's binding of the home address, or None."""
    rows = [r for r in net.rows("cn", "bindings")
            if r["hoa"] == HOA and r["state"] == "registered"]
    assert len(rows) <= 1, rows
    return rows[0] if rows else None


def wait_direct(net, seconds=5):
    """Until the pair talks directly, to the present care-of address."""
    def there():
        p = peer(net)
        return p if p and p["state"] == "direct" and \
            p["coa"] == net.registration()["coa"] else None
    p = net.wait("mn", "to talk directly", there, seconds)
    row = bound(net)
    assert row and row["coa"] == p["coa"] and not row["home_registration"]
    return p


def wait_deleted(net):
    net.wait("cn", "to delete its binding", lambda: bound(net) is None)


def counter(net, node, name):
    found = [r["count"] for r in net.rows(node, "counters")
             if r["group"] == "path" and r["name"] == name]
    assert len(found) == 1, name
    return found[0]


def status(net, node):
    return net.lab.ctl(node, ["status"]).stdout


def at(line):
    """Seconds of a line of the log."""
    stamp = re.match(r"\S+", line).group(0).replace("Z", "+00:00")
    return datetime.datetime.fromisoformat(stamp).timestamp()


def only_signalling(path, spans):
    """Nothing but mobility messages and the links' own, in these spans."""
    rows = labtools.tshark(
        path, "ipv6 && !mipv6 && !(icmpv6.type >= 130 && icmpv6.type <= 147)",
        ["frame.time_epoch", "_ws.col.Info"])
    late = [r for r in rows if any(s < float(r[0]) < e for s, e in spans)]
    assert late == [], late[:5]


def well_formed(path):
    assert labtools.frames(path, labtools.BAD) == []
    count, wrong = labtools.mobility_checksums(path)
    assert count > 0 and wrong == []


# --- sessions ----------------------------------------------------------------

@pytest.mark.parametrize("client, server", (("mn", "cn"), ("cn", "mn")))
def test_session_over_moves(net, client, server):
    """TCP goes directly after each move, and no octet of it is lost.

    The home link carries signalling alone, but from a move until the direct
    way is proven again.
    """
    net = started(net(), "cn")
    capture = net.capture("up-home")
    net.serve(server)
    stream = net.traffic(client, "echo", CN if server == "cn" else HOA, PORT,
                         RATE)
    stream.flows()
    spans, since, visited = [], None, 0
    for n in range(MOVES):
        to = JOURNEY[n % len(JOURNEY)]
        moved = net.move(to)
        if since:
            spans.append((since, moved["down_at"]))
        since = None
        stream.flows()
        if to == "home":
            wait_deleted(net)
            continue
        p = wait_direct(net)
        assert p["home_token_us"] >= 0 and p["care_of_token_us"] >= 0
        visited += 1
        # What was under way in the tunnel has arrived.
        since = stream.flows()
        assert "correspondents: 1, directly with 1" in status(net, "mn")
        assert "to talk to directly: 1" in status(net, "cn")
        for _ in range(20):
            stream.flows()
    result = stream.finish()
    print(result)
    assert result["error"] is None and result["same"] and result["sent"] > 0
    assert len(spans) >= visited - 1
    path = capture.stop()
    only_signalling(path, spans)
    well_formed(path)
    for node in ("mn", "cn"):
        assert counter(net, node, "direct-out") > 20 * visited
        assert counter(net, node, "direct-in") > 20 * visited
    # Moved, not tested again: one home test for both links (§5.2.7).
    hots = net.log_lines("mn", "rr.hot", peer=CN)
    cots = net.log_lines("mn", "rr.cot", peer=CN)
    assert len(hots) < len(cots)


def test_latency(net):
    """Half the round trip, and two of the long ones until it is so."""
    net = started(net(delay_ms=DELAY_MS), "cn", mobile="")

    def median():
        ping = net.traffic("mn", "ping", CN, 0.005)
        for _ in range(10):
            ping.flows()
        times = [came - sent for sent, came in ping.finish()["times"] if came]
        return 1000 * statistics.median(times[len(times) // 2:])

    tunnel = median()
    assert peer(net) is None, "nothing is tried without the policy"
    net.lab.config("mn", mobile=ALL)
    net.lab.ctl("mn", ["reload"])
    ping = net.traffic("mn", "ping", CN, 0.005)
    ping.flows()
    wait_direct(net)
    ping.finish()
    direct = median()
    began = at(net.log_lines("mn", "ro.state", to="testing")[0])
    done = at(net.log_lines("mn", "ro.state", to="direct")[0])
    took = 1000 * (done - began)
    # A move: the tunnel at once, direct again soon after the home agent.
    ping = net.traffic("mn", "ping", CN, 0.005)
    ping.flows()
    net.move("b")
    wait_direct(net)
    ping.finish()
    again = 1000 * (at(net.log_lines("mn", "ro.state", to="direct")[-1]) -
                    at(net.log_lines("mn", "ba.received")[-1]))
    print("round trip %.1f ms by the tunnel, %.1f ms directly; direct %.1f ms "
          "after the first packet, %.1f ms after the home registration" % (
              tunnel, direct, took, again))
    assert tunnel > 4 * DELAY_MS and 2 * DELAY_MS < direct < 0.75 * tunnel
    assert took < 2 * 4 * DELAY_MS + 20
    assert again < 2 * 4 * DELAY_MS + 20


def test_nothing_lost(net):
    """With two links up, at 1,000 packets a second, over four changes."""
    net = net(delay_ms=DELAY_MS)
    both, turned = ("eth0", "eth1"), ("eth1", "eth0")
    net.lab.plug("b")
    started(net, "cn", interfaces=both)
    test_interfaces.bound(net, "a")
    ping = net.traffic("mn", "ping", CN, FAST_S)
    ping.flows()
    wait_direct(net)
    for interfaces, link in ((turned, "b"), (both, "a"), (turned, "b")):
        net.lab.config("mn", interfaces=interfaces, mobile=ALL)
        net.lab.ctl("mn", ["reload"])
        test_interfaces.bound(net, link)
        wait_direct(net)
        ping.flows()
    test_interfaces.nothing_lost(ping)
    assert counter(net, "mn", "direct-out") > 100


# --- sizes -------------------------------------------------------------------

def test_transfers(net):
    """Both ways, with the cards' offloads; then through a small path."""
    net = started(net(like_hardware=True), "cn")
    net.serve("cn")
    net.serve("mn")
    for small in (False, True):
        if small:
            for node, dev in (("inet", "up-a"), ("ra", "eth1")):
                net.exec(node, "ip", "link", "set", dev, "mtu", "1280")
        for client, to in (("mn", CN), ("cn", HOA)):
            for verb in ("get", "put"):
                transfer = net.traffic(client, verb, to, PORT, 4 << 20, 6275)
                assert transfer.wait(30)["same"]
                wait_direct(net)
    for node in ("mn", "cn"):
        assert counter(net, node, "direct-out") > 100


def test_fragments(net):
    """Of both kernels: all of them directly, and well formed."""
    net = started(net(), "cn")
    capture = net.capture("up-a")
    ping = net.traffic("mn", "ping", CN, 0.02)
    ping.flows()
    wait_direct(net)
    before = counter(net, "ha", "encapsulated")
    for node, to in (("mn", CN), ("cn", HOA)):
        for size in (1404, 1428, 1429, 1452, 1453, 4000, 20000, 60000):
            for count in ("1", "2", "2", "2"):
                out = net.exec(node, "ping", "-q", "-c", count, "-i", "0.01",
                               "-W", "1", "-s", str(size), to, check=False)
                if count == "2" and " 0% packet loss" in out:
                    break
            assert " 0% packet loss" in out, (node, size, out)
    assert counter(net, "ha", "encapsulated") == before
    path = capture.stop()
    well_formed(path)
    for header in ("ipv6.routing.type == 2", "ipv6.opt.type == 0xc9"):
        assert len(labtools.tshark(path, header + " && ipv6.fraghdr",
                                   ["frame.number"])) > 100, header


# --- the other end -----------------------------------------------------------

def given_up(net):
    """Until the mobile node asks this correspondent no more."""
    p = net.wait("mn", "to give it up", lambda: (
        lambda p: p if p and p["state"] == "denied" else None)(peer(net)))
    assert p["why"].startswith("knows no Mobile IPv6; again in 2")


def test_correspondent_restarts(net):
    """It has forgotten everything and says so; then directly again.

    Stopped for good, its kernel knows no such option: the tunnel has the
    session from then on.
    """
    net = started(net(), "cn")
    first = net.traffic("mn", "ping", CN, 0.01)
    first.flows()
    wait_direct(net)
    first.finish()
    net.lab.stop("cn")
    net.lab.start("cn")
    assert bound(net) is None
    ping = net.traffic("mn", "ping", CN, 0.01)
    ping.flows()
    net.wait("cn", "to have a binding again", lambda: bound(net))
    wait_direct(net)
    ping.flows()
    assert net.log_lines("mn", "ro.be", peer=CN, status=1)
    lost = [i for i, (_, came) in enumerate(ping.finish()["times"])
            if came is None]
    print("lost:", lost)
    assert len(lost) < 5
    net.serve("cn")
    stream = net.traffic("mn", "echo", CN, PORT, RATE)
    stream.flows()
    net.lab.stop("cn")
    stream.flows()
    given_up(net)
    result = stream.finish()
    assert result["error"] is None and result["same"]


def test_correspondent_without(net):
    """Asked once, it refuses; nothing is asked again, and nothing breaks."""
    net = started(net())
    capture = net.capture("up-c")
    ping = net.traffic("mn", "ping", CN, 0.01)
    ping.flows()
    given_up(net)
    net.move("b")
    for _ in range(50):
        ping.flows()
    path = capture.stop()
    sent = labtools.tshark(path, "ipv6.dst == %s && mipv6 && !icmpv6" % CN,
                           ["mip6.mhtype"])
    assert 1 <= len(sent) <= 2 and {r[0] for r in sent} <= {"1", "2"}
    assert ping.finish()["duplicates"] == 0


# --- nothing is left behind --------------------------------------------------

def test_hosts_as_before(net):
    net = net()
    net.lab.config("mn", mobile=ALL)
    net.lab.config("ha", extra="\thome-dad = off\n")
    net.lab.wait_host_ready()
    net.lab.move("a")
    harness.kernel_settled(net)
    before = {n: harness.host_state(net.lab, n) for n in ("mn", "cn")}
    net.start("ha", "mn", "cn")
    ping = net.traffic("cn", "ping", HOA, 0.01)
    ping.flows()
    wait_direct(net)
    ping.flows()
    for node in ("mn", "cn"):
        net.lab.stop(node)
        assert harness.differences(
            before[node], harness.host_state(net.lab, node)) == [], node


def test_host_route_is_put_back(net):
    """Somebody removes the correspondent's route: it is there again."""
    net = started(net(), "cn")
    ping = net.traffic("mn", "ping", CN, 0.02)
    ping.flows()
    wait_direct(net)
    route = net.exec("cn", "ip", "-6", "route", "show", HOA)
    assert route
    net.exec("cn", "ip", "-6", "route", "del", HOA)
    net.wait("cn", "the route", lambda: net.exec(
        "cn", "ip", "-6", "route", "show", HOA) == route)
    ping.flows()
    before = counter(net, "cn", "direct-out")
    ping.flows()
    assert counter(net, "cn", "direct-out") > before
    assert "put back" in status(net, "cn")


def test_correspondent_without_a_file(net, tmp_path):
    """`mip6d --cn` alone, where nobody has configured anything."""
    net = net()
    program = net.lab.program("mip6d")
    run = ["ip", "netns", "exec", net.lab.ns("cn"), "unshare", "--mount",
           "sh", "-c", "mount -t tmpfs tmpfs /etc && exec \"$@\"", "sh",
           program]
    done = hu.run([*run, "--cn", "-t"], check=False)
    assert done.returncode == 0, done.stderr
    assert "correspondent" in done.stdout.lower()
    # What needs a file says so, and so does a name that was given.
    for arguments in (["--mn", "-t"], ["--cn", "--ha", "-t"],
                      ["--cn", "-t", "-c", str(tmp_path / "none")]):
        done = hu.run([*run, *arguments], check=False)
        assert done.returncode == 3, arguments
        assert "No such file" in done.stderr
