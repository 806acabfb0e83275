"""Custom ids of practice. `number` says which question of the learner's a button belongs to."""

from __future__ import annotations

from typing import Final

from bot.ui.actions import custom_id, pattern

_NUMBER: Final = r"(?P<number>[0-9]{1,9})"

CHOOSE: Final = pattern("practice-one", _NUMBER, r"(?P<option>[0-9]{1,2})")
SEVERAL: Final = pattern("practice-many", _NUMBER)
TYPE: Final = pattern("practice-type", _NUMBER)
TYPED: Final = pattern("practice-typed", _NUMBER)
GO_ON: Final = pattern("practice-on", _NUMBER)
STOP: Final = pattern("practice-stop", _NUMBER)


def choose(owner: int, number: int, option: int) -> str:
    """The option at this place of the turn."""
    return custom_id("practice-one", owner, str(number), str(option))


def several(owner: int, number: int) -> str:
    """Choosing all that is right."""
    return custom_id("practice-many", owner, str(number))


def type_it(owner: int, number: int) -> str:
    """Opening the form for a command."""
    return custom_id("practice-type", owner, str(number))


def typed(owner: int, number: int) -> str:
    """That form."""
    return custom_id("practice-typed", owner, str(number))


def go_on(owner: int, number: int) -> str:
    """The next question."""
    return custom_id("practice-on", owner, str(number))


def stop(owner: int, number: int) -> str:
    """Enough for now."""
    return custom_id("practice-stop", owner, str(number))
