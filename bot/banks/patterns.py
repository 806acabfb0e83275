"""Regular expressions that others wrote: only those that can't keep the bot busy for long.

What a pattern is held against comes from an engine, so both sides may be chosen to be slow. A
pattern with one long repetition, or two behind `^`, and none in another takes at worst the square
of what it reads, times a few; `MOST_READ` bounds that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

MOST_READ: Final = 1_000
"""Letters of an engine's output that a pattern of others sees."""
LONGEST_PATTERN: Final = 120
MOST_SHORT: Final = 3
"""Pieces that may be there or not."""
MOST_BRANCHES: Final = 8
_REPEATS: Final = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_UNWANTED: Final = (sre.GROUPREF, sre.GROUPREF_EXISTS, sre.ASSERT, sre.ASSERT_NOT)


def compiles(pattern: str) -> bool:
    """Whether it is a regular expression at all."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def is_quick(pattern: str) -> bool:
    """Whether a pattern that compiles ends soon, whatever it is held against."""
    if len(pattern) > LONGEST_PATTERN:
        return False
    parsed = _parser.parse(pattern)
    found = list(_walk(parsed, inside=False))
    anchored = bool(len(parsed)) and parsed[0] == (sre.AT, sre.AT_BEGINNING)
    return (
        "unwanted" not in found
        and found.count("short") <= MOST_SHORT
        and found.count("long") <= 1 + anchored
        and found.count("branch") <= MOST_BRANCHES
    )


def _walk(parsed: Any, *, inside: bool) -> Iterator[str]:
    """What there is in a parsed pattern that can take time."""
    for operator, argument in parsed:
        if operator in _REPEATS:
            _least, most, body = argument
            if inside:
                yield "unwanted"
            yield "long" if most > 1 else "short"
            yield from _walk(body, inside=True)
        elif operator is sre.BRANCH:
            if inside:
                yield "unwanted"
            for branch in argument[1]:
                yield "branch"
                yield from _walk(branch, inside=inside)
        elif operator is sre.SUBPATTERN:
            yield from _walk(argument[-1], inside=inside)
        elif operator is getattr(sre, "ATOMIC_GROUP", None):
            yield from _walk(argument, inside=inside)
        elif operator in _UNWANTED:
            yield "unwanted"
