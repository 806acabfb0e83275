"""The adapter to the Docker SDK: only our errors leave it, and nothing blocks the loop."""

from __future__ import annotations

import asyncio
import gc
import socket
import time
import warnings
from collections.abc import Generator
from pathlib import Path

import docker.errors
import pytest
import requests

from sandbox.docker_engine import DockerEngine, engine_errors
from sandbox.errors import HostEngineDown, SandboxError


@pytest.fixture(autouse=True)
def sockets_that_the_sdk_leaves() -> Generator[None]:
    """It drops a socket that could not connect without closing it; that is for the collector."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def family(root: type[BaseException]) -> list[type[BaseException]]:
    """A class and all that come from it."""
    return [root, *(member for child in root.__subclasses__() for member in family(child))]


FOREIGN = [
    error
    for error in {
        *family(docker.errors.DockerException),
        *family(requests.RequestException),
        OSError,
        TimeoutError,
    }
    if issubclass(error, Exception)
]


def make(error: type[BaseException]) -> BaseException:
    """One of them; they differ in what they want to be told."""
    made = error.__new__(error)
    made.args = ("why",)
    for name, value in (("response", None), ("explanation", "why"), ("container", None)):
        made.__dict__[name] = value
    return made


@pytest.mark.parametrize("error", sorted(FOREIGN, key=str))
def test_no_error_of_the_sdk_leaves_under_its_own_name(error: type[BaseException]) -> None:
    """The whole family, as it is in the installed version."""
    with pytest.raises(SandboxError), engine_errors():
        raise make(error)


async def test_a_dead_engine_is_said_at_once(tmp_path: Path) -> None:
    """Nobody at the address, or no such file: every call says it."""
    engine = DockerEngine(f"unix://{tmp_path}/no.sock")
    started = time.monotonic()
    try:
        for call in (engine.describe(), engine.sandboxes(), engine.state("x"), engine.remove("x")):
            with pytest.raises(HostEngineDown):
                await call
    finally:
        engine.close()

    assert time.monotonic() - started < 2


async def test_an_engine_that_hangs_is_down_and_the_loop_goes_on(tmp_path: Path) -> None:
    """It accepts and says nothing; three seconds are the most."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "e.sock"))
    server.listen()
    engine = DockerEngine(f"unix://{tmp_path}/e.sock")
    ticks = 0
    try:
        call = asyncio.create_task(engine.describe())
        started = time.monotonic()
        while not call.done():
            await asyncio.sleep(0.01)
            ticks += 1
        with pytest.raises(HostEngineDown):
            await call
    finally:
        engine.close()
        server.close()

    assert time.monotonic() - started < 3
    assert ticks > 50


async def test_many_who_ask_an_engine_that_hangs_are_all_told_soon(tmp_path: Path) -> None:
    """There are fewer threads than learners, and nobody waits for all who came before."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "e.sock"))
    server.listen(100)
    engine = DockerEngine(f"unix://{tmp_path}/e.sock")
    started = time.monotonic()
    try:
        results = await asyncio.gather(
            *(engine.state("x") for _ in range(50)), return_exceptions=True
        )
        took = time.monotonic() - started
    finally:
        engine.close()
        await asyncio.to_thread(engine._questions.shutdown)
        server.close()

    assert all(isinstance(result, HostEngineDown) for result in results)
    assert took < 8
