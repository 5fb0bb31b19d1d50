# SPDX-License-Identifier: BSD-2-Clause
"""Finds the normative checks of the sources, and can force them.

A check is an `if` (or a `return` of a condition) with a comment directly above
it that carries the id of a requirement and names its test:

    /* R9.5.1-02: sequence newer, modulo 2^16. Test: test_bcache */
    if (!mip6_seq_newer(bu->seq, entry->seq))
"""
import re
from pathlib import Path

ID = r"(?:R[0-9]+(?:\.[0-9A-Z]+)*-[0-9]+[a-z]?|RFC[0-9]+-[A-Za-z0-9.]+|P-[\w.-]+)"
CLAIM = re.compile(r"^\W*(%s(?:\s*,\s*%s)*)\s*:(.*)$" % (ID, ID), re.S)
TESTS = re.compile(r"\bTests?:\s*(\w+(?:\s*,\s*\w+)*)")
TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'
                   r"'(?:\\.|[^'\\\n])*'", re.S)
HEAD = re.compile(r"\s*(?:\}\s*)?(?:else\s+)?(if|return)\b\s*")

# Linked into the scratch build: MIP6_MUTANT=12:1 makes check 12 true.
FORCE_C = """\
#include <stdio.h>
#include <stdlib.h>
int mip6_mutant_force(int number, int value);
int
mip6_mutant_force(int number, int value)
{
	static int chosen = -1, forced, seen;
	const char *text;
	char *end;
	FILE *file;

	if (chosen == -1) {
		chosen = 0;
		text = getenv("MIP6_MUTANT");
		if (text != NULL) {
			chosen = (int)strtol(text, &end, 10);
			forced = *end == ':' && end[1] == '1';
		}
	}
	if (number != chosen)
		return value;
	if (!seen) {
		seen = 1;
		text = getenv("MIP6_MUTANT_SEEN");
		file = text != NULL ? fopen(text, "w") : NULL;
		if (file != NULL)
			(void)fclose(file);
	}
	return forced;
}
"""
DECLARATION = "extern int mip6_mutant_force(int, int);\n"


class Check:
    """One condition: its ids, its tests and where it stands in its file."""

    def __init__(self, ids, tests, path, line, start, end):
        self.ids, self.tests = ids, tests
        self.path, self.line = path, line
        self.start, self.end = start, end    # of the condition's text
        self.number = 0

    def place(self):
        return "%s:%d" % (self.path, self.line)


def blank_tokens(text):
    """The text with comments and literals blanked, of the same length."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return TOKEN.sub(blank, text)


def claims_of(text):
    """(end of the comment, ids, tests) of each comment that claims."""
    for match in TOKEN.finditer(text):
        comment = match.group(0)
        if not comment.startswith("/*"):
            continue
        body = re.sub(r"\n\s*\*", "\n", comment[2:-2])
        tests = TESTS.search(body)
        claim = CLAIM.match(body)
        if claim and tests:
            yield (match.end(), re.findall(ID, claim.group(1)),
                   re.split(r"\s*,\s*", tests.group(1)))


def closing(blanked, at):
    """The index of the parenthesis that closes the one at `at`."""
    depth = 0
    for index in range(at, len(blanked)):
        if blanked[index] == "(":
            depth += 1
        elif blanked[index] == ")":
            depth -= 1
            if depth == 0:
                return index
    return None


def condition_after(blanked, at):
    """(start, end) of the condition that follows index `at`, or None."""
    head = HEAD.match(blanked, at)
    if not head:
        return None
    if head.group(1) == "return":
        end = blanked.find(";", head.end())
        return (head.end(), end) if end > head.end() else None
    if blanked[head.end():head.end() + 1] != "(":
        return None
    end = closing(blanked, head.end())
    return None if end is None else (head.end() + 1, end)


def checks_of(text, path):
    """(checks, lines where a claim stands above no check)"""
    blanked = blank_tokens(text)
    found, lost = {}, []
    for end, ids, tests in claims_of(text):
        line = text.count("\n", 0, end) + 1
        span = condition_after(blanked, end)
        if span is None:
            lost.append("%s:%d: %s: no check under the comment" % (
                path, line, " ".join(ids)))
            continue
        check = found.get(span)
        if check is None:
            line = text.count("\n", 0, span[0]) + 1
            found[span] = Check(ids, tests, path, line, *span)
        else:
            check.ids = check.ids + [i for i in ids if i not in check.ids]
            check.tests += [t for t in tests if t not in check.tests]
    return list(found.values()), lost


def force(text, checks):
    """The text with each check's condition passed through the switch."""
    for check in sorted(checks, key=lambda c: -c.start):
        condition = text[check.start:check.end]
        text = "%smip6_mutant_force(%d, !!(%s))%s" % (
            text[:check.start], check.number, condition, text[check.end:])
    return DECLARATION + '#line 1\n' + text


def scan(top):
    """(checks numbered from 1, claims without a check) of the tree."""
    checks, lost = [], []
    for path in sorted((Path(top) / "src").rglob("*.c")):
        text = path.read_text(encoding="utf-8")
        found, without = checks_of(text, path.relative_to(top).as_posix())
        checks += found
        lost += without
    for number, check in enumerate(checks, 1):
        check.number = number
    return checks, lost
