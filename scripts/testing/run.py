#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The body of scripts/test: builds, then one run of ctest over every group.

The builds' own tests are joined in build/test/CTestTestfile.cmake, where the
order of the groups is set: what needs processors first, then the simulator,
the mutants, and last the labs, several side by side since they mostly wait.
While ctest runs, the time during which a group had a test running is taken
from its output, and compared with the group's budget at the end.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BUILD = TOP / "build"
JOINED = BUILD / "test"

# Seconds in the short form, on two cores.  Over: said.  Over by half: failed.
BUDGETS = {"build": 240, "style": 60, "unit": 60, "macos": 60, "package": 90,
           "coverage": 120, "sim": 120, "mutate": 60, "e2e": 300, "total": 900}
TOLERANCE = 1.5

# label: (group, phase)
LABELS = {"style": ("style", 0), "unit": ("unit", 0), "vectors": ("unit", 0),
          "fuzz": ("unit", 0), "package": ("package", 0),
          "macos": ("macos", 0), "sim": ("sim", 1),
          "coverage": ("coverage", 2), "mutate": ("mutate", 2),
          "fuzz-run": ("fuzz-run", 2), "e2e": ("e2e", 3)}
# Groups whose tests start as many processes as there are processors.
WIDE = ("macos", "mutate", "coverage", "fuzz-run")

SHORT_BUILDS = ("dev", "asan")
LONG_BUILDS = ("dev", "asan", "asan-gcc", "msan", "fuzz", "release")

STARTED = re.compile(r"^\s*Start\s+\d+: ")
ENDED = re.compile(r"^\s*\d+/\d+ Test\s+#\d+: (\S+) \.+\s*(.*?)\s+"
                   r"([0-9.]+) sec")
SUMMARY = re.compile(r"^\d+% tests passed")


def say(text):
    print(text, flush=True)


def build(preset, long_form):
    """Configures and builds; its tests get the preset's name as prefix."""
    configure = ["cmake", "--preset", preset, "--log-level=WARNING"]
    if preset == "dev":
        configure += ["-DMIP6_TEST_PREFIX="]
    else:
        configure += ["-DMIP6_TEST_PREFIX=%s." % preset]
    if preset == "asan":
        # Leaks of the whole daemon; in the long form alone, for its time.
        configure += ["-DMIP6_TEST_E2E=" + ("ON" if long_form else "OFF")]
    if os.environ.get("MIP6_VECTORS_DIR"):
        configure += ["-DMIP6_VECTORS_DIR=" + os.environ["MIP6_VECTORS_DIR"]]
    log = BUILD / ("%s.log" % preset)
    started = time.monotonic()
    with open(log, "w", encoding="utf-8") as out:
        for command in (configure, ["cmake", "--build", str(BUILD / preset),
                                   "--", "-k", "0"]):
            done = subprocess.run(command, cwd=TOP, stdout=out,
                                  stderr=subprocess.STDOUT, check=False)
            if done.returncode != 0:
                said = log.read_text(encoding="utf-8").splitlines()
                say("\n".join(line for line in said if not re.match(
                    r"\[\d+/\d+\] (Building|Linking)", line))[-8000:])
                say("build %s: failed" % preset)
                sys.exit(1)
    say("build %-9s %4.0f s" % (preset, time.monotonic() - started))


def add_test(name, label, timeout, command, environment=""):
    words = " ".join('"%s"' % word for word in command)
    text = "add_test(%s %s)\n" % (name, words)
    text += "set_tests_properties(%s PROPERTIES LABELS %s TIMEOUT %d)\n" % (
        name, label, timeout)
    if environment:
        text += "set_tests_properties(%s PROPERTIES ENVIRONMENT %s)\n" % (
            name, environment)
    return text


def extra_tests(long_form):
    """The tests that need a build of their own."""
    scripts = TOP / "scripts"
    mutate = [scripts / "mutate"]
    text = ""
    if not long_form:
        mutate += ["--sample", "20", "--budget", "45"]
    text += add_test("mutate", "mutate", 7200 if long_form else 180, mutate)
    text += add_test("mutate_self_test", "mutate", 180,
                     [scripts / "mutate", "--self-test"])
    text += add_test("requirements", "style", 60, [scripts / "requirements"])
    text += add_test("requirements_self_test", "style", 60,
                     [scripts / "requirements", "--self-test"])
    text += add_test("coverage", "coverage", 900, [scripts / "coverage"])
    if long_form:
        text += add_test("fuzz_run", "fuzz-run", 3600,
                         [scripts / "fuzz", "30"])
    return text


def tests_of(folder):
    """(name, labels, own processors) as ctest lists them."""
    out = subprocess.run(
        ["ctest", "--test-dir", str(folder), "--show-only=json-v1"],
        capture_output=True, text=True, check=True).stdout
    found = []
    for test in json.loads(out)["tests"]:
        properties = {p["name"]: p["value"] for p in test["properties"]}
        found.append((test["name"], properties.get("LABELS", []), properties))
    return found


def properties_of(tests, jobs, long_form):
    """The order of the phases and the width of each test."""
    phases = {}
    for name, labels, _ in tests:
        phases.setdefault(phase_of(labels), []).append(name)
    text = ""
    for name, labels, properties in tests:
        phase = phase_of(labels)
        group = group_of(labels)
        before = [p for p in phases if p < phase]
        if before:
            text += 'set_tests_properties(%s PROPERTIES DEPENDS "%s")\n' % (
                name, ";".join(phases[max(before)]))
        if "PROCESSORS" not in properties and group != "e2e":
            width = jobs if group in WIDE else 2
            text += "set_tests_properties(%s PROPERTIES PROCESSORS %d)\n" % (
                name, width)
        if long_form and name.startswith("test_") and group == "sim":
            text += ("set_tests_properties(%s PROPERTIES TIMEOUT 7200 "
                     "ENVIRONMENT_MODIFICATION MIP6_LONG=set:1)\n" % name)
        elif long_form and group in ("e2e", "sim"):
            text += "set_tests_properties(%s PROPERTIES TIMEOUT 3600)\n" % name
    return text


def phase_of(labels):
    return max((LABELS[l][1] for l in labels if l in LABELS), default=0)


def group_of(labels):
    for label in labels:
        if label in LABELS:
            return LABELS[label][0]
    return "unit"


def join(builds, jobs, long_form):
    """Writes the file that joins the builds' tests; {test: group}."""
    if JOINED.exists():
        shutil.rmtree(JOINED)
    JOINED.mkdir(parents=True)
    text = "".join('subdirs("%s")\n' % (BUILD / b) for b in builds)
    text += extra_tests(long_form)
    listing = JOINED / "CTestTestfile.cmake"
    listing.write_text(text, encoding="utf-8")
    tests = tests_of(JOINED)
    listing.write_text(text + properties_of(tests, jobs, long_form),
                       encoding="utf-8")
    return {name: group_of(labels) for name, labels, _ in tests}


def union_seconds(spans):
    """How long at least one of these (start, end) lasted."""
    total, until = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def may_be_root():
    """Can the tests in network namespaces run here?"""
    return sys.platform == "linux" and (
        os.geteuid() == 0 or shutil.which("sudo") is not None)


def run_ctest(groups, jobs, more):
    """(exit code, {group: spans}, skipped tests, ctest's closing lines)"""
    command = ["ctest", "--test-dir", str(JOINED), "-j", str(jobs),
               "--output-on-failure", "--no-tests=error",
               "--output-junit", str(JOINED / "junit.xml"), *more]
    environment = dict(os.environ)
    if may_be_root():
        environment["MIP6_NO_SKIP"] = "1"
        if os.geteuid() != 0:
            command = ["sudo", "env", "MIP6_NO_SKIP=1",
                       "PATH=" + environment["PATH"], *command]
    spans, skipped, closing = {}, [], []
    with subprocess.Popen(command, cwd=TOP, env=environment, text=True,
                          stdout=subprocess.PIPE, errors="replace",
                          stderr=subprocess.STDOUT) as ctest:
        for line in ctest.stdout:
            line = line.rstrip("\n")
            ended = ENDED.match(line)
            if ended and closing:
                # That was the summary of a ctest inside a test.
                say("\n".join(closing))
                closing.clear()
            if closing or SUMMARY.match(line):
                closing.append(line)
                continue
            if not STARTED.match(line):
                say(line)
            if ended:
                now = time.monotonic()
                name, verdict, seconds = ended.groups()
                group = groups.get(name, "unit")
                spans.setdefault(group, []).append(
                    (now - float(seconds), now))
                if "Skipped" in verdict:
                    skipped.append((name, group))
    return ctest.returncode, spans, skipped, closing


def print_budgets(seconds, enforced):
    """The table of groups; the groups that are over by too much."""
    over = []
    say("\n%-10s %8s %8s" % ("group", "seconds", "budget"))
    for group, taken in seconds.items():
        budget = BUDGETS.get(group)
        verdict = ""
        if enforced and budget is not None and taken > budget:
            verdict = "over"
            if taken > budget * TOLERANCE:
                verdict = "FAILED: over by more than half"
                over.append(group)
        say("%-10s %8.0f %8s %s" % (
            group, taken, budget if enforced and budget else "-", verdict))
    return over


def main():
    parser = argparse.ArgumentParser(prog="scripts/test")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1))
    parser.add_argument("ctest", nargs="*", help="after --: for ctest")
    options = parser.parse_args()
    started = time.monotonic()

    BUILD.mkdir(exist_ok=True)
    builds = LONG_BUILDS if options.long else SHORT_BUILDS
    for preset in builds:
        build(preset, options.long)
    seconds = {"build": time.monotonic() - started}
    groups = join(builds, options.jobs, options.long)
    code, spans, skipped, closing = run_ctest(groups, options.jobs,
                                              options.ctest)
    for group, times in spans.items():
        seconds[group] = union_seconds(times)
    seconds["total"] = time.monotonic() - started

    over = print_budgets(seconds, not options.long)
    for name, group in skipped:
        say("skipped: %s" % name)
        if group == "e2e" and may_be_root():
            say("  but as root on Linux it must run: failed")
            code = code or 1
    if over:
        code = code or 1
        say("over budget: " + " ".join(over))
    say("\n" + "\n".join(closing))
    return code


if __name__ == "__main__":
    sys.exit(main())
