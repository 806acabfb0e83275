"""A learner's first half hour, through the page, the bot, the service and a real engine."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.chat import Person
from tests.e2e.running import Docent

pytestmark = [pytest.mark.docker, pytest.mark.browser, pytest.mark.timeout(600)]

RUN_NGINX = "docker run -d -p 80:80 --name hellonginx nginx"


async def enters_lab(person: Person) -> None:
    """/start, and follow the link to the lab."""
    await person.says("/start")
    await person.goes_to(re.compile(r"실습실로 가기|Go to (your|the) lab", re.IGNORECASE))
    await expect(person.page.get_by_role("heading", name=person.name).first).to_be_visible()


async def opens_first_lesson(person: Person) -> None:
    """Press the button of the welcome."""
    await person.presses("첫 강의 열기")
    await person.sees("클라이언트와 서버의 버전")


async def does(person: Person, line: str, task: str) -> None:
    """Run a command and see the task of this name ticked by itself."""
    await person.says(line)
    await person.sees(re.compile(rf"{re.escape(task)}.*과제를 해냈어요"), within_s=60)


async def completes_first_lesson(person: Person) -> None:
    """All tasks, by typing what the lesson teaches."""
    await enters_lab(person)
    await opens_first_lesson(person)
    await does(person, "docker version", "버전")
    await does(person, "docker info", "상태")
    await does(person, "docker --help", "도움말")
    await does(person, RUN_NGINX, "hellonginx")
    await person.says("docker ps")
    mine = await person.sees("0.0.0.0:80->80/tcp")
    await expect(mine.locator("pre")).to_contain_text("hellonginx")
    await does(person, "curl localhost", "웹 페이지")
    await does(person, "docker rm -f hellonginx", "지우")
    await person.sees("강의를 마쳤어요")


async def test_two_newcomers_finish_the_first_lesson_side_by_side(
    docent: Docent, browser: Browser
) -> None:
    """Both publish port 80 at the same time, and neither sees the other's containers."""
    async with (
        Person.enters(browser, docent.url, "newcomer") as first,
        Person.enters(browser, docent.url, "neighbour") as second,
    ):
        async with asyncio.TaskGroup() as group:
            group.create_task(completes_first_lesson(first))
            group.create_task(completes_first_lesson(second))

        await first.says("docker run -d --name only-mine nginx")
        await first.sees(re.compile(r"종료 코드 0"))
        await second.says("docker ps -a --format '[{{.Names}}]'")
        await second.sees("출력은 없어요")
        await expect(second.page.get_by_text("[only-mine]")).to_have_count(0)


async def test_progress_images_and_buttons_outlive_a_restart(
    docent: Docent, browser: Browser
) -> None:
    """After Ctrl-C and a new start, all that a learner had is still there."""
    async with Person.enters(browser, docent.url, "returning") as person:
        await enters_lab(person)
        await opens_first_lesson(person)
        await does(person, "docker version", "버전")
        await person.says("docker pull busybox")
        await person.sees("Downloaded newer image for busybox", within_s=60)

    assert await asyncio.to_thread(docent.stop) == 0, docent.words()
    await asyncio.to_thread(docent.up)

    async with Person.enters(browser, docent.url, "returning") as person:
        await person.goes_to(re.compile("returning"))
        await person.presses("다음")
        await person.sees("도커의 상태를 한눈에")
        await person.says("docker images --format '{{.Repository}} is here'")
        await person.sees("busybox is here", within_s=30)
        await person.says("/progress")
        await person.sees(re.compile(r"1\s*/\s*6"))


async def test_the_page_button_shows_the_learners_web_server(
    docent: Docent, browser: Browser
) -> None:
    """Looking at the page by the card's own button ticks the task as `curl` does."""
    async with Person.enters(browser, docent.url, "looker") as person:
        await enters_lab(person)
        await opens_first_lesson(person)
        for line, task in [("docker version", "버전"), ("docker info", "상태")]:
            await does(person, line, task)
        await does(person, "docker help", "도움말")
        await does(person, RUN_NGINX, "hellonginx")
        await person.presses("다음 단계")
        await person.presses("페이지 보기")
        await person.sees("Welcome to nginx!")
        await person.sees(re.compile(r"웹 페이지.*과제를 해냈어요"))
