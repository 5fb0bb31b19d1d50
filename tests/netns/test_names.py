# SPDX-License-Identifier: BSD-2-Clause
"""Names, inside the tunnel and outside of it.

An application's question goes where any other packet to that server goes: by
the tunnel and from the home address, but for a server on the visited link.
The daemon's own never goes by the tunnel (test_agents).
"""
from harness import HN, HOA, PA, kernel_settled
from naming import Names

NAME, MEANS = "www.example.org", "2001:db8:c::77"


def only_from(net, node, prefix):
    """The server answers nobody else."""
    net.exec(node, "nft", "add table ip6 ours; add chain ip6 ours in "
             "{ type filter hook input priority 0; }; add rule ip6 ours in "
             "udp dport 53 ip6 saddr != %s drop" % prefix)


def resolve(net):
    """As every application does it, by the C library."""
    return net.exec("mn", "getent", "ahostsv6", NAME, check=False)


def test_server_of_the_home_network(net):
    """It answers its own network alone; asked at home and away."""
    net = net()
    net.start()
    only_from(net, "hn", "2001:db8:1::/64")
    names = Names(net, "hn", HN, NAME, MEANS)
    for link in (None, "a", "b"):
        if link:
            net.move(link)
        before = len(names.asked())
        assert MEANS in resolve(net), link
        sources = {a[0] for a in names.asked()[before:]}
        assert sources == {HOA}, (link, sources)


def test_server_of_the_visited_network(net):
    """It answers its own network alone: asked directly, while it is there."""
    net = net()
    net.start()
    only_from(net, "pa", "2001:db8:a::/64")
    names = Names(net, "pa", PA, NAME, MEANS)
    net.move("a")
    kernel_settled(net)
    assert MEANS in resolve(net)
    asked = names.asked()
    assert asked and all(a[0].startswith("2001:db8:a:") for a in asked), asked
    # A socket with the home address still goes by the tunnel, to there too.
    net.exec("mn", "ping", "-c1", "-W3", "-q", "-I", HOA, PA)
