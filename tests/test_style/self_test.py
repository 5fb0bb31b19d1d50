#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Each rule of check_style.py turns red at a violation made on purpose."""
import shutil
import tempfile
import unittest
from pathlib import Path

import check_style

OPENING = "/* %s */\n/*\n * An idea.\n */\n" % check_style.SPDX
CLEAN = OPENING + "static int\nfind(void)\n{\n\treturn 1;\n}\n"


class Style(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = Path(folder.name)
        top = Path(__file__).resolve().parents[2]
        shutil.copy(top / ".clang-format", self.tree)

    def write(self, name, text):
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def wrong(self, tool=None):
        return check_style.check_tree(self.tree, tool)[1]

    def one(self, name, text, what):
        self.write(name, text)
        wrong = self.wrong()
        self.assertEqual(len(wrong), 1, wrong)
        self.assertIn(what, wrong[0])

    def test_clean(self):
        self.write("src/core/a.c", CLEAN)
        self.assertEqual(self.wrong(), [])

    def test_licence(self):
        self.one("src/core/a.c", "int a;\n", "licence")

    def test_opening_comment(self):
        self.one("src/core/a.c", "/* %s */\nint a;\n" % check_style.SPDX,
                 "no opening comment")

    def test_system_conditional(self):
        self.one("src/core/a.c", OPENING + "#ifdef __linux__\n#endif\n",
                 "operating system")

    def test_system_conditional_in_platform(self):
        self.write("src/platform/common/a.c",
                   OPENING + "#if defined(__APPLE__)\n#endif\n")
        self.assertEqual(self.wrong(), [])

    def test_long_file(self):
        self.one("src/core/a.c", OPENING + "\n" * check_style.FILE_LINES_MAX,
                 "lines, at most")

    def test_long_function(self):
        body = "\ta();\n" * check_style.FUNCTION_LINES_MAX
        self.one("src/core/a.c",
                 OPENING + "static int\nlong_one(void)\n{\n" + body + "}\n",
                 "long_one has")

    def test_unfinished(self):
        self.one("src/core/a.c", OPENING + "/* TO" "DO */\n", "unfinished")

    def test_packed(self):
        self.one("src/core/a.c",
                 OPENING + "struct a {\n} __attribute__((packed));\n",
                 "packed")

    def test_sleep_in_a_test(self):
        self.one("tests/netns/test_a.py", "# %s\ntime.sle" "ep(1)\n"
                 % check_style.SPDX, "sleep")

    def test_python_syntax(self):
        self.one("tests/netns/test_a.py", "# %s\nif:\n" % check_style.SPDX,
                 "invalid syntax")

    def test_shell_syntax(self):
        self.one("scripts/a", "#!/bin/sh\n# %s\nif\n" % check_style.SPDX,
                 "scripts/a")

    def test_format(self):
        tool = check_style.format_tool()
        if tool is None:
            self.skipTest("clang-format 14 is not installed")
        self.write("src/core/a.c", CLEAN)
        self.assertEqual(self.wrong(tool), [])
        self.write("src/core/a.c", CLEAN.replace("\t", "    "))
        self.assertIn("scripts/format", self.wrong(tool)[0])


if __name__ == "__main__":
    unittest.main()
