"""What came out when one line was run on many engines: ok, the same error, another one, nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from db.following import FollowOutcome

Group = Literal["ok", "same_error", "other_error", "absent", "left", "pending"]
GROUPS: Final[tuple[Group, ...]] = get_args(Group)
UNUSUAL: Final[frozenset[Group]] = frozenset({"left", "pending"})


@dataclass(frozen=True, slots=True)
class Tally:
    """All outcomes of a run in groups.

    `same` is what those in `same_error` met: the id of a known error, or `exit:<code>`; the one
    that most met, None when nothing failed.
    """

    groups: tuple[tuple[Group, tuple[FollowOutcome, ...]], ...]
    same: str | None

    @property
    def total(self) -> int:
        """How many engines there are."""
        return sum(len(found) for _, found in self.groups)

    def of(self, group: Group) -> tuple[FollowOutcome, ...]:
        """Who is in this group."""
        return next((found for name, found in self.groups if name == group), ())

    def shown(self) -> Iterator[tuple[Group, tuple[FollowOutcome, ...]]]:
        """The groups that are worth a line: the usual ones, and the others that have somebody."""
        for group, found in self.groups:
            if found or group not in UNUSUAL:
                yield group, found

    def rows(self) -> Iterator[tuple[Group, FollowOutcome]]:
        """Everybody with their group, group by group."""
        for group, found in self.groups:
            for each in found:
                yield group, each


def tally(outcomes: Sequence[FollowOutcome]) -> Tally:
    """Put the outcomes of a run into groups; within a group they keep their order."""
    same = _most_frequent(outcomes)
    groups: dict[Group, list[FollowOutcome]] = {group: [] for group in GROUPS}
    for each in outcomes:
        groups[_group(each, same)].append(each)
    return Tally(tuple((group, tuple(groups[group])) for group in GROUPS), same)


def met(outcome: FollowOutcome) -> str | None:
    """What a command that failed met: a known error, or no more than its exit code."""
    if outcome.outcome != "failed":
        return None
    if outcome.error is not None:
        return outcome.error
    return f"exit:{'?' if outcome.exit_code is None else outcome.exit_code}"


def _most_frequent(outcomes: Sequence[FollowOutcome]) -> str | None:
    """The error that most met; of several, a known one first, then by its id: always the same."""
    counts = Counter(error for each in outcomes if (error := met(each)) is not None)
    if not counts:
        return None
    return min(counts, key=lambda error: (-counts[error], error.startswith("exit:"), error))


def _group(outcome: FollowOutcome, same: str | None) -> Group:
    match outcome.outcome:
        case "ok":
            return "ok"
        case "failed":
            return "same_error" if met(outcome) == same else "other_error"
        case "pending" | "left" as group:
            return group
        case _:
            return "absent"
