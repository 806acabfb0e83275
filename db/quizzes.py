"""Live quizzes: their course, their questions, who takes part, and each one's answer.

Whoever changes the course takes the quiz's lock, and whoever answers shares it: an answer either
comes before the question is closed or is refused, and is counted once either way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import QuizAnswerRow, QuizPlayerRow, QuizRoundRow, QuizRow
from db.upsert import insert_new

MOST_CHANGES = 1
"""How often an answer may be changed."""

Outcome = Literal["first", "changed", "same", "no_more"]
"""What became of an answer; the last two changed nothing."""


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz as it is kept, see `db.models.quizzes.QuizRow`."""

    id: int
    server_id: int
    channel_id: int
    thread_id: int | None
    lobby_message_id: int | None
    host_id: int | None
    language: str
    title: str
    practice: bool
    seconds: int
    rounds: int
    phase: str
    position: int
    limit_ms: int
    ends_at: datetime | None
    left_ms: int | None
    paused_at: datetime | None
    ending: str | None
    seen_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Round:
    """A question of a quiz, see `db.models.quizzes.QuizRoundRow`."""

    position: int
    ref: str
    message_id: int | None
    limit_ms: int | None
    void: str | None
    found: str | None
    said: str | None


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who takes part."""

    learner_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody's answer to a question."""

    position: int
    learner_id: int
    answer: tuple[str, ...]
    elapsed_ms: int
    changes: int
    correct: bool | None
    points: int | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What an answer turned out to be."""

    learner_id: int
    correct: bool
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuiz:
    """What a quiz is opened with; `refs` are its questions, in their order."""

    server_id: int
    channel_id: int
    host_id: int
    language: str
    title: str
    practice: bool
    seconds: int
    refs: Sequence[str]


async def open_quiz(session: AsyncSession, new: NewQuiz, at: datetime) -> int | None:
    """Open a quiz in its lobby; its id, or None while another one occupies the channel."""
    opened = await insert_new(
        session,
        QuizRow,
        server_id=new.server_id,
        channel_id=new.channel_id,
        active_channel_id=new.channel_id,
        host_id=new.host_id,
        language=new.language,
        title=new.title[:200],
        practice=new.practice,
        seconds=new.seconds,
        rounds=len(new.refs),
        phase="lobby",
        position=-1,
        limit_ms=0,
        seen_at=at,
        created_at=at,
    )
    if not opened:
        return None
    taken = select(QuizRow.id).where(QuizRow.active_channel_id == new.channel_id)
    quiz_id = (await session.scalars(taken)).one()
    session.add_all(
        QuizRoundRow(quiz_id=quiz_id, position=position, ref=ref)
        for position, ref in enumerate(new.refs)
    )
    await session.flush()
    return quiz_id


async def get(
    session: AsyncSession, quiz_id: int, *, lock: Literal["share", "change"] | None = None
) -> Quiz | None:
    """The quiz; `share` keeps others from changing it until the transaction ends."""
    wanted = select(QuizRow).where(QuizRow.id == quiz_id)
    if lock is not None:
        wanted = wanted.with_for_update(read=lock == "share")
    row = (await session.scalars(wanted)).one_or_none()
    return None if row is None else _quiz(row)


async def active(session: AsyncSession) -> list[int]:
    """The ids of the quizzes whose end was not shown yet."""
    wanted = select(QuizRow.id).where(QuizRow.active_channel_id.is_not(None))
    return list(await session.scalars(wanted.order_by(QuizRow.id)))


async def active_at(session: AsyncSession, place_id: int) -> list[int]:
    """Those of them that happen in this channel or thread."""
    wanted = select(QuizRow.id).where(
        QuizRow.active_channel_id.is_not(None),
        (QuizRow.channel_id == place_id) | (QuizRow.thread_id == place_id),
    )
    return list(await session.scalars(wanted))


async def active_in(session: AsyncSession, server_id: int) -> list[int]:
    """Those of them that happen in this server."""
    wanted = select(QuizRow.id).where(
        QuizRow.active_channel_id.is_not(None), QuizRow.server_id == server_id
    )
    return list(await session.scalars(wanted))


async def is_playing(session: AsyncSession, learner_id: int, *, paused_since: datetime) -> bool:
    """Whether the learner takes part in a quiz with points that has begun and is not over.

    One that is paused counts when that began at `paused_since` or later.
    """
    wanted = (
        select(QuizRow.id)
        .join(QuizPlayerRow, QuizPlayerRow.quiz_id == QuizRow.id)
        .where(QuizPlayerRow.learner_id == learner_id, _in_play(paused_since))
        .limit(1)
    )
    return await session.scalar(wanted) is not None


async def refs_in_play(session: AsyncSession, *, paused_since: datetime) -> set[str]:
    """What such quizzes have asked and will ask, see `is_playing`."""
    wanted = (
        select(QuizRoundRow.ref)
        .join(QuizRow, QuizRow.id == QuizRoundRow.quiz_id)
        .where(_in_play(paused_since))
    )
    return set(await session.scalars(wanted))


def _in_play(paused_since: datetime) -> ColumnElement[bool]:
    return and_(
        QuizRow.active_channel_id.is_not(None),
        QuizRow.practice.is_(False),
        QuizRow.phase.in_(("question", "answer")),
        QuizRow.paused_at.is_(None) | (QuizRow.paused_at >= paused_since),
    )


async def save_course(
    session: AsyncSession,
    quiz_id: int,
    *,
    phase: str,
    position: int,
    limit_ms: int,
    ends_at: datetime | None,
    left_ms: int | None,
    paused_at: datetime | None,
    ending: str | None,
    seen_at: datetime,
) -> None:
    """Remember where the quiz is."""
    values: dict[str, object] = {
        "phase": phase, "position": position, "limit_ms": limit_ms, "ends_at": ends_at,
        "left_ms": left_ms, "paused_at": paused_at, "ending": ending, "seen_at": seen_at,
    }  # fmt: skip
    await _set(session, quiz_id, **values)


async def set_place(
    session: AsyncSession, quiz_id: int, *, thread_id: int, lobby_message_id: int
) -> None:
    """Remember where it happens."""
    await _set(session, quiz_id, thread_id=thread_id, lobby_message_id=lobby_message_id)


async def set_host(session: AsyncSession, quiz_id: int, host_id: int) -> None:
    """Somebody else hosts it from now on."""
    await _set(session, quiz_id, host_id=host_id)


async def retire(session: AsyncSession, quiz_id: int) -> None:
    """Its end was shown: the channel is free for another one."""
    await _set(session, quiz_id, active_channel_id=None)


async def beat(session: AsyncSession, quiz_id: int, at: datetime) -> None:
    """A bot keeps the time of this quiz now."""
    await _set(session, quiz_id, seen_at=at)


async def rounds(session: AsyncSession, quiz_id: int) -> list[Round]:
    """Every question, in the order in which they are asked."""
    wanted = select(QuizRoundRow).where(QuizRoundRow.quiz_id == quiz_id)
    return [_round(row) for row in await session.scalars(wanted.order_by(QuizRoundRow.position))]


async def get_round(session: AsyncSession, quiz_id: int, position: int) -> Round | None:
    """One question."""
    row = await session.get(QuizRoundRow, (quiz_id, position))
    return None if row is None else _round(row)


async def set_round(
    session: AsyncSession, quiz_id: int, position: int, **values: int | str | None
) -> None:
    """Remember something of a question: a column of `QuizRoundRow` and its value."""
    await session.execute(
        update(QuizRoundRow)
        .where(QuizRoundRow.quiz_id == quiz_id, QuizRoundRow.position == position)
        .values(**values)
    )


async def join(
    session: AsyncSession, quiz_id: int, learner_id: int, name: str, at: datetime
) -> bool:
    """Have the learner take part; False when they did already."""
    return await insert_new(
        session, QuizPlayerRow, quiz_id=quiz_id, learner_id=learner_id, name=name[:100],
        joined_at=at,
    )  # fmt: skip


async def players(session: AsyncSession, quiz_id: int) -> list[Player]:
    """Who takes part, in the order in which they came."""
    wanted = select(QuizPlayerRow).where(QuizPlayerRow.quiz_id == quiz_id)
    found = await session.scalars(
        wanted.order_by(QuizPlayerRow.joined_at, QuizPlayerRow.learner_id)
    )
    return [Player(row.learner_id, row.name) for row in found]


async def player(session: AsyncSession, quiz_id: int, learner_id: int) -> Player | None:
    """The learner as somebody who takes part; None when they don't."""
    row = await session.get(QuizPlayerRow, (quiz_id, learner_id))
    return None if row is None else Player(row.learner_id, row.name)


async def counts(session: AsyncSession, quiz_id: int, position: int) -> tuple[int, int]:
    """How many take part, and how many of them answered this question."""
    taking = select(func.count()).select_from(QuizPlayerRow).where(QuizPlayerRow.quiz_id == quiz_id)
    answered = (
        select(func.count())
        .select_from(QuizAnswerRow)
        .where(QuizAnswerRow.quiz_id == quiz_id, QuizAnswerRow.position == position)
    )
    found = await session.execute(select(taking.scalar_subquery(), answered.scalar_subquery()))
    one = found.one()
    return int(one[0]), int(one[1])


async def answer(
    session: AsyncSession,
    quiz_id: int,
    position: int,
    learner_id: int,
    *,
    answer: Sequence[str],
    elapsed_ms: int,
    at: datetime,
) -> Outcome:
    """Keep the learner's answer: the first one, or one in its place, as often as is allowed.

    Two that come at once are one after the other, whichever comes first.
    """
    given = list(answer)
    if await insert_new(
        session, QuizAnswerRow, quiz_id=quiz_id, position=position, learner_id=learner_id,
        answer=given, elapsed_ms=elapsed_ms, changes=0, at=at,
    ):  # fmt: skip
        return "first"
    key = (quiz_id, position, learner_id)
    row = await session.get_one(QuizAnswerRow, key, with_for_update=True, populate_existing=True)
    if row.answer == given:
        return "same"
    if row.changes >= MOST_CHANGES:
        return "no_more"
    row.answer, row.elapsed_ms, row.changes, row.at = given, elapsed_ms, row.changes + 1, at
    await session.flush()
    return "changed"


async def answers(session: AsyncSession, quiz_id: int, position: int | None = None) -> list[Given]:
    """The answers to one question, or to all of them, in a fixed order."""
    wanted = select(QuizAnswerRow).where(QuizAnswerRow.quiz_id == quiz_id)
    if position is not None:
        wanted = wanted.where(QuizAnswerRow.position == position)
    found = await session.scalars(
        wanted.order_by(QuizAnswerRow.position, QuizAnswerRow.at, QuizAnswerRow.learner_id)
    )
    return [_given(row) for row in found]


async def judge(
    session: AsyncSession, quiz_id: int, position: int, judged: Iterable[Judged]
) -> None:
    """Remember what the answers to a question turned out to be; safe to repeat."""
    rows: list[Mapping[str, object]] = [
        {
            "quiz_id": quiz_id,
            "position": position,
            "learner_id": one.learner_id,
            "correct": one.correct,
            "points": one.points,
        }
        for one in judged
    ]
    if rows:
        await session.execute(update(QuizAnswerRow), rows)


async def _set(session: AsyncSession, quiz_id: int, **values: object) -> None:
    await session.execute(update(QuizRow).where(QuizRow.id == quiz_id).values(**values))


def _quiz(row: QuizRow) -> Quiz:
    return Quiz(**{name: getattr(row, name) for name in Quiz.__slots__})


def _round(row: QuizRoundRow) -> Round:
    return Round(**{name: getattr(row, name) for name in Round.__slots__})


def _given(row: QuizAnswerRow) -> Given:
    return Given(
        row.position,
        row.learner_id,
        tuple(row.answer),
        row.elapsed_ms,
        row.changes,
        row.correct,
        row.points,
    )
