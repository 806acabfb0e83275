"""The adapter to the Docker SDK: only our errors leave it, and nothing blocks the loop."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
import threading
import time
import warnings
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import cast

import docker.errors
import pytest
import requests

from sandbox.docker_engine import DockerEngine, created, engine_errors
from sandbox.engine import ContainerSpec
from sandbox.errors import HostEngineDown, SandboxError, SandboxGone, StartFailed


class ThreadingUnixServer(ThreadingMixIn, UnixStreamServer):
    """A thread for each connection."""


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


class RefusingEngine(BaseHTTPRequestHandler):
    """Says no to whoever freezes or thaws, and tells how its container is: `state`, or gone."""

    state = ""

    def do_GET(self) -> None:
        """The version, or the container."""
        if self.path.endswith("/version"):
            self._answer(200, {"ApiVersion": "1.41"})
        elif self.state:
            found = {"Status": self.state, "ExitCode": 0}
            config: dict[str, object] = {"Labels": {}}
            created = "2026-01-01T00:00:00Z"
            self._answer(200, {"Id": "x", "Created": created, "State": found, "Config": config})
        else:
            self._answer(404, {"message": "no such container"})

    def do_POST(self) -> None:
        """Pause or unpause."""
        self._answer(500 if self.state else 404, {"message": "no"})

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def address_string(self) -> str:
        """A unix socket has none."""
        return ""

    def _answer(self, status: int, body: dict[str, object]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture
def refusing(tmp_path: Path) -> Generator[tuple[DockerEngine, type[RefusingEngine]]]:
    """An adapter to such an engine."""
    handler = type("Handler", (RefusingEngine,), {})
    server = ThreadingUnixServer(str(tmp_path / "r.sock"), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    engine = DockerEngine(f"unix://{tmp_path}/r.sock")
    try:
        yield engine, handler
    finally:
        engine.close()
        server.shutdown()
        server.server_close()
        thread.join()


async def test_what_is_so_already_is_no_error(
    refusing: tuple[DockerEngine, type[RefusingEngine]],
) -> None:
    """The engine says no to a second freeze, and to a second thaw."""
    engine, handler = refusing
    handler.state = "paused"
    await engine.freeze("x")
    handler.state = "running"
    await engine.thaw("x")


async def test_a_refusal_says_what_is_wrong(
    refusing: tuple[DockerEngine, type[RefusingEngine]],
) -> None:
    """It ended, it is gone, or the engine could not."""
    engine, handler = refusing
    for state, error in (("exited", SandboxGone), ("", SandboxGone), ("running", StartFailed)):
        handler.state = state
        with pytest.raises(error):
            await engine.freeze("x")
    handler.state = "paused"
    with pytest.raises(StartFailed):
        await engine.thaw("x")


class NamesakeApi:
    """An API at which the name is taken, by what is in `states` until that is used up."""

    def __init__(self, *states: bool) -> None:
        self.states = list(states)
        self.asked = 0

    def create_container_from_config(self, _config: object, name: str) -> dict[str, str]:
        """Refused while there is another of this name."""
        self.asked += 1
        if self.states:
            response = requests.Response()
            response.status_code = 409
            raise docker.errors.APIError(f"{name} is already in use", response)
        return {"Id": "new"}

    def inspect_container(self, _name: str) -> dict[str, dict[str, bool]]:
        """How the other one is, once each."""
        return {"State": {"Running": self.states.pop(0)}}


SPEC = ContainerSpec(name="docent-x-7", config={})


def test_a_name_that_is_about_to_be_free_is_waited_for() -> None:
    """The old container ended, and the engine is not done with it."""
    api = NamesakeApi(False, False)

    assert created(cast("docker.APIClient", api), SPEC) == "new"
    assert api.asked == 3


def test_two_never_run_on_one_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one runs, or does not go: the engine's refusal stands."""
    api = NamesakeApi(True)
    with pytest.raises(docker.errors.APIError, match="409"):
        created(cast("docker.APIClient", api), SPEC)
    assert api.asked == 1
    monkeypatch.setattr("sandbox.docker_engine.NAME_FREE_S", 0.1)
    with pytest.raises(docker.errors.APIError, match="409"):
        created(cast("docker.APIClient", NamesakeApi(*[False] * 1000)), SPEC)


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
