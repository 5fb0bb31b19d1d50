# SPDX-License-Identifier: BSD-2-Clause
"""A flood of Router Advertisements on the home link."""
import os

from test_router import FAST, agents, alone, radvd


def test_flood(net):
    """Thousands of advertisements, and malformed ones: who is known stays,
    and a mobile node registers meanwhile."""
    n = alone(net(), FAST)
    n.start("ha")
    radvd(n)
    n.wait("ha", "radvd in the list",
           lambda: "2001:db8:1::50" in agents(n))
    before = n.counters("ha")
    n.exec("hn", "/usr/bin/python3", "-B", os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "tools", "ra_flood.py"),
        "eth0", "3000")
    n.wait("ha", "the flood to be over", lambda: n.counters("ha")
           ["nd-invalid"] - before["nd-invalid"] >= 4)
    after = n.counters("ha")
    assert after["ha-list-full"] - before["ha-list-full"] > 2000
    assert after["nd-hop-limit"] - before["nd-hop-limit"] == 1
    assert after["nd-source"] - before["nd-source"] == 1
    rows = agents(n)
    assert "2001:db8:1::50" in rows and "2001:db8:1::1" in rows
    assert len({r["addr"] for r in n.rows("ha", "home-agents")}) == 65
    n.start("mn")
    n.lab.wait_host_ready()
    n.move("a")
    assert n.binding()["state"] == "registered"
