"""The results of a quiz as tables: what each learner did, and how each question went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import discord

from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quiz_questions import Asked
from bot.classroom.quiz_results import QuizResult
from bot.features.quiz._cards import unmarked
from bot.tables import Cell, csv_bytes
from bot.texts import Speech

if TYPE_CHECKING:
    from bot.bot import DocentBot


@dataclass(frozen=True, slots=True)
class Tables:
    """Both tables as files, for instructors' eyes only, and the learners who are in them."""

    files: Sequence[discord.File]
    learners: Sequence[int]


async def tables_of(bot: DocentBot, live: LiveQuiz, say: Speech) -> Tables:
    """What came out of the quiz until now."""
    result = await bot.classroom.quiz_results.of_quiz(live)
    learners = csv_bytes(*learners_table(result, say))
    questions = csv_bytes(*questions_table(result, say))
    files = [
        discord.File(BytesIO(learners), f"quiz-{live.id}-learners.csv"),
        discord.File(BytesIO(questions), f"quiz-{live.id}-questions.csv"),
    ]
    return Tables(files, [one.tally.learner_id for one in result.standings])


async def record(bot: DocentBot, live: LiveQuiz, tables: Tables, instructor_id: int) -> None:
    """Write down for every learner in the tables who has them: of each quiz once."""
    await bot.classroom.classes.record_acts(
        live.kept.server_id,
        instructor_id,
        tables.learners,
        "quiz_files",
        f"#{live.id} {live.kept.title}",
        since=live.kept.created_at,
    )


def learners_table(result: QuizResult, say: Speech) -> tuple[list[str], list[list[Cell]]]:
    """A row for each learner: place, points, and for each question answer and points."""
    header = [
        say(f"quiz.table.{column}")
        for column in ("place", "name", "id", "points", "right", "answered", "seconds")
    ]
    for one in result.asked:
        number = one.round.position + 1
        header += [
            say("quiz.table.answer", number=number),
            say("quiz.table.right_of", number=number),
            say("quiz.table.points_of", number=number),
        ]
    rows: list[list[Cell]] = []
    for standing in result.standings:
        tally = standing.tally
        row: list[Cell] = [
            standing.place, tally.name, str(tally.learner_id), tally.points, tally.right,
            tally.answered, round(tally.elapsed_ms / 1000, 1),
        ]  # fmt: skip
        for one in result.asked:
            row += _cells_of(result, one, tally.learner_id, say)
        rows.append(row)
    return header, rows


def questions_table(result: QuizResult, say: Speech) -> tuple[list[str], list[list[Cell]]]:
    """A row for each question: what was asked, how many were right, how often what was chosen."""
    header = [
        say(f"quiz.table.{column}")
        for column in (
            *("number", "question", "kind", "given", "right", "share"),
            *("right_answer", "chosen", "note"),
        )
    ]
    return header, [list(_question_row(result, one, say)) for one in result.asked]


def _cells_of(result: QuizResult, asked: Asked, learner_id: int, say: Speech) -> list[Cell]:
    given = result.given.get((learner_id, asked.round.position))
    if given is None:
        return [None, None, None]
    answer = _shown(asked, given.answer)
    if given.correct is None:
        return [answer, None, None]
    return [answer, say("quiz.table.yes" if given.correct else "quiz.table.no"), given.points]


def _question_row(result: QuizResult, asked: Asked, say: Speech) -> Iterator[Cell]:
    given = result.answers_to(asked.round.position)
    right = sum(bool(one.correct) for one in given)
    question, void = asked.question, asked.round.void
    yield asked.round.position + 1
    if question is None:
        yield from (asked.round.ref, None)
    else:
        yield unmarked(question.text(result.live.language).title)
        yield say(f"quiz.kind.{question.kind}")
    yield len(given)
    yield right if void is None else None
    yield round(right * 100 / len(given)) if given and void is None else None
    yield _right_answer(asked)
    yield "; ".join(
        f"{one.letter} {sum(one.id in each.answer for each in given)}" for one in asked.options
    )
    yield None if void is None else say(f"quiz.void.{void}")


def _right_answer(asked: Asked) -> str:
    question = asked.question
    if question is None:
        return ""
    known = {*question.right} | ({asked.round.found} if asked.round.found else set())
    return "; ".join(
        f"{one.letter} {unmarked(one.text)}" for one in asked.options if one.id in known
    )


def _shown(asked: Asked, answer: tuple[str, ...]) -> str:
    if not asked.options:
        return " ".join(answer)
    return ", ".join(
        f"{one.letter} {unmarked(one.text)}" for one in asked.options if one.id in answer
    )
