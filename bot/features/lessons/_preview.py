"""An author's preview: lessons are read again when a file changes, and open cards show it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import discord
import structlog
from discord.ext import commands, tasks

from bot.bot import DocentBot
from bot.features.lessons import _table
from bot.on_error import report_bug
from bot.ui.destination import ChannelDestination
from bot.ui.layout import note
from bot.ui.plain import plain
from lessons.loader import CONTENT, AuthoringErrors, load_catalogue

LOOK_EVERY_S: Final = 1.0
MOST_MISTAKES: Final = 12
"""Shown in chat; `./docent lessons verify` names all of them."""

log = structlog.get_logger(__name__)

State = frozenset[tuple[str, int, int]]


class Preview(commands.Cog):
    """Watches the folder of lessons."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self._folder = bot.settings.lessons or CONTENT
        self._seen: State = frozenset()

    async def cog_load(self) -> None:
        """Called by discord.py: begin to watch."""
        self._seen = await asyncio.to_thread(_state_of, self._folder)
        self._watch.start()

    async def cog_unload(self) -> None:
        """Called by discord.py: stop watching."""
        self._watch.cancel()

    @tasks.loop(seconds=LOOK_EVERY_S)
    async def _watch(self) -> None:
        try:
            state = await asyncio.to_thread(_state_of, self._folder)
            if state != self._seen:
                self._seen = state
                await self._read_again()
        except Exception as error:  # noqa: BLE001 - the next change may be readable
            report_bug(error, event_name="preview")

    async def _read_again(self) -> None:
        try:
            catalogue = await asyncio.to_thread(load_catalogue, self._folder)
        except AuthoringErrors as exc:
            log.warning("lessons_have_mistakes", count=len(exc.mistakes))
            await self._tell_mistakes(exc)
            return
        self._bot.classroom.library.put(catalogue)
        log.info("lessons_read_again", count=len(catalogue.lessons))
        for learner_id in await self._bot.classroom.enrol.in_a_lesson():
            await self._show_again(learner_id)

    async def _show_again(self, learner_id: int) -> None:
        at = await self._bot.classroom.lessons.current(learner_id)
        if at is not None:
            speech = await self._bot.speeches.to_learner(learner_id)
            await _table.refresh(self._bot, learner_id, at, speech)

    async def _tell_mistakes(self, errors: AuthoringErrors) -> None:
        lines = [str(mistake) for mistake in errors.mistakes[:MOST_MISTAKES]]
        lines = [line.removeprefix(f"{self._folder}/") for line in lines]
        for learner_id in await self._bot.classroom.enrol.in_a_lesson():
            learner = await self._bot.classroom.enrol.learner(learner_id)
            channel = None if learner is None else self._bot.get_channel(learner.lab_id or 0)
            if not isinstance(channel, discord.Thread | discord.DMChannel):
                continue
            speech = await self._bot.speeches.to_learner(learner_id)
            said = speech("lesson.preview.mistakes", count=len(errors.mistakes))
            listed = "\n".join(f"- {plain(line, most=200)}" for line in lines)
            await ChannelDestination(channel).send(view=note(f"{said}\n{listed}"))


def _state_of(folder: Path) -> State:
    """Something that differs when a file was changed, added or removed."""
    found = []
    for path in folder.rglob("*"):
        try:
            stat = path.stat()
        except OSError:  # an editor replaces files
            continue
        found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return frozenset(found)
