"""Numbers as pictures write them: the same in every language."""

from __future__ import annotations

from typing import Final

KIB: Final = 1024
UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB")


def size_words(size_bytes: float) -> str:
    """A size with its unit, three digits at most."""
    size, unit = float(max(0, size_bytes)), 0
    while size >= KIB - 0.5 and unit < len(UNITS) - 1:
        size, unit = size / KIB, unit + 1
    digits = 1 if size < 9.95 and unit else 0  # noqa: PLR2004 - what would round to 10
    return f"{size:.{digits}f} {UNITS[unit]}".replace(".0 ", " ")
