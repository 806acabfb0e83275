"""Opening many sandboxes: one that fails is counted, and does not end the measurement."""

from __future__ import annotations

from typing import cast

import pytest

from sandbox.errors import HostEngineDown
from tests.bench.learners import MOST_TRIES, numbered, open_all
from tests.bench.stage import Stage


class FailingStage:
    """Each learner's first `failures` command lines fail."""

    def __init__(self, failures: int) -> None:
        self._failures = failures
        self.tries: dict[str, int] = {}

    async def run(self, learner: str, line: str) -> str:
        """One more try."""
        self.tries[learner] = self.tries.get(learner, 0) + 1
        if self.tries[learner] <= self._failures:
            raise HostEngineDown("no answer")
        return line


async def test_an_opening_that_failed_is_counted_and_tried_again() -> None:
    """Only those that worked have a time."""
    stage = FailingStage(MOST_TRIES - 1)
    opened = await open_all(cast(Stage, stage), numbered(1, 10))

    assert len(opened.watch.times_ms) == 10
    assert opened.errors.total() == 10 * (MOST_TRIES - 1)


async def test_one_that_always_fails_ends_the_measurement() -> None:
    """Figures of fewer sandboxes than were asked for would be wrong."""
    with pytest.raises(ExceptionGroup):
        await open_all(cast(Stage, FailingStage(MOST_TRIES)), ["1"])
