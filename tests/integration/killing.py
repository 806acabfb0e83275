"""A bot that dies in the middle of its work, as far as that can be had within one process."""

from __future__ import annotations

import asyncio

import pytest

from bot.classroom.sessions import Sessions
from tests.bot_stage import BotStage


async def kill(stage: BotStage) -> None:
    """End the bot without its goodbyes: sessions run on, messages stay as they are."""

    async def nothing(*_: object) -> None:
        """What is dead ends no session."""

    with pytest.MonkeyPatch.context() as dead:
        dead.setattr(Sessions, "end", nothing)
        work = [t for t in asyncio.all_tasks() if t.get_name().startswith("discord.py: on_message")]
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await stage.stop()
