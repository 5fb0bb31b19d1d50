# SPDX-License-Identifier: BSD-2-Clause
"""100 MB each way, at home and away, compared by SHA-256.

With the offloads of hardware, packets arrive merged (64 KB) and with
unfinished checksums; without, each is as on a wire.
"""
import os

import pytest

from harness import CN, HOA, PORT

OCTETS = int(os.environ.get("MIP6_BULK_OCTETS", 100 << 20))


@pytest.mark.parametrize("where", ("home", "a"))
@pytest.mark.parametrize("hardware", (False, True))
@pytest.mark.parametrize("verb", ("get", "put"))
def test_transfer(net, where, hardware, verb):
    net = net(like_hardware=hardware)
    net.start()
    if where != "home":
        net.move(where)
    net.serve("cn")
    transfer = net.traffic("mn", verb, CN, PORT, OCTETS, 6275)
    assert transfer.address == HOA
    result = transfer.wait(60)
    print("%s %s %s: %.0f Mbit/s" % (
        verb, where, "like hardware" if hardware else "plain",
        result["octets"] * 8e-6 / result["seconds"]))
    assert result["error"] is None
    assert result["same"] and result["octets"] == OCTETS
    assert result["seconds"] < 18


@pytest.mark.parametrize("hardware", (False, True))
def test_transfer_while_moving(net, hardware):
    """A download does not mind a move in its midst."""
    net = net(like_hardware=hardware)
    net.start()
    net.serve("cn")
    transfer = net.traffic("mn", "get", CN, PORT, OCTETS // 2, 4285)
    net.move("a")
    net.move("b")
    result = transfer.wait(60)
    assert result["error"] is None and result["same"]
