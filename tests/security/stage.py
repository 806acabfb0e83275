"""Learners who type into the running service, as the attacks need them."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sandbox.client import SandboxClient
from sandbox.home import Home
from tests.docker_fixtures import ServiceProcess, docker, run


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

    def container(self, learner: str) -> str:
        """The id of a learner's outer container."""
        labels = (f"docent.home={self.home.label}", f"docent.learner={learner}")
        filters = [part for label in labels for part in ("--filter", f"label={label}")]
        return docker("ps", "--all", "--quiet", *filters).strip()
