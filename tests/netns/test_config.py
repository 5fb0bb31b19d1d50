# SPDX-License-Identifier: BSD-2-Clause
"""The configuration as somebody meets it: mip6d -t, start and reload.

An error names file, line, key and what was expected; a broken new file
changes nothing.
"""
import os
import re
import signal
import subprocess

import pytest

import mip6lab
from harness import HOA

KEY = "spi = 4660\nkey = 000102030405060708090a0b0c0d0e0f\n"
MN = '''mn {
  interface = "eth0"
  home "2001:db8:1::100/64" {
    agent = "2001:db8:1::1"
    key-file = "mn.key"
  }
}
'''
HA = '''ha {
  interface = "eth0"
  prefix = "2001:db8:1::/64"
  mobile "2001:db8:1::100" {
    key-file = "mn.key"
  }
}
'''


def check(folder, text, key=KEY, mode=0o600, args=()):
    """mip6d -t on this text: (exit code, what it says)."""
    with open(os.path.join(folder, "mn.key"), "w", encoding="ascii") as f:
        f.write(key)
    os.chmod(os.path.join(folder, "mn.key"), mode)
    path = os.path.join(folder, "mip6.conf")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    done = subprocess.run(
        [mip6lab.Lab("config").program("mip6d"), "-t", "-c", path, *args],
        text=True, capture_output=True, check=False, timeout=10)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("text", (MN, HA), ids=("mn", "ha"))
def test_good(tmp_path, text):
    code, said = check(tmp_path, text)
    assert code == 0, said
    assert "2001:db8:1::" in said and "eth0" in said


def test_both_roles_are_refused(tmp_path):
    code, said = check(tmp_path, MN + HA)
    assert code != 0 and "mip6.conf" in said


CASES = {
    # name: (text, line, key, a word of what was expected)
    "unknown key": (MN.replace("agent", "agnet"), 4, "agnet", ""),
    "not an address": (MN.replace('"2001:db8:1::1"', '"2001:db8:1:1"'), 4,
                       "agent", "address"),
    "multicast agent": (MN.replace('"2001:db8:1::1"', '"ff02::1"'), 4,
                        "agent", "address"),
    "no prefix length": (MN.replace("100/64", "100"), 3, "home", ""),
    "prefix length": (MN.replace("100/64", "100/129"), 3, "home", ""),
    "lifetime": (MN.replace("    agent", "    lifetime = 7s\n    agent"), 4,
                 "lifetime", "multiple of 4 s"),
    "no key file": (MN.replace("mn.key", "none.key"), 5, "key-file",
                    "none.key"),
    "no key": (MN.replace('    key-file = "mn.key"\n', ""), 3, "key-file",
               ""),
    "quote": (MN.replace('"eth0"', '"eth0'), None, "", ""),
    "brace": (MN[:-2], None, "", ""),
    "home agent's prefix": (HA.replace("1::/64", "1::/200"), 3, "prefix",
                            "prefix"),
    "mobile outside": (HA.replace("1::100", "7::100"), 4, "mobile", ""),
    "mobile twice": (HA[:-2] + HA[HA.index("  mobile"):], 7, "mobile", ""),
    "interface name": (HA.replace("eth0", "an-interface-name-too-long"), 2,
                       "interface", "name"),
    "boolean": ('insecure = perhaps\n' + MN, 1, "insecure", "true or false"),
    "empty": ("", None, "", ""),
}


@pytest.mark.parametrize("name", CASES)
def test_error(tmp_path, name):
    text, line, key, expected = CASES[name]
    code, said = check(tmp_path, text)
    assert code != 0
    assert "mip6.conf" in said
    if line is not None:
        assert re.search(r"mip6\.conf:%d:" % line, said), said
    assert key in said
    assert expected in said
    assert "000102030405" not in said, "never a key"


@pytest.mark.parametrize("mode", (0o644, 0o640, 0o660, 0o604))
def test_key_that_others_can_read(tmp_path, mode):
    code, said = check(tmp_path, MN, mode=mode)
    assert code != 0
    assert re.search(r"mip6\.conf:5:.*mn\.key", said), said


@pytest.mark.parametrize("key", (
    "", "key = 00\n", "key = zz0102030405060708090a0b0c0d0e0f\n",
    KEY + "key = 000102030405060708090a0b0c0d0e0f\n", "\0" * 64,
    "spi = 4660\nkey = " + "00" * 65 + "\n"), ids=(
        "empty", "short", "no hex", "twice", "binary", "long"))
def test_key_that_is_wrong(tmp_path, key):
    code, said = check(tmp_path, MN, key=key)
    assert code != 0
    assert "mn.key" in said
    assert "00010203" not in said


def test_insecure_must_be_said(tmp_path):
    text = MN.replace('    key-file = "mn.key"\n', "")
    assert check(tmp_path, text)[0] != 0
    code, said = check(tmp_path, "insecure = true\n" + text)
    assert code == 0, said


def test_start_with_a_broken_file(net):
    """The daemon does not start, says why, and has touched nothing."""
    net = net()
    path = net.lab.config("mn")
    with open(path, "a", encoding="ascii") as f:
        f.write("nonsense = 1\n")
    done = subprocess.run(
        ["ip", "netns", "exec", net.lab.ns("mn"), net.lab.program("mip6d"),
         "-c", path, "-f"], text=True, capture_output=True, check=False,
        timeout=10)
    assert done.returncode != 0
    assert "nonsense" in done.stderr
    assert not os.path.exists(net.lab.socket_path("mn"))


@pytest.mark.parametrize("how", ("signal", "command"))
def test_reload(net, how):
    """A broken new file changes nothing; a good one applies."""
    net = net()
    net.start()
    path = net.lab.config("mn")
    with open(path, encoding="ascii") as f:
        good = f.read()

    def reload():
        if how == "signal":
            os.kill(net.lab.daemon_pid("mn"), signal.SIGHUP)
            return None
        return net.lab.ctl("mn", ["reload"], check=False)

    with open(path, "w", encoding="ascii") as f:
        f.write(good.replace("agent", "agnet"))
    done = reload()
    net.wait("mn", "to say what is wrong", lambda: "agnet" in net.log("mn"))
    if done:
        assert done.returncode != 0
        assert "agnet" in done.stdout + done.stderr
    assert net.registration()["state"] == "at-home"
    assert net.registration()["hoa"] == HOA
    with open(path, "w", encoding="ascii") as f:
        f.write(good.replace("\t\tagent", "\t\tlifetime = 40s\n\t\tagent"))
    done = reload()
    if done:
        assert done.returncode == 0, done.stdout + done.stderr
    net.move("a")
    net.wait("mn", "a binding of 40 s", lambda: 0 < net.registration()[
        "granted_us"] <= 40e6)
