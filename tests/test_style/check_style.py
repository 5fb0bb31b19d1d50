#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The rules of style that a machine can check.

usage: check_style.py TREE

Prints one line for each place that breaks a rule, and the longest functions
for information.  Exit 1 if there was one, 2 if the tree holds no C file.
"""
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FILE_LINES_MAX = 700
FUNCTION_LINES_AIM = 70
FUNCTION_LINES_MAX = 120
SPDX = "SPDX-License-Identifier: BSD-2-Clause"
FOLDERS = ("src", "include", "tests", "bench", "scripts")
SKIPPED = ("tests/vectors/", "tests/fuzz/corpus/", "scripts/macos/include/")

SYSTEM = re.compile(
    r"^\s*#\s*(el)?if.*\b_*(linux|LINUX|APPLE|MACH|FreeBSD|WIN32|unix)_*\b")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
FORBIDDEN = (
    (re.compile(r"\balloca\s*\("), "alloca"),
    (re.compile(r"__attribute__\s*\(\(.*packed"), "a packed struct"),
    (re.compile(r"#\s*pragma\s+pack"), "a packed struct"),
    (re.compile(r"\b(strcpy|strcat|sprintf|gets)\s*\("), "an unbounded copy"),
)
# A test waits on an event with a deadline.  `# poll` marks the one helper
# that looks again and again until a deadline.
SLEEP = re.compile(r"\b(time\.sleep|u?sleep|nanosleep)\s*\(")
POLL = re.compile(r"(#|/\*|//) poll\b")


def files_of(tree, *patterns):
    """Files of the project's own C folders, without data from outside."""
    for folder in FOLDERS:
        for pattern in patterns:
            for path in sorted((tree / folder).rglob(pattern)):
                relative = path.relative_to(tree).as_posix()
                if not relative.startswith(SKIPPED):
                    yield path


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


def check_opening(lines):
    """SPDX first; a .c then says its idea in a comment."""
    if not lines or lines[0] != "/* %s */" % SPDX:
        yield 1, "the first line is not the licence"
    elif len(lines) < 2 or not lines[1].startswith("/*"):
        yield 2, "no opening comment"


def check_lines(relative, lines):
    platform = relative.startswith("src/platform/")
    for number, line in enumerate(lines, 1):
        if SYSTEM.match(line) and not platform:
            yield number, "#if on the operating system"
        if UNFINISHED.search(line):
            yield number, "unfinished"
        for pattern, what in FORBIDDEN:
            if pattern.search(line):
                yield number, what
        if (relative.startswith("tests/") and SLEEP.search(line)
                and not POLL.search(line)):
            yield number, "a sleep in a test"


def functions_of(lines):
    """(name, first line, count of lines) of each function definition."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            yield name_before(lines, start), start, number - start + 1
            start = None


def name_before(lines, start):
    for line in reversed(lines[max(0, start - 12):start - 1]):
        found = re.match(r"^([A-Za-z_]\w*)\(", line)
        if found:
            return found.group(1)
    return "?"


def check_c_file(tree, path, long_functions):
    relative = path.relative_to(tree).as_posix()
    lines = lines_of(path)
    for number, what in check_opening(lines):
        yield "%s:%d: %s" % (relative, number, what)
    if len(lines) > FILE_LINES_MAX:
        yield "%s: %d lines, at most %d" % (relative, len(lines),
                                            FILE_LINES_MAX)
    for number, what in check_lines(relative, lines):
        yield "%s:%d: %s" % (relative, number, what)
    for name, number, count in functions_of(lines):
        if count > FUNCTION_LINES_MAX:
            yield "%s:%d: %s has %d lines, at most %d" % (
                relative, number, name, count, FUNCTION_LINES_MAX)
        elif count > FUNCTION_LINES_AIM:
            long_functions.append((count, relative, name))


def check_scripts(tree):
    """Scripts and Python files: licence, syntax, sleeps in tests."""
    found = list(files_of(tree, "*.py", "*.sh"))
    found += [p for p in sorted((tree / "scripts").glob("*")) if p.is_file()]
    found += [p for p in (tree / ".ci" / "run", tree / "bench" / "run")
              if p.is_file()]
    for path in dict.fromkeys(found):
        relative = path.relative_to(tree).as_posix()
        lines = lines_of(path)
        if not any(SPDX in line for line in lines[:3]):
            yield "%s:1: no licence line" % relative
        for number, line in enumerate(lines, 1):
            if UNFINISHED.search(line):
                yield "%s:%d: unfinished" % (relative, number)
            if (relative.startswith("tests/") and SLEEP.search(line)
                    and not POLL.search(line)):
                yield "%s:%d: a sleep in a test" % (relative, number)
        yield from check_syntax(path, relative, lines[:1])


def check_syntax(path, relative, first):
    shebang = first[0] if first else ""
    if path.suffix == ".py" or "python" in shebang:
        try:
            compile(path.read_bytes(), relative, "exec")
        except SyntaxError as error:
            yield "%s:%s: %s" % (relative, error.lineno, error.msg)
    elif "sh" in shebang:
        shell = "bash" if "bash" in shebang else "sh"
        done = subprocess.run([shell, "-n", str(path)], text=True,
                              capture_output=True, check=False)
        if done.returncode != 0:
            yield "%s: %s" % (relative, done.stderr.strip())


def format_tool():
    for name in ("clang-format-14", "clang-format"):
        tool = shutil.which(name)
        if tool and "version 14." in subprocess.run(
                [tool, "--version"], text=True, capture_output=True,
                check=True).stdout:
            return tool
    return None


def check_format(tree, tool, paths):
    """The first line of each file that the formatter would change."""
    def one(path):
        done = subprocess.run(
            [tool, "--style=file", "--dry-run", "--Werror",
             "--ferror-limit=1", str(path)], text=True, capture_output=True,
            check=False, cwd=tree)
        if done.returncode == 0:
            return None
        found = re.search(r":(\d+):\d+: ", done.stderr)
        return "%s:%s: not as scripts/format leaves it" % (
            path.relative_to(tree), found.group(1) if found else "?")
    with ThreadPoolExecutor(2) as pool:
        yield from (line for line in pool.map(one, paths) if line)


def check_pages(tree):
    """The manual pages as mandoc sees them, where it is installed."""
    pages = sorted((tree / "man").glob("*.[1-9]"))
    mandoc = shutil.which("mandoc")
    if not pages or not mandoc:
        return
    done = subprocess.run(
        [mandoc, "-T", "lint", "-W", "warning", *map(str, pages)], text=True,
        capture_output=True, check=False)
    if done.returncode != 0:
        yield from (done.stdout + done.stderr).strip().splitlines()


def check_tree(tree, tool):
    """(C files looked at, lines of what is wrong, long functions)"""
    tree = Path(tree)
    paths = list(files_of(tree, "*.[ch]"))
    long_functions = []
    wrong = [line for path in paths
             for line in check_c_file(tree, path, long_functions)]
    wrong += check_scripts(tree)
    if tool:
        wrong += check_format(tree, tool, paths)
    wrong += check_pages(tree)
    return len(paths), wrong, sorted(long_functions, reverse=True)


def main():
    tool = format_tool()
    count, wrong, long_functions = check_tree(sys.argv[1], tool)
    for length, relative, name in long_functions:
        print("note: %s: %s has %d lines" % (relative, name, length))
    print("\n".join(wrong))
    print("%d C files, %d places to mend" % (count, len(wrong)))
    if count == 0:
        return 2
    if wrong:
        return 1
    if tool is None:
        print("format not checked: clang-format 14 is not installed")
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main())
