#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Each check of this folder turns red at a violation made on purpose.

usage: self_test.py COMPILER [unittest options]
"""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import check_headers
import check_includes
import check_purity

COMPILER = "cc"


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.tree = Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def archive(self, layer, text):
        source = self.write("src/%s/part.c" % layer, text)
        object_file = source.with_suffix(".o")
        archive = self.tree / ("lib%s.a" % layer)
        subprocess.run([COMPILER, "-O1", "-fPIC", "-fno-stack-protector",
                        "-w", "-c", "-o", object_file, source], check=True)
        subprocess.run(["ar", "rcs", archive, object_file], check=True)
        return layer, str(archive)


class Includes(Tree):
    def wrong(self):
        return check_includes.check_tree(self.tree)[1]

    def test_down_is_allowed(self):
        self.write("src/base/a.h", "#include <stdint.h>\n")
        self.write("src/wire/b.h", '#include "base/a.h"\n')
        self.write("src/wire/b.c", '#include "wire/b.h"\n')
        self.assertEqual(self.wrong(), [])

    def test_up_is_refused(self):
        self.write("src/wire/b.h", "\n")
        self.write("src/base/a.h", '#include "wire/b.h"\n')
        self.assertIn("base may not include wire", self.wrong()[0])

    def test_core_and_path_do_not_meet(self):
        self.write("src/core/node.h", "\n")
        self.write("src/path/path.h", '#include "core/node.h"\n')
        self.assertIn("path may not include core", self.wrong()[0])
        self.write("src/path/path.h", "\n")
        self.write("src/core/node.h", '#include "path/path.h"\n')
        self.assertIn("core may not include path", self.wrong()[0])

    def test_system_header_in_a_pure_layer(self):
        self.write("src/core/a.c", "#  include <stdio.h>\n")
        self.assertIn("<stdio.h> in a pure layer", self.wrong()[0])

    def test_library_of_another_layer(self):
        self.write("src/control/a.c", "#include <event2/event.h>\n")
        self.assertIn("<event2/event.h> is for", self.wrong()[0])

    def test_missing_or_unspelt_header(self):
        self.write("src/base/a.h", "\n")
        self.write("src/base/b.c", '#include "a.h"\n')
        self.assertIn("is no file", self.wrong()[0])

    def test_own_header_first(self):
        self.write("src/base/a.h", "\n")
        self.write("src/base/b.h", "\n")
        self.write("src/base/b.c",
                   '#include "base/a.h"\n#include "base/b.h"\n')
        self.assertIn("does not come first", self.wrong()[0])
        self.write("src/base/a.h", '#include "base/b.h"\n')
        self.assertEqual(self.wrong(), [])

    def test_systems_stay_apart(self):
        self.write("src/platform/linux/a.h", "\n")
        self.write("src/platform/common/b.c",
                   '#include "platform/linux/a.h"\n')
        self.assertIn("may not include platform/linux", self.wrong()[0])


class Purity(Tree):
    def wrong(self, *parts):
        return check_purity.check_archives(
            self.tree, [self.archive(layer, text) for layer, text in parts])

    def test_strings_lower_layers_and_constants_are_allowed(self):
        self.assertEqual(self.wrong(
            ("base", "int mip6_one(void) { return 1; }"),
            ("wire", "int mip6_one(void);\n"
             "void *memcpy(void *, const void *, unsigned long);\n"
             "const char *const mip6_names[] = { \"a\", \"b\" };\n"
             "int mip6_two(void *a, void *b, unsigned long n)"
             "{ memcpy(a, b, n); return mip6_one(); }")), [])

    def test_system_call(self):
        for name in ("malloc", "printf", "time", "getpid", "strdup",
                     "__assert_fail", "abort"):
            self.assertEqual(self.wrong(
                ("base", "int %s(void);\n"
                 "int mip6_x(void) { return %s(); }" % (name, name))),
                ["base: calls " + name])

    def test_openssl_belongs_to_crypto(self):
        text = "int EVP_sha1(void);\nint mip6_%s(void){return EVP_sha1();}"
        self.assertEqual(self.wrong(("crypto", text % "a")), [])
        self.assertEqual(self.wrong(("core", text % "b")),
                         ["core: calls EVP_sha1"])

    def test_upper_layer(self):
        self.assertEqual(self.wrong(
            ("wire", "int mip6_up(void);\n"
             "int mip6_low(void) { return mip6_up(); }"),
            ("core", "int mip6_up(void) { return 1; }")),
            ["wire: calls mip6_up"])

    def test_mutable_state(self):
        for text in ("static int kept; int *mip6_x(void){return &kept;}",
                     "static int kept=3; int *mip6_x(void){return &kept;}",
                     "int *mip6_x(void){static int kept; return &kept;}"):
            wrong = self.wrong(("core", text))
            self.assertEqual(len(wrong), 1)
            self.assertIn("core: state kept in kept", wrong[0])

    def test_export_without_prefix(self):
        self.assertEqual(self.wrong(("base", "int find(void){return 1;}")),
                         ["base: exports find"])
        self.write("src/base/a_int.h", "int find(void);\n")
        self.assertEqual(self.wrong(("base", "int find(void){return 1;}")),
                         [])

    def test_nothing_to_look_at(self):
        with self.assertRaises(ValueError):
            self.wrong(("base", "typedef int nothing;"))


class Headers(Tree):
    def wrong(self):
        return check_headers.check_tree(self.tree, COMPILER, [])[1]

    def test_alone(self):
        self.write("src/base/a.h", "#ifndef A\n#define A\n"
                   "#include <stdint.h>\nextern const uint8_t a;\n#endif\n")
        self.assertEqual(self.wrong(), [])

    def test_needs_another(self):
        self.write("src/base/a.h",
                   "#ifndef A\n#define A\nextern uint8_t a;\n#endif\n")
        self.assertEqual(len(self.wrong()), 1)

    def test_no_guard(self):
        self.write("include/mip6/a.h", "struct mip6_a { int b; };\n")
        self.assertEqual(len(self.wrong()), 1)


if __name__ == "__main__":
    COMPILER = sys.argv.pop(1)
    unittest.main()
