"""What is valid, and huge: no answer of a learner's engine keeps everybody else waiting."""

from __future__ import annotations

import asyncio
import json
import pickle
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from functools import partial
from itertools import pairwise

import pytest
from pydantic import TypeAdapter

from sandbox.attached import attached_programs, end_attached
from sandbox.engine_api import LARGEST_BODY_BYTES, EngineApi
from sandbox.errors import EngineFailed
from sandbox.facts import API, FactsReader
from sandbox.facts.reader import ALL_CONTAINERS
from sandbox.facts.said import SaidContainers
from sandbox.lost import lost_containers
from tests.unit.sandbox.test_engine_api import Engine, answer
from tests.unit.sandbox.test_facts import ANSWERS, ID

LONGEST_TURN_S = 0.4
"""Of the processor's time, so it is the same on a machine that has other things to do."""
DISK = b"       Used  1B-blocks\n  111 222\n"
CONTAINER = f"/containers/{ID}/json"
STATE = '"Id":"","Name":"","State":{"Status":"exited"}'
ONE = f'{{{STATE},"Config":{{@}},"HostConfig":{{}}}}'
HUGE = {
    "images": ("/images/json", "[@]", '{"Id":"#"}'),
    "images that are none": ("/images/json", "[@]", "[]"),
    "tags of an image": ("/images/json", '[{"Id":"","RepoTags":[@]}]', '""'),
    "images with tags": ("/images/json", "[@]", f'{{"Id":"","RepoTags":[{",".join(["1"] * 64)}]}}'),
    "networks": ("/networks", "[@]", '{"Id":"","Name":"#"}'),
    "networks that are none": ("/networks", "[@]", "1"),
    "volumes": ("/volumes", '{"Volumes":[@]}', '{"Name":"#"}'),
    "labels of a volume": ("/volumes", '{"Volumes":[{"Name":"","Labels":{@}}]}', '"#":""'),
    "containers": (ALL_CONTAINERS, "[@]", f'{{"Id":"{ID}"}}'),
    "containers that are none": (ALL_CONTAINERS, "[@]", "{}"),
    "what nobody asked for": (ALL_CONTAINERS, f'[{{"Id":"{ID}","Status":"","X":[@]}}]', "[]"),
    "parts of an engine": ("/version", '{"Components":[@]}', "{}"),
    "an info": ("/info", "{@}", '"#":[]'),
    "variables": (CONTAINER, ONE.replace("@", '"Env":[@]'), '""'),
    "labels": (CONTAINER, ONE.replace("@", '"Labels":{@}'), '"#":""'),
    "labels that are none": (CONTAINER, ONE.replace("@", '"Labels":{@}'), '"#":1'),
    "exposed ports": (CONTAINER, ONE.replace("@", '"ExposedPorts":{@}'), '"#/tcp":{}'),
    "published ports": (
        CONTAINER,
        f'{{{STATE},"Config":{{}},"HostConfig":{{"PortBindings":{{@}}}}}}',
        '"#/tcp":[{},{}]',
    ),
    "mounts": (CONTAINER, f'{{{STATE},"Config":{{}},"HostConfig":{{}},"Mounts":[@]}}', "{}"),
    "what takes room": ("/system/df", '{"BuildCache":[@]}', "{}"),
    "room that is none": ("/system/df", '{"Volumes":[@]}', "[]"),
}  # fmt: skip


def huge(around: str, piece: str) -> bytes:
    """As much as an answer may have of this, numbered."""
    count = (LARGEST_BODY_BYTES - len(around)) // (len(piece.replace("#", "9" * 7)) + 1)
    pieces = ",".join(piece.replace("#", str(10**6 + number)) for number in range(count))
    return around.replace("@", pieces).encode()


class AnsweringStream:
    """A stream to an engine that answers by path; what is not there is 404."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self._answers = answers
        self._ready = b""

    def write(self, data: bytes) -> None:
        """Some requests."""
        for request in data.split(b"\r\n\r\n")[:-1]:
            path = request.split()[1].decode().removeprefix(API)
            body = self._answers.get("/events" if path.startswith("/events?") else path)
            self._ready += answer(b"{}", "404 Not Found") if body is None else answer(body)

    async def read(self, most: int = 32_768) -> bytes:
        """Some of the answers, as it comes over a socket."""
        await asyncio.sleep(0)
        piece, self._ready = self._ready[:most], self._ready[most:]
        return piece


def engine(**answers: bytes) -> EngineApi:
    """An ordinary engine, but for these answers."""
    ordinary = {path: json.dumps(said).encode() for path, said in ANSWERS.items()}
    stream = AnsweringStream({"/events": b"", "/system/df": b"{}"} | ordinary | answers)
    return EngineApi(lambda: nullcontext(stream))


@asynccontextmanager
async def nobody_waits() -> AsyncGenerator[None]:
    """While the block runs, somebody else gets their turn again and again, and soon."""
    turns: list[float] = []

    async def take_turns() -> None:
        while True:
            turns.append(time.thread_time())
            await asyncio.sleep(0)

    somebody = asyncio.create_task(take_turns())
    await asyncio.sleep(0)
    try:
        yield
    finally:
        somebody.cancel()
    turns.append(time.thread_time())
    longest = max(later - turn for turn, later in pairwise(turns))
    assert longest < LONGEST_TURN_S


@pytest.mark.parametrize("what", HUGE)
async def test_nobody_waits_for_what_one_engine_says(what: str) -> None:
    """Whether it becomes facts, cut, or is refused."""
    path, around, piece = HUGE[what]
    body = huge(around, piece)
    assert len(body) > LARGEST_BODY_BYTES * 0.9

    async with nobody_waits():
        with suppress(EngineFailed):
            await FactsReader(engine(**{path: body})).read(client_version="", disk=DISK)


async def test_nobody_waits_for_all_containers_together() -> None:
    """Each of them takes a moment; in between it is somebody else's turn."""
    ids = [f"{number:064x}" for number in range(10)]
    _, around, piece = HUGE["labels"]
    body = huge(around, piece)
    answers = {CONTAINER.replace(ID, each): body for each in ids}
    answers[ALL_CONTAINERS] = json.dumps([{"Id": each} for each in ids]).encode()

    async with nobody_waits():
        facts = await FactsReader(engine(**answers)).read(client_version="")
    assert 0 < len(facts.containers) < len(ids)
    assert facts.truncated


async def test_nobody_waits_for_an_event() -> None:
    """The engine gives it as many attributes as it likes."""
    event = '{"Type":"container","Action":"start","timeNano":1,"Actor":{"Attributes":{@}}}'
    body = huge(event, '"#":""')

    async with nobody_waits():
        facts = await FactsReader(engine(**{"/events": body})).read(client_version="")
    assert [event.action for event in facts.events] == ["start"]


async def test_a_list_that_is_remembered_stays_small() -> None:
    """What is kept to see whether anything changed is none of its size."""
    listed = huge(f'[{{"Id":"{ID}","Status":"Exited (0)","Names":[@]}}]', '"#"')
    [entry] = TypeAdapter(SaidContainers).validate_json(listed)
    [same] = TypeAdapter(SaidContainers).validate_json(listed)
    [other] = TypeAdapter(SaidContainers).validate_json(listed.replace(b'"1000000"', b'"x"'))

    assert entry.summary == same.summary != other.summary
    assert len(pickle.dumps(entry.summary)) < 100


@pytest.mark.parametrize("piece", ["{}", "1", f'{{"Id":"{ID}","Created":1}}'])
@pytest.mark.parametrize(
    "ask",
    [partial(end_attached, since=0), attached_programs, partial(lost_containers, since=0)],
    ids=["attached", "programs", "lost"],
)
async def test_nobody_waits_for_what_is_looked_up_beside_facts(
    ask: Callable[[EngineApi], Awaitable[object]], piece: str
) -> None:
    """What ended with the last sandbox, and what is to be ended with a command."""
    stream = Engine([answer(huge("[@]", piece))], piece=32_768)
    async with nobody_waits():
        with pytest.raises(EngineFailed):
            await ask(EngineApi(stream.open))
