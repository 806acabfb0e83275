"""A live terminal through the page: an editor by writing and pressing, and a shell on a phone."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.chat import PHONE, Person
from tests.e2e.running import Docent
from tests.e2e.test_first_lesson import enters_lab

pytestmark = [pytest.mark.docker, pytest.mark.browser, pytest.mark.timeout(600)]

PICTURES = os.environ.get("DOCENT_TEST_PICTURES")
"""A folder for screenshots, for people to look at; none are made without."""


async def picture(person: Person, name: str) -> None:
    """A screenshot of what the person sees."""
    if PICTURES:
        await person.picture(Path(PICTURES) / f"{name}.png")


async def test_a_file_is_edited_with_vi_in_chat(docent: Docent, browser: Browser) -> None:
    """By what is written and by buttons; the file has it, and the chat is a chat again."""
    async with Person.enters(browser, docent.url, "editor") as person:
        await enters_lab(person)
        await person.says("vi greeting.txt")
        await person.sees("Enter 없이")
        await person.says("ihello from vi")
        await person.sees("hello from vi")
        await picture(person, "vi-ko-light")
        await person.presses("Esc")
        await person.says(":wq")
        await person.sees("종료 코드 0")
        await expect(person.page.get_by_role("button", name="Ctrl+C")).to_have_count(0)
        await person.says("cat greeting.txt && echo the-end")
        await person.sees(re.compile(r"hello from vi\s+the-end"))


async def test_a_shell_in_a_container_on_a_phone(docent: Docent, browser: Browser) -> None:
    """In English and in the dark: narrow, with a command beside it, left by a button."""
    async with Person.enters(
        browser, docent.url, "thumb", locale="en-US", viewport=PHONE, dark=True
    ) as person:
        await person.says("/start")
        await person.goes_to(re.compile(r"Go to my lab", re.IGNORECASE))
        await person.says("docker run -it --name box busybox sh")
        await person.sees("goes to this program", within_s=60)
        await person.presses(re.compile("Narrow"))
        await person.says("echo $((40 + 2)) in a box")
        await person.sees("42 in a box")
        await person.says(r"\docker ps")
        await person.sees(re.compile("CONTAINER ID.*box", re.DOTALL))
        await picture(person, "sh-en-dark-phone")
        await person.presses("Ctrl+D")
        await person.sees(re.compile(r"42 in a box.*[Ee]xit code 0", re.DOTALL))
