"""A sandbox is frozen for longer than a connection bears silence: its way in is kept."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.shell import KEEPALIVE_S, KEEPALIVES_MISSED
from tests.faults.scene import Scene
from tests.faults.stages import FROZEN, under_way

pytestmark = [pytest.mark.docker, pytest.mark.timeout(180)]

SILENCE_S = KEEPALIVE_S * (KEEPALIVES_MISSED + 1) + 5


async def test_the_way_in_bears_a_long_freeze(scene: Scene) -> None:
    """The first command afterwards succeeds, over the connection of before."""
    async with under_way(scene, FROZEN):
        servers = scene.pids("dropbear")
        await asyncio.sleep(SILENCE_S)
        outcome = await scene.run("echo back")

    assert outcome.text == "back\n"
    assert scene.pids("dropbear") == servers != []
    await scene.nothing_is_lost()
    await scene.nothing_is_left_behind()
