"""Keeps the time of every quiz: shows it as it is, closes what is over, goes on by itself.

What a quiz is at is in the database. A conductor only brings the messages in line with it and
waits for the next moment, so one that begins after a restart does just the same.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quizzes import Void
from bot.errors import LearnerError
from bot.features.quiz._stage import ARCHIVED, UNKNOWN_CHANNEL, Stage
from bot.on_error import MISSING_PERMISSION, as_learner_error, report_bug
from bot.quiz.course import Course, End, Phase
from bot.tasks import end_tasks

if TYPE_CHECKING:
    from bot.bot import DocentBot

ENGINE_GRACE: Final = timedelta(seconds=20)
"""How long after the time an engine may still look for the answer."""
EDIT_EVERY_S: Final = 1.0
LOOK_AGAIN_S: Final = 30.0
RETRY_S: Final = 3.0
SOON_S: Final = 0.3
BEAT_S: Final = 1.0
PASSING: Final = frozenset({408, 429})
"""Refusals of Discord's that are over in a moment."""

log = structlog.get_logger(__name__)


class Conductor:
    """Leads one quiz to its end."""

    def __init__(self, bot: DocentBot, quiz_id: int, *, resumed: bool) -> None:
        self.quiz_id = quiz_id
        self._bot = bot
        self._quizzes = bot.classroom.quizzes
        self._stage = Stage(bot, resumed=resumed)
        self._bell = asyncio.Event()
        self._changed = False
        self._counted = False
        self._shown_at = 0.0
        self._engine: tuple[int, asyncio.Task[bool]] | None = None
        self._told: str | None = None

    def changed(self) -> None:
        """Somebody changed the course: look at once."""
        self._changed = True
        self._bell.set()

    def counted(self) -> None:
        """Somebody joined or answered: show it with the next edit."""
        self._counted = True
        self._bell.set()

    async def run(self) -> None:
        """Lead it to its end; a failure holds it up, and never ends it."""
        try:
            while not await self._safe_step():
                pass
        finally:
            self._drop_engine()

    async def _safe_step(self) -> bool:
        try:
            return await self._step()
        except Exception as error:  # noqa: BLE001 - of what was to be done about another failure
            if as_learner_error(error) is None:
                report_bug(error, quiz=self.quiz_id)
            await self._rest(RETRY_S)
            return False

    async def _step(self) -> bool:
        try:
            self._changed = self._counted = False  # first: what changes meanwhile is shown next
            live = await self._quizzes.get(self.quiz_id)
            return await self._lead(live)
        except discord.HTTPException as error:
            await self._refused(error)
        except (aiohttp.ClientError, OSError) as error:
            log.warning("quiz_waits", quiz=self.quiz_id, error=type(error).__name__)
            await self._rest(RETRY_S)
        except Exception as error:  # noqa: BLE001 - nobody awaits this task
            if as_learner_error(error) is None:
                report_bug(error, quiz=self.quiz_id)
                await self._hold("quiz.trouble.bug")
            elif isinstance(error, LearnerError) and error.key == "quiz.gone":
                return True
            else:  # the database is busy, or somebody pressed in the same moment
                await self._rest(SOON_S if isinstance(error, LearnerError) else RETRY_S)
        return False

    async def _lead(self, live: LiveQuiz) -> bool:
        over = live.course.phase is Phase.OVER
        if live.kept.thread_id is None:  # the bot died before there was one, or may make none
            if not over:  # nobody joins or starts it, whatever was posted of it
                await self._quizzes.change(live.id, lambda course, _: course.over(End.GONE))
            await self._quizzes.retire(live.id)
            return True
        if over:
            await self._finish(live)
            return True
        if live.is_left(self._quizzes.clock()):
            await self._quizzes.end_if_left(live.id)
            return False
        await self._stage.show(live)
        self._shown_at, self._told = time.monotonic(), None
        await self._ask_engine(live)
        await self._rest(self._seconds_until_due(live), engine=True)
        await self._do_what_is_due()
        return False

    async def _finish(self, live: LiveQuiz) -> None:
        """Show the end where that can be done; the host has the results in any case."""
        try:
            await self._stage.show(live)
        except discord.HTTPException as error:
            if not _is_final(error):
                raise
            log.warning("quiz_end_not_shown", quiz=live.id, code=error.code)
        gone = live.course.end is End.GONE
        key = "quiz.host.gone" if gone else "quiz.host.results"
        if live.course.position >= 0:
            await self._stage.hand_results(live, key)
        else:
            await self._stage.tell_host(live, key)
        await self._quizzes.retire(live.id)

    async def _do_what_is_due(self) -> None:
        live = await self._quizzes.get(self.quiz_id)
        course, now = live.course, self._quizzes.clock()
        if course.phase is Phase.ANSWER and course.is_up(now):
            await self._quizzes.change(live.id, Course.next, position=course.position)
        elif course.phase is Phase.QUESTION:
            await self._close_if_due(live, now)

    async def _close_if_due(self, live: LiveQuiz, now: datetime) -> None:
        at, ends_at = live.course.position, live.course.ends_at
        void: Void | None = None
        if self._engine is not None and self._engine[0] == at:
            task = self._engine[1]
            if task.done() and not (task.exception() is None and task.result()):
                await self._quizzes.close(live.id, at, void="engine")
                return
            if not task.done():
                if ends_at is None or now < ends_at + ENGINE_GRACE:
                    return
                void = "engine"
        if ends_at is not None and now >= ends_at:
            await self._quizzes.close(live.id, at, void=void)

    async def _ask_engine(self, live: LiveQuiz) -> None:
        """Have the answer to a question of this kind found while everybody thinks."""
        at = live.course.position
        asks = live.course.phase is Phase.QUESTION
        if self._engine is not None:
            if asks and self._engine[0] == at:
                return
            self._drop_engine()
        if not asks:
            return
        asked = await self._quizzes.asked(live)
        if asked.question is None or asked.question.engine is None or asked.round.found:
            return
        work = self._bot.classroom.quiz_engine.find(live, asked)
        task = asyncio.create_task(work, name=f"quiz-engine-{live.id}")
        task.add_done_callback(lambda _: self.changed())
        self._engine = (at, task)

    def _drop_engine(self) -> None:
        if self._engine is not None:
            self._engine[1].cancel()
            self._engine = None

    def _seconds_until_due(self, live: LiveQuiz) -> float:
        ends_at = live.course.ends_at
        if ends_at is None:
            return LOOK_AGAIN_S
        left = (ends_at - self._quizzes.clock()).total_seconds()
        if left <= 0:  # an engine still looks for the answer
            return EDIT_EVERY_S
        return min(left, LOOK_AGAIN_S)

    async def _rest(self, seconds: float, *, engine: bool = False) -> None:
        """Wait so long, or until there is something to show; counts come once in a second.

        With `engine`, also until an engine that could not tell is done.
        """
        until = time.monotonic() + seconds
        while not self._changed and not (engine and self._engine_is_done()):
            left = until - time.monotonic()
            if self._counted:
                left = min(left, self._shown_at + EDIT_EVERY_S - time.monotonic())
            if left <= 0:
                return
            self._bell.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._bell.wait()

    def _engine_is_done(self) -> bool:
        """Whether an engine could not tell: the question is to be closed at once."""
        if self._engine is None or not self._engine[1].done():
            return False
        task = self._engine[1]
        return task.cancelled() or task.exception() is not None or not task.result()

    async def _refused(self, error: discord.HTTPException) -> None:
        """Discord refuses: the place is gone, a permission is missing, or it is in trouble."""
        log.warning("quiz_refused", quiz=self.quiz_id, status=error.status, code=error.code)
        if error.code == UNKNOWN_CHANNEL:
            with suppress(LearnerError):
                await self._quizzes.change(self.quiz_id, lambda course, _: course.over(End.GONE))
        elif error.code == ARCHIVED:
            await self._open_thread()
        elif error.code in MISSING_PERMISSION:
            await self._hold("quiz.trouble.permission")
        elif _is_final(error):
            await self._hold("quiz.trouble.refused")
        else:
            await self._rest(RETRY_S)

    async def _open_thread(self) -> None:
        live = await self._quizzes.get(self.quiz_id)
        try:
            if live.kept.thread_id is not None:
                await self._bot.http.edit_channel(live.kept.thread_id, archived=False)
        except discord.HTTPException:
            await self._hold("quiz.trouble.permission")

    async def _hold(self, key: str) -> None:
        """Let the time stand still, tell the host once, and wait until somebody does something."""
        with suppress(LearnerError):
            await self._quizzes.change(self.quiz_id, Course.pause)
        self._changed = self._counted = False
        live = await self._quizzes.get(self.quiz_id)
        if self._told != key:
            self._told = key
            await self._stage.tell_host(live, key)
        await self._rest(LOOK_AGAIN_S)


def _is_final(error: discord.HTTPException) -> bool:
    """Whether the same would be refused again, however often it is tried."""
    return not isinstance(error, discord.DiscordServerError) and error.status not in PASSING


class Conductors:
    """The conductors of all quizzes that go on."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self._quizzes = bot.classroom.quizzes
        self._running: dict[int, tuple[Conductor, asyncio.Task[None]]] = {}
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Go on with what the bot before us was at, as soon as Discord is there.

        The time is given back before the first answer can come, and once more when it can.
        """
        try:
            await self._quizzes.revive()
        except Exception as error:
            if as_learner_error(error) is None:
                raise
            log.warning("quizzes_not_revived", error=str(error))  # tried again below
        self._keeping = asyncio.create_task(self._keep(), name="quiz-time")

    async def close(self) -> None:
        """Leave everything as it is; the next bot goes on."""
        await end_tasks([*(task for _, task in self._running.values()), self._keeping])

    def begin(self, quiz_id: int, *, resumed: bool = False) -> None:
        """Lead this quiz from now on; safe to repeat."""
        if quiz_id in self._running:
            return
        conductor = Conductor(self._bot, quiz_id, resumed=resumed)
        task = asyncio.create_task(conductor.run(), name=f"quiz-{quiz_id}")
        self._running[quiz_id] = (conductor, task)
        task.add_done_callback(lambda _: self._running.pop(quiz_id, None))

    def changed(self, quiz_id: int) -> None:
        """The course was changed."""
        if quiz_id in self._running:
            self._running[quiz_id][0].changed()

    def counted(self, quiz_id: int) -> None:
        """Somebody joined or answered."""
        if quiz_id in self._running:
            self._running[quiz_id][0].counted()

    async def place_gone(self, place_id: int) -> None:
        """A channel or thread was deleted: what went on there is over."""
        for quiz_id in await self._quizzes.at_place(place_id):
            await self._gone(quiz_id)

    async def server_gone(self, server_id: int) -> None:
        """The bot was taken out of this server: what went on there is over."""
        for quiz_id in await self._quizzes.in_server(server_id):
            await self._gone(quiz_id)

    async def _gone(self, quiz_id: int) -> None:
        with suppress(LearnerError):
            await self._quizzes.change(quiz_id, lambda course, _: course.over(End.GONE))
        self.changed(quiz_id)

    async def _keep(self) -> None:
        """Revive, then keep the time of all."""
        await self._bot.wait_until_ready()
        revived = False
        while True:
            try:
                if not revived:
                    for quiz_id in await self._quizzes.revive():
                        self.begin(quiz_id, resumed=True)
                    revived = True
                if self._running:
                    await self._quizzes.beat(list(self._running))
            except Exception as error:  # noqa: BLE001 - nobody awaits this task
                if as_learner_error(error) is None:
                    report_bug(error)
            await asyncio.sleep(BEAT_S)
