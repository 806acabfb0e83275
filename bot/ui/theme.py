"""Docent's colours."""

from __future__ import annotations

from typing import Final

from discord import Colour

CALM: Final = Colour(0x2F7DD1)
"""Reading and doing: most cards."""

DONE: Final = Colour(0x2E9E6B)
"""Something is finished."""

WARN: Final = Colour(0xC98A1B)
"""Asks before something is lost, or tells that something is missing."""
