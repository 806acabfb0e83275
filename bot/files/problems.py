"""A mistake in a file: where it is, and a key of the text catalogue that says what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MOST_PROBLEMS: Final = 8
"""So many are told at once; the others wait until these are mended."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` counts from 1, and is None where there is no one line.

    `values` are shown as code; what is no `error` works, but probably not as it was meant.
    """

    line: int | None
    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    error: bool = True
