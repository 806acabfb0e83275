"""Where pictures are made: in a thread, few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import structlog

from bot.pictures.letters import Fonts
from bot.pictures.shapes import Drawing
from bot.pictures.theme import Theme, ThemeName, theme_of

if TYPE_CHECKING:
    from bot.pictures.fonts import TrueFonts

PACKAGE: Final = "fonts-nanum"
"""Of Debian and Ubuntu; see `bot.pictures.fonts`."""
AT_ONCE: Final = 2
"""Pictures under way; the rest of the bot has to go on meanwhile."""

Layout = Callable[[Fonts, Theme], Drawing]

log = structlog.get_logger(__name__)


class Studio:
    """Draws. Looks for its fonts when the first picture is wanted."""

    def __init__(self, find: Callable[[], TrueFonts | None] | None = None) -> None:
        self._find = find or _find_fonts
        self._fonts: TrueFonts | None = None
        self._room = asyncio.Semaphore(AT_ONCE)

    async def draw(self, layout: Layout, theme: ThemeName) -> bytes | None:
        """The picture as PNG; None where the machine has no font with Korean letters."""
        async with self._room:
            return await asyncio.to_thread(self._draw, layout, theme)

    def _draw(self, layout: Layout, theme: ThemeName) -> bytes | None:
        # Asked again after a failure: an operator may install fonts while we run.
        fonts = self._fonts or self._find()
        if fonts is None:
            log.warning("no_fonts", mend=f"apt-get install {PACKAGE}")
            return None
        self._fonts = fonts
        from bot.pictures.paint import paint  # noqa: PLC0415 - see `_find_fonts`

        return paint(layout(fonts, theme_of(theme)), fonts)


def _find_fonts() -> TrueFonts | None:
    # Pillow takes 10 MiB: who never looks at a picture should not pay for it.
    from bot.pictures.fonts import find_fonts  # noqa: PLC0415

    return find_fonts()
