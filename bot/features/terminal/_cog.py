"""Docker commands typed in chat, and `/docker` for everywhere else."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.errors import LearnerError
from bot.features.terminal._edits import Edits
from bot.features.terminal._live_message import Pace
from bot.features.terminal._places import acknowledged_in_time, beside, place_for_terminal
from bot.features.terminal._run import CommandRun
from bot.features.terminal._session import SessionRun
from bot.features.terminal._session_desk import SessionDesk
from bot.features.terminal._suggestions import suggestions
from bot.request_ids import follow
from bot.terminal.escape import inline_code
from bot.terminal.interactive import going
from bot.terminal.near_misses import NearMiss, near_miss
from bot.terminal.reading import Typed, read_message, read_option
from bot.texts import Speech, language_of_locale
from bot.ui.bringing import brings, take_files
from bot.ui.command_option import COMMAND_EXAMPLE, COMMAND_NAME
from bot.ui.destination import ChannelDestination, Destination, InteractionDestination
from bot.ui.layout import Card, note
from bot.ui.speech import DEFAULT_LANGUAGE

if TYPE_CHECKING:
    from discord.abc import MessageableChannel

    from bot.bot import DocentBot

log = structlog.get_logger(__name__)

LONGEST_OPTION: Final = 4000
STOP_WAIT_S: Final = 3.0
MOST_AT_ONCE: Final = 8
"""Commands of one learner that may wait for each other."""

LEARNERS_REMEMBERED: Final = 5000


class Terminal(commands.Cog, name="Terminal"):
    """Reads messages and runs those that are commands."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.running: dict[str, CommandRun | SessionRun] = {}
        self._pace = Pace()
        self._edits = Edits()
        self._sessions = SessionDesk(bot, bot.settings.kept_sessions)
        self._tidying: asyncio.Task[None] | None = None
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._directories: OrderedDict[int, str] = OrderedDict()
        self._idle = asyncio.Event()
        self._idle.set()
        self._leaving = False

    async def cog_load(self) -> None:
        """End what a bot that was killed left running."""
        self._tidying = asyncio.create_task(self._sessions.tidy_up(), name="tidy-sessions")

    async def cog_unload(self) -> None:
        """The bot goes away: end what runs, and let its messages say so."""
        self._leaving = True
        if self._tidying is not None:
            self._tidying.cancel()
        stops = [run.stop(interrupted=True) for run in self.running.values()]
        try:
            async with asyncio.timeout(STOP_WAIT_S):
                # A service that is gone has ended its commands already.
                await asyncio.gather(*stops, return_exceptions=True)
                await self._idle.wait()
        except TimeoutError:
            log.warning("commands_left_behind", count=len(self.running))

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """A command in a learner's own lab or in a direct message, or nearly one; else talk."""
        if message.author.bot or message.type not in _SPOKEN:
            return
        self._edits.note(message)
        content = self._sessions.take(message)
        if content is not None or message.attachments:
            await self._read(message, content or "")

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """A message that is edited soon runs as it reads now; what still runs of it is ended."""
        message = payload.message
        if message.author.bot or message.type not in _SPOKEN or not self._edits.is_new(message):
            return
        self._edits.note(message)
        if self._sessions.reads_lines(message):
            return
        try:
            await self._stop_what_came_of(message)
            await self._read(message, message.content, edited=True)
        except Exception as error:  # noqa: BLE001 - the boundary: the event doesn't say whose it is
            await self._bot.boundary.event_failed(
                error, learner_id=message.author.id, destination=ChannelDestination(message.channel)
            )

    async def _stop_what_came_of(self, message: discord.Message) -> None:
        for run in tuple(self.running.values()):
            if run.source == message.id:
                await run.stop()

    async def _read(self, message: discord.Message, content: str, *, edited: bool = False) -> None:
        brought = brings(message)
        if edited:  # its files came with the first version, and may have been mended since
            brought = replace(brought, attachments=())
        # A block with the name of a file is a file, whatever stands in it.
        meant = None if brought.blocks else _meant(content)
        silent = meant is None and not brought
        if silent or not await self._may_be_a_lab(message.channel):
            return
        follow(message)
        learner_id = message.author.id
        async with self._turn(learner_id) as entered:
            if self._edits.is_outdated(message) or not await self._is_place_of(message):
                return
            speech = await self._bot.speeches.to_learner(learner_id)
            destination = ChannelDestination(message.channel)
            await take_files(self._bot, message, brought, destination, speech)
            if isinstance(meant, NearMiss):
                await destination.send(view=_hint(meant, speech))
            elif meant is not None:
                source = message.id
                await self._perform(
                    learner_id, meant, speech, destination, entered, slash=False, source=source
                )

    @app_commands.command(
        name=app_commands.locale_str("docker", key="command.docker.name"),
        description=app_commands.locale_str(
            "Run a docker command; only you see the answer", key="command.docker.description"
        ),
    )
    @app_commands.rename(command=COMMAND_NAME)
    @app_commands.describe(command=COMMAND_EXAMPLE)
    async def docker(
        self,
        interaction: discord.Interaction[DocentBot],
        command: app_commands.Range[str, 1, LONGEST_OPTION],
    ) -> None:
        """Run a command anywhere; the answer is private."""
        typed = read_option(command)
        if typed is None:
            raise LearnerError("terminal.empty")
        learner_id = interaction.user.id
        turn = self._turns.get(learner_id)
        if turn is not None and turn.locked():  # nobody knows for how long
            await interaction.response.defer(ephemeral=True, thinking=True)
        async with self._turn(learner_id) as entered:
            await acknowledged_in_time(interaction, self._make_ready(interaction, typed))
            speech = self._bot.speeches.at_once_to(interaction)
            private = InteractionDestination(interaction, ephemeral=True)
            terminal = await place_for_terminal(interaction, typed)
            if terminal is not None:
                await private.send(view=note(speech("live.opens_below")))
            await self._perform(learner_id, typed, speech, terminal or private, entered, slash=True)

    @docker.autocomplete("command")
    async def _suggest(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await suggestions(interaction, typed)

    @commands.Cog.listener()
    async def on_learner_forgotten(self, learner_id: int) -> None:
        """Nothing is kept of them, here neither."""
        self._directories.pop(learner_id, None)

    async def run_for_button(self, interaction: discord.Interaction[Any], line: str) -> None:
        """Run a line that a button of ours stands for; its answer is a new message beside it."""
        learner_id = interaction.user.id
        async with self._turn(learner_id) as entered:
            speech = await self._bot.speeches.to(interaction)
            typed = Typed(line, repaired=False)
            destination = beside(interaction)
            await self._perform(learner_id, typed, speech, destination, entered, slash=True)

    async def _perform(
        self,
        learner_id: int,
        typed: Typed,
        speech: Speech,
        destination: Destination,
        entered: Callable[[], None],
        *,
        slash: bool,
        source: int | None = None,
    ) -> None:
        if self._leaving:
            raise LearnerError("error.discord_trouble")
        self._refuse_too_many(learner_id)
        run = self._session(learner_id, typed, speech, destination, slash=slash) or CommandRun(
            self._bot,
            learner_id=learner_id,
            typed=typed,
            speech=speech,
            destination=destination,
            slash=slash,
            pace=self._pace,
            directory_news=partial(self._directory_news, learner_id, typed.line),
        )
        run.source = source
        self.running[run.id] = run
        self._idle.clear()
        try:
            ended = await run.perform(entered=entered)
        finally:
            del self.running[run.id]
            if isinstance(run, SessionRun):
                self._sessions.remove(run)
            if not self.running:
                self._idle.set()
        if ended is not None:
            log.info(
                "command_shown",
                learner=learner_id,
                exit_code=ended.exit_code,
                took_ms=ended.took_ms,
            )
            self._bot.dispatch("command_ended", ended, destination)

    def _session(
        self,
        learner_id: int,
        typed: Typed,
        speech: Speech,
        destination: Destination,
        *,
        slash: bool,
    ) -> SessionRun | None:
        """A live terminal for a line that keeps going, where its learner can type to it."""
        kind = going(typed.line)
        channel = destination.channel if isinstance(destination, ChannelDestination) else None
        channel_id = getattr(channel, "id", None)
        if kind is None or channel_id is None:
            return None
        self._sessions.admit(learner_id)
        run = SessionRun(
            self._bot,
            learner_id=learner_id,
            channel_id=channel_id,
            typed=typed,
            going=kind,
            speech=speech,
            destination=destination,
            slash=slash,
            pace=self._pace,
            moved=self._sessions.keep,
            directory_news=partial(self._directory_news, learner_id, typed.line),
        )
        self._sessions.add(run)
        return run

    def _refuse_too_many(self, learner_id: int) -> None:
        waiting = sum(run.learner_id == learner_id for run in self.running.values())
        if waiting >= MOST_AT_ONCE:
            raise LearnerError("terminal.too_many", n=waiting)

    @asynccontextmanager
    async def _turn(self, learner_id: int) -> AsyncGenerator[Callable[[], None]]:
        """Commands of one learner reach the service in the order in which they were typed.

        What it yields gives the turn to the next one, at the latest when the block is left.
        """
        turn = self._turns.setdefault(learner_id, asyncio.Lock())
        await turn.acquire()
        mine = True

        def give_up() -> None:
            nonlocal mine
            if mine:
                turn.release()
            mine = False

        try:
            yield give_up
        finally:
            give_up()

    async def _is_place_of(self, message: discord.Message) -> bool:
        """Whether the author's commands run here. Somebody new in a direct message is enrolled."""
        enrol = self._bot.classroom.enrol
        if message.guild is not None:
            owner = await enrol.owner_of_lab(message.channel.id)
            return owner is not None and owner.id == message.author.id
        if await enrol.learner(message.author.id) is None:
            await enrol.enrol(
                message.author.id, language=DEFAULT_LANGUAGE, name=message.author.display_name
            )
        return True

    async def _may_be_a_lab(self, channel: MessageableChannel) -> bool:
        """Whether the database is worth asking: labs are direct messages and private threads.

        In public nothing is asked, so that nothing can fail where everybody reads it.
        """
        if isinstance(channel, discord.PartialMessageable):
            channel = await self._known(channel) or channel
        if isinstance(channel, discord.Thread):
            return channel.is_private()
        return isinstance(channel, discord.DMChannel)

    async def _known(self, channel: discord.PartialMessageable) -> discord.Thread | None:
        """The thread that this is, which discord.py has not heard of yet."""
        try:
            found = await self._bot.fetch_channel(channel.id)
        except (discord.HTTPException, discord.InvalidData) as exc:
            log.info("place_unknown", channel=channel.id, error=type(exc).__name__)
            return None
        return found if isinstance(found, discord.Thread) else None

    async def _make_ready(self, interaction: discord.Interaction[DocentBot], typed: Typed) -> None:
        """All that the database is asked for."""
        await self._enrol(interaction)
        await place_for_terminal(interaction, typed)

    async def _enrol(self, interaction: discord.Interaction[DocentBot]) -> None:
        enrol = self._bot.classroom.enrol
        user = interaction.user
        if enrol.known_language(user.id) is None and await enrol.learner(user.id) is None:
            language = language_of_locale(str(interaction.locale))
            await enrol.enrol(user.id, language=language, name=user.display_name)

    def _directory_news(self, learner_id: int, line: str, directory: str | None) -> str | None:
        """The working directory when the learner should hear of it: when it changed."""
        if directory is None:
            return None
        before = self._directories.get(learner_id)
        self._directories[learner_id] = directory
        self._directories.move_to_end(learner_id)
        if len(self._directories) > LEARNERS_REMEMBERED:
            self._directories.popitem(last=False)
        changed = before is not None and before != directory
        return directory if changed or line.startswith("cd") else None


_SPOKEN = frozenset({discord.MessageType.default, discord.MessageType.reply})


def _meant(content: str) -> Typed | NearMiss | None:
    return read_message(content) or near_miss(content)


def _hint(missed: NearMiss, speech: Speech) -> Card:
    values = {name: inline_code(value) for name, value in missed.values.items()}
    return note(speech(missed.key, **values))
