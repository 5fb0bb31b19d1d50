# SPDX-License-Identifier: BSD-2-Clause
"""What a move costs: gaps, round trips, and that nothing is torn down early."""
import ipaddress
import statistics

import labtools
import mip6lab
from harness import CN, HOA, PORT


def pace(net):
    """Waits as long as updates must be apart: three a second at the most
    (RFC 6275 §11.8), so that moves are not slowed down by that."""
    ticks = net.traffic("cn", "ping", mip6lab.ADDRESS["hn"], 0.35)

    def wait():
        ticks.flows()
        ticks.flows()
    return wait


def test_ping_over_moves(net):
    net = net()
    net.start()
    ping = net.traffic("mn", "ping", CN, 0.01)
    assert ping.address == HOA
    ping.flows()
    moves, wait = [], pace(net)
    for to in ("a", "b", "home", "b", "a", "home"):
        wait()
        moved = net.move(to)
        moved["flows_at"] = ping.flows()
        moves.append((to, moved))
    result = ping.finish()
    lost = result["sent"] - result["received"]
    gaps = [labtools.longest_gap(result["times"], m["down_at"],
                                 m["flows_at"]) for _, m in moves]
    for (to, _), gap in zip(moves, gaps):
        print("to %-5s gap %.1f ms" % (to, gap * 1000))
    print("%d of %d lost" % (lost, result["sent"]))
    assert result["duplicates"] == 0
    assert max(gaps) < 1
    # What is lost was sent in the gaps; nothing is lost between them.
    assert lost <= sum(gaps) / 0.01 + len(moves)


def test_reachable_from_outside(net):
    """The correspondent's echo requests find the node wherever it is."""
    net = net()
    net.start()
    ping = net.traffic("cn", "ping", HOA, 0.01)
    for to in ("a", "home", "b", "a", "b", "home"):
        ping.flows()
        net.move(to)
    ping.flows()
    assert ping.finish()["duplicates"] == 0


def test_one_round_trip(net):
    """Care-of address usable to acknowledged, with 20 ms each way.

    Where the home agent asks nobody for the home address first.
    """
    net = net(delay_ms=20)
    net.lab.config("ha", extra="\thome-dad = off\n")
    net.start()
    wait = pace(net)
    for to in ("a", "b", "home", "a", "b", "a", "b"):
        net.move(to)
        wait()
    times = [1000 * (h["ba_received"] - h["coa_usable"])
             for h in steps(net) if h["to"] != HOA and h["ba_received"]]
    print("address usable to acknowledged: median %.2f ms, worst %.2f ms of "
          "%d" % (statistics.median(times), max(times), len(times)))
    assert len(times) == 6
    assert min(times) >= 40
    assert statistics.median(times) < 44
    assert max(times) < 60


def steps(net):
    """The handovers, their times in seconds."""
    rows = net.rows("mn", "handovers")
    names = ("link_up", "router_advert", "coa_usable", "bu_sent",
             "ba_received", "first_packet")
    return [{**{n: (r[n + "_us"] or 0) / 1e6 for n in names},
             "to": r["to"]} for r in rows]


def block_mobility(net, on):
    """Binding Updates and Acknowledgements get lost at the internet router."""
    if on:
        net.exec("inet", "nft", "add table ip6 block; add chain ip6 block f "
                 "{ type filter hook forward priority 0; }; add rule ip6 "
                 "block f meta l4proto 135 drop; add rule ip6 block f "
                 "exthdr dst exists drop")
    else:
        net.exec("inet", "nft", "delete table ip6 block")


def test_old_binding_until_the_new_one(net):
    """While the new binding is not acknowledged, the old one works.

    The node goes from a to b and its Binding Updates get lost.  The home
    agent still tunnels to the care-of address on a, and when the node is
    back there before anything was acknowledged, traffic flows both ways by
    that same binding.  Then the updates pass and b is registered.
    """
    net = net()
    net.start()
    net.move("a")
    old = net.registration()["coa"]
    bound = net.binding()
    ping = net.traffic("cn", "ping", HOA, 0.01)
    ping.flows()
    up_a = net.capture("up-a")
    block_mobility(net, True)
    net.lab.move("b")
    net.wait("mn", "to register from b", lambda: (
        lambda r: r["state"] == "updating" and ipaddress.ip_address(
            r["coa_wanted"]) in ipaddress.ip_network(
                mip6lab.PREFIX["b"]))(net.registration()))
    assert net.registration()["coa"] == old
    assert net.binding()["coa"] == old == bound["coa"]
    net.lab.move("a")
    ping.flows()
    assert net.binding()["coa"] == old
    assert net.binding()["seq"] == bound["seq"], "by the old binding alone"
    path = up_a.stop()
    tunnelled = labtools.tshark(
        path, "ipv6.dst == %s && ipv6.nxt == 41" % old, ["frame.number"])
    assert tunnelled
    block_mobility(net, False)
    net.move("b")
    ping.flows()
    assert net.binding()["coa"] != old


def test_fragments(net):
    """Packets larger than the tunnel's and the link's MTU, both ways."""
    net = net()
    net.start()
    for where in ("home", "a"):
        if where != "home":
            net.move(where)
        for node, to in (("mn", CN), ("cn", HOA)):
            for size in (1352, 1404, 1405, 1452, 1453, 4000, 20000, 60000):
                # The first may only learn the path's MTU; of the 40 pieces
                # of a large one a busy machine may lose one, not always.
                for count in ("1", "2", "2", "2"):
                    out = net.exec(node, "ping", "-q", "-c", count, "-i",
                                   "0.01", "-W", "1", "-s", str(size), to,
                                   check=False)
                    if count == "2" and " 0% packet loss" in out:
                        break
                assert " 0% packet loss" in out, (where, node, size, out)


def test_small_path(net):
    """Away behind a path of 1,280 octets: the outer packet is cut, since the
    inner one may not be smaller, and nobody is told to send less than 1,280."""
    net = net(like_hardware=True)
    net.start()
    for node, link in (("inet", "up-a"), ("ra", "eth1")):
        net.exec(node, "ip", "link", "set", link, "mtu", "1280")
    net.move("a")
    net.serve("cn")
    # What is recorded is little enough to wait in the recorder's buffer for as
    # long as a busy machine keeps it from running.
    up_a = net.capture("up-a")
    for verb in ("get", "put"):
        transfer = net.traffic("mn", verb, CN, PORT, 256 << 10, 2473)
        assert transfer.wait(30)["same"]
    path = up_a.stop()
    for verb in ("get", "put"):
        transfer = net.traffic("mn", verb, CN, PORT, 4 << 20, 4213)
        assert transfer.wait(30)["same"]
    fragments = labtools.tshark(path, "ipv6.nxt == 44", ["ipv6.src"])
    assert {f[0].split(",")[0] for f in fragments} >= {
        mip6lab.HOME_AGENT, net.registration()["coa"]}
    for told in labtools.tshark(path, "icmpv6.type == 2", ["icmpv6.mtu"]):
        assert int(told[0]) >= 1280


def test_address_conflict_free_return(net):
    """Back home, the neighbours learn where the home address is, at once."""
    net = net()
    net.start()
    ping = net.traffic("hn", "ping", HOA, 0.01)
    ping.flows()
    net.move("a")
    ping.flows()
    neighbour = net.exec("hn", "ip", "-6", "neigh", "show", HOA)
    assert "02:00:00:00:00:01" in neighbour, "the home agent's"
    net.move("home")
    ping.flows()
    neighbour = net.exec("hn", "ip", "-6", "neigh", "show", HOA)
    assert "02:00:00:00:00:10" in neighbour, "the mobile node's"
    net.wait("ha", "the binding to go", lambda: net.binding() is None or
             net.binding()["state"] == "invalid")


def test_link_local_stays_local(net):
    """Traffic to the link and of the care-of address is not the tunnel's."""
    net = net()
    net.start()
    net.move("a")
    coa = net.registration()["coa"]
    net.serve("pa")
    stream = net.traffic("mn", "echo", PA_LOCAL, PORT, 1000)
    stream.flows()
    assert stream.finish()["same"]
    out = net.exec("mn", "ping", "-c", "1", "-W", "2", "-I", coa, CN,
                   check=False)
    assert " 0% packet loss" in out


PA_LOCAL = "fe80::ff:fe00:f%eth0"
