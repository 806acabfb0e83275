"""A learner who makes mistakes, on a real engine: each one is explained where it happened."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser

from tests.e2e.chat import Person
from tests.e2e.running import Docent
from tests.e2e.test_first_lesson import enters_lab

pytestmark = [pytest.mark.docker, pytest.mark.browser, pytest.mark.timeout(600)]


async def test_mistakes_are_explained_with_the_learners_names(
    docent: Docent, browser: Browser
) -> None:
    """Names that are close, a port that is taken, a container that ends at once, no memory."""
    async with Person.enters(browser, docent.url, "erring") as person:
        await enters_lab(person)
        await person.says("docker rnu nginx")
        await person.sees(re.compile("혹시 이것이었나요\\? .*run"))

        await person.says("docker run -d --name web -p 8080:80 nginx")
        await person.sees(re.compile("종료 코드 0"), within_s=60)
        await person.says("docker run -d --name web2 -p 8080:80 nginx")
        await person.sees("8080번 포트를 이미 web 컨테이너가 쓰고 있어요", within_s=60)
        await person.says("docker stop wbe")
        await person.sees(re.compile("wbe 컨테이너가 없어요.*혹시 이것이었나요\\? web", re.DOTALL))

        await person.says("docker run -d --name broken busybox sh -c 'echo no config; exit 3'")
        await person.sees("broken 컨테이너가 시작하자마자 오류로 끝났어요", within_s=60)
        await person.sees("마지막 로그: no config")

        await person.says("docker run --name eater -m 16m busybox tail /dev/zero")
        await person.sees("eater 컨테이너가 메모리 제한 16m 크기를 넘어서", within_s=60)
