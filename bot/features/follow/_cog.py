"""/follow start, run and stop; runs under way; what ends by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.classroom.following import Follower, FollowRun
from bot.errors import LearnerError
from bot.features.follow._board import Boards
from bot.features.follow._cards import ask_card, follow_card
from bot.features.follow._leavers import leavers
from bot.features.follow._running import perform
from bot.on_error import as_learner_error, report_bug
from bot.tasks import end_tasks
from bot.ui.command_option import COMMAND_EXAMPLE, COMMAND_NAME
from bot.ui.destination import ChannelDestination, InteractionDestination
from bot.ui.instructing import require_instructor, server_of
from bot.ui.layout import note

if TYPE_CHECKING:
    from bot.bot import DocentBot

ROUND_S: Final = 600.0
AGAIN_S: Final = 30.0
"""Until the next round when something of this one failed."""
LONGEST_LINE: Final = 4000

log = structlog.get_logger(__name__)


class FollowCog(commands.Cog, name="Follow"):
    """Runs an instructor's line for those who opted in."""

    follow = app_commands.Group(
        name=locale_str("follow", key="command.follow.name"),
        description=locale_str(
            "For instructors: your command on the engines of all who join",
            key="command.follow.description",
        ),
    )

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.boards = Boards(bot)
        self._runs: set[asyncio.Task[None]] = set()
        self._rounds: asyncio.Task[None] | None = None
        self._running: set[int] = set()
        # Runs that nobody goes on with, and whose cards don't say so yet.
        self._left: set[int] = set()
        self._looked = False

    async def cog_load(self) -> None:
        """Begin the rounds."""
        self._rounds = asyncio.create_task(self._for_ever(), name="follow")

    async def cog_unload(self) -> None:
        """End what runs; the next start says that it was broken off."""
        self.boards.stop()
        await end_tasks([*self._runs, self._rounds])

    @follow.command(
        name=locale_str("start", key="command.follow.start.name"),
        description=locale_str(
            "Begin a follow-me in this channel: learners join by a button",
            key="command.follow.start.description",
        ),
    )
    async def start(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Post the card with which learners opt in; once more if it was begun before."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self._bot, interaction)
        channel = interaction.channel
        if not isinstance(channel, discord.TextChannel | discord.Thread):
            raise LearnerError("follow.wrong_channel")
        server_id, following = server_of(interaction), self._bot.classroom.following
        speech = await self._bot.speeches.to(interaction)
        follow, new = await following.start(
            server_id=server_id, channel_id=channel.id, instructor_id=interaction.user.id
        )
        card = follow_card(follow, await following.count(follow), self.boards.speech_of(server_id))
        try:
            message = await ChannelDestination(channel).send(view=card)
        except BaseException:
            if new:
                await following.end(follow)
            raise
        await following.keep_card(follow, message.id)
        said = speech("follow.started" if new else "follow.started_before")
        await InteractionDestination(interaction).send(view=note(said))

    @follow.command(
        name=locale_str("run", key="command.follow.run.name"),
        description=locale_str(
            "Run a command on the engines of all who joined; asks first",
            key="command.follow.run.description",
        ),
    )
    @app_commands.rename(command=COMMAND_NAME)
    @app_commands.describe(command=COMMAND_EXAMPLE)
    async def run_line(
        self,
        interaction: discord.Interaction[DocentBot],
        command: app_commands.Range[str, 1, LONGEST_LINE],
    ) -> None:
        """Name the line and the number of engines, and ask."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self._bot, interaction)
        following = self._bot.classroom.following
        follow = await following.here(interaction.channel_id or 0, server_of(interaction))
        gone = await leavers(self._bot, follow)
        run, engines = await following.ask(follow, interaction.user.id, command, gone=gone)
        if gone:
            self.boards.follow_changed(follow)
        speech = await self._bot.speeches.to(interaction)
        await InteractionDestination(interaction).send(view=ask_card(run, engines, speech))

    @follow.command(
        name=locale_str("stop", key="command.follow.stop.name"),
        description=locale_str(
            "End the follow-me of this channel", key="command.follow.stop.description"
        ),
    )
    async def stop(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Nobody follows any more."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self._bot, interaction)
        following = self._bot.classroom.following
        follow = await following.here(interaction.channel_id or 0, server_of(interaction))
        await self._end(follow.id, follow.server_id)
        speech = await self._bot.speeches.to(interaction)
        await InteractionDestination(interaction).send(view=note(speech("follow.stopped")))

    def run(self, run: FollowRun, followers: tuple[Follower, ...]) -> None:
        """Run a line that was said yes to; it goes on by itself."""
        self._running.add(run.id)
        task = asyncio.create_task(self._guarded_run(run, followers), name=f"follow-{run.id}")
        self._runs.add(task)
        task.add_done_callback(self._runs.discard)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A follow-me whose channel is gone is over."""
        await self._gone(channel.id, channel.guild.id)
        await self._guarded(self._end_gone)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """The same for a thread."""
        await self._gone(payload.thread_id, payload.guild_id)

    async def _gone(self, channel_id: int, server_id: int) -> None:
        following = self._bot.classroom.following
        try:
            follow = await following.here(channel_id, server_id)
        except LearnerError:
            return
        await following.end(follow)

    async def _end(self, follow_id: int, server_id: int) -> None:
        following = self._bot.classroom.following
        follow = await following.of(follow_id, server_id)
        await following.end(follow)
        await self.boards.show_follow(await following.ended(follow))

    async def _guarded_run(self, run: FollowRun, followers: tuple[Follower, ...]) -> None:
        try:
            await perform(self._bot, self.boards, run, followers)
        except Exception as error:  # noqa: BLE001 - the boundary of this task
            if as_learner_error(error) is None:
                report_bug(error)
            log.warning("follow_run_failed", run=run.id, error=type(error).__name__)
            self._left.add(run.id)
        finally:
            self._running.discard(run.id)
        if run.id in self._left:
            await self._guarded(self.mend)

    async def _for_ever(self) -> None:
        # Before anybody can begin another one: what runs now is what a killed bot left.
        await self._guarded(self._look_what_is_left)
        await self._bot.wait_until_ready()
        while True:
            for step in (self.mend, self._end_overdue, self._end_gone):
                await self._guarded(step)
            await asyncio.sleep(AGAIN_S if self._left or not self._looked else ROUND_S)

    async def _look_what_is_left(self) -> None:
        self._left |= set(await self._bot.classroom.following.running()) - self._running
        self._looked = True

    async def mend(self) -> None:
        """What a bot that was killed, or a failure, left behind is said to be broken off."""
        if not self._looked:
            await self._look_what_is_left()
        for run_id in sorted(self._left):
            run = await self._bot.classroom.following.break_off(run_id)
            if run is None or await self.boards.show_run(run, over=True):
                self._left.discard(run_id)

    async def _end_overdue(self) -> None:
        for follow in await self._bot.classroom.following.overdue():
            await self._end(follow.id, follow.server_id)

    async def _end_gone(self) -> None:
        """A thread that is archived goes with its channel, and nobody says so."""
        for follow in await self._bot.classroom.following.all_open():
            if self._bot.get_channel(follow.channel_id) is None:
                try:
                    await self._bot.fetch_channel(follow.channel_id)
                except discord.NotFound:
                    await self._bot.classroom.following.end(follow)
                except (discord.Forbidden, discord.InvalidData):
                    continue

    async def _guarded(self, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except Exception as error:  # noqa: BLE001 - a bug here must not end the rounds
            if as_learner_error(error) is None:
                report_bug(error)
            else:
                log.info("follow_round_failed", error=type(error).__name__)
