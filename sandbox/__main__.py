"""`python -m sandbox`: the sandbox service; `stop-all` ends every sandbox.

`health` asks the service: 0 when it and the host's engine answer; what it lacks is said. `able`
does the same and is 0 only when one more learner could be served. `metrics` prints what Prometheus
would read. Exit status: 0 done, 1 it did not work, 2 settings or files are not as they should be.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import os
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

import structlog
from aiohttp import web
from pydantic import ValidationError

from sandbox.client import SandboxClient
from sandbox.contract import Health
from sandbox.docker_engine import DockerEngine
from sandbox.errors import SandboxError
from sandbox.http.app import make_app
from sandbox.logs import set_up_logging
from sandbox.service import running_service, stop_all
from sandbox.settings import DoorSettings, SandboxSettings

SHUTDOWN_S = 2.0
"""For commands that still run when the service is asked to stop."""
CONNECTION_IDLE_S = 20.0
"""A connection without a whole request for this long is closed; callers close theirs after 15."""
BACKLOG = 1024
"""Callers who may wait to be let in; the kernel takes the lesser of this and net.core.somaxconn.
When it is full, asyncio believes that a Unix socket is connected which is not: the caller's first
write fails."""
STOP_ALL_S = 300.0

_Answer = TypeVar("_Answer")

log = structlog.get_logger("sandbox")


def main() -> int:
    """Read the settings and do what the command line says; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("task", nargs="?", default="serve", choices=tuple(TASKS))
    task = parser.parse_args().task
    set_up_logging()
    try:
        return asyncio.run(TASKS[task]())
    except ValidationError as exc:
        return _refuse(f"settings: {_wrong_settings(exc)}")
    except (OSError, ValueError) as exc:
        return _refuse(str(exc))


async def _serve() -> int:
    settings = SandboxSettings()  # from the environment
    token = settings.read_token()
    engine = DockerEngine(settings.docker_url)
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with _the_only_one(settings.places.lock):
            async with (
                running_service(settings, engine) as service,
                _listening(make_app(service, token), settings),
            ):
                log.info("sandbox_service_ready", address=settings.address)
                await _until_signal()
                log.info("sandbox_service_stopping")
    finally:
        engine.close()
    return 0


async def _stop_all() -> int:
    settings = SandboxSettings()
    engine = DockerEngine(settings.docker_url)
    try:
        async with asyncio.timeout(STOP_ALL_S):
            stopped, left = await stop_all(settings, engine)
    except (SandboxError, TimeoutError) as exc:
        log.error("stop_all_failed", reason=str(exc), error=type(exc).__name__)  # noqa: TRY400
        return 1
    finally:
        engine.close()
    log.info("sandboxes_stopped", count=stopped, left=left)
    return 1 if left else 0


async def _health() -> int:
    """For container health checks: a full house must not look like a broken one."""
    health = await _ask(SandboxClient.health)
    return 0 if health is not None and health.engine else 1


async def _able() -> int:
    health = await _ask(SandboxClient.health)
    return 0 if health is not None and health.able else 1


async def _metrics() -> int:
    text = await _ask(SandboxClient.metrics)
    if text is None:
        return 1
    sys.stdout.write(text)
    return 0


async def _ask(question: Callable[[SandboxClient], Awaitable[_Answer]]) -> _Answer | None:
    """The service's answer, None when there is none; either way the log says it."""
    door = DoorSettings()
    url = door.address
    if url.startswith("tcp:"):
        url = "http://" + url.removeprefix("tcp:")
    try:
        async with SandboxClient.connect(url, door.read_token()) as client:
            answer = await question(client)
    except SandboxError as exc:
        log.error("unhealthy", reason=str(exc), error=exc.code)  # noqa: TRY400
        return None
    if isinstance(answer, Health):
        log.info("health", able=answer.able, **answer.model_dump())
    return answer


TASKS: dict[str, Callable[[], Coroutine[None, None, int]]] = {
    "serve": _serve,
    "stop-all": _stop_all,
    "health": _health,
    "able": _able,
    "metrics": _metrics,
}


@contextmanager
def _the_only_one(lock: Path) -> Generator[None]:
    """Two services would both think that they know all sandboxes of the home."""
    with lock.open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(f"a sandbox service runs already in {lock.parent}") from None
        yield


@asynccontextmanager
async def _listening(app: web.Application, settings: SandboxSettings) -> AsyncGenerator[None]:
    runner = web.AppRunner(
        app, access_log=None, shutdown_timeout=SHUTDOWN_S, keepalive_timeout=CONNECTION_IDLE_S
    )
    await runner.setup()
    try:
        kind, _, where = settings.address.partition(":")
        if kind == "unix":
            await _listen_on_socket(runner, Path(where), settings.group)
        else:
            host, _, port = where.rpartition(":")
            await web.TCPSite(runner, host.strip("[]"), int(port), backlog=BACKLOG).start()
        yield
    finally:
        await runner.cleanup()


async def _listen_on_socket(runner: web.AppRunner, path: Path, group: int | None) -> None:
    """For the service's user alone, from the first moment; then for the group, if there is one."""
    before = os.umask(0o177)
    try:
        await web.UnixSite(runner, path, backlog=BACKLOG).start()
    finally:
        os.umask(before)
    if group is not None:
        os.chown(path, -1, group)
        os.chmod(path, 0o660)  # noqa: PTH101 # as quick as the line above


async def _until_signal() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def _wrong_settings(exc: ValidationError) -> str:
    """The variables and what is wrong about them."""
    prefix = "DOCENT_SANDBOX_"
    return "; ".join(
        f"{prefix}{'_'.join(map(str, error['loc'])).upper()}: {error['msg']}"
        for error in exc.errors()
    )


def _refuse(reason: str) -> int:
    log.error("refused_to_start", reason=reason)
    return 2


if __name__ == "__main__":
    sys.exit(main())
