"""Ends what runs in containers for a client that we killed: Ctrl-C would have ended it, too.

`docker run busybox yes` is a client that shows what a container prints. When a command line is
ended by a limit, its client is gone at once, but the container would print on, for nobody, and take
all of the sandbox's time. The same with `docker exec`: its program is a process that can be ended.
What was started in the background (`-d`) is none of this. Nor is what belongs to somebody else who
uses the sandbox just then: a line has no terminal, a session has one, and so it is told apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from enum import Enum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sandbox.engine_api import EngineApi
from sandbox.errors import EngineFailed
from sandbox.facts import API
from sandbox.facts.bounds import MOST_LISTED

MOST_CONTAINERS = 20
TIMEOUT_S = 10.0
"""Patient: such a container may be what keeps the engine busy."""


class Whose(Enum):
    """Which of those in the foreground are to be ended."""

    EVERYBODYS = "nobody else uses the sandbox"
    A_LINES = "those without a terminal"
    A_SESSIONS = "those with a terminal"

    def includes(self, *, has_terminal: bool) -> bool:
        """Whether it is one of these."""
        return self is Whose.EVERYBODYS or has_terminal == (self is Whose.A_SESSIONS)


_Id = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Listed(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: _Id = Field(alias="Id")
    created: int = Field(alias="Created")


class _Config(BaseModel):
    model_config = ConfigDict(extra="ignore")

    is_attached: bool = Field(alias="AttachStdout")
    has_terminal: bool = Field(alias="Tty", default=False)


class _Inspected(BaseModel):
    model_config = ConfigDict(extra="ignore")

    config: _Config = Field(alias="Config")


class _WithExecs(BaseModel):
    model_config = ConfigDict(extra="ignore")

    exec_ids: Annotated[list[_Id], Field(max_length=MOST_LISTED)] | None = Field(alias="ExecIDs")


class _ProcessConfig(BaseModel):
    model_config = ConfigDict(extra="ignore")

    has_terminal: bool = Field(alias="tty", default=False)


class _Exec(BaseModel):
    model_config = ConfigDict(extra="ignore")

    is_running: bool = Field(alias="Running")
    is_attached: bool = Field(alias="OpenStdout")
    pid: int = Field(alias="Pid", ge=0, lt=2**31)
    process: _ProcessConfig = Field(alias="ProcessConfig", default=_ProcessConfig())

    def is_one_of(self, whose: Whose) -> bool:
        """Whether it runs in the foreground of one of these."""
        in_foreground = self.is_running and self.is_attached and self.pid > 0
        return in_foreground and whose.includes(has_terminal=self.process.has_terminal)


_LISTED: TypeAdapter[list[_Listed]] = TypeAdapter(
    Annotated[list[_Listed], Field(max_length=MOST_LISTED)]
)
"""More are made up; what is wrong with each of them takes too long to say."""


async def end_attached(api: EngineApi, *, since: float, whose: Whose = Whose.EVERYBODYS) -> int:
    """Kill containers that run in the foreground of a command line begun at `since`; how many.

    Args:
        api: The learner's engine.
        since: Seconds since 1970; the engine inside has the same clock.
        whose: Which of them.

    Raises:
        EngineFailed: the engine does not answer in time, or nonsense.
        SandboxGone: the sandbox ended.
    """
    with _in_time_and_sense():
        async with asyncio.timeout(TIMEOUT_S):
            return await _end_attached(api, since, whose)


async def attached_programs(api: EngineApi, *, whose: Whose = Whose.EVERYBODYS) -> list[int]:
    """Process ids of programs that `docker exec` started in the foreground, in any container.

    A container's health check looks the same. Raises as `end_attached` does.
    """
    with _in_time_and_sense():
        async with asyncio.timeout(TIMEOUT_S):
            return await _attached_programs(api, whose)


@contextmanager
def _in_time_and_sense() -> Generator[None]:
    try:
        yield
    except TimeoutError as exc:
        raise EngineFailed("the engine does not answer in time") from exc
    except ValidationError as exc:
        raise EngineFailed("the engine's answer makes no sense") from exc


async def _end_attached(api: EngineApi, since: float, whose: Whose) -> int:
    listed = _LISTED.validate_json(await api.get(f"{API}/containers/json") or b"[]")
    young = [entry.id for entry in listed if entry.created >= int(since)]
    ended = 0
    for container_id in young[:MOST_CONTAINERS]:
        said = await api.get(f"{API}/containers/{container_id}/json")
        if said is None:
            continue
        config = _Inspected.model_validate_json(said).config
        if config.is_attached and whose.includes(has_terminal=config.has_terminal):
            await api.post(f"{API}/containers/{container_id}/kill")
            ended += 1
    return ended


async def _attached_programs(api: EngineApi, whose: Whose) -> list[int]:
    listed = _LISTED.validate_json(await api.get(f"{API}/containers/json") or b"[]")
    ids: list[str] = []
    for entry in listed[:MOST_CONTAINERS]:
        said = await api.get(f"{API}/containers/{entry.id}/json")
        if said is not None:
            ids += _WithExecs.model_validate_json(said).exec_ids or []
    programs: list[int] = []
    for exec_id in ids[:MOST_CONTAINERS]:
        said = await api.get(f"{API}/exec/{exec_id}/json")
        if said is not None:
            found = _Exec.model_validate_json(said)
            programs += [found.pid] if found.is_one_of(whose) else []
    return programs
