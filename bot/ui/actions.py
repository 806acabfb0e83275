"""Buttons and selects by custom id: they work after a restart.

A custom id reads `docent:<what>:v1:<owner>:<more>`; the version keeps old messages valid when the
rest changes. A feature subclasses `Action` (a button) or `Choice` (a select) with the pattern of
its custom ids, and registers the class with `bot.add_dynamic_items`. These belong to one learner.
`OpenAction` and `OpenChoice` are for all who see them: their ids have no owner, and whoever acts
has to be judged by `act` itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import discord
from discord import ui

from bot.errors import LearnerError
from bot.request_ids import follow

if TYPE_CHECKING:
    from bot.bot import DocentBot

OWNER = r"(?P<owner>[0-9]{1,20})"
SLUG = r"[a-z0-9][a-z0-9-]{0,39}"
"""Ids of lessons and steps."""

_Item = TypeVar("_Item", bound=ui.Item[Any])


def custom_id(what: str, owner: int, *more: str) -> str:
    """The custom id of one of our buttons."""
    return ":".join(("docent", what, "v1", str(owner), *more))


def pattern(what: str, *more: str) -> str:
    """The pattern of what `custom_id` makes; `more` are named groups."""
    return ":".join(("docent", what, "v1", OWNER, *more))


def open_id(what: str, *more: str) -> str:
    """The custom id of a button that anybody may press."""
    return ":".join(("docent", what, "v1", *more))


def open_pattern(what: str, *more: str) -> str:
    """The pattern of what `open_id` makes; `more` are named groups."""
    return ":".join(("docent", what, "v1", *more))


class Bounded(ui.DynamicItem[_Item], template="docent:nothing"):
    """What buttons and selects share: their failures go to the boundary."""

    values_of_id: dict[str, str]

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Called by discord.py with the button or select as Discord shows it."""
        found = cls(cast("_Item", item))
        found._read(match)
        return found

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Called by discord.py, which would only log what is raised here."""
        bot = cast("DocentBot", interaction.client)
        follow(interaction)
        try:
            self._admit(interaction)
            await self.act(bot, interaction)
        except Exception as error:  # noqa: BLE001 - the boundary of every button
            await bot.boundary.interaction_failed(interaction, error)

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """What using it does; Discord wants an answer or a deferral within three seconds."""
        raise NotImplementedError

    def _admit(self, interaction: discord.Interaction[Any]) -> None:
        """Raise `LearnerError` for those who may not act."""

    def _read(self, match: re.Match[str]) -> None:
        self.values_of_id = match.groupdict()


class Guarded(Bounded[_Item], template="docent:nothing-owned"):
    """Only the owner may act."""

    owner: int

    def _admit(self, interaction: discord.Interaction[Any]) -> None:
        if interaction.user.id != self.owner:
            raise LearnerError("error.not_yours")

    def _read(self, match: re.Match[str]) -> None:
        super()._read(match)
        self.owner = int(match["owner"])


class Action(Guarded[ui.Button[Any]], template="docent:no-button"):
    """A button of one learner; `values_of_id` are the groups of its custom id."""


class Choice(Guarded[ui.Select[Any]], template="docent:no-select"):
    """A select of one learner; `item.values` are what was chosen."""


class OpenAction(Bounded[ui.Button[Any]], template="docent:no-open-button"):
    """A button for everybody; `values_of_id` are the groups of its custom id."""


class OpenChoice(Bounded[ui.Select[Any]], template="docent:no-open-select"):
    """A select for everybody; `item.values` are what was chosen."""
