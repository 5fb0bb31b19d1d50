#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every header compiles alone, and twice.

usage: check_headers.py TREE COMPILER [FLAG]...

A header of a pure layer or of include/ is compiled as C11 alone, others with
what mip6_layer defines for them.  Headers under src/platform/darwin are left
to scripts/check-macos.  Exit 1 if one fails, 2 if there was none.
"""
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import layers

SKIPPED = "src/platform/darwin/"


def compile_alone(tree, compiler, flags, header):
    """Empty, or what the compiler said."""
    relative = header.relative_to(tree)
    name = str(header.relative_to(tree / relative.parts[0]))
    pure = relative.parts[0] == "include" or relative.parts[1] in layers.PURE
    text = '#include "%s"\n#include "%s"\nextern int mip6_alone;\n' % (
        name, name)
    command = [compiler, "-x", "c", "-std=c11", "-fsyntax-only", "-Wall",
               "-Wextra", "-Wpedantic", "-Werror",
               "-I", str(tree / "src"), "-I", str(tree / "include")]
    if not pure:
        command += ["-D_GNU_SOURCE" if "platform" in relative.parts
                    else "-D_DEFAULT_SOURCE"]
    done = subprocess.run(command + flags + ["-"], input=text, text=True,
                          capture_output=True, check=False)
    return "" if done.returncode == 0 else "%s:\n%s" % (relative, done.stderr)


def check_tree(tree, compiler, flags):
    """(headers looked at, texts of what is wrong)"""
    tree = Path(tree)
    headers = sorted(h for folder in ("src", "include")
                     for h in (tree / folder).rglob("*.h")
                     if not str(h.relative_to(tree)).startswith(SKIPPED))
    with ThreadPoolExecutor(2) as pool:
        said = pool.map(
            lambda h: compile_alone(tree, compiler, flags, h), headers)
        return len(headers), [text for text in said if text]


def main():
    count, wrong = check_tree(sys.argv[1], sys.argv[2], sys.argv[3:])
    print("\n".join(wrong))
    print("%d headers, %d do not compile alone" % (count, len(wrong)))
    if count == 0:
        return 2
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
