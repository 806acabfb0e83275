"""The course of a quiz, whatever is pressed when, and whenever the bot was away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.errors import LearnerError
from bot.quiz.course import EXTENSION_S, Course, End, Phase
from tests.factories import NOON


def at(seconds: float) -> timedelta:
    """So long after noon."""
    return timedelta(seconds=seconds)


def asked(seconds: int = 20, rounds: int = 2) -> Course:
    """A quiz whose first question was asked at noon."""
    return Course(rounds=rounds, seconds=seconds).start(NOON)


def refused(do: object) -> str:
    """The key of the sentence with which this was refused."""
    assert callable(do)
    with pytest.raises(LearnerError) as told:
        do()
    return told.value.key


def test_a_quiz_from_its_lobby_to_its_end() -> None:
    """Lobby, question, answer, question, answer, over."""
    course = Course(rounds=2, seconds=20)
    assert (course.phase, course.position) == (Phase.LOBBY, -1)
    course = course.start(NOON)
    assert (course.phase, course.position, course.is_last) == (Phase.QUESTION, 0, False)
    assert not course.is_up(NOON + at(19.9))
    assert course.is_up(NOON + at(20))
    course = course.close(NOON + at(20)).next(NOON + at(30))
    assert (course.phase, course.position, course.is_last) == (Phase.QUESTION, 1, True)
    course = course.close(NOON + at(40)).next(NOON + at(50))
    assert (course.phase, course.end) == (Phase.OVER, End.FINISHED)


def test_answers_count_until_the_time_is_up() -> None:
    """By the clock of the server; not a moment later, and not for another question."""
    course = asked()
    assert course.accept(0, NOON + at(19.999)) == 19_999
    assert refused(lambda: course.accept(0, NOON + at(20))) == "quiz.answer.late"
    assert refused(lambda: course.accept(1, NOON)) == "quiz.answer.late"
    assert refused(lambda: course.close(NOON).accept(0, NOON)) == "quiz.answer.late"
    assert refused(lambda: course.over(End.ENDED).accept(0, NOON)) == "quiz.answer.over"
    assert refused(lambda: Course(rounds=1, seconds=9).accept(-1, NOON)) == "quiz.answer.late"


def test_a_pause_keeps_what_is_left() -> None:
    """No answers meanwhile; afterwards it goes on as if nothing had been."""
    course = asked().pause(NOON + at(5))
    assert refused(lambda: course.accept(0, NOON + at(6))) == "quiz.answer.paused"
    assert refused(lambda: course.pause(NOON)) == "quiz.control.paused_already"
    again = course.resume(NOON + at(3600))
    assert again.accept(0, NOON + at(3601)) == 6000
    assert refused(lambda: again.resume(NOON)) == "quiz.control.not_paused"


def test_an_extension_moves_the_end_alone() -> None:
    """Whoever answered keeps the time that it took; paused or not."""
    course = asked().extend(NOON + at(5))
    assert course.limit_ms == (20 + EXTENSION_S) * 1000
    assert course.accept(0, NOON + at(5)) == 5000
    assert course.accept(0, NOON + at(30)) == 30_000
    assert asked().pause(NOON + at(5)).extend(NOON).resume(NOON).accept(0, NOON) == 5000
    assert refused(lambda: asked().extend(NOON + at(20))) == "quiz.control.passed"


def test_a_question_has_an_end() -> None:
    """However often it is extended."""
    course = asked(seconds=590)
    assert refused(lambda: course.extend(NOON)) == "quiz.control.long_enough"


@given(
    before=some.floats(min_value=0, max_value=19),
    unseen=some.floats(min_value=0, max_value=0.9),
    away=some.floats(min_value=0, max_value=100_000),
)
def test_time_without_the_bot_counts_for_nobody(before: float, unseen: float, away: float) -> None:
    """What was left when the bot was seen last is left when it comes back."""
    course = asked()
    seen_at, back = NOON + at(before), NOON + at(before + unseen + away)
    again = course.after_absence(seen_at, back)
    assert abs(again.remaining_ms(back) - course.remaining_ms(seen_at)) <= 1
    assert abs(again.elapsed_ms(back) - course.elapsed_ms(seen_at)) <= 1


def test_a_pause_outlives_the_bot_as_it_is() -> None:
    """There is nothing to shift."""
    paused = asked().pause(NOON + at(5))
    assert paused.after_absence(NOON, NOON + at(1000)) == paused


class AnyQuiz(RuleBasedStateMachine):
    """Everything that can be done to a quiz, in any order."""

    @initialize(rounds=some.integers(1, 4), seconds=some.integers(5, 300))
    def open(self, rounds: int, seconds: int) -> None:
        """A new quiz."""
        self.now, self.course = NOON, Course(rounds=rounds, seconds=seconds)
        self.elapsed, self.positions = 0, [-1]

    @rule(seconds=some.floats(min_value=0, max_value=400))
    def wait(self, seconds: float) -> None:
        """Time goes by."""
        self.now += at(seconds)

    @rule(what=some.sampled_from(["start", "close", "next", "pause", "resume", "extend"]))
    def press(self, what: str) -> None:
        """Done, or refused with a sentence: then nothing has changed."""
        try:
            self.course = getattr(self.course, what)(self.now)
        except LearnerError:
            return
        if self.course.position != self.positions[-1]:
            self.positions.append(self.course.position)
            self.elapsed = 0

    @rule(seconds=some.floats(min_value=0, max_value=10_000))
    def die(self, seconds: float) -> None:
        """The bot is away: what is left stays the same."""
        before = self.course.remaining_ms(self.now)
        seen_at = self.now
        self.now += at(seconds)
        up_before = self.course.is_up(seen_at)
        self.course = self.course.after_absence(seen_at, self.now)
        if not up_before:
            assert abs(self.course.remaining_ms(self.now) - before) <= 1

    @precondition(lambda self: self.course.phase is not Phase.OVER)
    @rule()
    def end(self) -> None:
        """It can be ended at any moment."""
        assert self.course.over(End.ENDED).phase is Phase.OVER

    @invariant()
    def holds(self) -> None:
        """Questions come one after the other, time goes forward, one kind of time is set."""
        course = self.course
        assert self.positions == list(range(-1, len(self.positions) - 1))
        assert course.position < course.rounds
        waiting = course.phase in (Phase.QUESTION, Phase.ANSWER)
        assert ((course.ends_at is None) != (course.left_ms is None)) is waiting
        if course.phase is Phase.QUESTION:
            elapsed = course.elapsed_ms(self.now)
            # A shift by the bot's absence is exact to the millisecond.
            assert self.elapsed - 2 <= elapsed <= course.limit_ms
            self.elapsed = elapsed


def test_any_order_of_deeds_leaves_a_sound_quiz() -> None:
    """Found by trying."""
    run_state_machine_as_test(AnyQuiz)
