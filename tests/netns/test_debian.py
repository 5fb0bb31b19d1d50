# SPDX-License-Identifier: BSD-2-Clause
"""The Debian package, in a root that is thrown away.

Built, judged by lintian, installed, started as its unit says (user,
capabilities, readiness), registered with its own example configuration, and
purged: nothing of it is left.
"""
import configparser
import os
import re
import shutil
import signal
import socket
import subprocess

import pytest

import hostutil as hu
from conftest import TREE
from harness import CN, HOA, differences, host_state, kernel_settled

USER = "_mip6d"


class Root:
    """This system with a layer over it, in a mount namespace of its own."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.upper = os.path.join(self.folder, "layer", "upper")
        self.merged = os.path.join(self.folder, "layer", "merged")
        mounts = """set -e
            mount -t tmpfs tmpfs "$1"; cd "$1"; mkdir upper work merged
            mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work \\
                overlay merged
            for d in dev proc sys; do mount --rbind /$d merged/$d; done
            # As udev makes it everywhere.
            mount -t tmpfs tmpfs merged/dev/net
            mknod -m 666 merged/dev/net/tun c 10 200
            echo ready; exec sleep 300"""
        os.mkdir(os.path.join(self.folder, "layer"))
        self.holder = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c",
             mounts, "sh", os.path.join(self.folder, "layer")],
            stdout=subprocess.PIPE, text=True)
        assert self.holder.stdout.readline() == "ready\n"

    def close(self):
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()

    def path(self, name):
        """A path in it as this process can open it."""
        return "/proc/%d/root%s%s" % (self.holder.pid, self.merged, name)

    def changed(self):
        """Every file that is there now and was not, or not so."""
        layer = "/proc/%d/root%s" % (self.holder.pid, self.upper)
        return [os.path.relpath(os.path.join(at, name), layer)
                for at, folders, files in os.walk(layer)
                for name in folders + files]

    def argv(self, *argv, netns=None):
        enter = ["nsenter", "-t", str(self.holder.pid), "--mount"]
        if netns:
            enter.append("--net=/run/netns/" + netns)
        return [*enter, "chroot", self.merged, *argv]

    def run(self, *argv, netns=None):
        done = hu.run(self.argv(*argv, netns=netns), check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


class Unit:
    """What matters of a unit file."""

    def __init__(self, text):
        parser = configparser.RawConfigParser(strict=False)
        parser.optionxform = str
        parser.read_string(text)
        self.key = parser["Service"]
        assert self.key["Type"] == "notify"

    def argv(self):
        caps = ",".join("+" + c.replace("CAP_", "").lower()
                        for c in self.key["AmbientCapabilities"].split())
        assert self.key["NoNewPrivileges"] == "yes"
        return ["setpriv", "--reuid=" + self.key["User"],
                "--regid=" + self.key["Group"], "--clear-groups",
                "--inh-caps=-all," + caps, "--ambient-caps=" + caps,
                "--bounding-set=-all," + caps, "--no-new-privs",
                *self.key["ExecStart"].split()]


@pytest.fixture
def root(tmp_path):
    r = Root(tmp_path)
    yield r
    r.close()


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The file; in MIP6_DEB when somebody has made it already."""
    if "MIP6_DEB" in os.environ:
        return os.environ["MIP6_DEB"]
    folder = tmp_path_factory.mktemp("deb")
    done = subprocess.run([os.path.join(TREE, "scripts", "check-deb"),
                           str(folder)], capture_output=True, text=True,
                          timeout=220, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(folder / "mip6d.deb")


def configure(root, net):
    """The example for a mobile node, its interface, and its key."""
    example = "/usr/share/doc/mip6d/examples/mn.conf"
    with open(root.path(example), encoding="ascii") as f:
        text = f.read()
    assert HOA in text
    with open(root.path("/etc/mip6d/mip6.conf"), "w", encoding="ascii") as f:
        f.write(text)
    shutil.copyfile(net.lab.key(), root.path("/etc/mip6d/alice.key"))
    root.run("chmod", "640", "/etc/mip6d/alice.key")
    assert root.run("stat", "-c", "%U:%G", "/etc/mip6d/alice.key") == (
        "root:%s\n" % USER)


def start(root, net, unit):
    """(process, the socket on which it says how it stands)"""
    for key, mode, above in (("RuntimeDirectory", "755", "/run/"),
                             ("StateDirectory",
                              unit.key["StateDirectoryMode"], "/var/lib/")):
        root.run("install", "-d", "-o", USER, "-g", USER, "-m", mode,
                 above + unit.key[key])
    heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    heard.bind(root.path("/run/notify"))
    os.chmod(root.path("/run/notify"), 0o777)
    heard.settimeout(10)
    with open(os.path.join(root.folder, "log"), "w", encoding="utf-8") as log:
        daemon = subprocess.Popen(
            root.argv("env", "NOTIFY_SOCKET=/run/notify", *unit.argv(),
                      netns=net.lab.ns("mn")), stdout=log, stderr=log)
    return daemon, heard


def test_service_in_a_fresh_root(net, package, root):
    net = net()
    net.start("ha")
    net.lab.move("a")
    kernel_settled(net)
    before = host_state(net.lab, "mn")
    shutil.copyfile(package, root.path("/var/tmp/mip6d.deb"))
    root.run("dpkg", "-i", "/var/tmp/mip6d.deb")
    with open(root.path("/lib/systemd/system/mip6d.service"),
              encoding="ascii") as f:
        unit = Unit(f.read())
    configure(root, net)
    daemon, heard = start(root, net, unit)
    try:
        assert heard.recv(64) == b"READY=1"
        netns = net.lab.ns("mn")
        net.wait("ha", "the registration", lambda: "%s: registered" % HOA in
                 root.run("mip6ctl", "status", netns=netns))
        hu.run(["ip", "netns", "exec", netns, "ping", "-6", "-c", "1", "-W",
                "5", "-I", HOA, CN])
        user = root.run("id", "-u", USER).strip()
        with open("/proc/%d/status" % daemon.pid, encoding="ascii") as f:
            status = f.read()
        assert re.search(r"^Uid:\s+%s\s+%s" % (user, user), status, re.M)
        root.run("setpriv", "--reuid=" + USER, "--clear-groups",
                 "--regid=" + USER, *unit.key["ExecReload"].split(),
                 netns=netns)
        daemon.send_signal(signal.SIGTERM)
        assert heard.recv(64) == b"STOPPING=1"
        assert daemon.wait(10) == 0
    finally:
        daemon.kill()
        daemon.wait()
        heard.close()
        with open(os.path.join(root.folder, "log"), encoding="utf-8") as f:
            print(f.read()[-4000:])
    assert differences(before, host_state(net.lab, "mn")) == []
    root.run("dpkg", "--purge", "mip6d")
    os.unlink(root.path("/var/tmp/mip6d.deb"))
    # As a service manager does with a RuntimeDirectory; it is empty.
    root.run("rmdir", "/run/" + unit.key["RuntimeDirectory"])
    assert [name for name in root.changed() if "mip6" in name] == []
    with open(root.path("/etc/passwd"), encoding="utf-8") as f:
        assert USER not in f.read()
