"""What unit tests of the service share."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import pytest

from sandbox.client import SandboxClient
from sandbox.http.app import make_app
from tests.unit.sandbox.serving import TOKEN, serving
from tests.unit.sandbox.stage import Stage


@pytest.fixture(autouse=True)
def no_cgroups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit test sets no limits on the machine that it runs on."""
    monkeypatch.setattr("sandbox.ceiling.CGROUPS", tmp_path / "no-cgroups")
    monkeypatch.setattr("sandbox.leftovers.CGROUPS", tmp_path / "no-cgroups")
    monkeypatch.setattr("sandbox.loops.LOSETUP", ("no-such-program",))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A service on fakes."""
    return Stage(tmp_path)


@pytest.fixture
async def url(stage: Stage, tmp_path: Path) -> AsyncGenerator[str]:
    """Where the service of fakes listens."""
    async with serving(make_app(stage.service, TOKEN), tmp_path / "s.sock") as listening:
        yield listening
        await stage.sessions.close()


@pytest.fixture
async def client(url: str) -> AsyncGenerator[SandboxClient]:
    """A client with the right token."""
    async with SandboxClient.connect(url, TOKEN) as connected:
        yield connected


@pytest.fixture
async def raw(url: str) -> AsyncGenerator[aiohttp.ClientSession]:
    """Whoever calls with the right token but not by our client."""
    async with aiohttp.ClientSession(
        base_url="http://service/",
        connector=aiohttp.UnixConnector(path=url.removeprefix("unix:")),
        headers={"Authorization": f"Bearer {TOKEN}"},
    ) as session:
        yield session
