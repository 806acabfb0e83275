"""Real questions with the passages that a teacher would be content with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, and the ids of the passages that answer it."""

    ask: str
    wants: frozenset[str]


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of a file; `nothing` are those that nothing fits."""

    korean: Sequence[Question]
    english: Sequence[Question]
    nothing: Sequence[str]

    @property
    def every(self) -> list[Question]:
        """Those of both languages."""
        return [*self.korean, *self.english]


def read(name: str) -> Questions:
    """The questions of `questions.<name>.yaml`."""
    data: dict[str, Any] = yaml.safe_load(
        (HERE / f"questions.{name}.yaml").read_text(encoding="utf-8")
    )
    korean, english = (
        [Question(one["ask"], frozenset(one["wants"])) for one in data[language]]
        for language in ("ko", "en")
    )
    return Questions(korean, english, data["nothing"])


DESCRIBED: Mapping[str, Sequence[str]] = yaml.safe_load(
    (HERE / "questions.errors.yaml").read_text(encoding="utf-8")
)
"""Every known error described in words, in Korean and in English, by its id."""
