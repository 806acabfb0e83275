"""Checks that look into the engine, and tasks that ask for an answer."""

from __future__ import annotations

import pytest

from lessons.checks import AnyOf
from lessons.facts import ProbeSeen, Situation
from lessons.judging import asks_for_answer, judge_open_tasks
from lessons.model import Check, Lesson, Step, Task
from lessons.probe_checks import PENDING, Answer, Probe, SameOutput
from lessons.running_checks import ContainerRunning
from tests.factories import make_container, make_facts

WEB = ContainerRunning("web")
RUNNING = make_facts(make_container("web"))
NOTHING = make_facts()


class Engine:
    """Says what it is told to say, and remembers what it was asked."""

    def __init__(self, **said: str) -> None:
        self.said = said
        self.asked: list[str] = []

    async def look(self, line: str) -> ProbeSeen:
        """See `Look`."""
        self.asked.append(line)
        return ProbeSeen(self.said.get(line, ""), 0 if line in self.said else 1)


def lesson(*tasks: Task) -> Lesson:
    return Lesson("web", 20, 1, 10, (), (Step("all", tasks),))


async def keys(engine: Engine, situation: Situation, *checks: Check) -> list[str]:
    (judged,) = await judge_open_tasks(lesson(Task("look", checks)), situation, engine.look)
    return [found.key for found in judged.verdict.findings]


async def test_the_engine_is_asked_only_when_all_else_holds() -> None:
    """A learner who has not begun costs no command."""
    engine = Engine(logs="bado")
    assert PENDING in await keys(engine, Situation(NOTHING), WEB, Probe("logs", shows="bado"))
    assert engine.asked == []
    found = await keys(engine, Situation(RUNNING), WEB, Probe("logs", shows="bado"))
    assert found == ["container_running", "probe_shown"]
    assert engine.asked == ["logs"]


@pytest.mark.parametrize(
    ("probe", "key"),
    [
        (Probe("logs", shows="bado"), "probe_shown"),
        (Probe("logs", shows="dado"), "probe_not_shown"),
        (Probe("logs", lacks="dado"), "probe_not_there"),
        (Probe("logs", lacks="bado"), "probe_still_shown"),
        (Probe("logs", exit_code=0), "probe_exit"),
        (Probe("nothing", exit_code=0), "probe_other_exit"),
    ],
)
async def test_what_a_command_shows_decides(probe: Probe, key: str) -> None:
    """Each way to look, holding and not."""
    assert await keys(Engine(logs="a bado b"), Situation(RUNNING), probe) == [key]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"one": "a\n", "two": "a"}, "output_same"),
        ({"one": "a", "two": "b"}, "output_differs"),
        ({"one": "a"}, "output_none"),
        ({"two": "a"}, "output_none"),
        ({"one": "", "two": ""}, "output_none"),
        ({}, "output_none"),
    ],
)
async def test_two_commands_are_compared(said: dict[str, str], key: str) -> None:
    """Two that fail alike, or print nothing, are not the same."""
    assert await keys(Engine(**said), Situation(NOTHING), SameOutput("one", "two")) == [key]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (None, "answer_missing"),
        ("172.17.0.2", "answer_right"),
        (" 172.17.0.2. ", "answer_right"),
        ("`172.17.0.2`", "answer_right"),
        ("172.17.0.3", "answer_wrong"),
    ],
)
async def test_an_answer_is_compared_with_the_engine(given: str | None, key: str) -> None:
    """What nobody means by it does not count; a wrong answer is not told the right one."""
    answers = {} if given is None else {"look": given}
    engine = Engine(ip="172.17.0.2\n")
    (judged,) = await judge_open_tasks(
        lesson(Task("look", (Answer(run="ip"),))), Situation(NOTHING, answers=answers), engine.look
    )
    (found,) = judged.verdict.findings
    assert found.key == key
    if key == "answer_wrong":
        assert "172.17.0.2" not in str(found.values)


async def test_an_answer_that_the_engine_does_not_know_is_not_wrong() -> None:
    """It says that the engine has nothing to compare with."""
    situation = Situation(NOTHING, answers={"look": "1"})
    assert await keys(Engine(), situation, Answer(run="ip")) == ["answer_not_decidable"]
    assert await keys(Engine(), situation, Answer(text="1")) == ["answer_right"]


async def test_a_task_may_build_on_one_that_a_look_decides() -> None:
    """The second task's command runs when the first one is done, in the same judgement."""
    engine = Engine(first="yes", second="yes")
    tasks = (Task("a", (Probe("first", shows="yes"),)), Task("b", (Probe("second", shows="yes"),)))
    judged = await judge_open_tasks(lesson(*tasks), Situation(NOTHING), engine.look)
    assert [each.verdict.passed for each in judged] == [True, True]
    assert sorted(engine.asked) == ["first", "second"]


def test_a_task_that_asks_is_known_by_it() -> None:
    """Also when the answer is one of several ways."""
    assert asks_for_answer(Task("a", (AnyOf((WEB, Answer(text="1"))),)))
    assert not asks_for_answer(Task("a", (WEB,)))


@pytest.mark.parametrize("fields", [{"run": "ls"}, {"run": "a\nb", "shows": "x"}])
def test_a_probe_that_can_decide_nothing_is_refused(fields: dict[str, str]) -> None:
    """An author hears it when the lesson is read."""
    with pytest.raises(ValueError, match=r"probe|line"):
        Probe.from_fields(fields)


def test_a_command_is_not_compared_with_itself() -> None:
    """An author hears it when the lesson is read."""
    with pytest.raises(ValueError, match="two different"):
        SameOutput.from_fields({"run": "ls", "as": "ls"})
