# SPDX-License-Identifier: BSD-2-Clause
"""The benchmarks, by name.

  base           what the timer wheel, the index and the hash cost (CPU time)
  path           nanoseconds for a packet in each function of the packet path
                 (CPU time), beside a copy of as many octets in the same run
  registrations  signed refreshes a second in the core on one thread, without
                 packet I/O, with 1 binding and with a million (CPU time),
                 beside the two HMACs that each needs; `ahead`: as packets
                 of bursts, whose records are fetched before they are needed
  scale          one home agent with a million bindings, each with a key of its
                 own, random addresses, timers armed, a virtual home link:
    memory_*       RSS and locked pages of a process with them less the same
                   without, for each; what it is made of.  Kernel memory: none
                   (one prefix route for all)
    registrations_*, registration_cpu_*, store_groups_*
                   refreshes through path and node, without sockets: without
                   store (CPU time), with it (wall clock; the store's writer
                   has the other processor); groups the writer commits
    update_*       an update that is accepted, and one with a bad key, through
                   path and node; core_*: in the node alone, beside an HMAC
    restart_*      from nothing, with a million stored bindings: all loaded,
                   the first packet forwarded, a row for each
    storm*         then all refresh at once and 10,000 new ones come meanwhile
    wheel_*        a timer moved, with 10, 10,000 and a million armed
    path.row_*     a lookup, random at a million; `ahead`: in bursts
    registrations_1*  the core alone, as in `registrations`
                 The store is made in the folder --folder (build/release).
                 A home link that is not virtual costs the kernel a host route
                 for each binding, 784 octets of slab (Linux 6; limit
                 net.ipv6.route.max_size), and, unless `join-groups = false`, a
                 group: 490 octets, a socket for each 2,500
                 (net.core.optmem_max), and a time that grows with their
                 number: 0.08 ms each of 5,000, 0.5 ms each of 20,000.  A million are
                 for `virtual = true`, which needs neither.
  correspondent  the correspondent's half of route optimization in the core, on
                 one thread, without packet I/O (CPU time), of random strangers:
    ro_home_tests, ro_care_of_tests  HoTI to HoT, CoTI to CoT a second
    ro_exchanges   HoTI, CoTI, and the first update of a stranger up to its
                   acknowledgement, host route and way included (the host
                   answers at once); ro_first_updates: of that the update
    ro_updates     refreshes a second
    ro_test_*      a test answered, and one of a source that had its share
    ro_update_*    an update accepted, and those that are not: nobody answers a
                   wrong authenticator (an unknown home address has no other);
                   stale nonces are told, ten a second in all, before any is
                   computed; one replayed is authentic, its answer is signed
    ro_memory_*    octets of a binding with all its indexes and the row of the
                   path, as asked from the allocator, with 1,000, with as many
                   as the default allows, and as any configuration allows
  flood          a correspondent in the lab under Home Test Inits as fast as one
                 processor sends them, the daemon on another: of 65,536
                 addresses and of one, beside quiet times of the same run
                 (flood.py says which); what it takes, answers and uses, what
                 of its time it waited for the processor (a busy machine), and
                 what is left for an honest stranger's tests and for the
                 session of a mobile node.  Ends badly when memory grows or an
                 octet is lost
  handover       what 50 moves of each kind cost in the lab with 20 ms of delay
                 one way (handover.py says which): packets lost of 1,000 a
                 second, the longest silence, link up to the first packet and
                 to an address, address to acknowledgement; beside roaming
                 WireGuard and OpenVPN where they are installed (wall clock)

Figures are medians, beside the worst of the rounds; `spread` is worst less
best, in per cent of the median.  Only ratios within one run say much: these
are shared machines.  How busy this one was is said at the end.
"""
import argparse
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(HERE)
BUILD = os.path.join(TOP, "build", "release")
sys.path.insert(0, os.path.join(TOP, "scripts", "lab.d"))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True


def row(name, figure, unit, value, spread=None, rounds=None,
        compared_with=None, ratio=None, worst=None):
    return {"name": name, "figure": figure, "unit": unit, "value": value,
            "worst": worst, "spread": spread, "rounds": rounds,
            "compared_with": compared_with, "ratio": ratio}


def build():
    quiet = {"cwd": TOP, "check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(["cmake", "--preset", "release"], **quiet)
    subprocess.run(["cmake", "--build", BUILD, "--target", "bench", "mip6d",
                    "mip6ctl"], **quiet)


def program(name, *args):
    """The lines `figure value unit [spread N] [rounds N] [worst N]`."""
    out = subprocess.run([os.path.join(BUILD, "bench", name), *args],
                         check=True, stdout=subprocess.PIPE,
                         timeout=900).stdout.decode()
    rows = []
    for line in out.splitlines():
        m = re.match(r"(\S+) (\S+) (\S+)(?: spread (\S+))?(?: rounds (\d+))?"
                     r"(?: worst (\S+))?", line)
        if m:
            rows.append((m[1], float(m[2]), m[3],
                         float(m[4]) if m[4] else None,
                         int(m[5]) if m[5] else None,
                         float(m[6]) if m[6] else None))
    if not rows:
        raise SystemExit("bench: %s printed no figure" % name)
    return rows


def simple(bench, name, reference=None, inverse=False, args=()):
    lines = program(name, *args)
    values = {line[0]: line[1] for line in lines}
    rows = []
    for figure, value, unit, spread, rounds, worst in lines:
        ratio = None
        if reference in values and figure != reference:
            ratio = round(value / values[reference] if not inverse else
                          values[reference] / value, 3)
        rows.append(row(bench, figure, unit, value, spread, rounds,
                        reference if ratio is not None else None, ratio,
                        worst))
    return rows


def base(_args):
    return simple("base", "bench_base")


def path(_args):
    return simple("path", "bench_path", "path.copy_1460")


def registrations(_args):
    return simple("registrations", "bench_core", "registrations_1")


# What figures are seen beside: another of the same run, or a goal.
BESIDE = {"memory_with_master_key": 256.0,
          "registrations_stored_async": "registrations_with_listed_keys",
          "registrations_stored_sync": "registrations_stored_async",
          "update_with_bad_key": "update_accepted",
          "core_update_with_bad_key": "core_hmac_100_octets",
          "core_update_accepted": "core_hmac_100_octets",
          "memory_with_store": 256.0, "restart_first_packet": 10.0,
          "wheel_move_10k": "wheel_move_10",
          "wheel_move_1m": "wheel_move_10",
          "path.row_find_1m": "path.row_find_1k",
          "path.row_find_1m_ahead": 100.0,
          "registrations_1000000": "registrations_1",
          "registrations_1000000_ahead": "registrations_1",
          "ro_first_updates": "ro_updates", "ro_exchanges": "ro_updates",
          "ro_test_over_limit": "ro_test_answered",
          "ro_update_wrong_authenticator": "ro_update_accepted",
          "ro_update_stale_nonce": "ro_update_accepted",
          "ro_update_unknown_home": "ro_update_accepted",
          "ro_update_replayed": "ro_update_accepted"}


def put_beside(rows):
    value = {r["figure"]: r["value"] for r in rows}
    for r in rows:
        beside = BESIDE.get(r["figure"])
        if beside is not None:
            goal = beside if isinstance(beside, float) else value[beside]
            r["compared_with"] = str(beside)
            r["ratio"] = round(r["value"] / goal, 3) if goal else None
    return rows


def correspondent(_args):
    return put_beside(simple("correspondent", "bench_ro"))


def scale(args):
    rows = simple("scale", "bench_scale", args=(args.folder,))
    for name, wanted in (("bench_base", "wheel_"), ("bench_path", "path.row_"),
                         ("bench_core", ("registrations_1", "core_"))):
        rows += [r for r in simple("scale", name)
                 if r["figure"].startswith(wanted)]
    return put_beside(rows)


def in_lab():
    for name, folder in (("mip6d", "daemon"), ("mip6ctl", "ctl")):
        os.environ.setdefault(name.upper(), os.path.join(BUILD, "src", folder,
                                                         name))


def say(words):
    print(words, file=sys.stderr)


def flood(args):
    import statistics
    import flood as bench
    in_lab()
    found, memory, tcp = bench.measure(
        os.path.join(BUILD, "bench", "bench_flood"), args.rounds, args.seconds,
        say)
    rows, quiet = [], {}
    for kind, phases in found.items():
        for key, name, unit, worst in bench.COLUMNS:
            values = [p[key] for p in phases if p[key] is not None]
            if not values or (kind == bench.QUIET and key == "offered"):
                continue
            figure, median = kind + ": " + name, statistics.median(values)
            beside, ratio = None, None
            if kind == bench.QUIET:
                quiet[key] = median
            elif unit != "per_second" and quiet.get(key):
                beside, ratio = bench.QUIET, round(median / quiet[key], 3)
            rows.append(row("flood", figure, unit, median,
                            rounds=len(values), worst=worst(values),
                            compared_with=beside, ratio=ratio))
    rows.append(row("flood", "memory at first", "KB", memory[0]))
    rows.append(row("flood", "memory at the end", "KB", memory[-1],
                    worst=max(memory), compared_with="at first",
                    ratio=round(memory[-1] / memory[0], 3)))
    rows.append(row("flood", "session's longest silence", "ms",
                    1000 * tcp["longest_silence_s"]))
    return rows


def handover(args):
    import handover as bench
    in_lab()
    found = bench.measure(args.moves, args.delay, say)
    bench.table(found, args.delay)
    rows = []
    for r in found:
        for name, _, unit in bench.COLUMNS:
            if name in r["columns"]:
                figure = "%s, %s: %s" % (r["kind"], r["system"], name)
                median, worst = r["columns"][name]
                rows += [row("handover", figure + " median", unit, median,
                             rounds=r["moves"]),
                         row("handover", figure + " worst", unit, worst,
                             rounds=r["moves"])]
    return rows


BENCHES = {"base": base, "path": path, "registrations": registrations,
           "correspondent": correspondent, "scale": scale,
           "flood": flood, "handover": handover}


def table(rows):
    head = ("name", "figure", "value", "worst", "unit", "spread", "rounds",
            "ratio", "to")
    cells = [head]
    for r in rows:
        cells.append((r["name"], r["figure"], "%.6g" % r["value"],
                      "" if r["worst"] is None else "%.6g" % r["worst"],
                      r["unit"],
                      "" if r["spread"] is None else "%g %%" % r["spread"],
                      "" if r["rounds"] is None else str(r["rounds"]),
                      "" if r["ratio"] is None else "%g" % r["ratio"],
                      r["compared_with"] or ""))
    widths = [max(len(c[i]) for c in cells) for i in range(len(head))]
    for c in cells:
        print("  ".join(t.rjust(w) if 2 <= i <= 7 and i != 4 else t.ljust(w)
                        for i, (t, w) in enumerate(zip(c, widths))).rstrip())


def main():
    p = argparse.ArgumentParser(
        prog="bench/run", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("name", nargs="*", help="of a benchmark; all without")
    p.add_argument("--json", metavar="FILE")
    p.add_argument("--moves", type=int, default=50)
    p.add_argument("--rounds", type=int, default=5, help="of flood")
    p.add_argument("--seconds", type=int, default=3, help="a flood lasts")
    p.add_argument("--delay", type=float, default=20, metavar="MS")
    p.add_argument("--folder", default=BUILD,
                   help="for the store; its disk counts")
    args = p.parse_args()
    for name in args.name:
        if name not in BENCHES:
            p.error("no benchmark %s; there are %s" %
                    (name, ", ".join(BENCHES)))
    build()
    load = os.getloadavg()[0]
    rows = []
    for name in args.name or BENCHES:
        rows += BENCHES[name](args)
    rest = [r for r in rows if r["name"] != "handover"]
    if rest:
        table(rest)
    print("load average, before and after: %.1f %.1f" % (
        load, os.getloadavg()[0]))
    if args.json:
        with open(args.json, "w", encoding="ascii") as f:
            json.dump(rows, f, indent=1)
            f.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
