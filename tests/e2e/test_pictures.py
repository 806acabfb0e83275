"""A real engine as pictures: what was run is on the map, and what it uses is in the plot."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.e2e.chat import PHONE, Person
from tests.e2e.running import Docent
from tests.e2e.test_first_lesson import enters_lab

pytestmark = [pytest.mark.docker, pytest.mark.browser, pytest.mark.timeout(600)]

LINES = (
    "docker network create back",
    "docker run -d --name web --network back -m 64m -p 8080:80 nginx",
    "docker run -d --name busy -v kept:/data busybox sh -c 'while :; do :; done'",
)


async def sees_picture(person: Person, *told: str, within_s: float = 30) -> Locator:
    """Wait for a picture whose description tells all of this, and that is really there."""
    alt = "".join(f"(?=.*{each})" for each in told)
    found = person.page.get_by_role("img", name=re.compile(alt, re.DOTALL)).last
    await expect(found).to_be_visible(timeout=within_s * 1000)
    await expect(found).to_have_js_property("naturalWidth", 1080, timeout=within_s * 1000)
    return found


async def test_an_engine_is_drawn_and_measured(docent: Docent, browser: Browser) -> None:
    """On a phone; numbers come from the sandbox's own kernel."""
    async with Person.enters(browser, docent.url, "drawer", viewport=PHONE) as person:
        await enters_lab(person)
        for number, line in enumerate(LINES):
            await person.says(f"{line} && echo done-{number}-")
            await person.sees(re.compile(rf"done-{number}-.*종료 코드 0", re.DOTALL), within_s=90)
        await person.says("/map")
        await sees_picture(
            person,
            r"컨테이너 2개\(실행 중 2개\)",
            r"busy 컨테이너: [^:]*kept→.data",
            r"web 컨테이너: [^.]*8080→80, 네트워크 back, 한도 64 MiB",
        )
        await person.presses("밝게")
        await expect(person.page.get_by_role("button", name="어둡게").last).to_be_visible()
        await person.says("/stats")
        plot = await sees_picture(person, r"busy 컨테이너: CPU \d+ %", r"web 컨테이너: CPU \d+ %")
        described = await plot.get_attribute("alt") or ""
        busy = re.search(r"busy 컨테이너: CPU (\d+) %", described)
        assert busy is not None, described
        assert int(busy[1]) > 10, described
        assert re.search(r"web 컨테이너: CPU \d+ %, 메모리 [\d.]+ [KM]iB / 64 MiB", described)
        await person.says("docker rm -f busy web; echo gone")
        await person.sees("gone", within_s=60)
