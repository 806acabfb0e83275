"""Buttons and selects by custom id: they work after a restart and belong to one learner.

A custom id reads `docent:<what>:v1:<owner>:<more>`; the version keeps old messages valid when the
rest changes. A feature subclasses `Action` together with `ui.DynamicItem` and registers the class.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import discord
from discord import ui

from bot.errors import LearnerError

if TYPE_CHECKING:
    from bot.bot import DocentBot

OWNER = r"(?P<owner>[0-9]{1,20})"
SLUG = r"[a-z0-9][a-z0-9-]{0,39}"
"""Ids of lessons, steps and tasks."""


def custom_id(what: str, owner: int, *more: str) -> str:
    """The custom id of one of our buttons."""
    return ":".join(("docent", what, "v1", str(owner), *more))


def pattern(what: str, *more: str) -> str:
    """The pattern of what `custom_id` makes; `more` are named groups."""
    return ":".join(("docent", what, "v1", OWNER, *more))


class Action(ui.DynamicItem[ui.Button[Any]], template=r"docent:none"):
    """A button of one learner: `act` is what happens, failures go to the boundary."""

    foreign_key: ClassVar[str] = "error.not_yours"
    """What somebody else reads who presses it."""

    def __init__(self, button: ui.Button[Any], match: re.Match[str]) -> None:
        super().__init__(button)
        self.owner = int(match["owner"])
        self.values = match.groupdict()

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Called by discord.py with the button as Discord shows it."""
        return cls(cast("ui.Button[Any]", item), match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Called by discord.py, which would only log what is raised here."""
        bot = cast("DocentBot", interaction.client)
        try:
            self._refuse_others(interaction)
            await self.act(bot, interaction)
        except Exception as error:  # noqa: BLE001 - the boundary of every button
            await bot.boundary.interaction_failed(interaction, error)

    def _refuse_others(self, interaction: discord.Interaction[Any]) -> None:
        if interaction.user.id != self.owner:
            raise LearnerError(self.foreign_key)

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """What pressing it does."""
        raise NotImplementedError
