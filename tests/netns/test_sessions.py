# SPDX-License-Identifier: BSD-2-Clause
"""TCP sessions, begun at home by sockets bound to nothing, over many moves.

Each ends with every octet accounted for: traffic.py compares all of them.
"""
import os
import random

import pytest

import labtools
from harness import CN, HN, HOA, PA, PORT

MOVES = int(os.environ.get("MIP6_MOVES", "20"))
RATE = 200000


def random_moves(net, stream, count):
    """Moves at random, also again before traffic has recovered."""
    seed = int(os.environ.get("MIP6_SEED") or random.randrange(1 << 32))
    print("seed", seed, "(MIP6_SEED replays it)")
    rng = random.Random(seed)
    for n in range(count):
        to = rng.choice([x for x in ("home", "a", "b")
                         if x != net.lab.attached()])
        if n + 1 < count and rng.random() < 0.3:
            net.lab.move(to)
        else:
            net.move(to)
            stream.flows()


def check(result):
    print(result)
    assert result["error"] is None
    assert result["same"] and result["sent"] > 0


@pytest.mark.parametrize("client, server", (("mn", "cn"), ("cn", "mn")))
def test_random_moves(net, client, server):
    """20 random moves, the client on the mobile node, or the server."""
    net = net()
    net.start()
    net.serve(server)
    stream = net.traffic(client, "echo", CN if server == "cn" else HOA, PORT,
                         RATE)
    if client == "mn":
        assert stream.address == HOA, "an unbound socket has the home address"
    stream.flows()
    random_moves(net, stream, MOVES)
    check(stream.finish())


def test_neighbour_at_home(net):
    """The peer is on the home link, where the session begins."""
    net = net()
    net.start()
    net.serve("hn")
    stream = net.traffic("mn", "echo", HN, PORT, RATE)
    assert stream.address == HOA
    stream.flows()
    for to in ("a", "b", "home", "b", "home"):
        net.move(to)
        stream.flows()
    check(stream.finish())


def test_neighbour_connects_to_the_mobile_node(net):
    net = net()
    net.start()
    net.serve("mn")
    stream = net.traffic("hn", "echo", HOA, PORT, RATE)
    stream.flows()
    for to in ("a", "home", "b", "a", "home"):
        net.move(to)
        stream.flows()
    check(stream.finish())


def test_peer_on_a_visited_link(net):
    """A peer on link a, which the node visits later.

    Nothing on link a has the home address as source or destination, but
    inside the tunnel: neither the node nor the peer may take the short way.
    """
    net = net()
    net.start()
    net.serve("pa")
    stream = net.traffic("mn", "echo", PA, PORT, RATE)
    assert stream.address == HOA
    stream.flows()
    net.move("b")
    stream.flows()
    capture = net.capture("a")
    net.move("a")
    for _ in range(20):
        stream.flows()
    path = capture.stop()
    inner = labtools.tshark(
        path, "ipv6.nxt == 41 && tcp && ipv6.addr == %s" % HOA,
        ["frame.number"])
    assert len(inner) > 40, "the session went through the tunnel"
    # An outer header with the home address: the first address of the frame.
    # pa and its router exchange the session's packets natively; those have
    # the router's MAC at one end, and are the tunnel's other side.
    rows = labtools.tshark(path, "ipv6.addr == %s" % HOA,
                           ["eth.src", "eth.dst", "ipv6.src", "ipv6.dst",
                            "_ws.col.Info"])
    mn_mac = "02:00:00:00:00:10"
    bare = [r for r in rows if mn_mac in (r[0], r[1]) and
            HOA in (r[2].split(",")[0], r[3].split(",")[0])]
    # The Binding Acknowledgement's type 2 routing header and the Binding
    # Update's option name it, but neither is a source or destination.
    assert not bare, bare[:5]
    direct = [r for r in rows if {r[0], r[1]} ==
              {mn_mac, "02:00:00:00:00:0f"}]
    assert not direct, direct[:5]
    net.move("home")
    stream.flows()
    check(stream.finish())


def test_begun_away(net):
    """Begun on link b, to the correspondent, then two more moves."""
    net = net()
    net.start()
    net.move("b")
    net.serve("cn")
    stream = net.traffic("mn", "echo", CN, PORT, RATE)
    assert stream.address == HOA
    for to in ("a", "home"):
        stream.flows()
        net.move(to)
    stream.flows()
    check(stream.finish())
