"""Lessons played on a real engine: untouched, by the solution, other ways and near misses."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import pytest

from bot.classroom.facts import facts_for_checks
from bot.classroom.looking import LOOK_LIMIT_S, Looks
from bot.classroom.preparing import SETUP_LIMIT_S
from lessons.facts import CommandDone, EngineFacts, PageSeen, ProbeSeen, Situation
from lessons.judging import TaskVerdict, judge_open_tasks
from lessons.loader import CONTENT, load_catalogue
from lessons.model import Lesson, Verdict
from lessons.questions import EngineQuestion
from lessons.solution import read_solution
from lessons.trials import Miss, Trials, Way, read_trials
from ops.testing import TOGETHER_VARIABLE
from sandbox.client import SandboxClient
from tests.docker_fixtures import new_learner, put_away, run
from tests.trials.tally import TALLY

pytestmark = pytest.mark.docker

T = TypeVar("T")

CATALOGUE = load_catalogue()
LESSONS = pytest.mark.parametrize("lesson", CATALOGUE.lessons, ids=lambda lesson: lesson.id)
RUN = "docker run -d -p 80:80 --name hellonginx nginx"
AT_ONCE = 3
EVERY = 2 if TOGETHER_VARIABLE in os.environ else 1
"""When all tests run together, every second near miss is played: `./docent test trials`."""
CLEAN = (
    "cd /root; docker rm -f $(docker ps -aq) 2>&1; "
    "docker network prune -f; docker volume prune -af; "
    "docker images --digests --format '{{.Digest}} {{.Repository}}:{{.Tag}}' "
    "| sed -n '/<none>:<none>/d; s/^<none> //p' | xargs -r docker rmi -f; "
)
"""What was pulled stays, which saves pulling it twenty times; it alone has a digest."""
EMPTY = "docker images -q | sort -u | xargs -r docker rmi -f 2>&1;"


def folder(lesson: Lesson) -> Path:
    """Where the lesson's files are."""
    return CONTENT / f"{lesson.order:03}-{lesson.id}"


def trials(lesson: Lesson) -> Trials:
    """Its other ways and near misses."""
    return read_trials(folder(lesson) / "trials.yaml", lesson, [])


def attempts(lesson: Lesson) -> list[Lesson]:
    """The lesson; one with faults as often as it takes to have each of them broken once."""
    if lesson.faults is None:
        return [lesson]
    ids, count = lesson.faults.ids, lesson.faults.at_once
    return [lesson.with_faults(ids[at : at + count]) for at in range(0, len(ids), count)]


ATTEMPTS = [
    pytest.param(attempt, id=f"{lesson.id}{''.join(f'-{fault}' for fault in attempt.broken)}")
    for lesson in CATALOGUE.lessons
    for attempt in attempts(lesson)
]


@dataclass(slots=True)
class Player:
    """A learner at a lesson: types lines, looks at pages, and is judged as the bot judges."""

    client: SandboxClient
    learner: str
    lesson: Lesson
    commands: list[CommandDone] = field(default_factory=list)
    pages: list[PageSeen] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    answers: dict[str, str] = field(default_factory=dict)

    async def prepare(self) -> None:
        """Prepare the engine for every step that has something left to do, as the bot does."""
        for step in self.lesson.steps:
            script = self.lesson.setup_of(step)
            if script is not None and not {task.id for task in step.tasks} <= self.done:
                seen = await self._look(script, limit_s=SETUP_LIMIT_S)
                assert seen.exit_code == 0, (step.id, seen.text)

    async def type(self, line: str) -> None:
        """Type a line of a script and be judged; `!` begins one that is not simply a command."""
        match line.split(maxsplit=2):
            case ["!look", port]:
                page = await self.client.page(self.learner, int(port))
                self.pages.append(PageSeen(int(port), page.status, page.title))
            case ["!for", seconds, command]:
                await self._run(command, time_limit_s=float(seconds))
            case ["!answer", task_id, said]:
                self.answers[task_id] = said
            case ["!look-up", task_id, command]:
                self.answers[task_id] = (await self._look(command)).text.strip()
            case ["!unseen", _, _]:
                await self._run(line.removeprefix("!unseen "))
                self.done.clear()
            case _:
                await self._run(line)
        await self.tick()

    async def _run(self, line: str, **limits: float) -> None:
        ended = (await run(self.client, self.learner, line, **limits)).ended
        self.commands.append(CommandDone(line, ended.exit_code))

    async def tick(self) -> None:
        """Remember every task that passes now."""
        for judged in await self.verdicts():
            if judged.verdict.passed:
                self.done.add(judged.task.id)

    async def verdicts(self) -> list[TaskVerdict]:
        """How the tasks that are open stand now."""
        situation = self.situation(await self.facts())
        return await judge_open_tasks(self.lesson, situation, self._look)

    async def _look(self, line: str, *, limit_s: float = LOOK_LIMIT_S) -> ProbeSeen:
        return await Looks(self.client).run(int(self.learner), line, limit_s=limit_s)

    async def facts(self) -> EngineFacts:
        """The engine's state as checks know it."""
        return facts_for_checks(await self.client.facts(self.learner))

    def situation(self, facts: EngineFacts) -> Situation:
        """All that a check may look at now."""
        return Situation(
            facts,
            tuple(self.commands),
            tuple(self.pages),
            frozenset(self.done),
            dict(self.answers),
        )

    async def verdict(self, task_id: str) -> Verdict:
        """How this task is judged now."""
        (found,) = [judged for judged in await self.verdicts() if judged.task.id == task_id]
        return found.verdict


@pytest.fixture
async def player(client: SandboxClient) -> AsyncGenerator[Player]:
    """A learner with a fresh sandbox, at the first of the lessons."""
    learner = new_learner()
    await client.open(learner)
    yield Player(client, learner, CATALOGUE.lessons[0])
    await put_away(client, learner)


@pytest.fixture
async def players(client: SandboxClient) -> AsyncGenerator[Sequence[Player]]:
    """Several learners with fresh sandboxes, who share the work."""
    names = [new_learner() for _ in range(AT_ONCE)]
    await asyncio.gather(*(client.open(name) for name in names))
    yield [Player(client, name, CATALOGUE.lessons[0]) for name in names]
    await asyncio.gather(*(put_away(client, name) for name in names))


@pytest.mark.parametrize("lesson", ATTEMPTS)
async def test_the_solution_does_each_task_in_turn(player: Player, lesson: Lesson) -> None:
    """In a fresh sandbox every check fails; each part of the solution makes its own task pass.

    Where things are broken, one repair may mend two of them.
    """
    player.lesson = lesson
    for _ in range(2):  # preparing is safe to repeat
        await player.prepare()
        for judged in await player.verdicts():
            untouched = not judged.verdict.passed
            TALLY.count(lesson, judged.task.id, "untouched engine", right=untouched)
            assert untouched, f"{judged.task.id} passes untouched"
    facts = await player.facts()
    if not any(step.setup for step in lesson.steps):
        for task in lesson.tasks:
            for check in task.checks:
                findings = check.judge(player.situation(facts))
                assert not all(found.ok for found in findings), f"{task.id} passes untouched"

    expected: set[str] = set()
    solution = read_solution(folder(lesson) / "solution.sh", lesson, [])
    for task_id in (task.id for task in lesson.tasks):
        for line in solution[task_id]:
            await player.type(line)
        expected |= {task_id, *(player.done & set(lesson.broken))}
        story = "" if task_id in player.done else await player.verdict(task_id)
        TALLY.count(lesson, task_id, "solution", right=player.done == expected)
        assert player.done == expected, f"after {task_id}: {story}"


@pytest.mark.timeout(900)
@LESSONS
async def test_other_ways_are_as_good(players: Sequence[Player], lesson: Lesson) -> None:
    """Whoever reaches the same state by other commands has done the lesson."""
    wrong: list[tuple[str, dict[str, Verdict]]] = []

    async def play(player: Player, way: Way) -> None:
        attempt = lesson if lesson.faults is None else lesson.with_faults(way.faults)
        await start_over(player, attempt)
        await player.tick()
        if player.done:  # what somebody pulled before is what this lesson asks for
            await start_over(player, attempt, pulled_stays=False)
        for line in way.lines:
            await player.type(line)
        missing = {
            task.id: await player.verdict(task.id)
            for task in attempt.tasks
            if task.id not in player.done
        }
        for task in attempt.tasks:
            TALLY.count(attempt, task.id, "other way", right=task.id in player.done)
        if missing:
            wrong.append((way.name, missing))

    await share(players, trials(lesson).ways, play)
    assert wrong == []


@pytest.mark.timeout(900)
@LESSONS
async def test_near_misses_do_not_pass_and_are_named(
    players: Sequence[Player], lesson: Lesson
) -> None:
    """Each typical mistake fails its task, with the finding that names it."""
    wrong: list[tuple[str, str, Verdict | None]] = []

    async def play(player: Player, miss: Miss) -> None:
        await start_over(player, alone(lesson, miss.task))
        for line in miss.lines:
            await player.type(line)
        verdict = None if miss.task in player.done else await player.verdict(miss.task)
        named = {found.key for found in verdict.missing} if verdict is not None else set()
        right = (
            verdict is not None
            and not verdict.passed
            and (miss.finding is None or miss.finding in named)
        )
        TALLY.count(lesson, miss.task, "near miss", right=right)
        if not right:
            wrong.append((miss.task, miss.name, verdict))

    await share(players, trials(lesson).misses[::EVERY], play)
    assert wrong == []


async def share(
    players: Sequence[Player], plays: Sequence[T], play: Callable[[Player, T], Awaitable[None]]
) -> None:
    """Have all of these played, each by the player who is free next."""
    left = iter(plays)

    async def go_on(player: Player) -> None:
        for each in left:
            await play(player, each)

    async with asyncio.TaskGroup() as group:
        for player in players:
            group.create_task(go_on(player))


def alone(lesson: Lesson, task_id: str) -> Lesson:
    """The attempt in which nothing is broken but what this task is about."""
    if lesson.faults is None:
        return lesson
    return lesson.with_faults([task_id] if task_id in lesson.faults.ids else [])


@LESSONS
async def test_an_engine_has_an_answer_to_each_question(player: Player, lesson: Lesson) -> None:
    """After the set-up, which can be run twice, exactly one option fits what the engine says."""
    undecided = []
    for question in CATALOGUE.questions[lesson.id].questions:
        if isinstance(question, EngineQuestion):
            for line in (*question.setup, *question.setup):
                await run(player.client, player.learner, line)
            said = (await run(player.client, player.learner, question.run)).text
            if question.answer_from(said) is None:
                undecided.append((question.id, said))
    assert undecided == []


async def start_over(player: Player, lesson: Lesson, *, pulled_stays: bool = True) -> None:
    """Begin this: nothing done, no container, no image or file of the learner's own."""
    player.lesson = lesson
    clean = CLEAN if pulled_stays else f"{CLEAN} {EMPTY}"
    await run(player.client, player.learner, f"{clean} rm -rf /root/{lesson.id}")
    player.commands, player.pages, player.done, player.answers = [], [], set(), {}
    await player.prepare()


async def test_a_neighbours_container_is_nobodys_progress(
    player: Player, client: SandboxClient
) -> None:
    """Two learners with the same name and port: each sees their own engine alone."""
    first = CATALOGUE.get("first-container")
    assert first is not None
    player.lesson = first
    other = replace(player, learner=new_learner(), commands=[], pages=[], done=set())
    await client.open(other.learner)
    try:
        await player.type(RUN)
        await other.tick()
        assert (player.done, other.done) == ({"run"}, set())
        await other.type(RUN)
        assert other.done == {"run"}
    finally:
        await put_away(client, other.learner)
