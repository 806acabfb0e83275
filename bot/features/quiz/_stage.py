"""The messages of one quiz: each is sent once and edited afterwards, also after a restart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import aiohttp
import discord

from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quiz_questions import Asked
from bot.errors import LearnerError
from bot.features.quiz import _answer_card, _cards, _ids, _tables
from bot.quiz.course import End, Phase
from bot.texts import Speech
from bot.ui.instructing import is_instructor_still
from bot.ui.layout import Card
from bot.ui.sent_once import SentOnce

if TYPE_CHECKING:
    from bot.bot import DocentBot

UNKNOWN_CHANNEL: Final = 10003
ARCHIVED: Final = 50083


class Stage:
    """Shows one quiz as it is; what is shown already is not sent again."""

    def __init__(self, bot: DocentBot, *, resumed: bool) -> None:
        self._bot = bot
        self._quizzes = bot.classroom.quizzes
        self._sent = SentOnce(bot, resumed=resumed)
        self._lobby: object = None
        self._question: object = None
        self._pictures: tuple[int, _answer_card.Pictures] | None = None
        self._final = False
        self._handed = False

    async def show(self, live: LiveQuiz) -> None:
        """Bring lobby card and question up to date.

        Raises:
            discord.HTTPException: Discord refuses.
            DatabaseError: It can't be looked up.
        """
        say = self._bot.speeches.in_language(live.language)
        players, answered = await self._quizzes.counts(live)
        await self._show_lobby(live, players, say)
        match live.course.phase:
            case Phase.QUESTION:
                await self._show_question(live, answered, players, say)
            case Phase.ANSWER:
                await self._show_answer(live, say)
            case Phase.OVER:
                await self._show_end(live, say)
            case Phase.LOBBY:
                pass

    async def tell_host(self, live: LiveQuiz, key: str) -> None:
        """Write to the host privately; a host who takes no messages hears nothing."""
        if live.kept.host_id is not None:
            await self._write(live, live.kept.host_id, key)

    async def hand_results(self, live: LiveQuiz, key: str) -> None:
        """Give the host the results in the same way; every learner in them can see that.

        A host who is no instructor there any more gets none, and hears nothing of them. Safe to
        repeat when the database can't be used: the host has them once.
        """
        host_id = live.kept.host_id
        if host_id is None:
            return
        if not await is_instructor_still(self._bot, live.kept.server_id, host_id):
            return
        say = await self._bot.speeches.to_learner(host_id)
        tables = await _tables.tables_of(self._bot, live, say)
        if not self._handed:
            self._handed = await self._write(live, host_id, key, tables.files)
        if self._handed:
            await _tables.record(self._bot, live, tables, host_id)

    async def _write(
        self, live: LiveQuiz, host_id: int, key: str, files: Sequence[discord.File] = ()
    ) -> bool:
        """Whether the host took it."""
        say = await self._bot.speeches.to_learner(host_id)
        content = say(key, title=_cards.title_of(live), url=_cards.thread_url(live))
        try:
            channel = await self._bot.create_dm(discord.Object(host_id))
            await channel.send(content, files=files)
        except (discord.HTTPException, aiohttp.ClientError):
            return False
        return True

    async def _show_lobby(self, live: LiveQuiz, players: int, say: Speech) -> None:
        course, kept = live.course, live.kept
        in_lobby = course.phase is Phase.LOBBY
        key = (
            kept.host_id,
            players if in_lobby else None,
            course.position,
            course.phase is Phase.OVER,
        )
        if key == self._lobby or kept.lobby_message_id is None:
            return
        channel = self._bot.get_partial_messageable(kept.channel_id)
        message = channel.get_partial_message(kept.lobby_message_id)
        try:
            await message.edit(view=_cards.lobby_card(live, players, say))
        except discord.NotFound as gone:
            if gone.code == UNKNOWN_CHANNEL:
                raise
            # Somebody deleted the card: the quiz goes on in its thread.
        self._lobby = key

    async def _show_question(
        self, live: LiveQuiz, answered: int, players: int, say: Speech
    ) -> None:
        course = live.course
        asked = await self._quizzes.asked(live)
        found = asked.round.found
        key = (course.position, course.ends_at, course.left_ms, answered, players, found)
        if key == self._question:
            return
        card = _cards.question_card(live, asked, say, answered=answered, players=players)
        await self._show(live, asked, card)
        self._question = key

    async def _show_answer(self, live: LiveQuiz, say: Speech) -> None:
        course = live.course
        key = (course.position, "answer", course.ends_at, course.left_ms)
        if key == self._question:
            return
        asked = await self._quizzes.asked(live)
        result = await self._bot.classroom.quiz_results.of_round(live)
        if self._pictures is None or self._pictures[0] != course.position:
            drawn = await _answer_card.draw_answer(live, asked, result, say, self._bot.studio)
            self._pictures = (course.position, drawn)
        card = _answer_card.answer_card(live, asked, result, say, self._pictures[1])
        await self._show(live, asked, card)
        self._question = key

    async def _show_end(self, live: LiveQuiz, say: Speech) -> None:
        if live.course.end is not End.GONE:
            await self._close_open_question(live, say)
            await self._show_final(live, say)

    async def _close_open_question(self, live: LiveQuiz, say: Speech) -> None:
        """Nobody should find buttons under a question that nobody counts any more."""
        if live.course.position < 0:
            return
        asked = await self._quizzes.asked(live)
        if asked.round.limit_ms is None and asked.round.message_id is not None:
            await self._show(live, asked, _cards.closed_card(live, asked, say))

    async def _show_final(self, live: LiveQuiz, say: Speech) -> None:
        thread, marker = self._thread(live), _ids.tables(live.id)
        if self._final or await self._sent.find(thread.id, marker) is not None:
            return
        result = await self._bot.classroom.quiz_results.of_quiz(live)
        placed = result.standings
        picture = await _answer_card.draw_podium(live, placed, say, self._bot.studio)
        judged = [one for one in result.given.values() if one.correct is not None]
        right = sum(bool(one.correct) for one in judged)
        share = round(right * 100 / len(judged)) if judged else None
        card = _cards.final_card(
            live, placed, say, picture=picture, share=share, fastest=result.fastest
        )
        await self._sent.send(thread, marker, card)
        self._final = True

    async def _show(self, live: LiveQuiz, asked: Asked, card: Card) -> None:
        """Edit the question's message; send it if there is none yet, or none any more."""
        at, known = asked.round.position, asked.round.message_id
        marker = _ids.menu(live.id, at + 1)
        message_id = await self._sent.show(self._thread(live), marker, card, known=known)
        if message_id != known:
            await self._quizzes.set_message(live.id, at, message_id)
        self._sent.remembered(marker)

    def _thread(self, live: LiveQuiz) -> discord.PartialMessageable:
        if live.kept.thread_id is None:
            raise LearnerError("quiz.gone")
        return self._bot.get_partial_messageable(live.kept.thread_id)
