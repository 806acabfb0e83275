"""Drawing the questions of a quiz that an instructor wants to host."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.classroom.quiz_sources import QuestionSources
from bot.errors import LearnerError
from bot.quiz.questions import QuizQuestion
from bot.texts import Language
from db.quizzes import NewQuiz

MOST_ROUNDS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an instructor wants to host; `keys` are of offers, `count` questions are drawn.

    Without a `title` it is called what its offers are.
    """

    server_id: int
    channel_id: int
    host_id: int
    language: Language
    keys: Sequence[str]
    count: int
    seconds: int
    shuffled: bool
    practice: bool
    title: str | None = None


async def draw_quiz(wish: Wish, sources: QuestionSources, rng: random.Random) -> NewQuiz:
    """The quiz that is wished for, with its questions and its title.

    Raises:
        LearnerError: There are no such questions.
    """
    found: dict[str, QuizQuestion] = {}
    for key in wish.keys:
        some = await sources.questions(wish.server_id, key)
        if not some:
            raise LearnerError("quiz.no_questions")
        found |= {question.ref: question for question in some}
    return NewQuiz(
        server_id=wish.server_id,
        channel_id=wish.channel_id,
        host_id=wish.host_id,
        language=wish.language,
        title=wish.title or await _title(wish, sources),
        practice=wish.practice,
        seconds=wish.seconds,
        refs=_drawn(list(found), wish, rng),
    )


def _drawn(refs: list[str], wish: Wish, rng: random.Random) -> list[str]:
    """As many of the questions as wanted; in their authors' order unless it is shuffled."""
    count = min(wish.count, len(refs), MOST_ROUNDS)
    picked = rng.sample(range(len(refs)), count)
    return [refs[number] for number in (picked if wish.shuffled else sorted(picked))]


async def _title(wish: Wish, sources: QuestionSources) -> str:
    offers = {offer.key: offer for offer in await sources.offers(wish.server_id)}
    named = [offers[key].title(wish.language) for key in wish.keys if key in offers]
    return " · ".join(named) or ("모든 강의" if wish.language == "ko" else "All lessons")
