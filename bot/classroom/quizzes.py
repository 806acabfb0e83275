"""Live quizzes: opening one, its course, and everybody's answers.

Who may press what is judged by whoever asks; that a quiz belongs to the server where it was
pressed is judged here. All methods raise `DatabaseError` when the database can't be used.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom.quiz_sources import QuestionSources
from bot.classroom.together import Together
from bot.errors import LearnerError
from bot.quiz.course import Course, End, Phase
from bot.quiz.options import ShownOption, chosen, shown_options
from bot.quiz.questions import Answer, Offer, QuizQuestion
from bot.quiz.scoring import points
from bot.texts import Language
from db import learners, quizzes
from db.engine import Database
from db.quizzes import Judged, NewQuiz, Outcome, Quiz, Round

MOST_ROUNDS: Final = 30
QUESTIONS_REMEMBERED: Final = 500
LONGEST_LINE: Final = 200
"""Letters of a typed answer."""

Deed = Callable[[Course, datetime], Course]
Void = Literal["skipped", "engine", "gone"]
"""Why a question counts for nobody: the host wants it so, no engine could tell, it is gone."""


@dataclass(frozen=True, slots=True)
class LiveQuiz:
    """A quiz as it is now."""

    kept: Quiz
    course: Course

    @property
    def id(self) -> int:
        """Its number."""
        return self.kept.id

    @property
    def language(self) -> Language:
        """In which it is held."""
        return "ko" if self.kept.language == "ko" else "en"


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that a quiz is at; None in place of one that its bank has no longer."""

    round: Round
    question: QuizQuestion | None
    options: tuple[ShownOption, ...]


_Shown = tuple[QuizQuestion | None, tuple[ShownOption, ...]]


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part; the language is for those who were never seen before."""

    learner_id: int
    name: str
    language: Language


@dataclass(frozen=True, slots=True)
class Joined:
    """Whether somebody is new in a quiz, and whether it has not begun yet."""

    new: bool
    in_lobby: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What became of an answer, and what it was: the letters of options, or the typed line."""

    outcome: Outcome
    shown: str
    typed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an instructor wants to host; `keys` are of offers, `count` questions are drawn."""

    server_id: int
    channel_id: int
    host_id: int
    language: Language
    keys: Sequence[str]
    count: int
    seconds: int
    shuffled: bool
    practice: bool


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
        self._together = Together(database)
        self._asked: dict[tuple[int, int], _Shown] = {}
        self._players: dict[int, set[int]] = {}

    async def offers(self, server_id: int) -> tuple[Offer, ...]:
        """What this server can take questions from."""
        return await self.sources.offers(server_id)

    async def open(self, wish: Wish) -> LiveQuiz:
        """Open a quiz in its lobby.

        Raises:
            LearnerError: There are no such questions, or the channel has a quiz already.
        """
        found: dict[str, QuizQuestion] = {}
        for key in wish.keys:
            some = await self.sources.questions(wish.server_id, key)
            if not some:
                raise LearnerError("quiz.no_questions")
            found |= {question.ref: question for question in some}
        refs = self._drawn(list(found), wish)
        new = NewQuiz(
            server_id=wish.server_id,
            channel_id=wish.channel_id,
            host_id=wish.host_id,
            language=wish.language,
            title=await self._title(wish),
            practice=wish.practice,
            seconds=wish.seconds,
            refs=refs,
        )
        async with self._database.transaction() as session:
            quiz_id = await quizzes.open_quiz(session, new, self.clock())
            if quiz_id is None:
                raise LearnerError("quiz.channel_taken")
            return await _live(session, quiz_id)

    async def place(self, quiz_id: int, *, thread_id: int, lobby_message_id: int) -> LiveQuiz:
        """Remember where the quiz happens."""
        async with self._database.transaction() as session:
            await quizzes.set_place(
                session, quiz_id, thread_id=thread_id, lobby_message_id=lobby_message_id
            )
            return await _live(session, quiz_id)

    async def get(self, quiz_id: int, server_id: int | None = None) -> LiveQuiz:
        """The quiz as it is now.

        Raises:
            LearnerError: There is none, or it is another server's.
        """
        async with self._database.transaction() as session:
            return await _live(session, quiz_id, server_id)

    async def revive(self) -> list[int]:
        """The quizzes that go on; the time while no bot was there is given back."""
        async with self._database.transaction() as session:
            found = await quizzes.active(session)
            for quiz_id in found:
                live, now = await _live(session, quiz_id, lock="change"), self.clock()
                await _save(session, live, live.course.after_absence(live.kept.seen_at, now), now)
            return found

    async def retire(self, quiz_id: int) -> None:
        """Its end was shown: its channel may have another one."""
        async with self._database.transaction() as session:
            await quizzes.retire(session, quiz_id)
        self._forget(quiz_id)

    async def at_place(self, place_id: int) -> list[int]:
        """The quizzes that go on in this channel or thread."""
        async with self._database.transaction() as session:
            return await quizzes.active_at(session, place_id)

    async def beat(self, quiz_ids: Sequence[int]) -> None:
        """Their time is kept: what passes until now has counted."""
        async with self._database.transaction() as session:
            await quizzes.beat(session, quiz_ids, self.clock())

    # Taking part

    async def join(self, quiz_id: int, server_id: int, who: Participant) -> Joined:
        """Take part.

        Raises:
            LearnerError: There is no such quiz here, or it is over.
        """

        async def work(session: AsyncSession) -> Joined:
            live = await _live(session, quiz_id, server_id)
            if live.course.phase is Phase.OVER:
                raise LearnerError("quiz.join.over")
            new = await self._take_part(session, quiz_id, who, self.clock())
            return Joined(new, in_lobby=live.course.phase is Phase.LOBBY)

        return await self._together.do(work)

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
        question = self._asked.get((quiz_id, position))
        if question is None:
            live = await self.get(quiz_id, server_id)
            live.course.accept(position, at)
            asked = await self.asked(live)
            question = (asked.question, asked.options)

        async def work(session: AsyncSession) -> Confirmed:
            live = await _live(session, quiz_id, server_id, lock="share")
            elapsed_ms = live.course.accept(position, at)
            answer, shown = _read(*question, given)
            await self._take_part(session, quiz_id, who, at)
            outcome = await quizzes.answer(
                session,
                quiz_id,
                position,
                who.learner_id,
                answer=answer,
                elapsed_ms=elapsed_ms,
                at=at,
            )
            return Confirmed(outcome, shown, typed=not question[1])

        return await self._together.do(work)

    async def _take_part(
        self, session: AsyncSession, quiz_id: int, who: Participant, at: datetime
    ) -> bool:
        """True the first time. What is known here was kept; whoever isn't known may have been."""
        known = self._players.setdefault(quiz_id, set())
        if who.learner_id in known:
            return False
        await learners.enrol(session, who.learner_id, language=who.language, name=who.name)
        new = await quizzes.join(session, quiz_id, who.learner_id, who.name, at)
        if not new:
            known.add(who.learner_id)
        return new

    def forget(self, learner_id: int) -> None:
        """The learner is gone, with all answers: who takes part again joins anew."""
        for known in self._players.values():
            known.discard(learner_id)

    async def counts(self, live: LiveQuiz) -> tuple[int, int]:
        """How many take part, and how many of them have answered the current question."""
        async with self._database.transaction() as session:
            return await quizzes.counts(session, live.id, live.course.position)

    # Its course

    async def change(
        self, quiz_id: int, deed: Deed, *, server_id: int | None = None, position: int | None = None
    ) -> LiveQuiz:
        """Do something to the course; `position` is where whoever asks believes it to be.

        Raises:
            LearnerError: It can't be done now, or there is no such quiz here.
        """
        async with self._database.transaction() as session:
            live = await self._at(session, quiz_id, server_id, position)
            now = self.clock()
            return await _save(session, live, deed(live.course, now), now)

    async def close(
        self,
        quiz_id: int,
        position: int,
        *,
        server_id: int | None = None,
        void: Void | None = None,
    ) -> LiveQuiz:
        """Close the question and judge every answer; `void` is why it counts for nobody.

        Raises:
            LearnerError: It is closed already, an engine still looks for the answer, or there is no
                such quiz here.
        """
        asked = await self.asked(await self.get(quiz_id, server_id), position)
        if asked.question is None:
            void = "gone"
        async with self._database.transaction() as session:
            live = await self._at(session, quiz_id, server_id, position)
            now = self.clock()
            round_ = await quizzes.get_round(session, quiz_id, position)
            if round_ is None:
                raise LearnerError("quiz.gone")
            closed = await _save(session, live, live.course.close(now), now)
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
            live = await _live(session, quiz_id, server_id, lock="change")
            if live.course.phase is Phase.OVER:
                raise LearnerError("quiz.control.over")
            await quizzes.set_host(session, quiz_id, host_id)
            return replace(live, kept=replace(live.kept, host_id=host_id))

    # Its questions

    async def asked(self, live: LiveQuiz, position: int | None = None) -> Asked:
        """The question at this position, or the current one."""
        where = live.course.position if position is None else position
        async with self._database.transaction() as session:
            round_ = await quizzes.get_round(session, live.id, where)
        if round_ is None:
            raise LearnerError("quiz.gone")
        return Asked(round_, *await self._shown(live, round_))

    async def set_message(self, quiz_id: int, position: int, message_id: int) -> None:
        """Remember the message that shows the question."""
        async with self._database.transaction() as session:
            await quizzes.set_round(session, quiz_id, position, message_id=message_id)

    async def set_found(self, quiz_id: int, position: int, found: str, said: str) -> None:
        """Remember what an engine said to the question, and which option is right by that."""
        async with self._database.transaction() as session:
            await quizzes.set_round(session, quiz_id, position, found=found, said=said)

    def _forget(self, quiz_id: int) -> None:
        self._players.pop(quiz_id, None)
        for key in [key for key in self._asked if key[0] == quiz_id]:
            del self._asked[key]

    async def _shown(self, live: LiveQuiz, round_: Round) -> _Shown:
        key = (live.id, round_.position)
        if key not in self._asked:
            question = await self.sources.question(live.kept.server_id, round_.ref)
            options: tuple[ShownOption, ...] = ()
            if question is not None:
                quiz_id, position = key
                options = shown_options(question, live.language, quiz_id=quiz_id, position=position)
            while len(self._asked) >= QUESTIONS_REMEMBERED:
                del self._asked[next(iter(self._asked))]
            self._asked[key] = (question, options)
        return self._asked[key]

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
        live = await _live(session, quiz_id, server_id, lock="change")
        if live.course.phase is Phase.OVER:
            raise LearnerError("quiz.control.over")
        if position is not None and position != live.course.position:
            raise LearnerError("quiz.control.passed")
        return live

    def _drawn(self, refs: list[str], wish: Wish) -> list[str]:
        """As many of the questions as wanted; in their authors' order unless it is shuffled."""
        count = min(wish.count, len(refs), MOST_ROUNDS)
        picked = self._rng.sample(range(len(refs)), count)
        return [refs[number] for number in (picked if wish.shuffled else sorted(picked))]

    async def _title(self, wish: Wish) -> str:
        offers = {offer.key: offer for offer in await self.sources.offers(wish.server_id)}
        named = [offers[key].title(wish.language) for key in wish.keys if key in offers]
        return " · ".join(named) or ("모든 강의" if wish.language == "ko" else "All lessons")


async def _live(
    session: AsyncSession,
    quiz_id: int,
    server_id: int | None = None,
    *,
    lock: Literal["share", "change"] | None = None,
) -> LiveQuiz:
    kept = await quizzes.get(session, quiz_id, lock=lock)
    if kept is None or (server_id is not None and kept.server_id != server_id):
        raise LearnerError("quiz.gone")
    return LiveQuiz(kept, _course(kept))


def _course(kept: Quiz) -> Course:
    return Course(
        rounds=kept.rounds,
        seconds=kept.seconds,
        phase=Phase(kept.phase),
        position=kept.position,
        limit_ms=kept.limit_ms,
        ends_at=kept.ends_at,
        left_ms=kept.left_ms,
        end=None if kept.ending is None else End(kept.ending),
    )


async def _save(session: AsyncSession, live: LiveQuiz, course: Course, now: datetime) -> LiveQuiz:
    await quizzes.save_course(
        session,
        live.id,
        phase=course.phase,
        position=course.position,
        limit_ms=course.limit_ms,
        ends_at=course.ends_at,
        left_ms=course.left_ms,
        ending=course.end,
        seen_at=now,
    )
    return replace(live, course=course)


def _needs_engine(question: QuizQuestion | None) -> bool:
    return question is not None and question.engine is not None


def _read(
    question: QuizQuestion | None, options: tuple[ShownOption, ...], given: list[str]
) -> tuple[Answer, str]:
    """The answer, and how it is shown to whoever gave it."""
    if question is None:
        raise LearnerError("quiz.answer.late")
    if not options:
        line = _storable(" ".join("".join(given).split()))[:LONGEST_LINE]
        if not line:
            raise LearnerError("quiz.answer.empty")
        return (line,), line
    answer = chosen(options, given)
    if answer is None:
        raise LearnerError("quiz.gone")
    letters = [option.letter for option in options if option.id in answer]
    return answer, ", ".join(letters)


def _storable(line: str) -> str:
    return line.encode("utf-8", errors="replace").decode("utf-8").replace("\0", "\ufffd")
