"""/visit, and its button on any card."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.errors import LearnerError
from bot.terminal.address import HIGHEST_PORT, Address, read_address
from bot.ui.actions import Action
from bot.ui.home import enrolled
from bot.ui.visits import VISIT, show_visit

log = structlog.get_logger(__name__)

SUGGEST_WITHIN_S: Final = 2.3
"""Discord waits three seconds for suggestions."""


class VisitButton(Action, template=VISIT):
    """Looks at the page that its custom id names."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        port = int(self.values_of_id["port"])
        if not 0 < port <= HIGHEST_PORT:
            raise LearnerError("visit.nothing_published")
        await show_visit(bot, interaction, Address(port, self.values_of_id["path"]))


class Visit(commands.Cog, name="Visit"):
    """Shows learners their pages."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot

    @app_commands.command(
        name=locale_str("visit", key="command.visit.name"),
        description=locale_str(
            "Look at your own web page, with a picture of it", key="command.visit.description"
        ),
    )
    @app_commands.rename(
        port=locale_str("port", key="command.visit.port.name"),
        path=locale_str("path", key="command.visit.path.name"),
    )
    @app_commands.describe(
        port=locale_str(
            "Published port; leave it empty for the first one",
            key="command.visit.port.description",
        ),
        path=locale_str("For example: /index.html", key="command.visit.path.description"),
    )
    async def visit(
        self,
        interaction: discord.Interaction[DocentBot],
        port: app_commands.Range[int, 1, HIGHEST_PORT] | None = None,
        path: app_commands.Range[str, 1, 1000] = "/",
    ) -> None:
        """Look at a page; in the lab everybody in it sees the answer."""
        address = read_address(port, path)
        await enrolled(self._bot, interaction)
        await show_visit(self._bot, interaction, address)

    @visit.autocomplete("port")
    async def _suggest(
        self, interaction: discord.Interaction[DocentBot], typed: object
    ) -> list[app_commands.Choice[int]]:
        """The ports that are published, with their containers; none when nobody tells in time."""
        try:
            async with asyncio.timeout(SUGGEST_WITHIN_S):
                published = await self._bot.classroom.visits.published(interaction.user.id)
        except Exception as error:  # noqa: BLE001 - nothing is offered then
            log.info("no_ports_suggested", error=type(error).__name__)
            return []
        return [
            app_commands.Choice(name=f"{each.port} · {each.container}"[:100], value=each.port)
            for each in published
            if str(each.port).startswith(str(typed).strip())
        ][:25]
