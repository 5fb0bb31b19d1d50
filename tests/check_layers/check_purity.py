#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The pure layers call no system and keep no state.

usage: check_purity.py TREE LAYER=ARCHIVE...     (lowest layer first)

For each archive, one line for each
- undefined symbol that is not a string function, a compiler's run-time, a
  symbol that the same or an allowed lower archive defines, or (in crypto
  alone) OpenSSL's;
- variable in a writable section (relocated constants are not state);
- exported symbol whose name does not begin with mip6_, unless a header
  LAYER/x_int.h of TREE declares it: what the files of one layer share.
Exit 1 if there was one, 2 if an archive cannot be read or holds nothing.
"""
import re
import subprocess
import sys
from pathlib import Path

import layers

ALLOWED = re.compile(r"^(%s)$" % layers.RUNTIME)
CRYPTO = re.compile(r"^%s$" % layers.CRYPTO_SYMBOLS)
STATE = re.compile(r"^(\.data|\.bss|\.tdata|\.tbss|\*COM\*|COMMON)")
CONSTANT = re.compile(r"^\.data\.rel\.ro")


class Symbol:
    def __init__(self, line):
        # sysv: name|value|class|type|size|line|section
        fields = [f.strip() for f in line.split("|")]
        self.name, self.kind, self.type = fields[0], fields[2], fields[3]
        self.section = fields[6]

    def undefined(self):
        return self.kind in "Uwv"

    def exported(self):
        return self.kind.isupper() and self.kind != "U"

    def state(self):
        return (self.kind in "dDbBsSgGC" and self.type != "SECTION"
                and bool(STATE.match(self.section) or self.kind == "C")
                and not CONSTANT.match(self.section))


def symbols_of(archive):
    out = subprocess.run(["nm", "--format=sysv", archive], check=True,
                         capture_output=True, text=True).stdout
    return [Symbol(line) for line in out.splitlines()
            if line.count("|") == 6 and not line.startswith("Name ")]


def may_call(layer, name, defined):
    """May this layer leave `name` undefined?"""
    if name in layers.STRING_FUNCTIONS or ALLOWED.match(name):
        return True
    if layer == "crypto" and CRYPTO.match(name):
        return True
    below = layers.MAY_INCLUDE[layer] | {layer}
    return any(name in defined.get(other, ()) for other in below)


def static_name(name):
    """Without what the compiler adds: sink.0, sink.lto_priv.1"""
    return name.split(".")[0]


def shared_inside(tree, layer):
    """The names that a layer's own _int.h headers declare."""
    text = "".join(path.read_text(encoding="utf-8") for path in
                   (Path(tree) / "src" / layer).glob("*_int.h"))
    return set(re.findall(r"\b(\w+)\(", text))


def check_archive(layer, symbols, defined, shared):
    """The lines of what is wrong in one archive."""
    for symbol in symbols:
        if symbol.undefined():
            if not may_call(layer, symbol.name, defined):
                yield "%s: calls %s" % (layer, symbol.name)
            continue
        if symbol.state() and ((layer, static_name(symbol.name))
                               not in layers.STATE_ALLOWED):
            yield "%s: state kept in %s (%s)" % (layer, symbol.name,
                                                 symbol.section)
        if (symbol.exported() and not symbol.name.startswith("mip6_")
                and symbol.name not in shared):
            yield "%s: exports %s" % (layer, symbol.name)


def check_archives(tree, pairs):
    """pairs: (layer, archive).  The lines of what is wrong in all."""
    table = {layer: symbols_of(archive) for layer, archive in pairs}
    defined = {layer: {s.name for s in symbols if not s.undefined()}
               for layer, symbols in table.items()}
    empty = [layer for layer, symbols in table.items() if not symbols]
    if empty:
        raise ValueError("no symbols in " + " ".join(empty))
    wrong = []
    for layer, symbols in table.items():
        wrong += sorted(set(check_archive(layer, symbols, defined,
                                          shared_inside(tree, layer))))
    return wrong


def main():
    pairs = [argument.split("=", 1) for argument in sys.argv[2:]]
    if not pairs:
        print("no archive to look at")
        return 2
    try:
        wrong = check_archives(sys.argv[1], pairs)
    except (ValueError, subprocess.CalledProcessError) as error:
        print(error)
        return 2
    print("\n".join(wrong))
    print("%s: %d symbols out of line" % (
        " ".join(layer for layer, _ in pairs), len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
