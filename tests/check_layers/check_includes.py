#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Includes point down the layers only.

usage: check_includes.py TREE

Reads every source and header of TREE/src and TREE/include and prints one line
for each include that the table in layers.py does not allow, that names no
file, or that is not spelt "layer/file.h".  Exit 1 if there was one, 2 if no
file was found.
"""
import re
import sys
from pathlib import Path

import layers

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def layer_of(relative):
    """The layer of a path inside the tree: src/LAYER/... or include/mip6/."""
    parts = relative.parts
    return "mip6" if parts[0] == "include" else parts[1]


def includes_of(path):
    """(line, kind, name) of each include of a file."""
    with open(path, encoding="utf-8") as source:
        for number, line in enumerate(source, 1):
            found = INCLUDE.match(line)
            if found:
                yield number, found.group(1), found.group(2)


def check_quoted(tree, relative, layer, name):
    """Why `#include "name"` is wrong in this file, or None."""
    target = layers_target(tree, name)
    if target is None:
        return '"%s" is no file of src/ or include/' % name
    if not name.endswith(".h"):
        return '"%s" is not a header' % name
    above = layer_of(target.relative_to(tree))
    if above == layer:
        if layer == "platform":
            return check_platform(relative, target.relative_to(tree))
        return None
    if (above not in layers.MAY_INCLUDE.get(layer, ())
            and name not in layers.MAY_INCLUDE_ALSO.get(layer, ())):
        return '"%s": %s may not include %s' % (name, layer, above)
    return None


def check_platform(relative, target):
    """common/ knows no system, and no system knows the other."""
    systems = ("linux", "darwin")
    if target.parts[2] in systems and relative.parts[2] != target.parts[2]:
        return "platform/%s may not include platform/%s" % (
            relative.parts[2], target.parts[2])
    return None


def layers_target(tree, name):
    for folder in ("src", "include"):
        path = tree / folder / name
        if path.is_file():
            return path
    return None


def check_system(relative, layer, name):
    """Why `#include <name>` is wrong in this file, or None."""
    for library, users in layers.LIBRARY_USERS.items():
        if name.startswith(library):
            if not str(relative).startswith(users or ("-",)):
                return "<%s> is for %s alone" % (
                    name, " and ".join(users) or "nobody")
            return None
    if layer in layers.PURE + ("mip6",) and name not in layers.PURE_HEADERS:
        return "<%s> in a pure layer" % name
    return None


def brings(tree, layer, first, expected):
    """Is `first` what the parts of a module share, and includes its header?"""
    target = layers_target(tree, first or "")
    return (target is not None
            and layer_of(target.relative_to(tree)) == layer
            and any(name == expected for _, _, name in includes_of(target)))


def check_file(tree, path):
    relative = path.relative_to(tree)
    layer = layer_of(relative)
    own = path.with_suffix(".h")
    first = None
    if layer not in layers.MAY_INCLUDE:
        yield "%s: no such layer: %s" % (relative, layer)
        return
    for number, kind, name in includes_of(path):
        if first is None:
            first = name
        if kind == '"':
            wrong = check_quoted(tree, relative, layer, name)
        else:
            wrong = check_system(relative, layer, name)
        if wrong:
            yield "%s:%d: %s" % (relative, number, wrong)
    if path.suffix == ".c" and own.is_file():
        expected = str(own.relative_to(tree / "src"))
        if first != expected and not brings(tree, layer, first, expected):
            yield '%s: its own header "%s" does not come first' % (
                relative, expected)


def check_tree(tree):
    """(files looked at, lines of what is wrong)"""
    tree = Path(tree)
    files = sorted(f for folder in ("src", "include")
                   for f in (tree / folder).rglob("*.[ch]"))
    wrong = [line for f in files for line in check_file(tree, f)]
    return len(files), wrong


def main():
    count, wrong = check_tree(sys.argv[1])
    print("\n".join(wrong))
    print("%d files, %d includes out of line" % (count, len(wrong)))
    if count == 0:
        return 2
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
