"""Every lesson, played through the page from its first card to its last.

When all tests run together, one lesson of each kind.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncGenerator
from typing import Final

import pytest
from playwright.async_api import Browser, expect

from lessons.languages import Language
from lessons.model import Lesson
from ops.testing import TOGETHER_VARIABLE
from tests.e2e.chat import PHONE, Person
from tests.e2e.lesson_player import CATALOGUE, LessonPlayer
from tests.e2e.running import Docent

pytestmark = [pytest.mark.docker, pytest.mark.browser, pytest.mark.timeout(600)]

IN_BOTH: Final = ("first-container", "namespaces", "virtualization")

KINDS: Final = (
    "security-overhead", "images", "build-better", "networks", "compose", "incident-night",
)  # fmt: skip
"""Together with those in both languages they have every kind of task there is."""

LESSONS: Final = [
    lesson
    for lesson in CATALOGUE.lessons
    # All of them are played on engines by tests/trials, too, which takes as long.
    if TOGETHER_VARIABLE not in os.environ or lesson.id in {*IN_BOTH, *KINDS}
]

failed: Final[list[str]] = []
"""After each of these somebody new goes on: what is half done is in the way of another try."""


@pytest.fixture
async def korean(docent: Docent, browser: Browser) -> AsyncGenerator[Person]:
    """A learner on a laptop, who does one lesson after the other with the same engine."""
    async with Person.enters(browser, docent.url, f"graduate{len(failed)}") as person:
        yield person


@pytest.fixture
async def english(docent: Docent, browser: Browser) -> AsyncGenerator[Person]:
    """A learner on a phone whose language is English."""
    async with Person.enters(
        browser, docent.url, "mobile", locale="en-US", viewport=PHONE, dark=True
    ) as person:
        yield person


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
async def test_a_lesson_from_start_to_end(korean: Person, docent: Docent, lesson: Lesson) -> None:
    """Whatever earlier lessons left in the engine is in nobody's way."""
    try:
        await goes_to_lab(korean, "ko")
        await LessonPlayer(korean, docent, "ko").play(lesson)
    except BaseException:
        failed.append(lesson.id)
        raise


@pytest.mark.parametrize("lesson_id", IN_BOTH)
async def test_a_lesson_in_english(english: Person, docent: Docent, lesson_id: str) -> None:
    """On a phone, in the dark theme."""
    lesson = CATALOGUE.get(lesson_id)
    assert lesson is not None
    await goes_to_lab(english, "en")
    await LessonPlayer(english, docent, "en").play(lesson)


async def goes_to_lab(person: Person, language: Language) -> None:
    """/start makes the lab, or leads back to it."""
    await person.says("/start")
    label = {"ko": "실습실로 가기", "en": "Go to my lab"}[language]
    await person.goes_to(re.compile(label))
    await expect(person.page.get_by_role("heading", name=person.name).first).to_be_visible()
