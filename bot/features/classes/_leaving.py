"""Learners who left a server, and servers without us: nobody there sees anything of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import discord

if TYPE_CHECKING:
    from bot.bot import DocentBot

PAUSE_S: Final = 1.0
"""Between two servers: what a bot may ask of Discord in a minute is bounded."""


class LeavingRound:
    """Looks who left; `pause_s` is between two servers."""

    def __init__(self, bot: DocentBot, *, pause_s: float = PAUSE_S) -> None:
        self._bot = bot
        self.pause_s = pause_s

    async def look(self) -> None:
        """Ask in every server that has classes, hands, follow-me's, quizzes or challenges."""
        leaving = self._bot.classroom.leaving
        for server_id in await leaving.servers():
            if not self._bot.is_ready():
                return
            guild = self._bot.get_guild(server_id)
            if guild is None:  # it went while we were not there
                await self.server_gone(server_id)
            else:
                await self._ask(guild)
                await asyncio.sleep(self.pause_s)

    async def _ask(self, guild: discord.Guild) -> None:
        known = await self._bot.classroom.leaving.known_in(guild.id)
        await self._bot.leavers.take_out(guild.id, known)

    async def server_gone(self, server_id: int) -> None:
        """End what goes on there; the event `server_left` follows."""
        await self._bot.classroom.leaving.server_gone(server_id)
        self._bot.dispatch("server_left", server_id)
