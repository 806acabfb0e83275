"""Which sessions are live where, what is typed into them, and what a killed bot left behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import discord
import structlog

from bot.classroom.sessions import MOST_SESSIONS
from bot.errors import LearnerError
from bot.features.terminal._live_message import TROUBLE
from bot.features.terminal._render import interrupted_card
from bot.features.terminal._session import SessionRun
from bot.on_error import as_learner_error, report_bug
from bot.terminal.keys import are_keys, for_the_chat

if TYPE_CHECKING:
    from bot.bot import DocentBot

log = structlog.get_logger(__name__)

TRIES: Final = 20
PAUSE_S: Final = 15.0
"""Between attempts to end what was left: the service may still be starting."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session was shown last."""

    learner: int
    channel: int
    message: int


class SessionDesk:
    """The live sessions of this bot. Its file holds where they are, for the bot after this one."""

    def __init__(self, bot: DocentBot, kept: Path) -> None:
        self._bot = bot
        self._kept = kept
        self._live: list[SessionRun] = []
        self._left = _read(kept)

    def admit(self, learner_id: int) -> None:
        """Refuse a session too many; raises `LearnerError`."""
        count = sum(run.learner_id == learner_id for run in self._live)
        if count >= MOST_SESSIONS:
            raise LearnerError("live.too_many", n=count)

    def add(self, run: SessionRun) -> None:
        """From now on it may be typed into."""
        self._live.append(run)

    def remove(self, run: SessionRun) -> None:
        """It is over."""
        self._live.remove(run)
        self.keep()

    def take(self, message: discord.Message) -> str | None:
        """What of a message is for the chat; None when it went to a session.

        While a program reads lines, they are all for it, but for those after a backslash. Beside
        one that only follows, keys are for it and everything else is for the chat.
        """
        mine = [run for run in reversed(self._live) if _is_in(run, message)]
        for run in mine:
            run.note_below()
        content = message.content
        if are_keys(content):
            return _written(next((run for run in mine if run.takes_keys), None), content)
        reader = next((run for run in mine if run.reads_lines), None)
        if reader is None:
            return content
        for_chat = for_the_chat(content, prompt=reader.prompt)
        return _written(reader, content) if for_chat is None else for_chat

    def reads_lines(self, message: discord.Message) -> bool:
        """Whether what its author writes there is for a program."""
        return any(run.reads_lines for run in self._live if _is_in(run, message))

    def keep(self) -> None:
        """Write down what is shown where, for the next bot."""
        places = [Place(run.learner_id, *run.place) for run in self._live if run.place is not None]
        _write(self._kept, [*self._left, *places])

    async def tidy_up(self) -> None:
        """End the sessions that an earlier bot left running, and say so in their messages."""
        for attempt in range(TRIES):
            if attempt:
                await asyncio.sleep(PAUSE_S)
            for place in tuple(self._left):
                if await self._is_tidied(place):
                    self._left.remove(place)
                    self.keep()
            if not self._left:
                return

    async def _is_tidied(self, place: Place) -> bool:
        shown = frozenset(run.name for run in self._live)
        try:
            ended = await self._bot.classroom.sessions.end_forgotten(place.learner, shown=shown)
            log.info("sessions_tidied_up", learner=place.learner, ended=ended)
            await self._say_so(place)
        except Exception as error:  # noqa: BLE001 - the boundary of this task; it is tried again
            if as_learner_error(error) is None:
                report_bug(error, learner_id=place.learner)
                return True
            log.warning("sessions_not_tidied_up", error=type(error).__name__)
            return False
        return True

    async def _say_so(self, place: Place) -> None:
        speech = await self._bot.speeches.to_learner(place.learner)
        channel = self._bot.get_partial_messageable(place.channel)
        try:
            message = await channel.fetch_message(place.message)
            sentence = f"-# {speech('terminal.interrupted')}"
            await message.edit(view=interrupted_card(message, sentence))
        except TROUBLE as error:
            # Its buttons say the same when they are pressed.
            log.info("left_message_stays", error=type(error).__name__)


def _is_in(run: SessionRun, message: discord.Message) -> bool:
    return run.channel_id == message.channel.id and run.learner_id == message.author.id


def _written(run: SessionRun | None, content: str) -> str | None:
    if run is None:
        return content
    run.write(content)
    return None


def _read(path: Path) -> list[Place]:
    try:
        return [Place(**place) for place in json.loads(path.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        log.warning("kept_sessions_unreadable", error=type(error).__name__)
        return []


def _write(path: Path, places: Iterable[Place]) -> None:
    content = json.dumps([asdict(place) for place in places])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_text(content, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        log.warning("sessions_not_kept", error=type(error).__name__)
