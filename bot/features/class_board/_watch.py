"""Keeps boards up to date: looks every few seconds, edits when something changed.

What is kept of a board is a row in the database; a bot that is started again goes on with it.
"""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.classreport.words import titles
from bot.classroom.boards import Board
from bot.features.class_board._card import board_card, closed_card, ended_card
from bot.on_error import as_learner_error, report_bug
from bot.tasks import end_tasks
from bot.ui.instructing import language_for_all

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.texts import Speech
    from bot.ui.layout import Card

LOOK_S: Final = 5.0
TROUBLE_S: Final = 20.0
"""Until the next look after Discord or the database could not be asked, or a bug was met."""
MOST_PATIENCE: Final = 30
"""A bug that stays is met more and more seldom, up to so many times that pause."""

log = structlog.get_logger(__name__)


class BoardGone(Exception):
    """The message or its channel is no more, or can't be written any more."""


class Watches:
    """Every board that is kept up to date; `look_s` and `trouble_s` are how often.

    `looks` counts those that were taken at any board.
    """

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.look_s = LOOK_S
        self.trouble_s = TROUBLE_S
        self.looks = 0
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._bells: dict[int, asyncio.Event] = {}

    @property
    def running(self) -> frozenset[int]:
        """The messages that are watched."""
        return frozenset(self._tasks)

    async def resume(self) -> None:
        """Go on with every board that the database knows; safe to repeat."""
        for board in await self._bot.classroom.boards.running():
            self.begin(board)

    def begin(self, board: Board) -> None:
        """Keep this board up to date; one that is watched already is looked at now."""
        if board.message_id in self._tasks:
            self.nudge(board.message_id)
            return
        self._bells[board.message_id] = asyncio.Event()
        name = f"class-board-{board.class_id}"
        task = asyncio.create_task(self._watch(board), name=name)
        self._tasks[board.message_id] = task
        task.add_done_callback(partial(self._forget, board.message_id))

    def nudge(self, message_id: int) -> None:
        """Look at this board now."""
        if bell := self._bells.get(message_id):
            bell.set()

    async def close(self) -> None:
        """Leave all boards as they are, to be gone on with."""
        await end_tasks(self._tasks.values())

    def speech(self, server_id: int) -> Speech:
        """The language of what everybody in a server's channel sees."""
        guild = self._bot.get_guild(server_id)
        locale = None if guild is None else guild.preferred_locale
        return self._bot.speeches.in_language(language_for_all(locale))

    async def card(self, board: Board) -> Card:
        """The board as it is now; raises `DatabaseError`."""
        boards, say = self._bot.classroom.boards, self.speech(board.server_id)
        now, engines = await boards.look(board.class_id), await boards.engines()
        return board_card(
            now, engines, titles(self._bot.classroom.lessons.catalogue, say), say,
            class_id=board.class_id, name=board.name, until=board.until,
            asked_about=self._bot.classroom.error_questions.about,
        )  # fmt: skip

    def _forget(self, message_id: int, _task: asyncio.Task[None]) -> None:
        self._tasks.pop(message_id, None)
        self._bells.pop(message_id, None)

    async def _watch(self, board: Board) -> None:
        bell, shown, bugs = self._bells[board.message_id], "", 0
        while True:
            pause = self.look_s
            try:
                now = await self._look(board, shown)
                if now is None:
                    return
                shown = now
            except (discord.HTTPException, aiohttp.ClientError, OSError) as exc:
                log.info("board_not_shown", board=board.class_id, error=type(exc).__name__)
                pause = self.trouble_s
            except Exception as error:  # noqa: BLE001 - nobody awaits this task
                if as_learner_error(error) is None:
                    # What it met may pass; a board that stands still would look like a quiet class.
                    report_bug(error, class_id=board.class_id)
                    bugs += 1
                else:
                    log.info("board_not_read", board=board.class_id, error=type(error).__name__)
                pause = self.trouble_s * max(1, min(bugs, MOST_PATIENCE))
            self.looks += 1
            bell.clear()
            try:
                async with asyncio.timeout(pause):
                    await bell.wait()
            except TimeoutError:
                continue

    async def _look(self, board: Board, shown: str) -> str | None:
        """What is shown now; None when nothing will be shown any more."""
        try:
            if await self._is_over(board):
                await self._end(board)
                # Not before: a bot that stops now shows it when it is started again.
                await self._bot.classroom.boards.end(board.class_id, board.message_id)
                return None
            return await self._show(board, shown)
        except BoardGone as exc:
            log.info("board_gone", board=board.class_id, why=str(exc))
            await self._bot.classroom.boards.end(board.class_id, board.message_id)
            return None

    async def _is_over(self, board: Board) -> bool:
        """Whether its time is over, it was closed or replaced, or its class was closed."""
        boards = self._bot.classroom.boards
        now = await boards.of(board.class_id)
        return now is None or now.message_id != board.message_id or boards.is_over(now)

    async def _show(self, board: Board, shown: str) -> str:
        card = await self.card(board)
        drawn = json.dumps(card.to_components(), sort_keys=True)  # type: ignore[no-untyped-call]
        if drawn != shown:
            await self._edit(board, card)
        return drawn

    async def _end(self, board: Board) -> None:
        """Leave the last look behind; of a class that was closed, no names."""
        say = self.speech(board.server_id)
        there = await self._bot.classroom.classes.of_server(board.server_id)
        if all(each.id != board.class_id for each in there):
            await self._edit(board, closed_card(board.name, say))
            return
        now = await self._bot.classroom.boards.look(board.class_id)
        names = titles(self._bot.classroom.lessons.catalogue, say)
        await self._edit(
            board,
            ended_card(
                now, names, say,
                class_id=board.class_id, name=board.name, at=discord.utils.utcnow(),
            ),
        )  # fmt: skip

    async def _edit(self, board: Board, card: Card) -> None:
        channel = self._bot.get_partial_messageable(board.channel_id, guild_id=board.server_id)
        try:
            await channel.get_partial_message(board.message_id).edit(view=card)
        except (discord.NotFound, discord.Forbidden) as exc:
            raise BoardGone(str(exc)) from exc
