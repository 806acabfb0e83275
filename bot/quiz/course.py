"""The course of a quiz as a value: lobby, question, answer, question, …, over.

What is left of the time is data: a pause keeps it, and a bot that was dead for a while shifts the
end by as long as it was. Every change gives a new course, or refuses with a sentence for whoever
asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.errors import LearnerError

ANSWER_S: Final = 20
"""How long an answer is shown before the next question comes by itself."""
EXTENSION_S: Final = 15
LONGEST_QUESTION_S: Final = 600
"""Whatever a question is extended to."""


class Phase(StrEnum):
    """Where a quiz is."""

    LOBBY = "lobby"
    QUESTION = "question"
    ANSWER = "answer"
    OVER = "over"


class End(StrEnum):
    """Why a quiz is over."""

    FINISHED = "finished"
    ENDED = "ended"
    GONE = "gone"
    """Its thread or channel was deleted."""
    LEFT = "left"
    """Nobody started it, or went on after a pause."""


@dataclass(frozen=True, slots=True)
class Course:
    """Where a quiz is, and how much time is left.

    `position` counts from 0 and is -1 in the lobby. `limit_ms` is the time that the current
    question has in all, extensions included. Of `ends_at` and `left_ms` one is set while there is
    something to wait for: `left_ms` while it is paused.
    """

    rounds: int
    seconds: int
    phase: Phase = Phase.LOBBY
    position: int = -1
    limit_ms: int = 0
    ends_at: datetime | None = None
    left_ms: int | None = None
    end: End | None = None

    @property
    def paused(self) -> bool:
        """Whether the time stands still."""
        return self.left_ms is not None

    @property
    def is_last(self) -> bool:
        """Whether no question comes after this one."""
        return self.position >= self.rounds - 1

    def is_up(self, now: datetime) -> bool:
        """Whether the time of this phase is over."""
        return self.ends_at is not None and now >= self.ends_at

    def remaining_ms(self, now: datetime) -> int:
        """What is left of this phase, never less than nothing."""
        if self.left_ms is not None:
            return self.left_ms
        if self.ends_at is None:
            return 0
        return max(0, _ms(self.ends_at - now))

    def elapsed_ms(self, now: datetime) -> int:
        """How much of the current question's time is gone."""
        return min(max(self.limit_ms - self.remaining_ms(now), 0), self.limit_ms)

    def accept(self, position: int, now: datetime) -> int:
        """How long the answer to this question took, which comes now.

        Raises:
            LearnerError: It comes too late, or the quiz is paused.
        """
        if self.phase is Phase.OVER:
            raise LearnerError("quiz.answer.over")
        if self.phase is not Phase.QUESTION or position != self.position or self.is_up(now):
            raise LearnerError("quiz.answer.late")
        if self.paused:
            raise LearnerError("quiz.answer.paused")
        return self.elapsed_ms(now)

    def start(self, now: datetime) -> Course:
        """Ask the first question."""
        self._must_be(Phase.LOBBY)
        return self._ask(0, now)

    def close(self, now: datetime) -> Course:
        """Show the answer: the time is over, or the host wants it so."""
        self._must_be(Phase.QUESTION)
        ends_at = now + timedelta(seconds=ANSWER_S)
        return replace(self, phase=Phase.ANSWER, ends_at=ends_at, left_ms=None)

    def next(self, now: datetime) -> Course:
        """After an answer: the next question, or the end."""
        self._must_be(Phase.ANSWER)
        return self.over(End.FINISHED) if self.is_last else self._ask(self.position + 1, now)

    def pause(self, now: datetime) -> Course:
        """Let the time stand still."""
        self._must_be(Phase.QUESTION, Phase.ANSWER)
        if self.paused:
            raise LearnerError("quiz.control.paused_already")
        return replace(self, ends_at=None, left_ms=self.remaining_ms(now))

    def resume(self, now: datetime) -> Course:
        """Let the time go on from where it stood."""
        if self.left_ms is None:
            raise LearnerError("quiz.control.not_paused")
        return replace(self, ends_at=now + timedelta(milliseconds=self.left_ms), left_ms=None)

    def extend(self, now: datetime) -> Course:
        """More time for this question; answers that were given keep the time that they took."""
        self._must_be(Phase.QUESTION)
        if self.is_up(now):
            raise LearnerError("quiz.control.passed")
        longer = self.limit_ms + EXTENSION_S * 1000
        if longer > LONGEST_QUESTION_S * 1000:
            raise LearnerError("quiz.control.long_enough", minutes=LONGEST_QUESTION_S // 60)
        more = timedelta(seconds=EXTENSION_S)
        return replace(
            self,
            limit_ms=longer,
            ends_at=None if self.ends_at is None else self.ends_at + more,
            left_ms=None if self.left_ms is None else self.left_ms + EXTENSION_S * 1000,
        )

    def over(self, end: End) -> Course:
        """The end, whatever was going on."""
        if self.phase is Phase.OVER:
            raise LearnerError("quiz.control.over")
        return replace(self, phase=Phase.OVER, ends_at=None, left_ms=None, end=end)

    def after_absence(self, seen_at: datetime, now: datetime) -> Course:
        """The bot was away since then: the time that nobody kept counts for nobody."""
        if self.ends_at is None or now <= seen_at:
            return self
        return replace(self, ends_at=self.ends_at + (now - seen_at))

    def _ask(self, position: int, now: datetime) -> Course:
        return replace(
            self,
            phase=Phase.QUESTION,
            position=position,
            limit_ms=self.seconds * 1000,
            ends_at=now + timedelta(seconds=self.seconds),
            left_ms=None,
        )

    def _must_be(self, *phases: Phase) -> None:
        if self.phase is Phase.OVER:
            raise LearnerError("quiz.control.over")
        if self.phase not in phases:
            raise LearnerError("quiz.control.passed")


def _ms(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)
