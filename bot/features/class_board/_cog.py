"""/class board, and boards that go on after a restart."""

from __future__ import annotations

import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.features.class_board._card import ask_channel
from bot.features.class_board._opening import open_board, text_channel
from bot.features.class_board._posting import Posted
from bot.features.class_board._watch import Watches
from bot.on_error import as_learner_error
from bot.ui.class_option import CLASS_NAME, WHICH_CLASS, chosen_class, suggest_classes
from bot.ui.destination import InteractionDestination
from bot.ui.groups import GroupedCog, SubCommands, class_group
from bot.ui.instructing import require_instructor

log = structlog.get_logger(__name__)


class BoardCommands(SubCommands):
    """What this feature has below /class."""

    @app_commands.command(
        name=locale_str("board", key="command.class.board.name"),
        description=locale_str(
            "Post a board of the class in the instructors' channel that keeps itself up to date",
            key="command.class.board.description",
        ),
    )
    @app_commands.rename(
        which=CLASS_NAME,
        channel=locale_str("channel", key="command.class.board.channel.name"),
        learners=locale_str("learners", key="command.class.board.learners.name"),
    )
    @app_commands.describe(
        which=WHICH_CLASS,
        channel=locale_str(
            "The channel for the board, which only instructors see; it is remembered",
            key="command.class.board.channel.description",
        ),
        learners=locale_str(
            "Where learners read explanations of errors, micro-quizzes and help threads",
            key="command.class.board.learners.description",
        ),
    )
    @app_commands.autocomplete(which=suggest_classes)
    async def board(
        self,
        interaction: discord.Interaction[DocentBot],
        which: str | None = None,
        channel: discord.TextChannel | None = None,
        learners: discord.TextChannel | None = None,
    ) -> None:
        """Open the board of a class, or ask where; every learner of the class can see that."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self.bot, interaction)
        seen = await chosen_class(self.bot, interaction, which)
        say = await self.bot.speeches.to(interaction)
        destination = InteractionDestination(interaction)
        lines = []
        if learners is not None:
            known = await text_channel(self.bot, interaction, learners.id)
            await self.bot.classroom.boards.choose_learn_channel(seen.id, known.id)
            lines.append(say("class_board.learn_chosen", channel=known.mention))
        channel_id = seen.channel_id if channel is None else channel.id
        if channel_id is None:
            owner = interaction.user.id
            card = ask_channel(say, owner=owner, class_id=seen.id, deed="open")
            await destination.send(view=card)
            return
        url = await open_board(self.bot, interaction, seen, channel_id)
        if channel is not None:
            await self.bot.classroom.classes.choose_channel(seen.server_id, seen.id, channel_id)
        await destination.send(content="\n".join([say("class_board.opened", url=url), *lines]))


class ClassBoardCog(GroupedCog, name="ClassBoard"):
    """Boards of classes; `watches` keep them up to date, `posted` is what was posted lately."""

    def __init__(self, bot: DocentBot) -> None:
        super().__init__(bot, class_group, BoardCommands(bot))
        self.watches = Watches(bot)
        self.posted = Posted()

    async def cog_unload(self) -> None:
        """Boards stay as they are."""
        await super().cog_unload()
        await self.watches.close()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Go on with the boards that there are; Discord repeats this event."""
        try:
            await self.watches.resume()
        except Exception as error:
            if as_learner_error(error) is None:
                raise
            log.warning("boards_not_resumed", error=type(error).__name__)
