"""Learners who type into the running service, as the attacks need them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sandbox.client import SandboxClient
from sandbox.errors import SandboxError
from sandbox.home import Home
from tests.docker_fixtures import ServiceProcess, docker, run

SERVED_WITHIN_S = 2.0
"""What a learner waits at most for `docker ps`, whatever another one does meanwhile."""
BETWEEN_QUESTIONS_S = 0.7
BACK_WITHIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a command line."""

    output: str
    exit_code: int | None
    limit: str | None
    took_s: float


@dataclass(frozen=True, slots=True)
class Stage:
    """The service under attack."""

    service: ServiceProcess

    @property
    def home(self) -> Home:
        """Where it keeps its things."""
        return self.service.home

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[SandboxClient, None]:
        """Somebody who may ask the service."""
        async with SandboxClient.connect(self.service.url, self.service.token) as client:
            yield client

    async def run(self, learner: str, line: str, *, time_limit_s: float = 60) -> Answer:
        """Type a command line as a learner and wait for its end."""
        started = time.monotonic()
        async with self.client() as client:
            outcome = await run(client, learner, line, time_limit_s=time_limit_s)
        ended = outcome.ended
        return Answer(outcome.text, ended.exit_code, ended.limit, time.monotonic() - started)

    async def attempt(self, learner: str, line: str, *, time_limit_s: float = 15) -> Answer | None:
        """The same; None when the sandbox ended with it, which is the attacker's own loss."""
        try:
            return await self.run(learner, line, time_limit_s=time_limit_s)
        except (AssertionError, SandboxError):
            return None

    async def comes_back(self, learner: str) -> bool:
        """Whether the sandbox works again soon, with what was on its disk."""
        deadline = time.monotonic() + BACK_WITHIN_S
        ask = "docker image inspect busybox >/dev/null && echo works"
        while time.monotonic() < deadline:
            answer = await self.attempt(learner, ask)
            if answer is not None and answer.output.endswith("works\n"):
                return True
            await asyncio.sleep(1)
        return False

    @asynccontextmanager
    async def serving(self, neighbour: str) -> AsyncGenerator[None, None]:
        """While the block runs, a neighbour asks `docker ps` again and again, and is served.

        Raises:
            AssertionError: one answer was late, or wrong.
        """
        over = asyncio.Event()
        asking = asyncio.create_task(self._ask_until(over, neighbour))
        try:
            yield
        finally:
            over.set()
            answers = await asking
        slowest = max(answers, key=lambda answer: answer.took_s)
        assert slowest.took_s <= SERVED_WITHIN_S, f"a neighbour waited: {slowest}"
        assert all(answer.output == "web\n" for answer in answers), answers

    async def _ask_until(self, over: asyncio.Event, neighbour: str) -> list[Answer]:
        answers = []
        while not over.is_set():
            answers.append(await self.run(neighbour, "docker ps --format '{{.Names}}'"))
            try:
                await asyncio.wait_for(over.wait(), BETWEEN_QUESTIONS_S)
            except TimeoutError:
                continue
        return answers

    def container(self, learner: str) -> str:
        """The id of a learner's outer container."""
        labels = (f"docent.home={self.home.label}", f"docent.learner={learner}")
        filters = [part for label in labels for part in ("--filter", f"label={label}")]
        return docker("ps", "--all", "--quiet", *filters).strip()
