"""On which background somebody's pictures are drawn: what they chose last, in any command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord
from discord import app_commands, ui
from discord.app_commands import locale_str

from bot.texts import Speech
from bot.ui.actions import custom_id
from bot.ui.layout import Card, button, row

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.pictures.theme import ThemeName

BACKGROUNDS: Final = [
    app_commands.Choice(name=locale_str("Dark", key="picture.theme.dark"), value="dark"),
    app_commands.Choice(name=locale_str("Light", key="picture.theme.light"), value="light"),
]
"""Choices of a command's option."""


async def background_for(
    bot: DocentBot, interaction: discord.Interaction[Any], say: Speech, wanted: str | None
) -> ThemeName:
    """The background for whoever did this; the wanted one is remembered.

    Raises `DatabaseError`.
    """
    settings, user = bot.classroom.settings, interaction.user
    known = (await settings.of(user.id)).pictures
    if wanted is None or wanted == known:
        return known
    chosen = await settings.change(
        user.id,
        language=say.language,
        name=user.display_name,
        pictures="light" if wanted == "light" else "dark",
    )
    return chosen.pictures


def picture_buttons(
    say: Speech, what: str, owner: int, background: ThemeName, *, again: str, emoji: str
) -> ui.ActionRow[Card]:
    """Draw it again, and on the other background: see `BUTTON_GROUPS`."""
    other = "light" if background == "dark" else "dark"
    return row(
        button(again, custom_id(what, owner, "again", background), emoji=emoji),
        button(
            say(f"picture.theme.{other}"),
            custom_id(what, owner, "turn", other),
            emoji="☀️" if other == "light" else "🌙",
        ),
    )


BUTTON_GROUPS: Final = (r"(?P<deed>again|turn)", r"(?P<background>dark|light)")
"""What comes after the owner in custom ids of `picture_buttons`."""
