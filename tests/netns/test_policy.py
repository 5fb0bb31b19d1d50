# SPDX-License-Identifier: BSD-2-Clause
"""Which traffic goes through the tunnel, and which past it (mip6.conf(5)).

An address is asked of the host: a socket that is bound to nothing is connected
to a destination, and its own name is what its packets have as source.
"""
import errno
import socket

import pytest

import hostutil as hu
import mip6lab
from harness import CN, HOA, PA, differences, host_state, kernel_settled

PORT = 4100


def source(net, to):
    """The source address that the mobile node's host takes towards `to`."""
    with hu.inside(net.lab.ns("mn")):
        s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    with s:
        s.connect((to, PORT))
        return s.getsockname()[0]


def reaches(net, to, bound_to=None):
    """An echo request is answered."""
    return hu.run(["ip", "netns", "exec", net.lab.ns("mn"), "ping", "-6",
                   "-c", "1", "-W", "3", *(["-I", bound_to] if bound_to
                                           else []), to],
                  check=False).returncode == 0


def tunnelled(net):
    return net.binding() and next(
        r["count"] for r in net.rows("mn", "counters")
        if r["group"] == "path" and r["name"] == "encapsulated")


def refusal(net, to):
    """The error with which a connection to `to` fails at once."""
    with hu.inside(net.lab.ns("mn")):
        s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    with s:
        s.settimeout(5)
        s.bind((HOA, 0))
        with pytest.raises(OSError) as e:
            s.connect((to, PORT))
        return e.value.errno


def test_block(net):
    """Nothing is registered: refused within the grace, not after minutes."""
    net = net()
    net.lab.move("a")
    kernel_settled(net)
    net.lab.start("mn")
    net.lab.wait_host_ready()
    net.wait("mn", "the care-of address",
             lambda: net.registration()["state"] == "registering")
    assert source(net, CN) == HOA
    net.wait("mn", "the end of the grace", lambda: refusal(net, CN) in
             (errno.ENETUNREACH, errno.EHOSTUNREACH))


def test_direct(net):
    """Nothing is registered: it leaves from the care-of address; then not."""
    net = net()
    net.lab.config("mn", mobile="\twithout-binding = direct\n",
                   extra="\t\tlifetime = 4s\n")
    net.lab.move("a")
    kernel_settled(net)
    net.lab.start("mn")
    net.lab.wait_host_ready()
    net.wait("mn", "the way out", lambda: source(net, CN).startswith(
        "2001:db8:a:"))
    # The kernel takes some seconds to give up the router of the home link.
    net.wait("mn", "the host's own router", lambda: reaches(net, CN))
    net.start("ha")
    net.wait("mn", "the tunnel", lambda: source(net, CN) == HOA)
    net.settled()
    assert reaches(net, CN)
    # And again when the binding is over: the home agent is gone.
    net.lab.stop("ha")
    net.wait("mn", "the way past it", lambda: source(net, CN).startswith(
        "2001:db8:a:"), 15)
    # That router again, which the kernel tries from time to time.
    net.wait("mn", "the host's own router", lambda: reaches(net, CN))


def test_bypass(net):
    """A listed prefix is reached from the care-of address, wherever it is."""
    net = net()
    net.lab.config("mn", mobile='\tbypass = { "%s", "2001:db8:77::/48" }\n' %
                   mip6lab.PREFIX["c"])
    before = None
    net.start("ha")
    net.lab.move("a")
    kernel_settled(net)
    before = host_state(net.lab, "mn")
    net.start("mn")
    for link in ("a", "b"):
        if link != net.lab.attached():
            net.move(link)
            kernel_settled(net)
        net.wait("mn", "the way past the tunnel", lambda: source(
            net, CN).startswith("2001:db8:%s:" % link))
        count = tunnelled(net)
        assert reaches(net, CN)
        assert tunnelled(net) == count
        # What is bound to the home address has the tunnel all the same.
        assert reaches(net, CN, HOA)
        assert tunnelled(net) == count + 1
        # Others have it anyway.
        assert source(net, mip6lab.ADDRESS["hn"]) == HOA
    # At home there is no way past it.
    net.move("home")
    net.wait("mn", "the home address", lambda: source(net, CN) == HOA)
    assert reaches(net, CN)
    net.move("a")
    kernel_settled(net)
    # Without the key the routes go, with the daemon running.
    net.lab.config("mn")
    net.lab.ctl("mn", ["reload"])
    net.wait("mn", "the tunnel", lambda: source(net, CN) == HOA)
    net.lab.stop("mn")
    assert differences(before, host_state(net.lab, "mn"),
                       visited=("a", "b", "home")) == []


def test_neighbours_and_link_local(net):
    """On the foreign link itself nothing needs the tunnel."""
    net = net()
    net.start()
    net.move("a")
    kernel_settled(net)
    count = tunnelled(net)
    assert source(net, PA).startswith("2001:db8:a:")
    assert reaches(net, PA)
    assert reaches(net, "fe80::ff:fe00:a%eth0")
    assert tunnelled(net) == count
    # On request: a socket of the care-of address goes its own way.
    coa = source(net, PA)
    assert reaches(net, CN, coa)
    assert tunnelled(net) == count
    # And the home address, asked for, goes home, to a neighbour as well.
    assert reaches(net, PA, HOA)
    assert tunnelled(net) == count + 1


def test_formed_home_address(net):
    """home "PREFIX::/64": an address of this host's own, the same each time.

    Its key is the home agent's master key's (RFC 5869), so that it need not
    be listed anywhere.
    """
    net = net()
    master = net.lab.path("etc", "master.key")
    hu.run([net.lab.program("mip6ctl"), "genkey", "--master", "-o", master])
    net.lab.config("ha", extra='\tmaster-key-file = "%s"\n' % master)
    net.start("ha")
    path = net.lab.config("mn")
    with open(path, encoding="ascii") as f:
        text = f.read()
    with open(path, "w", encoding="ascii") as f:
        f.write(text.replace('home "%s/64"' % HOA, 'home "%s"' %
                             mip6lab.PREFIX["home"]))
    said = hu.run([net.lab.program("mip6d"), "-t", "-c", path]).stdout
    assert "formed in 2001:db8:1::/64" in said
    net.lab.move("a")
    net.lab.start("mn")
    formed = net.rows("mn", "registrations")[0]["hoa"]
    assert formed.startswith("2001:db8:1:") and formed != HOA
    net.lab.stop("mn")
    # The key of that very address, as the home agent derives it.
    hu.run([net.lab.program("mip6ctl"), "genkey", "--from-master", master,
            formed, "-o", net.lab.path("etc", "formed.key")])
    with open(path, "w", encoding="ascii") as f:
        f.write(text.replace('home "%s/64"' % HOA, 'home "%s"' %
                             mip6lab.PREFIX["home"]).replace(
                                 net.lab.key(),
                                 net.lab.path("etc", "formed.key")))
    net.lab.start("mn")
    net.wait("mn", "the registration", lambda: net.rows(
        "mn", "registrations")[0]["state"] == "registered")
    assert net.rows("mn", "registrations")[0]["hoa"] == formed
    assert source(net, CN) == formed
    assert reaches(net, CN)
