# SPDX-License-Identifier: BSD-2-Clause
"""scripts/quickstart whole, and what tshark thinks of everything on its wires.

No packet malformed, no checksum wrong, no ICMPv6 error from any host.
"""
import glob
import json
import os
import subprocess

import pytest

import labtools
from conftest import TREE
from harness import HOA

LINKS = ("home", "a", "b", "c", "up-home", "up-a", "up-b", "up-c")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One quickstart: (its words, its JSON, the folder of its captures)."""
    folder = tmp_path_factory.mktemp("quickstart")
    result = folder / "result.json"
    env = dict(os.environ)
    if "MIP6_BUILD_DIR" not in env:
        import mip6lab
        lab = mip6lab.Lab("quickstart")
        env.setdefault("MIP6D", lab.program("mip6d"))
        env.setdefault("MIP6CTL", lab.program("mip6ctl"))
    done = subprocess.run(
        [os.path.join(TREE, "scripts", "quickstart"), "--json", str(result),
         "--captures", str(folder)], text=True, capture_output=True,
        check=False, timeout=60, env=env)
    print(done.stdout + done.stderr)
    assert done.returncode == 0, done.stdout + done.stderr
    with open(result, encoding="ascii") as f:
        return done.stdout, json.load(f), folder


def test_journey(run):
    words, result, _ = run
    assert set(result) == {"moves", "tcp_resets", "tcp_bytes_lost",
                           "ping_lost"}
    assert [m["to"] for m in result["moves"]] == ["a", "b", "home"]
    for move in result["moves"]:
        assert set(move) == {"to", "gap_ms", "address_to_ack_ms"}
        assert 0 < move["gap_ms"] < 1000
        # The first registration waits for the home agent, which asks its link
        # for a second whether another node has the home address.
        first = move is result["moves"][0]
        assert 0 < move["address_to_ack_ms"] < (1100 if first else 100)
    assert result["tcp_resets"] == result["tcp_bytes_lost"] == 0
    assert "GOOD" in words.splitlines()[-1]
    for column in ("link up", "RA", "address", "BU", "BA", "1st packet",
                   "gap"):
        assert column in words


def test_every_link_was_recorded(run):
    _, _, folder = run
    for link in LINKS:
        path = str(folder / (link + ".pcap"))
        assert len(list(labtools.records(path))) > 100, link
    tunnelled = labtools.tshark(
        str(folder / "a.pcap"), "ipv6.nxt == 41 && ipv6.addr == %s" % HOA,
        ["frame.number"])
    assert len(tunnelled) > 100


FIELDS = ("frame.number", "frame.time_relative", "ipv6.src", "ipv6.dst",
          "_ws.col.Info", "mip6.mhtype", "mip6.bu.a_flag", "mip6.bu.h_flag",
          "mip6.bu.seqnr", "mip6.ba.seqnr", "mip6.ba.status", "mip6.proto",
          "icmpv6.type", "_ws.malformed", "_ws.expert.severity")
SEVERITY_ERROR = "8388608"


@pytest.fixture(scope="module")
def judged(run):
    """What tshark says, in one reading of each capture: for each link the
    frames that are bad, ICMPv6 errors, and mobility messages."""
    _, _, folder = run
    found = {k: {link: [] for link in LINKS}
             for k in ("bad", "error", "mobility")}
    for link in LINKS:
        rows = labtools.tshark(
            str(folder / (link + ".pcap")), "(%s) || (%s) || mipv6" % (
                labtools.BAD, labtools.ICMP_ERROR), FIELDS)
        for r in (dict(zip(FIELDS, row)) for row in rows):
            kinds = []
            if any(int(t) < 128 for t in r["icmpv6.type"].split(",") if t):
                kinds.append("error")
            if r["mip6.mhtype"]:
                kinds.append("mobility")
            if not kinds or r["_ws.malformed"] or \
                    SEVERITY_ERROR in r["_ws.expert.severity"].split(","):
                kinds.append("bad")
            for kind in kinds:
                found[kind][link].append(r)
    return found


def test_nothing_malformed(judged):
    assert not any(judged["bad"].values()), judged["bad"]


def test_no_icmp_error(judged):
    assert not any(judged["error"].values()), judged["error"]


def test_mobility_checksums(run):
    _, _, folder = run
    total = 0
    for path in glob.glob(str(folder / "*.pcap")):
        count, wrong = labtools.mobility_checksums(path)
        assert not wrong, "%s: frames %s" % (path, wrong)
        total += count
    assert total >= 2 * 2 * 3, "an update and its answer, three moves"


def test_second_opinion_on_updates(judged):
    """tshark reads from each message what RFC 6275 §6.1.7 and 6.1.8 put
    there."""
    rows = judged["mobility"]["home"] + judged["mobility"]["up-home"]
    updates = [r for r in rows if r["mip6.mhtype"] == "5"]
    acks = [r for r in rows if r["mip6.mhtype"] == "6"]
    assert len(updates) >= 4 and len(acks) >= 4
    for r in updates:
        assert (r["mip6.bu.a_flag"], r["mip6.bu.h_flag"],
                r["mip6.proto"]) == ("1", "1", "59")
    # The first, at home, finds no binding to remove: 133.
    states = [r["mip6.ba.status"] for r in acks]
    assert set(states) <= {"0", "133"} and states.count("0") >= 3
    assert {r["mip6.bu.seqnr"] for r in updates} == {
        r["mip6.ba.seqnr"] for r in acks}
