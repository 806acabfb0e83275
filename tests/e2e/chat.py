"""A person at the chat page, driven by accessible names alone, as a screen reader would."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}

# Without the switches against background traffic, Chromium looks up its maker's hosts.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser, None]:
    """Debian's Chromium, headless."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS, headless=True
        )
        try:
            yield browser
        finally:
            await browser.close()


class Person:
    """One person in a browser context of their own."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name

    @classmethod
    @asynccontextmanager
    async def enters(
        cls,
        browser: Browser,
        url: str,
        name: str,
        *,
        locale: str = "ko-KR",
        viewport: dict[str, int] | None = None,
        dark: bool = False,
    ) -> AsyncGenerator[Person, None]:
        """Open the page as `name`, in the language of `locale`."""
        size = viewport or LAPTOP
        context = await browser.new_context(
            locale=locale,
            viewport={"width": size["width"], "height": size["height"]},
            color_scheme="dark" if dark else "light",
        )
        try:
            page = await context.new_page()
            await page.goto(f"{url}/?as={name}")
            await expect(page.get_by_role("textbox", name="Message")).to_be_visible(timeout=15_000)
            yield cls(page, name)
        finally:
            await context.close()

    @property
    def composer(self) -> Locator:
        """Where messages are written."""
        return self.page.get_by_role("textbox", name="Message")

    def messages_of(self, author: str) -> Locator:
        """All visible messages whose author is called `author`."""
        return self.page.get_by_role(
            "article", name=re.compile(rf"^{re.escape(author)}\b", re.IGNORECASE)
        )

    async def says(self, text: str) -> None:
        """Type and press Enter."""
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def sees(self, text: str | re.Pattern[str], *, within_s: float = 20) -> Locator:
        """Wait for a message of Docent that contains `text`, and return the newest such one."""
        found = self.messages_of("Docent").filter(has_text=text).last
        await expect(found).to_be_visible(timeout=within_s * 1000)
        return found

    async def presses(self, label: str | re.Pattern[str], *, within_s: float = 15) -> None:
        """Press the newest button with this label."""
        button = self.page.get_by_role("button", name=label).last
        await expect(button).to_be_enabled(timeout=within_s * 1000)
        await button.click()

    async def goes_to(self, place: str | re.Pattern[str]) -> None:
        """Follow the link of a channel or thread."""
        await self.page.get_by_role("link", name=place).last.click()

    async def picture(self, path: Path) -> None:
        """A screenshot, for people to look at."""
        await self.page.screenshot(path=path)
