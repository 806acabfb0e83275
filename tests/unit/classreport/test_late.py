"""What a class had to do until when: in the report, and in its words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.classreport.report import Report, build
from bot.classreport.rows import Rows
from bot.classreport.words import titles
from bot.features.class_report._pages import page_of
from bot.texts import LANGUAGES, Texts
from db.assignments import Assignment
from db.classreport import LessonState, Pupil
from tests.factories import NOON, make_catalogue, make_lesson

DAY = timedelta(days=1)
CATALOGUE = make_catalogue(make_lesson("first", order=1), make_lesson("second", order=2))


def pupil(learner_id: int, joined_at: datetime = NOON - DAY) -> Pupil:
    """A member."""
    return Pupil(learner_id, f"{learner_id}", joined_at, None, None, None)


def state(learner_id: int, lesson_id: str, first: datetime | None) -> LessonState:
    """An attempt that goes on, after one that was finished then."""
    return LessonState(learner_id, lesson_id, 0, NOON, None, None, first)


def report(*, due: datetime | None) -> Report:
    """In time, late, at it anew, never opened, joined too late; seen two days later."""
    rows = Rows(
        pupils=[pupil(1), pupil(2), pupil(3), pupil(4), pupil(5, NOON + 2 * DAY)],
        lessons=[
            state(1, "first", NOON),
            state(2, "first", NOON + 2 * DAY),
            state(3, "first", None),
            state(3, "second", NOON + 2 * DAY),
        ],
        assigned=[
            Assignment(1, 1, "first", due, NOON),
            Assignment(2, 1, "second", None, NOON),
            Assignment(3, 1, "of-last-year", due, NOON),
        ],
    )
    return build(rows, CATALOGUE, NOON + 2 * DAY)


def test_who_is_late() -> None:
    """By the first finish; what has no due date is never late."""
    found = report(due=NOON + DAY)
    assert found.due == {"first": NOON + DAY}
    assert found.late == {
        (1, "first"): "in_time",
        (2, "first"): "late",
        (3, "first"): "overdue",
        (4, "first"): "overdue",
    }
    assert (report(due=None).due, report(due=None).late) == ({}, {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_says_how_many(texts: Texts, language: str) -> None:
    """In words, and only when there is something to say."""
    say = texts.for_language("ko" if language == "ko" else "en")
    names = titles(CATALOGUE, say)
    line = say("class_report.heat.late", late=1, overdue=2)
    for due, told in ((NOON + DAY, True), (NOON + 3 * DAY, False), (None, False)):
        page = page_of(report(due=due), "heat", 0, "A", names, say)
        assert (line in page.below) == told
        assert ("⏰" in page.below) == told
