# SPDX-License-Identifier: BSD-2-Clause
"""mip6ctl and the daemon's manners as a process, on a real daemon."""
import json
import os
import re
import signal
import socket
import subprocess

import pytest

import hostutil as hu
from harness import HOA
from hostutil import Deadline

TABLES = ("bindings", "registrations", "links", "prefixes", "routers",
          "home-agents", "neighbours", "timers", "counters", "handovers")


def run(net, node, *argv, program="mip6ctl"):
    """(exit code, stdout, stderr) of one of our programs on a node."""
    done = subprocess.run(
        ["ip", "netns", "exec", net.lab.ns(node), net.lab.program(program),
         *argv], text=True, capture_output=True, check=False, timeout=20)
    return done.returncode, done.stdout, done.stderr


def ctl(net, node, *args):
    return run(net, node, "-s", net.lab.socket_path(node), *args)


@pytest.fixture
def both(net):
    """Both daemons, the mobile node away."""
    net = net()
    net.start()
    net.move("a")
    return net


def test_status_and_tables(both):
    for node, role in (("mn", "mobile node"), ("ha", "home agent")):
        code, said, _ = ctl(both, node, "status")
        assert code == 0
        assert role in said and "everything works" in said
        status = both.ask(node, "status")
        assert status["working"] is True and status["why"] == ""
        assert status["roles"] == [node]
        assert status["pid"] == both.lab.daemon_pid(node)
        for table in TABLES:
            code, said, _ = ctl(both, node, "show", table)
            assert code == 0 and said
            answer = both.ask(node, "show", table)
            assert answer["total"] == len(answer["rows"])
    assert "IPv4" in " ".join(both.ask("mn", "status")["outside_tunnel"])
    code, said, _ = ctl(both, "ha", "show", "bindings")
    assert HOA in said and "registered" in said


def test_status_says_why(net):
    """A mobile node whose home agent does not run."""
    net = net()
    net.lab.start("mn")
    net.lab.move("a")
    status = net.wait("mn", "to say that nobody answers", lambda: (
        lambda s: s if "Acknowledgement" in s["why"] else None)(
            net.ask("mn", "status")))
    assert not status["working"]
    assert "2001:db8:1::1" in status["why"]
    code, said, _ = ctl(net, "mn", "status")
    assert code == 0 and "NOT WORKING: no Binding Ack" in said


def test_commands(both):
    assert ctl(both, "mn", "flush", "neighbours")[0] == 0
    assert ctl(both, "mn", "flush", "routes")[0] == 0
    before = both.registration()["seq"]
    assert ctl(both, "mn", "flush", "registration", HOA)[0] == 0
    both.wait("mn", "to register again", lambda: both.registration()[
        "seq"] != before)
    both.settled()
    assert ctl(both, "mn", "move", "eth0")[0] == 0
    both.settled()
    assert ctl(both, "ha", "flush", "binding", HOA)[0] == 0
    assert not both.binding() or both.binding()["state"] != "registered"
    for node, args, word in (
            ("ha", ("flush", "binding", "2001:db8:1::77"), "no binding"),
            ("mn", ("flush", "binding", HOA), "not a home agent"),
            ("ha", ("flush", "registration"), "not a mobile node"),
            ("mn", ("flush", "registration", "::7"), "neither a home address nor a correspondent"),
            ("mn", ("move", "eth7"), "no such interface"),
            ("ha", ("move",), "not a mobile node")):
        code, said, why = ctl(both, node, *args)
        assert code == 1 and word in why and not said


def test_exit_codes(net):
    net = net()
    code, _, why = ctl(net, "mn", "status")
    assert code == 3 and "is mip6d running?" in why
    assert ctl(net, "mn", "stat")[0] == 2
    assert run(net, "mn", "--version")[0] == 0
    assert run(net, "mn", "--help")[0] == 0
    assert run(net, "mn", "-x", program="mip6d")[0] == 2
    assert run(net, "mn", "-c", "/nonexistent", program="mip6d")[0] == 3
    assert run(net, "mn", "--version", program="mip6d")[0] == 0


def test_watch(both):
    argv = ["ip", "netns", "exec", both.lab.ns("mn"),
            both.lab.program("mip6ctl"), "-s", both.lab.socket_path("mn"),
            "watch"]
    with subprocess.Popen(argv + ["--json", "debug"],
                          stdout=subprocess.PIPE) as raw, \
            subprocess.Popen(argv, stdout=subprocess.PIPE) as words:
        try:
            # Both watch when both have seen an event; until then, others.
            seen, told = [], ""
            deadline = Deadline(20)
            for to in ("b", "a", "b", "home"):
                both.move(to)
                deadline.left_or_raise("the watchers to see the moves")
            while not any(e["event"] == "mn.state" and
                          e["data"]["to"] == "at-home" for e in seen):
                seen.append(json.loads(raw.stdout.readline()))
            while "to=at-home" not in told:
                told = words.stdout.readline().decode()
        finally:
            raw.kill()
            words.kill()
    assert all(e["v"] == 1 and e["wall_us"] > 0 for e in seen)
    assert re.match(r"\d\d:\d\d:\d\d\.\d{3} info +mn\.state ", told)


def test_second_daemon(both):
    """It is refused, says why, and harms nothing."""
    pid = both.lab.daemon_pid("mn")
    code, _, why = run(both, "mn", "-f", "-c",
                       both.lab.path("etc", "mn.conf"), program="mip6d")
    assert code == 1 and "another mip6d" in why
    assert both.lab.daemon_pid("mn") == pid
    assert both.registration()["state"] == "registered"


def test_background(net):
    """The start returns when it works; its end leaves no file behind."""
    net = net()
    conf = net.lab.config("ha")
    pid_file = net.lab.path("pid", "mip6d-ha")
    code, said, why = run(net, "ha", "-c", conf, program="mip6d")
    assert (code, said, why) == (0, "", "")
    # It works: no waiting.
    pid = net.ask("ha", "status")["pid"]
    with open(pid_file, encoding="ascii") as f:
        assert int(f.read()) == pid
    with open("/proc/%d/limits" % pid, encoding="ascii") as f:
        core = next(line for line in f if "core file" in line)
    assert core.split()[4:6] == ["0", "0"]
    code, _, why = run(net, "ha", "-c", conf, program="mip6d")
    assert code == 1 and "another mip6d" in why
    os.kill(pid, signal.SIGTERM)
    hu.wait_exit(pid, Deadline(10), "mip6d to end")
    assert not os.path.exists(pid_file)
    assert not os.path.exists(net.lab.socket_path("ha"))
    # One that cannot work says so, and its start fails.
    with open(conf, encoding="ascii") as f:
        text = f.read()
    with open(conf, "w", encoding="ascii") as f:
        f.write(text.replace(net.lab.path("state-ha"), "/nonexistent/d"))
    code, _, why = run(net, "ha", "-c", conf, program="mip6d")
    assert code == 1 and "/nonexistent/d: No such file" in why


def test_counters_signal(both):
    os.kill(both.lab.daemon_pid("mn"), signal.SIGUSR1)
    both.wait("mn", "to log its counters", lambda: both.log_lines(
        "mn", "daemon.counters", group="path", name="to-link"))


def test_hostile_clients(both):
    """Whatever somebody sends, the others are served."""
    path = both.lab.socket_path("mn")
    with socket.socket(socket.AF_UNIX) as idle, \
            socket.socket(socket.AF_UNIX) as binary, \
            socket.socket(socket.AF_UNIX) as flood, \
            socket.socket(socket.AF_UNIX) as deep:
        for s in (idle, binary, flood, deep):
            s.settimeout(10)
            s.connect(path)
        binary.sendall(bytes(range(256)) + b"\n")
        assert b'"ok":false' in binary.recv(4096)
        deep.sendall(b"[" * 4000 + b"\n")
        assert b'"ok":false' in deep.recv(4096)
        flood.sendall(b"x" * 4096)
        assert b"line too long" in flood.recv(4096)
        assert flood.recv(4096) == b""
        assert both.ask("mn", "status")["working"]
    assert both.registration()["state"] == "registered"


def test_no_key_anywhere(both):
    """The key is in no answer, no log and no command line."""
    with open(both.lab.key(), encoding="ascii") as f:
        key = re.search(r"^key = ([0-9a-f]{32})$", f.read(), re.M).group(1)
    for node in ("mn", "ha"):
        texts = [both.log(node), ctl(both, node, "--json", "status")[1]]
        texts += [ctl(both, node, "--json", "show", t)[1] for t in TABLES]
        pid = both.lab.daemon_pid(node)
        with open("/proc/%d/cmdline" % pid, encoding="latin-1") as f:
            texts.append(f.read())
        for text in texts:
            assert text and key not in text.lower()
