"""Letters without a font: every one is half as wide as it is high, Korean ones are square."""

from __future__ import annotations

from bot.pictures.letters import cleaned

FIRST_KOREAN = 0x1100


class FakeFonts:
    """`Fonts` that need no file."""

    def clean(self, text: str) -> str:
        """See `Fonts.clean`; all letters are known."""
        return cleaned(text, None)

    def width(self, text: str, size: int, *, bold: bool = False) -> float:
        """See `Fonts.width`."""
        letters = sum(1.0 if ord(letter) >= FIRST_KOREAN else 0.5 for letter in text)
        return letters * size * (1.05 if bold else 1.0)
