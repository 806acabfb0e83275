"""What is known of Korean and English: words that mean the same, words that say nothing, endings.

All of it is in `language.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml

_DATA: Final[dict[str, str]] = yaml.safe_load(
    Path(__file__).with_name("language.yaml").read_text(encoding="utf-8")
)


def _longest_first(words: str) -> tuple[str, ...]:
    return tuple(sorted(words.split(), key=len, reverse=True))


STOP: Final = frozenset(_DATA["english_stop"].split())
KOREAN_STOP: Final = frozenset(_DATA["korean_stop"].split())
"""Words that say nothing about the matter."""

PARTICLES: Final = _longest_first(_DATA["particles"])
ENDINGS: Final = _longest_first(_DATA["endings"])
VERB_ENDINGS: Final = _longest_first(_DATA["verb_endings"])

OF_DOCKER: Final = frozenset(
    word if word.isdecimal() else f"@{word}" for word in _DATA["of_docker"].split()
)
"""Terms of the trade: a question with one of them is about Docker."""


def ideas() -> Iterator[tuple[str, list[str], list[str]]]:
    """Each idea as a term (`@remove`), with its Korean and its English words."""
    for line in (_DATA["ideas"] + _DATA["wants"]).splitlines():
        idea, _, words = line.partition(":")
        korean, _, english = words.partition("|")
        yield f"@{idea}", korean.split(), english.split()
