"""Questions asked at the chat page: the answer, the way into the lesson, and no answer."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.chat import PHONE, Person
from tests.e2e.running import Docent
from tests.e2e.test_first_lesson import enters_lab

pytestmark = [pytest.mark.docker, pytest.mark.browser, pytest.mark.timeout(300)]


async def test_a_question_leads_into_the_lesson(docent: Docent, browser: Browser) -> None:
    """On a phone, as people talk; a second passage is one tap away."""
    async with Person.enters(browser, docent.url, "curious", viewport=PHONE) as person:
        await enters_lab(person)
        await person.says("/ask 컨테이너를 어떻게 지우나요")
        answer = await person.sees("docker rm -f")
        await expect(answer).to_contain_text("명령 설명")

        await person.presses("docker rmi")
        await person.sees(re.compile("docker rmi.*이미지를 지워요", re.DOTALL))
        await person.presses("강의의 이 단계 열기")
        await person.sees(re.compile(r"단계 \d+/\d+"), within_s=60)


async def test_what_is_not_known_is_not_made_up(docent: Docent, browser: Browser) -> None:
    """In English, about something else."""
    async with Person.enters(browser, docent.url, "off-topic", locale="en-US") as person:
        await person.says("/ask which football team won yesterday")
        await person.sees("never make an answer up")
