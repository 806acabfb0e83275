"""Work that is nearly always quick, while Discord waits three seconds for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

import discord

SLOW_AFTER_S: Final = 1.5
"""Before Discord gives up, with as much again for the way there."""

T = TypeVar("T")


async def in_time(
    interaction: discord.Interaction[Any],
    work: Coroutine[Any, Any, T],
    *,
    new_message: bool,
    slow_after_s: float = SLOW_AFTER_S,
) -> T:
    """What comes of the work; an interaction that it holds up is deferred meanwhile.

    `new_message`: whether it is answered privately by a message of its own, or by another look of
    the card that was pressed.
    """
    doing = asyncio.create_task(work)
    try:
        await asyncio.wait({doing}, timeout=slow_after_s)
        if not doing.done():
            with suppress(discord.HTTPException):  # it is done all the same
                await interaction.response.defer(ephemeral=new_message, thinking=new_message)
        return await doing
    finally:
        doing.cancel()
