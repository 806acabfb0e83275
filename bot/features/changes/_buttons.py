"""The buttons of the card: they run a command that only looks, as if it had been typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import discord

from bot.ui.actions import Action, pattern
from bot.ui.running import run_line

if TYPE_CHECKING:
    from bot.bot import DocentBot

LOGS: Final = "logs"
LOOK_AT: Final = "inspect"
LINES: Final = {LOGS: "docker logs --tail 50 {name}", LOOK_AT: "docker inspect {name}"}

NAME: Final = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,54}"
"""A custom id has 100 letters; of a container with a longer name the id is taken."""

_NAME = re.compile(NAME)
_ID = re.compile(r"[0-9a-f]{12}")


class DoButton(Action, template=pattern("do", r"(?P<deed>logs|inspect)", f"(?P<name>{NAME})")):
    """Looks at a container."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Run the command in the owner's sandbox; its answer comes where the card is."""
        await interaction.response.defer()
        line = LINES[self.values_of_id["deed"]].format(name=self.values_of_id["name"])
        await run_line(bot, interaction, line)


def name_in_button(name: str, container_id: str) -> str | None:
    """What a button calls a container by; None for one that no docker would name so."""
    if _NAME.fullmatch(name):
        return name
    short = container_id[:12]
    return short if _ID.fullmatch(short) else None


BUTTONS = (DoButton,)
