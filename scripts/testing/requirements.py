#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares doc/requirements.md with the sources and the tests.

usage: scripts/requirements [--self-test]

The document has one row for each requirement of RFC 6275:

    | R9.5.1-02 | done | what is required; more words; test_bcache |

with one of `done`, `not done` and `n/a` in a cell of its own.  It is true when
- each id of RFC 6275 that a check in src carries has a row, once;
- a row that says done has a check in src that carries the id, or names a test
  (test_x, sim or unit; netns_x; fuzz_x), and those tests exist;
- a row that says n/a gives a reason;
- no row is missing: there are as many as the RFC has requirements.
Exit 1 when it is not.
"""
import re
import sys
import tempfile
from pathlib import Path

import checks as sources

TOP = Path(__file__).resolve().parents[2]
ROWS = 466    # requirements that were counted in RFC 6275
ROW = re.compile(r"^\s*[-|]\s*`?(R[0-9]+(?:\.[0-9A-Z]+)*-[0-9]+)`?\s*\|(.*)$")
STATES = {"done": "done", "not done": "not done", "n/a": "n/a",
          "not applicable": "n/a"}
TEST = re.compile(r"\b((?:test|netns|fuzz)_\w+)")


def rows_of(text):
    """(line, id, state or None, the other cells) of each row."""
    for number, line in enumerate(text.splitlines(), 1):
        match = ROW.match(line)
        if not match:
            continue
        cells = [c.strip().strip("*`") for c in match.group(2).split("|")]
        states = [STATES[c.lower()] for c in cells if c.lower() in STATES]
        others = [c for c in cells if c and c.lower() not in STATES]
        yield (number, match.group(1), states[0] if len(states) == 1 else None,
               " ".join(others))


def tests_in(top):
    """The names that ctest will know, from the files."""
    names = {p.stem for folder in ("unit", "sim")
             for p in (top / "tests" / folder).glob("test_*.c")}
    names |= {p.stem for p in (top / "tests/fuzz").glob("fuzz_*.c")}
    names |= {p.stem.replace("test_", "netns_", 1)
              for p in (top / "tests/netns").glob("test_*.py")}
    for path in (top / "tests").rglob("CMakeLists.txt"):
        names |= set(re.findall(r"NAME\s+((?:test|netns|fuzz)_\w+)",
                                path.read_text(encoding="utf-8")))
    return names


def wrong_in_row(row, carried, tests):
    """What is wrong with one row."""
    number, name, state, words = row
    place = "doc/requirements.md:%d: %s" % (number, name)
    named = TEST.findall(words)
    for test in named:
        if test not in tests:
            yield "%s: there is no test called %s" % (place, test)
    if state is None:
        yield "%s: neither done, not done nor n/a" % place
    elif state == "done" and name not in carried and not named:
        yield "%s: done, but no check carries it and no test is named" % place
    elif state == "n/a" and len(words) < 10:
        yield "%s: n/a without a reason" % place


def compare(top, expected=ROWS):
    """(counts by state, lines of what is wrong)"""
    document = top / "doc/requirements.md"
    if not document.exists():
        return {}, ["doc/requirements.md does not exist"]
    found, wrong = sources.scan(top)
    carried = {}
    for check in found:
        for name in check.ids:
            # A letter tells apart several checks of one requirement.
            plain = name if name.startswith("RFC") else name.rstrip("abcdefgh")
            carried.setdefault(plain, []).append(check)
    tests = tests_in(top)
    rows = list(rows_of(document.read_text(encoding="utf-8")))
    counts, seen = {}, set()
    for row in rows:
        if row[1] in seen:
            wrong.append("doc/requirements.md:%d: %s a second time" % row[:2])
        seen.add(row[1])
        counts[row[2]] = counts.get(row[2], 0) + 1
        wrong += wrong_in_row(row, carried, tests)
    for check in found:
        for test in check.tests:
            if test not in tests:
                wrong.append("%s: there is no test called %s" % (
                    check.place(), test))
    for name in sorted(carried):
        if re.match(r"^R[0-9]", name) and name not in seen:
            wrong.append("%s: %s has no row in doc/requirements.md" % (
                carried[name][0].place(), name))
    if len(seen) < expected:
        wrong.append("doc/requirements.md has %d requirements of %d" % (
            len(seen), expected))
    return counts, wrong


def self_test():
    """Each rule, broken on purpose."""
    def lines(document, check="/* R1-01: x. Test: test_a */\n\tif (a)"):
        with tempfile.TemporaryDirectory() as folder:
            top = Path(folder)
            for name in ("src/core", "tests/unit", "doc"):
                (top / name).mkdir(parents=True)
            (top / "src/core/a.c").write_text("void a(void) {\n\t%s\n\t\tb();"
                                              "\n}\n" % check)
            (top / "tests/unit/test_a.c").write_text("\n")
            (top / "doc/requirements.md").write_text(document)
            return compare(top, 1)[1]
    good = "| R1-01 | done | a thing |\n"
    assert lines(good) == [], lines(good)
    assert "no row" in lines("| R1-02 | not done | x |\n")[0]
    assert "done, but" in lines(good + "| R1-02 | done | y |\n")[0]
    assert lines(good + "| R1-02 | done | y; test_a |\n") == []
    assert "no test called test_b" in lines(
        good + "| R1-02 | done | y; test_b |\n")[0]
    assert "a second time" in lines(good + good)[0]
    assert "neither" in lines("| R1-01 | soon | a thing |\n")[0]
    assert "without a reason" in lines(good + "| R1-02 | n/a | - |\n")[0]
    assert "no check under" in lines(
        good, "/* R1-01: x. Test: test_a */\n\tb();\n\tif (a)")[0]
    assert "0 requirements of 1" in lines("", "if (a)")[0]
    print("requirements: each rule turns red")
    return 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    counts, wrong = compare(TOP)
    print("\n".join(wrong))
    print(", ".join("%d %s" % (n, s) for s, n in sorted(
        counts.items(), key=str)) or "no row")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
