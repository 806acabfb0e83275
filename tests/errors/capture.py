"""`python -m tests.errors.capture`: what errors and successes look like, from a learner's sandbox.

Plays every scene of `scenes.yaml` in one sandbox and writes `captured.yaml`; then the solutions of
all lessons and the lines of `good_lines.txt`, and writes what succeeded to `successes.yaml`.
With `errors` only the scenes, and of them those that are not in `captured.yaml` yet, or all with
`errors anew`; with `successes` only those. Needs root, a Docker engine and what `./docent test`
makes; takes minutes.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.classroom.looking import Looks
from bot.classroom.preparing import SETUP_LIMIT_S
from lessons.loader import CONTENT, load_catalogue
from lessons.model import Lesson
from lessons.solution import read_solution
from ops.home import default_home
from sandbox.client import SandboxClient
from tests.docker_fixtures import ServiceProcess, home_with_mirror, new_learner, run

HERE = Path(__file__).parent
SCENES = HERE / "scenes.yaml"
CAPTURED = HERE / "captured.yaml"
GOOD_LINES = HERE / "good_lines.txt"
SUCCESSES = HERE / "successes.yaml"

KEPT = 4000
"""So many characters of an output are kept: its end, which is what is looked at."""

KEPT_OF_SUCCESS = 1500
"""There are hundreds of them."""

LIMIT_S = 60.0

Scene = tuple[str, str]
"""The id of an error and the line that meets it."""
CLEAN = (
    "cd /root; docker rm -f $(docker ps -aq) 2>&1; docker network prune -f; docker volume prune -af"
)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A learner's sandbox to type lines in."""

    client: SandboxClient
    learner: str

    async def type(self, line: str) -> tuple[str, int | None]:
        """What the line printed, and its exit code."""
        outcome = await run(self.client, self.learner, line, time_limit_s=LIMIT_S)
        return outcome.text[-KEPT:], outcome.ended.exit_code


@asynccontextmanager
async def sandbox(client: SandboxClient) -> AsyncGenerator[Sandbox]:
    """A fresh one, closed at the end."""
    learner = new_learner()
    await client.open(learner)
    try:
        yield Sandbox(client, learner)
    finally:
        await client.close(learner)


async def capture_scenes(
    box: Sandbox, scenes: Sequence[dict[str, Any]], kept: Mapping[Scene, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Every scene with what its line printed; those that are kept are not played again."""
    captured = []
    await box.type("docker pull -q busybox")
    for scene in scenes:
        if known := kept.get((scene["id"], scene["line"])):
            captured.append(known)
            continue
        for line in scene.get("before", []):
            await box.type(line)
        output, exit_code = await box.type(scene["line"])
        for line in scene.get("after", []):
            await box.type(line)
        about = {key: scene[key] for key in ("number", "id", "line") if key in scene}
        captured.append(about | {"exit_code": exit_code, "output": output})
        print(scene["id"], exit_code, output[-200:].strip().replace("\n", " | "), flush=True)
    return captured


async def capture_lesson(client: SandboxClient, lesson: Lesson) -> list[dict[str, Any]]:
    """The lines of its solution that succeeded, with what they printed."""
    successes = []
    folder = CONTENT / f"{lesson.order:03}-{lesson.id}"
    solution = read_solution(folder / "solution.sh", lesson, [])
    async with sandbox(client) as box:
        for step in lesson.steps:
            script = lesson.setup_of(step)
            if script is not None:
                await Looks(client).run(int(box.learner), script, limit_s=SETUP_LIMIT_S)
        for line in (line for lines in solution.values() for line in lines):
            if not line.startswith("!"):
                output, exit_code = await box.type(line)
                successes.append(_success(line, output, exit_code))
        print(lesson.id, len(successes), flush=True)
    return [each for each in successes if each["exit_code"] == 0]


async def capture_good_lines(client: SandboxClient) -> list[dict[str, Any]]:
    """The lines of the list, in their order; all of them succeed."""
    captured = []
    async with sandbox(client) as box:
        for line in GOOD_LINES.read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            output, exit_code = await box.type(line)
            captured.append(_success(line, output, exit_code))
            if exit_code != 0:
                print("no success:", line, output, flush=True)
    return [each for each in captured if each["exit_code"] == 0]


async def capture(url: str, token: str, *, wanted: Sequence[str]) -> None:
    """Write the files anew; `wanted` are `errors` and `successes`."""
    async with SandboxClient.connect(url, token) as client:
        if "errors" in wanted:
            scenes = yaml.safe_load(SCENES.read_text(encoding="utf-8"))
            known = [] if "anew" in wanted else yaml.safe_load(CAPTURED.read_text(encoding="utf-8"))
            kept = {(each["id"], each["line"]): each for each in known}
            async with sandbox(client) as box:
                version, _ = await box.type("docker version --format '{{.Server.Version}}'")
                _write(CAPTURED, version.strip(), await capture_scenes(box, scenes, kept))
        if "successes" in wanted:
            captured = await capture_good_lines(client)
            for lesson in load_catalogue().lessons:
                captured += await capture_lesson(client, lesson)
            _write(SUCCESSES, "", captured)


def _success(line: str, output: str, exit_code: int | None) -> dict[str, Any]:
    return {"line": line, "exit_code": exit_code, "output": output[-KEPT_OF_SUCCESS:]}


def _write(file: Path, version: str, entries: list[dict[str, Any]]) -> None:
    head = "# Captured from a learner's sandbox by `python -m tests.errors.capture`. Do not edit.\n"
    if version:
        head += f"# Docker {version}\n"
    body = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=10_000)
    file.write_text(head + body, encoding="utf-8")


def main() -> None:
    """Start a sandbox service of our own and capture from it."""
    wanted = sys.argv[1:] or ["errors", "anew", "successes"]
    with home_with_mirror(default_home()) as root:
        service = ServiceProcess(root)
        service.start()
        try:
            asyncio.run(capture(service.url, service.token, wanted=wanted))
        finally:
            service.stop()


if __name__ == "__main__":
    main()
