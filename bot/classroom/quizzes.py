"""Live quizzes: opening one, its course, and everybody's answers.

Who may press what is judged by whoever asks; that a quiz belongs to the server where it was
pressed is judged here. All methods raise `DatabaseError` when the database can't be used.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom.live_quiz import LiveQuiz, keep_course, live_quiz
from bot.classroom.quiz_drawing import Wish, draw_quiz
from bot.classroom.quiz_gate import Gates
from bot.classroom.quiz_players import Confirmed, Joined, Participant, QuizPlayers
from bot.classroom.quiz_questions import Asked, QuizQuestions
from bot.classroom.quiz_sources import QuestionSources
from bot.errors import LearnerError
from bot.quiz.course import Course, End, Phase
from bot.quiz.questions import Offer, QuizQuestion
from bot.quiz.scoring import points
from db import quizzes
from db.engine import Database
from db.quizzes import Judged, Round

Deed = Callable[[Course, datetime], Course]
Void = Literal["skipped", "engine", "gone"]
"""Why a question counts for nobody: the host wants it so, no engine could tell, it is gone."""


class Quizzes:
    """The quizzes of all servers."""

    def __init__(
        self,
        *,
        database: Database,
        sources: QuestionSources,
        clock: Callable[[], datetime],
        rng: random.Random | None = None,
    ) -> None:
        self._database = database
        self.sources = sources
        self.clock = clock
        self._rng = rng or random.Random()  # noqa: S311 - no secret
        self._questions = QuizQuestions(database=database, sources=sources)
        self._gates = Gates()
        self._players = QuizPlayers(
            database=database, questions=self._questions, gates=self._gates, clock=clock
        )

    async def offers(self, server_id: int) -> tuple[Offer, ...]:
        """What this server can take questions from."""
        return await self.sources.offers(server_id)

    async def open(self, wish: Wish) -> LiveQuiz:
        """Open a quiz in its lobby.

        Raises:
            LearnerError: There are no such questions, or the channel has a quiz already.
        """
        new = await draw_quiz(wish, self.sources, self._rng)
        async with self._database.transaction() as session:
            quiz_id = await quizzes.open_quiz(session, new, self.clock())
            if quiz_id is None:
                raise LearnerError("quiz.channel_taken")
            return await live_quiz(session, quiz_id)

    async def place(self, quiz_id: int, *, thread_id: int, lobby_message_id: int) -> LiveQuiz:
        """Remember where the quiz happens."""
        async with self._database.transaction() as session:
            await quizzes.set_place(
                session, quiz_id, thread_id=thread_id, lobby_message_id=lobby_message_id
            )
            return await live_quiz(session, quiz_id)

    async def get(self, quiz_id: int, server_id: int | None = None) -> LiveQuiz:
        """The quiz as it is now.

        Raises:
            LearnerError: There is none, or it is another server's.
        """
        async with self._database.transaction() as session:
            return await live_quiz(session, quiz_id, server_id)

    async def revive(self) -> list[int]:
        """The quizzes that go on; the time while no bot was there is given back."""
        async with self._database.transaction() as session:
            found = await quizzes.active(session)
        for quiz_id in found:  # one lock at a time: who answers may hold another quiz's
            async with self._database.transaction() as session:
                live, now = await live_quiz(session, quiz_id, lock="change"), self.clock()
                await keep_course(
                    session, live, live.course.after_absence(live.kept.seen_at, now), now
                )
        return found

    async def retire(self, quiz_id: int) -> None:
        """Its end was shown: its channel may have another one."""
        async with self._database.transaction() as session:
            await quizzes.retire(session, quiz_id)
        self._players.forget_quiz(quiz_id)
        self._questions.forget(quiz_id)

    async def at_place(self, place_id: int) -> list[int]:
        """The quizzes that go on in this channel or thread."""
        async with self._database.transaction() as session:
            return await quizzes.active_at(session, place_id)

    async def in_server(self, server_id: int) -> list[int]:
        """The quizzes that go on in this server."""
        async with self._database.transaction() as session:
            return await quizzes.active_in(session, server_id)

    async def beat(self, quiz_ids: Sequence[int]) -> None:
        """Their time is kept: what passes until now has counted."""
        for quiz_id in quiz_ids:  # see `revive`
            async with self._database.transaction() as session:
                await quizzes.beat(session, quiz_id, self.clock())

    # Taking part

    async def join(self, quiz_id: int, server_id: int, who: Participant) -> Joined:
        """Take part.

        Raises:
            LearnerError: There is no such quiz here, or it is over.
        """
        return await self._players.join(quiz_id, server_id, who)

    async def answer(
        self,
        quiz_id: int,
        server_id: int,
        position: int,
        who: Participant,
        *,
        given: list[str],
        at: datetime,
    ) -> Confirmed:
        """Keep an answer that came at this time: letters of options, or one line.

        Whoever answers takes part.

        Raises:
            LearnerError: It comes too late, is none, or there is no such question here.
        """
        return await self._players.answer(quiz_id, server_id, position, who, given=given, at=at)

    def forget(self, learner_id: int) -> None:
        """The learner is gone, with all answers: who takes part again joins anew."""
        self._players.forget(learner_id)

    async def counts(self, live: LiveQuiz) -> tuple[int, int]:
        """How many take part, and how many of them have answered the current question."""
        async with self._database.transaction() as session:
            return await quizzes.counts(session, live.id, live.course.position)

    # Its course

    async def change(
        self, quiz_id: int, deed: Deed, *, server_id: int | None = None, position: int | None = None
    ) -> LiveQuiz:
        """Do something to the course; `position` is where whoever asks believes it to be.

        It is done as of now, when all answers that came before are kept.

        Raises:
            LearnerError: It can't be done now, or there is no such quiz here.
        """
        now = self.clock()
        async with self._gates.of(quiz_id).changing(), self._database.transaction() as session:
            live = await self._at(session, quiz_id, server_id, position)
            return await keep_course(session, live, deed(live.course, now), self.clock())

    async def end_if_left(self, quiz_id: int) -> None:
        """End a quiz that has waited for its host for too long.

        Raises:
            LearnerError: It is over, or somebody went on with it in this moment.
        """
        async with self._gates.of(quiz_id).changing(), self._database.transaction() as session:
            live, now = await self._at(session, quiz_id, None, None), self.clock()
            if not live.is_left(now):
                raise LearnerError("quiz.control.passed")
            await keep_course(session, live, live.course.over(End.LEFT), now)

    async def close(
        self,
        quiz_id: int,
        position: int,
        *,
        server_id: int | None = None,
        void: Void | None = None,
    ) -> LiveQuiz:
        """Close the question and judge every answer; `void` is why it counts for nobody.

        Every answer that came before counts, also one that is still being kept.

        Raises:
            LearnerError: It is closed already, an engine still looks for the answer, or there is no
                such quiz here.
        """
        async with self._gates.of(quiz_id).changing():
            asked = await self.asked(await self.get(quiz_id, server_id), position)
            return await self._close(asked, quiz_id, server_id, void)

    async def _close(
        self, asked: Asked, quiz_id: int, server_id: int | None, void: Void | None
    ) -> LiveQuiz:
        position = asked.round.position
        if asked.question is None:
            void = "gone"
        async with self._database.transaction() as session:
            live = await self._at(session, quiz_id, server_id, position)
            now = self.clock()
            round_ = await quizzes.get_round(session, quiz_id, position)
            if round_ is None:
                raise LearnerError("quiz.gone")
            closed = await keep_course(session, live, live.course.close(now), now)
            if void is None and _needs_engine(asked.question) and round_.found is None:
                raise LearnerError("quiz.control.engine_busy")
            limit_ms = live.course.limit_ms
            await quizzes.set_round(session, quiz_id, position, void=void, limit_ms=limit_ms)
            if void is None and asked.question is not None:
                await self._judge(session, closed, asked.question, round_)
            return closed

    async def take_over(self, quiz_id: int, server_id: int, host_id: int) -> LiveQuiz:
        """Host it in place of whoever did.

        Raises:
            LearnerError: It is over, or there is no such quiz here.
        """
        async with self._database.transaction() as session:
            live = await live_quiz(session, quiz_id, server_id, lock="change")
            if live.course.phase is Phase.OVER:
                raise LearnerError("quiz.control.over")
            await quizzes.set_host(session, quiz_id, host_id)
            return replace(live, kept=replace(live.kept, host_id=host_id))

    # Its questions

    async def asked(self, live: LiveQuiz, position: int | None = None) -> Asked:
        """The question at this position, or the current one."""
        return await self._questions.asked(live, position)

    async def set_message(self, quiz_id: int, position: int, message_id: int) -> None:
        """Remember the message that shows the question."""
        async with self._database.transaction() as session:
            await quizzes.set_round(session, quiz_id, position, message_id=message_id)

    async def set_found(self, quiz_id: int, position: int, found: str, said: str) -> None:
        """Remember what an engine said to the question, and which option is right by that."""
        async with self._database.transaction() as session:
            await quizzes.set_round(session, quiz_id, position, found=found, said=said)

    async def _judge(
        self, session: AsyncSession, live: LiveQuiz, question: QuizQuestion, round_: Round
    ) -> None:
        judged = []
        for given in await quizzes.answers(session, live.id, round_.position):
            right = question.is_right(given.answer, round_.found)
            worth = points(
                right=right,
                elapsed_ms=given.elapsed_ms,
                limit_ms=live.course.limit_ms,
                practice=live.kept.practice,
            )
            judged.append(Judged(given.learner_id, right, worth))
        await quizzes.judge(session, live.id, round_.position, judged)

    async def _at(
        self, session: AsyncSession, quiz_id: int, server_id: int | None, position: int | None
    ) -> LiveQuiz:
        live = await live_quiz(session, quiz_id, server_id, lock="change")
        if live.course.phase is Phase.OVER:
            raise LearnerError("quiz.control.over")
        if position is not None and position != live.course.position:
            raise LearnerError("quiz.control.passed")
        return live


def _needs_engine(question: QuizQuestion | None) -> bool:
    return question is not None and question.engine is not None
