"""One playground, bot and browser for a whole file of tests; each test is its own person."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from playground.app import Options, Playground
from playground.interactions import Limits
from tests.e2e.chat import CHROMIUM, Person, chromium
from tests.e2e.page.practice_bot import PracticeBot, practice_bot

Enter = Callable[..., Awaitable[Person]]


@dataclass(frozen=True, slots=True)
class Stage:
    """What the tests of a file share."""

    playground: Playground
    bot: PracticeBot
    browser: Browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """A playground whose bot has half a second to answer, so that failures are seen soon."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    options = Options(limits=Limits(acknowledge_s=0.6), rate_limits=False)
    async with (
        Playground.start(options) as playground,
        practice_bot(playground) as bot,
        chromium() as browser,
    ):
        yield Stage(playground, bot, browser)


@pytest_asyncio.fixture(loop_scope="module")
async def enter(stage: Stage) -> AsyncIterator[Enter]:
    """Lets people in by name, in English unless asked; an error on their page fails the test."""
    errors: list[str] = []
    async with AsyncExitStack() as doors:

        async def let_in(name: str, **how: object) -> Person:
            wanted = {"locale": "en-US", **how}
            visit = Person.enters(stage.browser, stage.playground.base_url, name, **wanted)  # type: ignore[arg-type]
            person = await doors.enter_async_context(visit)
            person.page.on("pageerror", lambda error: errors.append(str(error)))
            return person

        yield let_in
    assert errors == []
