"""The file by which others see that the bot is connected."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from bot import alive
from bot.alive import ReadyFile, is_fresh
from bot.bot import FINISH_S
from bot.features.terminal._cog import STOP_WAIT_S
from ops import parts
from ops.image_source import ImageSource
from ops.plan import Plan


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "run" / "bot.ready"


def test_a_connected_bot_is_fresh_until_it_is_lost(path: Path) -> None:
    """Lost and back again, as often as the connection goes."""
    file = ReadyFile(path)
    assert not is_fresh(path, now=time.time())

    file.connected("Docent#1")
    assert is_fresh(path, now=time.time())
    assert path.read_text(encoding="utf-8") == "Docent#1\n"

    file.lost()
    file.lost()
    assert not is_fresh(path, now=time.time())
    file.connected("Docent#1")
    assert is_fresh(path, now=time.time())


async def test_a_beating_bot_stays_fresh_and_a_lost_one_stays_lost(path: Path) -> None:
    """The beat touches the file of a connected bot, brings it back, and makes none up."""
    file = ReadyFile(path, beat_s=0.01)
    beating = asyncio.create_task(file.beat())
    file.connected("Docent")
    os.utime(path, (0, 0))
    await until_fresh(path)
    path.unlink()
    await until_fresh(path)

    file.lost()
    await asyncio.sleep(0.05)

    assert not path.exists()
    beating.cancel()


async def until_fresh(path: Path) -> None:
    """Wait for the next beat."""
    async with asyncio.timeout(2):
        while not is_fresh(path, now=time.time()):  # noqa: ASYNC110 - a file rings no bell
            await asyncio.sleep(0.01)


def test_the_health_check_goes_by_age(path: Path) -> None:
    """A bot that hangs is not healthy, although its file is there."""
    assert alive.main([str(path)]) == 1
    ReadyFile(path).connected("Docent")
    assert alive.main([str(path)]) == 0

    long_ago = time.time() - alive.OLD_AFTER_S - 1
    os.utime(path, (long_ago, long_ago))

    assert alive.main([str(path)]) == 1


def test_a_disk_without_room_does_not_end_the_bot(tmp_path: Path) -> None:
    """The file is a service to others; the bot can do without."""
    (tmp_path / "run").write_text("in the way")

    ReadyFile(tmp_path / "run" / "bot.ready").connected("Docent")


def test_the_supervisor_waits_for_a_bot_that_finishes(tmp_path: Path) -> None:
    """Ending commands and giving answers may take their time before force is used."""
    plan = Plan(
        home=tmp_path,
        port=8080,
        source=ImageSource.CATALOGUE,
        with_engine=False,
        discord_token=None,
    )

    assert parts.bot(plan, "token").stop_limit_s > STOP_WAIT_S + FINISH_S + 1
