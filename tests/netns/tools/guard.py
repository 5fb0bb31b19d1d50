#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Removes labs when their maker is gone: names come on the standard input,
one a line; its end is the end of the process that made them."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "scripts", "lab.d"))
sys.dont_write_bytecode = True

import mip6lab  # noqa: E402


def main():
    for name in {line.strip() for line in sys.stdin}:
        mip6lab.Lab(name).down()


if __name__ == "__main__":
    main()
