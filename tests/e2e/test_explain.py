"""Commands explained at the chat page: by the button under a result, and by /explain."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.chat import PHONE, Person
from tests.e2e.running import Docent
from tests.e2e.test_first_lesson import enters_lab

pytestmark = [pytest.mark.docker, pytest.mark.browser, pytest.mark.timeout(300)]


async def test_the_button_explains_what_was_run(docent: Docent, browser: Browser) -> None:
    """On a phone, with a mistake that the engine itself does not tell of."""
    async with Person.enters(browser, docent.url, "asker", viewport=PHONE) as person:
        await enters_lab(person)
        await person.says("docker run -d -p 80:8080 --name hellonginx nginx")
        await person.sees("종료 코드 0", within_s=60)

        await person.presses("설명")

        card = await person.sees("명령 설명")
        await expect(card).to_contain_text("백그라운드에서 실행하고")
        await expect(card).to_contain_text("포트의 앞뒤가 바뀐 것 같아요")
        await expect(card).to_contain_text("8080:80")


async def test_a_command_is_explained_before_it_runs(docent: Docent, browser: Browser) -> None:
    """By the slash command, in English."""
    async with Person.enters(browser, docent.url, "reader", locale="en-US") as person:
        await person.says("/explain docker rm -f $(docker ps -aq)")

        card = await person.sees("Command explained")
        await expect(card).to_contain_text("Removes a container")
        await expect(card).to_contain_text("Shows all containers, stopped ones too")
