"""What did not come back: containers that ran when the sandbox ended last, and were not started.

The engine marks them as ended at the end of the sandbox or, after a crash, at its next start. What
a learner stopped or finished before has an earlier time, and what has a restart policy runs again.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sandbox.contract import MOST_LOST
from sandbox.engine_api import EngineApi
from sandbox.errors import EngineFailed
from sandbox.facts import API
from sandbox.facts.bounds import MOST_LISTED

TIMEOUT_S = 2.0
"""It is nice to know: the learner's command waits for it."""
MOST_EXAMINED = 40
"""The newest of a learner's containers; each costs a question."""
_EXITED = "%7B%22status%22%3A%5B%22exited%22%5D%7D"
"""`{"status":["exited"]}` as a part of a URL."""


class _Listed(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str = Field(alias="Id", pattern=r"^[0-9a-f]{64}$")


class _State(BaseModel):
    model_config = ConfigDict(extra="ignore")

    finished_at: AwareDatetime = Field(alias="FinishedAt")


class _Inspected(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str = Field(alias="Name", pattern=r"^/[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$")
    state: _State = Field(alias="State")


_LISTED: TypeAdapter[list[_Listed]] = TypeAdapter(
    Annotated[list[_Listed], Field(max_length=MOST_LISTED)]
)


async def lost_containers(api: EngineApi, *, since: float) -> tuple[str, ...]:
    """Names of containers that ended at `since` or later, newest first, `MOST_LOST` at most.

    Args:
        api: The learner's engine, which has just started.
        since: Seconds since 1970; the engine inside has the same clock.

    Raises:
        EngineFailed: the engine does not answer in time, or nonsense.
        SandboxGone: the sandbox ended.
    """
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await _lost(api, since)
    except TimeoutError as exc:
        raise EngineFailed("the engine does not answer in time") from exc
    except ValidationError as exc:
        raise EngineFailed("the engine's answer makes no sense") from exc


async def _lost(api: EngineApi, since: float) -> tuple[str, ...]:
    listed = _LISTED.validate_json(
        await api.get(f"{API}/containers/json?all=1&filters={_EXITED}") or b"[]"
    )
    lost: list[str] = []
    for entry in listed[:MOST_EXAMINED]:
        said = await api.get(f"{API}/containers/{entry.id}/json")
        if said is None:
            continue
        container = _Inspected.model_validate_json(said)
        if container.state.finished_at.timestamp() >= since:
            lost.append(container.name.removeprefix("/"))
    return tuple(lost[:MOST_LOST])
