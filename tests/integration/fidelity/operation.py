"""Operations: what is done on both engines alike, and what is known to come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.integration.fidelity.subject import Subject

Act = Callable[[Subject], object]

OPERATIONS: list[Operation] = []


@dataclass(frozen=True, slots=True)
class Operation:
    """Something to do with an engine; its value holds nothing that differs from run to run."""

    act: Act
    gives: object
    """The value, or a predicate that it satisfies: two engines that fail alike prove nothing."""

    @property
    def name(self) -> str:
        """For the list of tests."""
        return self.act.__name__


def satisfies(value: object, wanted: object) -> bool:
    """Whether it is the wanted value, or one that the predicate accepts."""
    return bool(wanted(value)) if callable(wanted) else value == wanted


def operation(gives: object) -> Callable[[Act], Act]:
    """Add a function to the list."""

    def add(act: Act) -> Act:
        OPERATIONS.append(Operation(act, gives))
        return act

    return add
