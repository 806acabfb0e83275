"""Who is said to need help: only with a reason, and never for being away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.classreport.help import (
    MEDIAN_OF,
    REFUSED,
    SAME_ERROR,
    STUCK_COMMANDS,
    STUCK_WORK_S,
    Refused,
    SameError,
    Stuck,
    needs_help,
    quiet,
    reasons_of,
)
from bot.classreport.open import OpenTask, open_tasks
from bot.classreport.rows import Rows
from bot.classreport.work import Spread
from db.classreport import LessonState, Pupil
from db.working_time import Mark
from tests.factories import NOON, make_catalogue

WEB = ("sample", "web")
AT_EASE = OpenTask(1, *WEB, since=NOON, work_s=0, commands=0, failed=0, refused=0, errors={})


def pupil(learner_id: int = 1, *, days_away: float | None = 0, name: str = "Yuna") -> Pupil:
    """A member who was last seen so many days before noon; None: never."""
    last = None if days_away is None else NOON - timedelta(days=days_away)
    return Pupil(learner_id, name, NOON - timedelta(days=60), "sample", last, None)


def test_who_just_works_has_no_reason() -> None:
    """A task takes its time; a few mistakes are part of it."""
    working = replace(
        AT_EASE,
        work_s=STUCK_WORK_S - 1,
        commands=50,
        failed=20,
        refused=REFUSED - 1,
        errors={"port_taken": SAME_ERROR - 1, "name_taken": SAME_ERROR - 1},
    )
    assert reasons_of(working, {}) == ()


def test_to_be_away_is_no_reason() -> None:
    """Whoever is away for a year is quiet, and that is another list."""
    away, never = pupil(1, days_away=365), pupil(2, days_away=None)
    here = pupil(3, days_away=6.9)
    pupils = {each.learner_id: each for each in (away, never, here)}
    tasks = {each: replace(AT_EASE, learner_id=each) for each in pupils}

    assert needs_help(pupils, tasks, {}) == []
    found = quiet(pupils, NOON)
    assert [(one.pupil.learner_id, one.kind) for one in found] == [(2, "never"), (1, "away")]


def test_stuck_is_long_work_with_commands() -> None:
    """Time alone is reading; commands alone are play."""
    stuck = replace(AT_EASE, work_s=STUCK_WORK_S, commands=STUCK_COMMANDS, failed=3)

    assert reasons_of(stuck, {}) == (Stuck(STUCK_WORK_S, STUCK_COMMANDS, 3, None),)
    assert reasons_of(replace(stuck, commands=STUCK_COMMANDS - 1), {}) == ()


def test_a_task_that_takes_everybody_long_makes_nobody_stuck_soon() -> None:
    """It takes twice the median of the class, once that means something."""
    stuck = replace(AT_EASE, work_s=3000, commands=20)
    few = Spread((2000.0,) * (MEDIAN_OF - 1))
    many = Spread((2000.0,) * MEDIAN_OF)

    assert reasons_of(stuck, {WEB: few}) == (Stuck(3000, 20, 0, None),)
    assert reasons_of(stuck, {WEB: many}) == ()
    assert reasons_of(replace(stuck, work_s=4000), {WEB: many}) == (Stuck(4000, 20, 0, 2000.0),)


def test_the_same_error_again_and_again_is_a_reason() -> None:
    """The one that was met most often; and so is being told often that it is not done."""
    task = replace(AT_EASE, errors={"port_taken": 9, "name_taken": SAME_ERROR}, refused=REFUSED)

    assert reasons_of(task, {}) == (SameError("port_taken", 9), Refused(REFUSED))


def test_those_with_most_reasons_come_first() -> None:
    """Then those who worked longest."""
    stuck = replace(AT_EASE, work_s=STUCK_WORK_S, commands=9)
    tasks = {
        1: stuck,
        2: replace(stuck, learner_id=2, work_s=9999),
        3: replace(stuck, learner_id=3, refused=REFUSED),
        4: replace(AT_EASE, learner_id=4),
    }
    found = needs_help({each: pupil(each) for each in tasks}, tasks, {})

    assert [one.task.learner_id for one in found] == [3, 2, 1]
    assert all(one.reasons for one in found)


@given(
    work_s=st.integers(0, 10**6),
    commands=st.integers(0, 600),
    refused=st.integers(0, 600),
    errors=st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(0, 600)),
)
def test_nobody_is_named_without_a_reason(
    work_s: int, commands: int, refused: int, errors: dict[str, int]
) -> None:
    """Whatever the numbers are: on the list exactly those with a reason."""
    task = replace(AT_EASE, work_s=work_s, commands=commands, refused=refused, errors=errors)
    wanted = (
        (work_s >= STUCK_WORK_S and commands >= STUCK_COMMANDS)
        or refused >= REFUSED
        or max(errors.values(), default=0) >= SAME_ERROR
    )
    found = needs_help({1: pupil()}, {1: task}, {})

    assert bool(found) == wanted
    assert all(one.reasons for one in found)


def test_who_has_finished_or_opened_nothing_has_no_open_task() -> None:
    """There is nothing to be stuck on; a lesson that was removed is none, too."""
    catalogue = make_catalogue()
    opened = LessonState(1, "sample", 0, NOON, None, None)
    marks = [
        Mark(1, "opened", "sample", "", NOON, 0, 0, 0),
        Mark(1, "ticked", "sample", "list", NOON, 60, 2, 1),
        Mark(1, "last", "", "", NOON, 100, 5, 2),
    ]
    rows = Rows([pupil()], [opened], marks)
    done = [*marks[:2], Mark(1, "ticked", "sample", "web", NOON, 60, 2, 1)]
    gone = replace(opened, lesson_id="removed")

    assert open_tasks(rows, catalogue) == {
        1: OpenTask(1, *WEB, NOON, work_s=40, commands=3, failed=1, refused=0, errors={})
    }
    assert open_tasks(replace(rows, marks=done), catalogue) == {}
    assert open_tasks(replace(rows, lessons=[]), catalogue) == {}
    removed = replace(pupil(), current_lesson_id="removed")
    assert open_tasks(replace(rows, pupils=[removed], lessons=[gone]), catalogue) == {}
