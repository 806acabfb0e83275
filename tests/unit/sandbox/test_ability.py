"""Alive or able: what is missing is named, and whoever only looks at statuses sees it too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sandbox.ability import Ability, answers
from tests.unit.sandbox.stage import Stage


@asynccontextmanager
async def mirror(path: Path, answer: bytes) -> AsyncGenerator[None]:
    """A registry that says this, and nothing when it is empty, until the caller is gone."""
    served = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readline()
            writer.write(answer)
            if not answer:
                await reader.read()
        finally:
            writer.transport.abort()
            served.set()

    server = await asyncio.start_unix_server(serve, path)
    try:
        yield
        async with asyncio.timeout(5):
            await served.wait()
    finally:
        server.close()


async def test_a_service_with_everything_is_able(stage: Stage) -> None:
    """No problem, no reason."""
    async with mirror(stage.home.mirror_socket, b"HTTP/1.0 200 OK\r\n\r\n"):
        health = await stage.ability.health()

    assert health.able
    assert health.problems == []


async def test_everything_that_is_missing_is_named(tmp_path: Path) -> None:
    """All at once: who mends one thing wants to know of the next."""
    stage = Stage(tmp_path, capacity=1)
    await stage.lifecycle.open("1")
    stage.engine.down = True
    ability = Ability(
        engine=stage.engine,
        lifecycle=stage.lifecycle,
        disks=stage.disks,
        free_mib=2**40,
        mirror=stage.home.mirror_socket,
        places=stage.places,
    )
    health = await ability.health()

    assert not health.able
    assert [problem.part for problem in health.problems] == [
        "engine", "mirror", "disk", "capacity",
    ]  # fmt: skip
    assert all(problem.detail for problem in health.problems)


@pytest.mark.parametrize("answer", [b"HTTP/1.0 503 no\r\n\r\n", b"\r\n", b"x" * 100_000])
async def test_a_mirror_that_answers_nonsense_does_not_answer(
    tmp_path: Path, answer: bytes
) -> None:
    """Somebody listening is not yet a registry."""
    async with mirror(tmp_path / "m.sock", answer):
        assert not await answers(tmp_path / "m.sock")


async def test_a_mirror_that_hangs_does_not_hang_the_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks for health gets an answer in time."""
    monkeypatch.setattr("sandbox.ability.MIRROR_TIMEOUT_S", 0.1)
    async with mirror(tmp_path / "m.sock", b""):
        async with asyncio.timeout(2):
            assert not await answers(tmp_path / "m.sock")
