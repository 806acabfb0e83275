"""Which lesson a learner means by an id, a number, a title or a good part of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz, utils

from bot.errors import LearnerError
from bot.texts import Language
from lessons.model import Catalogue, Lesson

MOST_SUGGESTIONS: Final = 25
"""Discord shows no more choices than this."""

LONGEST_ECHO: Final = 60

GOOD_MATCH: Final = 88
"""Out of 100: what is at least this near to a typed name is meant by it."""

POOR_MATCH: Final = 50
"""What is farther away than this is not worth naming."""


def find(catalogue: Catalogue, name: str, language: Language) -> Lesson:
    """The lesson that is meant by a name.

    Raises:
        LearnerError: There is none; the error names the nearest.
    """
    wanted = name.strip()
    exact = _exactly(catalogue, wanted, language)
    if exact is not None:
        return exact
    nearest = _nearest(catalogue, wanted, language, limit=3)
    if nearest and nearest[0][1] >= GOOD_MATCH:
        return nearest[0][0]
    titles = [
        f"**{catalogue.text(lesson, language).title}**"
        for lesson, score in nearest
        if score >= POOR_MATCH
    ]
    if not titles:
        raise LearnerError("lesson.unknown_at_all", name=_one_line(wanted))
    raise LearnerError("lesson.unknown", name=_one_line(wanted), nearest=", ".join(titles))


def suggest(catalogue: Catalogue, typed: str, language: Language) -> Sequence[Lesson]:
    """Lessons for an autocompletion: all in order, or the nearest to what is typed."""
    if not typed.strip():
        return catalogue.lessons[:MOST_SUGGESTIONS]
    return [lesson for lesson, _ in _nearest(catalogue, typed, language, limit=MOST_SUGGESTIONS)]


def _exactly(catalogue: Catalogue, wanted: str, language: Language) -> Lesson | None:
    by_id = catalogue.get(wanted)
    if by_id is not None:
        return by_id
    if wanted.isdecimal() and 0 < int(wanted) <= len(catalogue.lessons):
        return catalogue.lessons[int(wanted) - 1]
    typed = wanted.casefold()
    inside = [
        lesson
        for lesson in catalogue.lessons
        if typed in catalogue.text(lesson, language).title.casefold()
    ]
    return inside[0] if len(inside) == 1 and typed else None


def _nearest(
    catalogue: Catalogue, typed: str, language: Language, *, limit: int
) -> Sequence[tuple[Lesson, float]]:
    def likeness(lesson: Lesson) -> float:
        names = (lesson.id, catalogue.text(lesson, language).title)
        return max(fuzz.WRatio(typed, name, processor=utils.default_process) for name in names)

    scored = [(lesson, likeness(lesson)) for lesson in catalogue.lessons]
    return sorted(scored, key=lambda entry: -entry[1])[:limit]


def _one_line(text: str) -> str:
    """What somebody typed, short, on one line and safe between backticks."""
    return " ".join(text.replace("`", "'").split())[:LONGEST_ECHO]
