# SPDX-License-Identifier: BSD-2-Clause
"""A name server on a host of the lab, the only one that the mobile node has."""
import os
import shutil
import subprocess
import sys

import hostutil as hu

TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tools")


class Names:
    """Answers for one name; the first questions with a failure."""

    def __init__(self, n, node, server, name, address, failures=0):
        self.etc = os.path.join("/etc/netns", n.lab.ns("mn"))
        os.makedirs(self.etc)
        n.things.append(self)
        self.process = None
        with open(os.path.join(self.etc, "resolv.conf"), "w",
                  encoding="ascii") as f:
            f.write("nameserver %s\noptions timeout:1 attempts:5\n" % server)
        self.log = str(n.tmp / "names.log")
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen(
                ["ip", "netns", "exec", n.lab.ns(node), sys.executable,
                 os.path.join(TOOLS, "names.py"), server, name, address,
                 str(failures)], stdout=out)
        hu.wait_file_text(self.log, "^ready", hu.Deadline(5),
                          pid=self.process.pid)

    def asked(self):
        """[source, type, name] of each question so far."""
        with open(self.log, encoding="ascii") as f:
            return [line.split() for line in f.read().splitlines()[1:]]

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait(5)
        shutil.rmtree(self.etc, ignore_errors=True)
        if not os.listdir("/etc/netns"):
            os.rmdir("/etc/netns")
