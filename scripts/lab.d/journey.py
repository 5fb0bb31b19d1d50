#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The whole journey: home -> a -> b -> home, under a ping and a TCP session.

  journey.py [--json FILE] [--captures DIR] [--delay MS]

Makes a lab, runs the daemon on the home agent and the mobile node, moves, and
ends with a timeline of each move, measured by the daemon (its handovers) and
from outside (the ping's gap), and a verdict.  Exit 0: no reset, no octet
lost, no gap over a second.
"""
import argparse
import contextlib
import json
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
sys.dont_write_bytecode = True

import labtools  # noqa: E402
import mip6lab  # noqa: E402
from hostutil import LabError  # noqa: E402

JOURNEY = ("a", "b", "home")
PING_S = 0.005
STAY_S = 0.5
TCP_OCTETS_S = 250000
PORT = 5001
SHORT_GAP_MS = 1000
STEPS = (("router_advert", "RA"), ("coa_usable", "address"),
         ("bu_sent", "BU"), ("ba_received", "BA"),
         ("first_packet", "1st packet"))
RESETS = ("ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED")


def travel(lab, captures):
    """The moves; returns [(to, moved, handover)], ping's and TCP's results."""
    with contextlib.ExitStack() as stack:
        recordings = []
        if captures:
            os.makedirs(captures, exist_ok=True)
            for link in mip6lab.LINKS + tuple(
                    "up-" + n for n in mip6lab.LINKS):
                path = os.path.join(captures, link + ".pcap")
                recordings.append(stack.enter_context(
                    labtools.Capture(lab, link, path)))
        lab.start("ha")
        lab.start("mn")
        lab.wait_host_ready()
        labtools.wait_settled(lab)

        def traffic(node, *args):
            return stack.enter_context(labtools.Traffic(lab, node, *args))
        cn = mip6lab.ADDRESS["cn"]
        traffic("cn", "serve", PORT)
        ping = traffic("mn", "ping", cn, PING_S)
        tcp = traffic("mn", "echo", cn, PORT, TCP_OCTETS_S)
        ping.flows()
        tcp.flows()
        moves = []
        for to in JOURNEY:
            known = len(handovers(lab))
            moved = lab.move(to)
            labtools.wait_settled(lab)
            tcp.flows()
            moved["flows_at"] = ping.flows()
            # Three updates a second are allowed (RFC 6275 §11.8): a stay.
            while ping.flows() < moved["flows_at"] + STAY_S:
                pass
            new = labtools.wait_state(
                lab, "mn", "to show the handover", lambda n=known: [
                    h for h in handovers(lab)[n:] if h["first_packet_us"]])
            moves.append((to, moved, new[-1]))
        results = ping.finish(), tcp.finish()
        lab.stop("mn")
        lab.stop("ha")
        for r in recordings:
            r.stop()
        return moves, *results


def handovers(lab):
    return lab.ctl_json("mn", "show", "handovers")["rows"]


def summary(moves, ping, tcp):
    rows = []
    for to, moved, h in moves:
        g = labtools.longest_gap(ping["times"], moved["down_at"],
                                 moved["flows_at"])
        wait = None
        if h["ba_received_us"] and h["coa_usable_us"]:
            wait = round((h["ba_received_us"] - h["coa_usable_us"]) / 1000, 3)
        rows.append({"to": to, "gap_ms": None if g is None else
                     round(g * 1000, 3), "address_to_ack_ms": wait})
    return {"moves": rows,
            "tcp_resets": int(tcp["error"] in RESETS),
            "tcp_bytes_lost": tcp["sent"] - tcp["received"],
            "ping_lost": ping["sent"] - ping["received"]}


def timeline(moves, result):
    print("\nmilliseconds after the cable was plugged in; gap: without an "
          "answer to ping\n")
    print("%-14s %9s" % ("move", "link up") + "".join(
        " %10s" % title for _, title in STEPS) + " %10s" % "gap")
    before = "home"
    for (to, moved, h), row in zip(moves, result["moves"]):
        up = h["wall_us"] / 1e6 - moved["up_at"]
        cells = ["%9.1f" % (up * 1000)]
        for name, _ in STEPS:
            at = h[name + "_us"]
            cells.append("%10.1f" % ((at - h["link_up_us"]) / 1000 +
                                     up * 1000) if at else "%10s" % "-")
        cells.append("%10s" % ("for ever" if row["gap_ms"] is None
                               else "%.1f" % row["gap_ms"]))
        print("%-14s %s" % ("%s -> %s" % (before, to), " ".join(cells)))
        before = to
    print()


def verdict(result, tcp):
    """(whether all is well, in words)."""
    bad = []
    gaps = [m["gap_ms"] for m in result["moves"]]
    if result["tcp_resets"]:
        bad.append("the TCP session was reset (%s)" % tcp["error"])
    elif tcp["error"]:
        bad.append("the TCP session broke off: %s" % tcp["error"])
    if result["tcp_bytes_lost"]:
        bad.append("%d octets were lost" % result["tcp_bytes_lost"])
    elif not tcp["same"]:
        bad.append("octets were changed")
    if None in gaps:
        bad.append("the ping never came back")
    elif max(gaps) > SHORT_GAP_MS:
        bad.append("a gap of %.0f ms" % max(gaps))
    if bad:
        return False, "FAILED: " + "; ".join(bad)
    return True, ("GOOD: one TCP session, %d octets each way, over %d moves: "
                  "no reset, none lost; longest gap %.1f ms, %d pings lost"
                  % (tcp["sent"], len(gaps), max(gaps), result["ping_lost"]))


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--json", metavar="FILE")
    p.add_argument("--captures", metavar="DIR")
    p.add_argument("--delay", type=float, default=0, metavar="MS")
    a = p.parse_args()

    def end(_number, _frame):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, end)
    lab = mip6lab.Lab("quickstart%d" % os.getpid())
    try:
        lab.up(delay_ms=a.delay)
        print("a lab of %d hosts and routers; a TCP session and a ping from "
              "the mobile node\nto its correspondent, while it moves: home "
              "-> %s" % (len(mip6lab.NODES), " -> ".join(JOURNEY)))
        sys.stdout.flush()
        moves, ping, tcp = travel(lab, a.captures)
    except LabError as e:
        print("FAILED: %s" % e)
        for node in ("ha", "mn"):
            if os.path.exists(lab.log_path(node)):
                with open(lab.log_path(node), encoding="utf-8",
                          errors="replace") as f:
                    print("--- the end of the log of %s" % node)
                    print("".join(f.readlines()[-20:]), end="")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        lab.down()
    result = summary(moves, ping, tcp)
    timeline(moves, result)
    good, words = verdict(result, tcp)
    print(words)
    if a.json:
        with open(a.json, "w", encoding="ascii") as f:
            json.dump(result, f)
            f.write("\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
