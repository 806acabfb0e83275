"""The buttons of boards, for whoever is an instructor of the class's server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import discord
from discord import ui

from bot.errors import LearnerError
from bot.features.class_board import _ids
from bot.features.class_board._asking import ask_about
from bot.features.class_board._card import ask_channel
from bot.features.class_board._opening import open_again, open_board, watches_of
from bot.features.class_board._posting import post
from bot.ui.actions import Guarded, OpenAction
from bot.ui.destination import InteractionDestination
from bot.ui.instructing import require_instructor, server_of

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.classes import SchoolClass
    from bot.features.class_board._cog import ClassBoardCog


class PostButton(OpenAction, template=_ids.POST):
    """Posts an explanation, or opens a help thread or a quiz.

    The first time it asks where the class learns.
    """

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Post it, and say privately where it is."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        seen = await class_of(bot, interaction, self.values_of_id)
        deed, error = self.values_of_id["deed"], self.values_of_id["error"]
        channel_id = await bot.classroom.boards.learn_channel(seen.id)
        if channel_id is None:
            say = await bot.speeches.to(interaction)
            card = ask_channel(
                say, owner=interaction.user.id, class_id=seen.id, deed=deed, error=error
            )
            await InteractionDestination(interaction).send(view=card)
            return
        await post_for(bot, interaction, seen, deed, error, channel_id)


class CloseButton(OpenAction, template=_ids.CLOSE):
    """Ends a board."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """End it; its watch leaves the last look behind."""
        await interaction.response.defer()
        seen = await class_of(bot, interaction, self.values_of_id)
        if interaction.message is not None:
            await bot.classroom.boards.end(seen.id, interaction.message.id)
            watches_of(bot).nudge(interaction.message.id)


class AgainButton(OpenAction, template=_ids.AGAIN):
    """Goes on with a board that was ended."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Keep the same message up to date again."""
        await interaction.response.defer()
        await open_again(bot, interaction, await class_of(bot, interaction, self.values_of_id))


class ChannelChoice(Guarded[ui.ChannelSelect[Any]], template=_ids.CHANNEL):
    """The channel that was asked for; then what it was asked for is done."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Remember the channel and go on."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        seen = await class_of(bot, interaction, self.values_of_id)
        if not self.item.values:
            raise LearnerError("class_board.no_channel")
        channel_id = self.item.values[0].id
        deed = self.values_of_id["deed"]
        if deed == "open":
            url = await open_board(bot, interaction, seen, channel_id)
            await bot.classroom.classes.choose_channel(seen.server_id, seen.id, channel_id)
            await tell(bot, interaction, "class_board.opened", url)
            return
        error = self.values_of_id["error"]
        await post_for(bot, interaction, seen, deed, error, channel_id, remember=True)


async def post_for(
    bot: DocentBot,
    interaction: discord.Interaction[Any],
    seen: SchoolClass,
    deed: str,
    error: str,
    channel_id: int,
    *,
    remember: bool = False,
) -> None:
    """Post something for the class and say privately where it is; raises `LearnerError`.

    Of a quiz the instructor gets the host's panel. With `remember` this is from now on the channel
    where the class learns.
    """
    if deed == "quiz":
        await ask_about(bot, interaction, seen, error, channel_id)
        if remember:
            await bot.classroom.boards.choose_learn_channel(seen.id, channel_id)
        return
    posted = cast("ClassBoardCog", bot.get_cog("ClassBoard")).posted
    url = await post(
        bot, interaction, seen, deed=deed, error=error, channel_id=channel_id, posted=posted
    )
    if remember:
        await bot.classroom.boards.choose_learn_channel(seen.id, channel_id)
    key = "class_board.thread_made" if deed == "thread" else "class_board.said"
    await tell(bot, interaction, key, url)


async def tell(bot: DocentBot, interaction: discord.Interaction[Any], key: str, url: str) -> None:
    """Say privately where something is."""
    say = await bot.speeches.to(interaction)
    await InteractionDestination(interaction).send(content=say(key, url=url))


async def class_of(
    bot: DocentBot, interaction: discord.Interaction[Any], values: dict[str, str]
) -> SchoolClass:
    """The class of a button, for an instructor of its server.

    Raises:
        LearnerError: The person is none, or the class is another server's, closed or no class.
    """
    await require_instructor(bot, interaction)
    return await bot.classroom.classes.get(server_of(interaction), int(values["class_id"]))


BUTTONS = (PostButton, CloseButton, AgainButton, ChannelChoice)
