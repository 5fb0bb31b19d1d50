# SPDX-License-Identifier: BSD-2-Clause
"""mip6d --selftest: every facility tried, nothing of it left."""
import os

import hostutil as hu
from harness import differences, host_state


def selftest(net, *before):
    program = net.lab.program("mip6d")
    done = hu.run(["ip", "netns", "exec", net.lab.ns("cn"), *before, program,
                   "--selftest"], check=False)
    verdicts = {}
    for line in done.stdout.splitlines()[:-1]:
        verdict, what = line.split()[:2]
        assert what not in verdicts
        verdicts[what] = verdict
    return done, verdicts


def test_everything_passes_and_nothing_is_left(net, tmp_path, monkeypatch):
    net = net()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = host_state(net.lab, "cn")
    done, verdicts = selftest(net)
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(verdicts.values()) == {"pass"}, done.stdout
    for what in ("system", "tun", "address", "route", "rule", "out", "in",
                 "capture", "inject", "silence", "shield", "clean-up"):
        assert what in verdicts
    assert differences(before, host_state(net.lab, "cn")) == []
    assert os.listdir(tmp_path) == []


def test_not_beside_a_daemon(net):
    net = net().start()
    done = hu.run(["ip", "netns", "exec", net.lab.ns("mn"),
                   net.lab.program("mip6d"), "--selftest"], check=False)
    assert done.returncode == 1
    assert "mip6d runs here: stop it first" in done.stdout
    assert net.log_lines("mn", "plat.restored") == []


def test_who_may_not_is_told_why(net):
    net = net()
    done, verdicts = selftest(net, "setpriv", "--inh-caps=-all",
                              "--bounding-set=-all")
    assert done.returncode == 1, done.stdout + done.stderr
    failed = [line for line in done.stdout.splitlines()
              if line.startswith("FAIL")]
    assert len(failed) == 1 and "permitted" in failed[0], done.stdout
    assert verdicts.get("clean-up", "pass") == "pass"
