"""Custom ids of the lesson cards; what is drawn and what answers agree through these."""

from __future__ import annotations

from typing import Final

from bot.ui.actions import SLUG, custom_id, open_pattern, pattern

LESSON: Final = rf"(?P<lesson>{SLUG})"
STEP: Final = rf"(?P<step>{SLUG})"

OPEN: Final = pattern("open", LESSON)
"""Made by `bot.ui.shared_buttons.open_lesson`."""
OPEN_SHARED: Final = open_pattern("lesson-open", LESSON)
"""For everybody; made by `bot.ui.shared_buttons.open_lesson_for_all`."""
PICK: Final = pattern("pick")
TURN: Final = pattern("turn", r"(?P<way>back|on)", LESSON, STEP)
GO: Final = pattern("go", LESSON, STEP)
"""Made by `bot.ui.shared_buttons.open_step`, too."""
HINT: Final = pattern("hint", LESSON, STEP)
CHECK: Final = pattern("check", LESSON, STEP)
SOLUTION: Final = pattern("solution", LESSON, STEP)
REVEAL: Final = pattern("reveal", LESSON, STEP)
ANEW: Final = pattern("anew", LESSON)
ANSWER: Final = pattern("answer", LESSON, STEP)
ANSWERED: Final = pattern("answered", LESSON, rf"(?P<task>{SLUG})")
PREPARE: Final = pattern("prepare", LESSON, STEP)
PAGE: Final = pattern("page", LESSON, r"(?P<port>[0-9]{1,5})")


def pick(owner: int) -> str:
    """Choosing a lesson from the list."""
    return custom_id("pick", owner)


def turn(owner: int, way: str, lesson: str, step: str) -> str:
    """Turning this card to a step; `way` is `back` or `on`."""
    return custom_id("turn", owner, way, lesson, step)


def go(owner: int, lesson: str, step: str) -> str:
    """Going to a step with a new card at the end of the lab."""
    return custom_id("go", owner, lesson, step)


def hint(owner: int, lesson: str, step: str) -> str:
    """One more hint."""
    return custom_id("hint", owner, lesson, step)


def check(owner: int, lesson: str, step: str) -> str:
    """Judging the step."""
    return custom_id("check", owner, lesson, step)


def solution(owner: int, lesson: str, step: str) -> str:
    """Asking whether the solution should really be shown."""
    return custom_id("solution", owner, lesson, step)


def reveal(owner: int, lesson: str, step: str) -> str:
    """Showing the solution."""
    return custom_id("reveal", owner, lesson, step)


def anew(owner: int, lesson: str) -> str:
    """Starting another attempt of the lesson."""
    return custom_id("anew", owner, lesson)


def answer(owner: int, lesson: str, step: str) -> str:
    """Writing an answer."""
    return custom_id("answer", owner, lesson, step)


def answered(owner: int, lesson: str, task: str) -> str:
    """The form with the answer."""
    return custom_id("answered", owner, lesson, task)


def prepare(owner: int, lesson: str, step: str) -> str:
    """Preparing the engine for the step once more."""
    return custom_id("prepare", owner, lesson, step)


def page(owner: int, lesson: str, port: int) -> str:
    """Looking at the page of a published port."""
    return custom_id("page", owner, lesson, str(port))
