#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Forces each normative check true, then false: its test must fail.

usage: scripts/mutate [--sample N [--seed S]] [--budget SECONDS] [ID...]
       scripts/mutate --list | --self-test

The sources are copied to build/mutate/tree, where each check that a comment
claims (checks.py) goes through a switch that the environment sets; so one
build holds all mutants, and each mutant is one run of its test.  A test that
fails, crashes or takes four times as long has killed the mutant.

Without ID all checks are tried, with --sample N ids at random.  --budget ends
a sample early (said at the end).  Survivors are listed; exit 1 if there is
one, or a claim without a check or without its test; 2: cannot build or run.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import checks as sources

TOP = Path(__file__).resolve().parents[2]
LINKED = ("CMakeLists.txt", "CMakePresets.json", "cmake", "include", "tests",
          "scripts", "man", "conf", "packaging", ".clang-format")
FAST = {"unit", "sim", "fuzz"}    # labels that a sample tries
SAMPLE_SECONDS_MAX = 20    # a sample fails a test that takes longer by itself
SECONDS_LEAST = 5


class ToolError(Exception):
    """The tool could not do its work: no verdict about a check."""


def write_changed(path, text):
    """Writes only what differs, so that ninja builds only that."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def copy_tree(tree, found):
    """The scratch copy: links, but for src with its checks switched."""
    tree.mkdir(parents=True, exist_ok=True)
    for name in LINKED:
        link = tree / name
        if (TOP / name).exists() and not link.is_symlink():
            link.symlink_to(TOP / name)
    by_path = {}
    for check in found:
        by_path.setdefault(check.path, []).append(check)
    wanted = {"src/base/mip6_mutant.c"}
    write_changed(tree / "src/base/mip6_mutant.c", sources.FORCE_C)
    for path in sorted((TOP / "src").rglob("*")):
        if path.suffix not in (".c", ".h", ".txt"):
            continue
        relative = path.relative_to(TOP).as_posix()
        wanted.add(relative)
        text = path.read_text(encoding="utf-8")
        if relative in by_path:
            text = sources.force(text, by_path[relative])
        write_changed(tree / relative, text)
    for path in list((tree / "src").rglob("*")):
        if path.is_file() and path.relative_to(tree).as_posix() not in wanted:
            path.unlink()


def run_tool(command, log):
    """A step that must work."""
    with open(log, "w", encoding="utf-8") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT,
                              check=False)
    if done.returncode != 0:
        raise ToolError(log.read_text(encoding="utf-8")[-4000:])


def configure(tree, build):
    build.mkdir(parents=True, exist_ok=True)
    run_tool(["cmake", "-G", "Ninja", "-S", str(tree), "-B", str(build),
              "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_FLAGS=-w",
              "-DCMAKE_C_FLAGS_DEBUG=-O1", "-DMIP6_TEST_PREFIX="],
             build / "configure.log")


def list_tests(build):
    """{name: {command, cwd, environment, labels}} as ctest knows them."""
    out = subprocess.run(
        ["ctest", "--test-dir", str(build), "--show-only=json-v1"],
        check=True, capture_output=True, text=True).stdout
    found = {}
    for test in json.loads(out)["tests"]:
        values = {p["name"]: p["value"] for p in test.get("properties", [])}
        found[test["name"]] = {
            "command": test.get("command"),
            "cwd": values.get("WORKING_DIRECTORY", str(build)),
            "environment": dict(e.split("=", 1) for e in
                                values.get("ENVIRONMENT", [])),
            "labels": set(values.get("LABELS", []))}
    return found


def build_tests(build, tests, names):
    """Builds what these tests run."""
    if not names:
        return
    targets = sorted(n for n in names if tests[n]["labels"] & FAST)
    if len(targets) < len(names):
        targets = ["all"]
    run_tool(["cmake", "--build", str(build), "--target", *targets],
             build / "build.log")


class Runner:
    """Runs a test with one check forced."""

    def __init__(self, tests, seconds_max=300):
        self.tests = tests
        self.seconds_max = seconds_max
        self.baseline = {}
        self.folder = tempfile.TemporaryDirectory()

    def run(self, name, mutant, limit):
        """(failed, reached, seconds) of the test under this mutant."""
        test = self.tests[name]
        seen = Path(self.folder.name) / mutant.replace(":", "-")
        environment = dict(os.environ, **test["environment"])
        environment.update(MIP6_MUTANT=mutant, MIP6_MUTANT_SEEN=str(seen))
        started = time.monotonic()
        try:
            done = subprocess.run(
                test["command"], cwd=test["cwd"], env=environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=limit, check=False)
            failed = done.returncode != 0
        except subprocess.TimeoutExpired:
            failed = True
        reached = seen.exists()
        seen.unlink(missing_ok=True)
        return failed, reached, time.monotonic() - started

    def measure(self, name):
        """The test must pass as the tree stands."""
        failed, _, seconds = self.run(name, "0:0", self.seconds_max)
        if failed:
            raise ToolError("%s fails without any mutant, or takes over "
                            "%d s" % (name, self.seconds_max))
        self.baseline[name] = seconds

    def survives(self, check, value):
        """None when one of the tests kills the mutant, or why not."""
        reached_by_any = False
        for name in check.tests:
            limit = max(SECONDS_LEAST, 4 * self.baseline[name])
            failed, reached, _ = self.run(
                name, "%d:%d" % (check.number, value), limit)
            if failed:
                return None
            reached_by_any |= reached
        return "%s %s: forced %s, %s passes%s" % (
            " ".join(check.ids), check.place(), "true" if value else "false",
            " ".join(check.tests),
            "" if reached_by_any else " and never comes here")


def choose(found, options):
    """The checks to try, in order."""
    if options.ids:
        known = {i for check in found for i in check.ids}
        unknown = [i for i in options.ids if i not in known]
        if unknown:
            raise ToolError("no check carries " + " ".join(unknown))
        return [c for c in found if set(c.ids) & set(options.ids)]
    if not options.sample:
        return found
    ids = sorted({i for check in found for i in check.ids})
    chosen = random.Random(options.seed).sample(
        ids, min(options.sample, len(ids)))
    order = {i: n for n, i in enumerate(chosen)}
    picked = [c for c in found if set(c.ids) & set(chosen)]
    return sorted(picked, key=lambda c: min(order.get(i, len(order))
                                            for i in c.ids))


def without_test(found, tests):
    return ["%s: %s: there is no test called %s" % (
        check.place(), " ".join(check.ids), name)
            for check in found for name in check.tests if name not in tests]


def try_all(runner, chosen, deadline):
    """(mutants tried, survivors)"""
    def one(mutant):
        if deadline and time.monotonic() > deadline:
            return False, None
        return True, runner.survives(*mutant)
    mutants = [(check, value) for check in chosen for value in (1, 0)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = list(pool.map(one, mutants))
    return (sum(tried for tried, _ in results), len(mutants),
            [text for _, text in results if text])


def mutate(options):
    found, lost = sources.scan(TOP)
    if not found:
        raise ToolError("no check found")
    if options.list:
        for check in found:
            print("%-24s %s  %s" % (" ".join(check.ids), check.place(),
                                    " ".join(check.tests)))
        return 0
    started = time.monotonic()
    build = Path(options.build)
    copy_tree(build / "tree", found)
    configure(build / "tree", build / "out")
    tests = list_tests(build / "out")
    chosen = choose(found, options)
    lost = ([] if options.ids else lost) + without_test(chosen, tests)
    chosen = [c for c in chosen if all(t in tests for t in c.tests)]
    if options.sample:
        print("seed %d" % options.seed)
        chosen = [c for c in chosen
                  if all(tests[t]["labels"] & FAST for t in c.tests)]
    names = {t for check in chosen for t in check.tests}
    build_tests(build / "out", tests, names)
    # Now that the programs exist, ctest says how they are run.
    runner = Runner(list_tests(build / "out"),
                    SAMPLE_SECONDS_MAX if options.sample else 600)
    for name in sorted(names):
        try:
            runner.measure(name)
        except ToolError as error:
            lost.append(str(error))
    chosen = [c for c in chosen if set(c.tests) <= set(runner.baseline)]
    built = time.monotonic()
    deadline = built + options.budget if options.budget else None
    tried, of, survivors = try_all(runner, chosen, deadline)
    for line in lost + survivors:
        print(line)
    print("%d checks in the tree; %d of %d mutants tried in %.0f s after %.0f"
          " s of building: %d survive" % (
              len(found), tried, of, time.monotonic() - built,
              built - started, len(survivors)))
    if tried == 0 and not lost:
        raise ToolError("no mutant was tried")
    return 1 if lost or survivors else 0


SELF_TEST_C = """\
/* An example, with a check of each sort. */
static int
between(int a, const char *s)
{
	/* R1.2-03: not below. Test: test_example */
	if (a < 1)
		return 0;
	/*
	 * RFC4861-6.1a: not above, over
	 * several lines.  Test: test_example
	 */
	else if (a > 5 ||
	    s[0] == ')')
		return 0;
	/* R1.2-04, R1.2-05: nobody tests it. Test: test_example */
	if (a == 4)
		return 0;
	/* R1.2-06: two at once. Test: test_example */
	return a != 3;
}
int
main(void)
{
	return !(between(1, "x") && !between(0, "x") && !between(6, "x") &&
	    between(5, "x") && !between(2, ")") && !between(3, "x"));
}
"""


def self_test():
    """One example whose only untested check must be found."""
    found, lost = sources.checks_of(
        SELF_TEST_C + "/* R9-01: lost. Test: a */\nint x;\n", "example.c")
    assert len(lost) == 1 and "R9-01" in lost[0], lost
    assert [c.ids for c in found] == [
        ["R1.2-03"], ["RFC4861-6.1a"], ["R1.2-04", "R1.2-05"],
        ["R1.2-06"]], [c.ids for c in found]
    assert SELF_TEST_C.splitlines()[found[1].line - 1].startswith("\telse if")
    for number, check in enumerate(found, 1):
        check.number = number
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder, "a.c"), Path(folder, "a")
        source.write_text(sources.force(SELF_TEST_C, found)
                          + sources.FORCE_C, encoding="utf-8")
        subprocess.run(["cc", "-w", "-o", program, source], check=True)
        runner = Runner({"test_example": {
            "command": [str(program)], "cwd": folder, "environment": {},
            "labels": set()}})
        runner.measure("test_example")
        _, _, survivors = try_all(runner, found, None)
        assert len(survivors) == 1, survivors
        assert "R1.2-04 R1.2-05 example.c:16: forced false" in survivors[0]
        shutil.copy("/bin/false", program)
        try:
            runner.measure("test_example")
        except ToolError:
            print("mutate: the untested check is found, the others are not")
            return 0
    raise AssertionError("a failing test passed for a baseline")


def main():
    parser = argparse.ArgumentParser(prog="scripts/mutate")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int,
                        default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--budget", type=float, default=0)
    parser.add_argument("--build", default=str(TOP / "build" / "mutate"))
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("ids", nargs="*", metavar="ID")
    options = parser.parse_args()
    try:
        return self_test() if options.self_test else mutate(options)
    except ToolError as error:
        print("mutate: %s" % error)
        return 2


if __name__ == "__main__":
    sys.exit(main())
