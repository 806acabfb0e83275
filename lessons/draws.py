"""Names, ports and numbers that are drawn for each attempt, so that answers can't be pasted.

    draws:
      token: word            # six letters
      port: 8100-8199        # a number of this range
      fault: name|port|env   # one of these

`{{token}}` in lesson.yaml, the prose, setup.sh, solution.sh and trials.yaml stands for what was
drawn. An attempt has one of `VARIANTS` numbers, and the same number always draws the same values.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

VARIANTS = 64
"""So many different attempts; enough that neighbours in a class hardly ever have the same."""
WORD_LENGTH = 6
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_RANGE = re.compile(r"([0-9]{1,5})-([0-9]{1,5})")
_PLACE = re.compile(r"\{\{([a-z]+)\}\}")

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Draw:
    """What is drawn under a name: `word`, `LOW-HIGH`, or one of `A|B|C`."""

    name: str
    rule: str

    @classmethod
    def read(cls, name: str, rule: str) -> Draw:
        """A draw as an author writes it; `ValueError` says in plain words what is wrong."""
        if not re.fullmatch(r"[a-z]{1,20}", name):
            raise ValueError(f"the name of a draw has a-z only, at most 20: not {name!r}")
        bounds = _RANGE.fullmatch(rule)
        if bounds is not None and int(bounds[1]) >= int(bounds[2]):
            raise ValueError(f"{rule!r} should go from the lower number to the higher one")
        if bounds is None and rule != "word" and "|" not in rule:
            raise ValueError(f"a draw is `word`, `LOW-HIGH` or `A|B|C`, not {rule!r}")
        return cls(name, rule)

    def value(self, lesson_id: str, variant: int) -> str:
        """What this attempt draws."""
        # The same on every machine and in every process, which `hash()` is not.
        dice = random.Random(f"{lesson_id}/{self.name}/{variant}")  # noqa: S311 - no secret
        if self.rule == "word":
            letters = (_CONSONANTS, _VOWELS) * (WORD_LENGTH // 2)
            return "".join(dice.choice(some) for some in letters)
        bounds = _RANGE.fullmatch(self.rule)
        if bounds is not None:
            return str(dice.randint(int(bounds[1]), int(bounds[2])))
        return dice.choice(self.rule.split("|")).strip()


def draw_some(lesson_id: str, names: Sequence[str], count: int, variant: int) -> tuple[str, ...]:
    """So many of these names, as this attempt draws them; they stay in their order."""
    dice = random.Random(f"{lesson_id}/some/{variant}")  # noqa: S311 - no secret
    chosen = set(dice.sample(list(names), count))
    return tuple(name for name in names if name in chosen)


def fill(text: str, values: Values) -> str:
    """The text with what was drawn in it; braces that are no draw stay, as in `{{.Names}}`."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def drawn_names(text: str) -> set[str]:
    """The names of all places in a text where something drawn would go."""
    return set(_PLACE.findall(text))
