# SPDX-License-Identifier: BSD-2-Clause
"""A lab for every test, gone after it whatever happens.

`make_lab(...)` makes labs with names of their own; `net(...)` makes one with
the daemon's helpers (harness.Net).  A guard process removes them even when
pytest is killed; SIGTERM ends pytest like Ctrl-C.
"""
import itertools
import os
import signal
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TREE, "scripts", "lab.d"))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import harness  # noqa: E402
import mip6lab  # noqa: E402

_numbers = itertools.count(1)


def pytest_configure(config):
    def end(_number, _frame):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, end)
    # Its input ends when this process does, however that comes about.
    config.guard = subprocess.Popen(
        [sys.executable, os.path.join(HERE, "tools", "guard.py")],
        stdin=subprocess.PIPE, start_new_session=True)


def pytest_unconfigure(config):
    config.guard.stdin.close()
    config.guard.wait(60)


def pytest_collection_modifyitems(items):
    if not items:
        return
    why = mip6lab.why_not_here()
    if why:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        for lab in getattr(item, "labs", []):
            report.sections.append(("lab " + lab.name, harness.story(lab)))


@pytest.fixture
def make_lab(request):
    labs = []
    request.node.labs = labs

    def make(up=True, **options):
        lab = mip6lab.Lab("t%d_%d" % (os.getpid(), next(_numbers)))
        request.config.guard.stdin.write(lab.name.encode() + b"\n")
        request.config.guard.stdin.flush()
        labs.append(lab)
        if up:
            lab.up(**options)
        return lab

    yield make
    for lab in labs:
        lab.down()


@pytest.fixture
def net(make_lab, tmp_path):
    """net(**options of up): a lab in which both daemons can be started."""
    nets = []

    def make(**options):
        n = harness.Net(make_lab(**options), tmp_path)
        nets.append(n)
        return n

    yield make
    for n in nets:
        n.close()
