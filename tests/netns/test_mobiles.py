# SPDX-License-Identifier: BSD-2-Clause
"""Mobile nodes from anywhere: a table, a directory, a master key; reloads.

What changes does so without touching the bindings of others; a broken table
changes nothing and says where it is wrong.
"""
import hashlib
import hmac
import ipaddress
import os
import re
import time

from harness import HOA

MANY = 100000


def write(net, name, text, mode=0o600):
    """A file beside the configuration of the home agent."""
    path = net.lab.path("etc", name)
    with open(path + ".new", "w", encoding="ascii") as f:
        os.fchmod(f.fileno(), mode)
        f.write(text)
    os.rename(path + ".new", path)
    return path


def configure(net, line):
    """The home agent's configuration with `line` for its mobile block."""
    path = net.lab.config("ha")
    with open(path, encoding="ascii") as f:
        text = f.read()
    text = re.sub(r"\tmobile \"[^}]*}\n", "\t%s\n" % line, text)
    assert line in text
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


def shared_key(net):
    with open(net.lab.key(), encoding="ascii") as f:
        text = f.read()
    return (re.search(r"spi = (\d+)", text).group(1),
            re.search(r"key = ([0-9a-f]+)", text).group(1))


def reload(net, good=True):
    done = net.lab.ctl("ha", ["reload"], check=False)
    assert (done.returncode == 0) == good, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_table_and_directory(net):
    """A mobile node keeps its binding wherever its key is taken from."""
    net = net()
    spi, key = shared_key(net)
    net.start()
    net.move("a")
    before = net.binding()
    write(net, "tab", "# two\n%s %s %s\n2001:db8:1::200 300 %s\n"
          % (HOA, spi, key, "ab" * 16))
    configure(net, 'mobiles-file = "tab"')
    said = reload(net)
    assert "mobile 2001:db8:1::200: added" in said, said
    assert "mobile %s" % HOA not in said, said
    assert net.binding()["coa"] == before["coa"]

    # A broken table: nothing changes, and the line is named.
    write(net, "tab", "%s %s %s\n2001:db8:1::200 300 00\n" % (HOA, spi, key))
    said = reload(net, good=False)
    assert re.search(r"etc/tab:2: key: expected 16 to 64 octets", said), said
    assert "nothing has changed" in said
    assert net.binding()["coa"] == before["coa"]

    # The same from a directory, and the mobile node registers on.
    os.mkdir(net.lab.path("etc", "keys"), 0o700)
    write(net, "keys/" + HOA.replace(":", "-") + ".key",
          "spi = %s\nkey = %s\n" % (spi, key))
    configure(net, 'mobiles-dir = "keys"')
    assert "mobile 2001:db8:1::200: removed" in reload(net)
    net.move("b")
    assert net.binding()["coa"] != before["coa"]

    # Another key: the next update is not authentic.
    write(net, "keys/" + HOA.replace(":", "-") + ".key",
          "spi = %s\nkey = %s\n" % (spi, "00" * 16))
    assert "mobile %s: key" % HOA in reload(net)
    net.lab.move("a")
    net.wait("ha", "to refuse what the old key signed", lambda: net.counters(
        "ha").get("bu-auth-fail", 0) > 0)

    # Gone: its binding ends.
    os.unlink(net.lab.path("etc", "keys", HOA.replace(":", "-") + ".key"))
    assert "mobile %s: removed" % HOA in reload(net)
    net.wait("ha", "to end the binding",
             lambda: not net.rows("ha", "bindings"))


def test_master_key(net):
    """A key derived by mip6ctl is the one that Python derives, and serves."""
    net = net()
    master = bytes(range(32))
    path = write(net, "master", "spi = 4711\nmaster = %s\n" % master.hex())
    done = net.lab.ctl("mn", ["genkey", "--from-master", path, HOA])
    prk = hmac.new(bytes(32), master, hashlib.sha256).digest()
    key = hmac.new(prk, b"mip6d mobile node key" +
                   ipaddress.ip_address(HOA).packed + b"\1",
                   hashlib.sha256).hexdigest()
    assert "spi = 4711\nkey = %s\n" % key in done.stdout
    with open(net.lab.key(), "w", encoding="ascii") as f:
        f.write(done.stdout)
    configure(net, 'master-key-file = "master"')
    net.start()
    net.move("a")
    assert net.binding()["hoa"] == HOA


def test_flush(net):
    """The binding that is flushed is gone; without one it is said."""
    net = net()
    net.start()
    net.move("a")
    done = net.lab.ctl("ha", ["flush", "binding", "2001:db8:1::999"],
                       check=False)
    assert done.returncode != 0 and "no binding" in (
        done.stdout + done.stderr).lower()
    assert net.binding()["hoa"] == HOA
    assert net.lab.ctl("ha", ["flush", "binding", HOA],
                       check=False).returncode == 0
    net.wait("ha", "to forget it", lambda: not [
        b for b in net.rows("ha", "bindings")
        if b["state"] == "registered"])


def test_many(net):
    """100,000 mobile nodes come with a reload while one is served."""
    net = net()
    spi, key = shared_key(net)
    net.start()
    net.move("a")
    lines = ["%s %s %s\n" % (HOA, spi, key)]
    lines += ["2001:db8:1::%x:%x 300 %032x\n" % (i >> 16, i & 0xffff, i)
              for i in range(0x10000, 0x10000 + MANY)]
    write(net, "tab", "".join(lines))
    configure(net, 'mobiles-file = "tab"')
    since = time.monotonic()
    said = reload(net)
    took = time.monotonic() - since
    assert "99980 more added" in said, said
    assert net.ask("ha", "status")["bindings"]["mobile_nodes"] == MANY + 1
    net.move("b")
    print("a reload with %d mobile nodes took %.0f ms" % (MANY, took * 1e3))
    assert took < 5
