#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs pytest so that ctest understands a skip.

Exit 77 when every test was skipped (ctest: Skipped).  With MIP6_NO_SKIP=1, as
scripts/test sets it where namespaces exist, any skip is a failure.  No test at
all is a failure.
"""
import os
import sys

import pytest


class Outcome:
    def __init__(self):
        self.ran = 0
        self.skipped = []

    def pytest_runtest_logreport(self, report):
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append((report.nodeid, report.longrepr))
        elif report.when == "call":
            self.ran += 1

    def pytest_collectreport(self, report):
        if report.skipped:
            self.skipped.append((report.nodeid, report.longrepr))


def main():
    outcome = Outcome()
    code = int(pytest.main(["-q", "-rs", "-p", "no:cacheprovider",
                            *sys.argv[1:]], plugins=[outcome]))
    if code not in (0, 5):
        return code
    if outcome.skipped and os.environ.get("MIP6_NO_SKIP") == "1":
        print("skipped, but this host can run it:")
        for name, why in outcome.skipped:
            print("  %s: %s" % (name, why))
        return 1
    if outcome.ran == 0:
        return 77 if outcome.skipped else 5
    return code


if __name__ == "__main__":
    sys.exit(main())
