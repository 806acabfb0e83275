"""Lessons played on a real engine: untouched, by the solution, other ways and near misses."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

import pytest

from bot.classroom.facts import facts_for_checks
from lessons.checks import judge
from lessons.facts import CommandDone, EngineFacts, PageSeen, Situation
from lessons.loader import CONTENT, load_catalogue
from lessons.model import Lesson, Verdict
from lessons.solution import read_solution
from sandbox.client import SandboxClient
from tests.docker_fixtures import new_learner, run

pytestmark = pytest.mark.docker

CATALOGUE = load_catalogue()
FIRST = CATALOGUE.get("first-container")
assert FIRST is not None

RUN = "docker run -d -p 80:80 --name hellonginx nginx"

OTHER_WAYS = {
    "long options, management command": [
        "docker version --format json",
        "docker system info",
        "docker container --help",
        "docker container run --detach --publish=80:80 --name=hellonginx nginx:latest",
        "curl -s http://127.0.0.1:80/ | head -3",
        "docker container stop hellonginx && docker container rm hellonginx",
    ],
    "several commands, joined options, the image's long name": [
        "docker version; docker info",
        "docker help run",
        "docker pull -q docker.io/library/nginx",
        "docker create --name=hellonginx -p80:80 docker.io/library/nginx",
        "docker start hellonginx",
        "!look 80",
        "docker rm -f $(docker ps -q)",
    ],
    "in the foreground, as the notes have it": [
        "docker version",
        "docker info",
        "docker",
        "docker pull -q nginx",
        "!for 5 docker run -p 80:80 --name hellonginx nginx",
        "curl localhost",
        "docker kill hellonginx; docker rm hellonginx",
    ],
}

NEAR_MISSES = {
    "wrong host port": (
        ["docker run -d -p 8080:80 --name hellonginx nginx"],
        "run",
        "port_other",
    ),
    "wrong container port": (
        ["docker run -d -p 80:8080 --name hellonginx nginx"],
        "run",
        "port_other",
    ),
    "no port": (["docker run -d --name hellonginx nginx"], "run", "port_unpublished"),
    "wrong name": (["docker run -d -p 80:80 --name hello nginx"], "run", "container_other_name"),
    "no name": (["docker run -d -p 80:80 nginx"], "run", "container_other_name"),
    "another image": (
        ["docker run -d -p 80:80 --name hellonginx httpd"],
        "run",
        "container_other_image",
    ),
    "created only": (
        ["docker create -p 80:80 --name hellonginx nginx"],
        "run",
        "container_created",
    ),
    "stopped": ([RUN, "!unseen docker stop hellonginx"], "run", "container_exited"),
    "paused": ([RUN, "!unseen docker pause hellonginx"], "run", "container_paused"),
    "options after the image": (
        ["docker run nginx -d -p 80:80 --name hellonginx"],
        "run",
        "container_other_name",
    ),
    "port taken": (
        ["docker run -d -p 80:80 --name web busybox sleep 60", RUN],
        "run",
        "container_created",
    ),
    "gone before it was ever seen": ([], "remove", "container_never_seen"),
    "stopped, not removed": ([RUN, "docker stop hellonginx"], "remove", "container_still_there"),
    "removed without force": ([RUN, "docker rm hellonginx"], "remove", "container_still_running"),
    "page of a port that nobody publishes": (["curl -s localhost"], "page", None),
    "page not looked at": ([RUN], "page", "page_not_seen"),
    "client version only": (["docker --version"], "version", "command_short_version"),
    "help of version": (["docker version --help"], "version", "command_only_help"),
    "a command that fails": (["docker info --nonsense"], "info", "command_failed"),
}


@dataclass(slots=True)
class Player:
    """A learner at a lesson: types lines, looks at pages, and is judged as the bot judges."""

    client: SandboxClient
    learner: str
    lesson: Lesson
    commands: list[CommandDone] = field(default_factory=list)
    pages: list[PageSeen] = field(default_factory=list)
    done: set[str] = field(default_factory=set)

    async def type(self, line: str) -> None:
        """Type a line of a script and be judged; `!` begins one that is not simply a command."""
        match line.split(maxsplit=2):
            case ["!look", port]:
                page = await self.client.page(self.learner, int(port))
                self.pages.append(PageSeen(int(port), page.status, page.title))
            case ["!for", seconds, command]:
                await self._run(command, time_limit_s=float(seconds))
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
        facts = await self.facts()
        for task in self.lesson.tasks:
            if judge(task, self.situation(facts)).passed:
                self.done.add(task.id)

    async def facts(self) -> EngineFacts:
        """The engine's state as checks know it."""
        return facts_for_checks(await self.client.facts(self.learner))

    def situation(self, facts: EngineFacts) -> Situation:
        """All that a check may look at now."""
        return Situation(facts, tuple(self.commands), tuple(self.pages), frozenset(self.done))

    async def verdict(self, task_id: str) -> Verdict:
        """How this task is judged now."""
        (task,) = [task for task in self.lesson.tasks if task.id == task_id]
        return judge(task, self.situation(await self.facts()))


@pytest.fixture
async def player(client: SandboxClient) -> AsyncGenerator[Player]:
    """A learner with a fresh sandbox."""
    assert FIRST is not None
    learner = new_learner()
    await client.open(learner)
    yield Player(client, learner, FIRST)
    await client.close(learner)


@pytest.mark.parametrize("lesson", CATALOGUE.lessons, ids=lambda lesson: lesson.id)
async def test_the_solution_does_each_task_in_turn(player: Player, lesson: Lesson) -> None:
    """In a fresh sandbox every check fails; each part of the solution makes its own task pass."""
    player.lesson = lesson
    facts = await player.facts()
    for task in lesson.tasks:
        for check in task.checks:
            findings = check.judge(player.situation(facts))
            assert not all(found.ok for found in findings), f"{task.id} passes untouched"

    folder = CONTENT / f"{lesson.order:03}-{lesson.id}"
    expected: set[str] = set()
    for task_id, lines in read_solution(folder / "solution.sh", lesson, []).items():
        for line in lines:
            await player.type(line)
        expected.add(task_id)
        assert player.done == expected, f"after {task_id}: {await player.verdict(task_id)}"


@pytest.mark.parametrize("way", OTHER_WAYS)
async def test_other_ways_are_as_good(player: Player, way: str) -> None:
    """Whoever reaches the same state by other commands has done the lesson."""
    for line in OTHER_WAYS[way]:
        await player.type(line)
    assert player.done == {task.id for task in player.lesson.tasks}


async def test_near_misses_do_not_pass_and_are_named(player: Player) -> None:
    """Each typical mistake fails its task, with the finding that names it."""
    wrong = []
    for name, (lines, task_id, key) in NEAR_MISSES.items():
        await start_over(player)
        for line in lines:
            await player.type(line)
        verdict = await player.verdict(task_id)
        named = key is None or key in {found.key for found in verdict.missing}
        if verdict.passed or not named:
            wrong.append((name, verdict))
    assert wrong == []


async def start_over(player: Player) -> None:
    """Nothing done, no container; images stay, which saves pulling them twenty times."""
    await run(player.client, player.learner, "docker rm -f $(docker ps -aq) 2>&1; true")
    player.commands, player.pages, player.done = [], [], set()


async def test_a_neighbours_container_is_nobodys_progress(
    player: Player, client: SandboxClient
) -> None:
    """Two learners with the same name and port: each sees their own engine alone."""
    other = replace(player, learner=new_learner(), commands=[], pages=[], done=set())
    await client.open(other.learner)
    try:
        await player.type(RUN)
        await other.tick()
        assert (player.done, other.done) == ({"run"}, set())
        await other.type(RUN)
        assert other.done == {"run"}
    finally:
        await client.close(other.learner)
