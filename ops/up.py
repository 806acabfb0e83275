"""`./docent up`: starts all parts in order, watches them, and stops them in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
from collections.abc import Generator
from dataclasses import dataclass, field

from ops import parts
from ops.children import Child, Part
from ops.errors import OpsError
from ops.home import only_one
from ops.plan import ROOT, Plan
from ops.preparation import prepare
from ops.progress import Progress
from ops.registry import start_registry, stop_registry

MIGRATION_LIMIT_S = 120
STOP_ALL_LIMIT_S = 10
STOP_AT_ONCE_LIMIT_S = 4
TRIM_LOGS_EVERY_S = 30


def up(plan: Plan, progress: Progress) -> int:
    """Set up, start, and stay until Ctrl-C, SIGTERM or a part that does not come back.

    Returns:
        Exit status: 0 after Ctrl-C or SIGTERM.

    Raises:
        OpsError: something did not start, or died too often; everything is stopped again.
    """
    with contextlib.ExitStack() as stack:
        plan.home.mkdir(parents=True, exist_ok=True)
        stack.enter_context(only_one(plan.home))
        prepare(plan, progress)
        asyncio.run(Supervisor(plan, progress).run())
    return 0


@dataclass(slots=True)
class Requests:
    """What the person at the terminal asked for so far."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    hurry: asyncio.Event = field(default_factory=asyncio.Event)

    def again(self) -> None:
        """The first time: stop. The second time: stop at once."""
        (self.hurry if self.stop.is_set() else self.stop).set()


class Supervisor:
    """Runs the parts of one home."""

    def __init__(self, plan: Plan, progress: Progress) -> None:
        self._plan = plan
        self._progress = progress
        self._children: list[Child] = []

    async def run(self) -> None:
        """Start and watch everything until asked to stop; what was started is always stopped.

        Raises:
            OpsError: a part did not start, or died too often.
        """
        with _signals() as requests:
            work = asyncio.create_task(self._start_and_watch())
            asked = asyncio.create_task(requests.stop.wait())
            await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
            asked.cancel()
            work.cancel()
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    await work
            finally:
                await self._stop(requests)

    async def _start_and_watch(self) -> None:
        await self._start()
        self._say_ready()
        watchers = [asyncio.create_task(c.watch(self._progress.say)) for c in self._children]
        watchers.append(asyncio.create_task(self._keep_logs_bounded()))
        try:
            done, _ = await asyncio.wait(watchers, return_when=asyncio.FIRST_COMPLETED)
            for watcher in done:
                watcher.result()  # raises: a watcher never just ends
        finally:
            for watcher in watchers:
                watcher.cancel()
            await asyncio.gather(*watchers, return_exceptions=True)

    async def _start(self) -> None:
        """Bring everything up; what does not wait for one another starts together."""
        plan = self._plan
        token = plan.discord_token or secrets.token_urlsafe(24)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._migrate())
                if plan.with_engine:
                    group.create_task(self._start_registry())
                    group.create_task(self._start_part(parts.sandbox_service(plan)))
                if plan.discord_token is None:
                    group.create_task(self._start_part(parts.playground(plan, token)))
        except* OpsError as group_of_errors:
            raise _first(group_of_errors) from None
        await self._start_part(parts.bot(plan, token))

    async def _start_part(self, part: Part) -> None:
        child = Child(part)
        self._children.append(child)
        child.trim_log()
        with self._progress.step(part.name):
            await child.start()

    async def _start_registry(self) -> None:
        await asyncio.to_thread(start_registry, self._plan.home, self._plan.source, self._progress)

    async def _migrate(self) -> None:
        command = ["-m", "db", "migrate"]
        with self._progress.step("database"):
            status, output = await _run_python(
                command, parts.database_environment(self._plan), MIGRATION_LIMIT_S
            )
        if status != 0:
            raise OpsError(f"The database could not be brought up to date:\n{output}")

    def _say_ready(self) -> None:
        if self._plan.discord_token is None:
            print(f"Docent is ready: {self._plan.page}", flush=True)
        else:
            name = parts.bot_name(self._plan.home)
            print(f"Docent is ready: {name} is on Discord", flush=True)

    async def _keep_logs_bounded(self) -> None:
        while True:
            await asyncio.sleep(TRIM_LOGS_EVERY_S)
            for child in self._children:
                await asyncio.to_thread(child.trim_log)

    async def _stop(self, requests: Requests) -> None:
        self._progress.say("stopping (Ctrl-C again: at once)")
        politely = asyncio.create_task(self._stop_politely())
        hurry = asyncio.create_task(requests.hurry.wait())
        await asyncio.wait({politely, hurry}, return_when=asyncio.FIRST_COMPLETED)
        hurry.cancel()
        if not politely.done():
            politely.cancel()
            await asyncio.gather(politely, return_exceptions=True)
            await self._stop_at_once()
        else:
            politely.result()
        self._progress.say(f"stopped; learners' disks and progress stay in {self._plan.home}")

    async def _stop_politely(self) -> None:
        """Bot, playground, service, sandboxes, registry: nobody loses the one they talk to."""
        order = ("bot", "playground", "sandbox service")
        for child in sorted(self._children, key=lambda child: order.index(child.part.name)):
            await child.stop()
        await self._stop_sandboxes(STOP_ALL_LIMIT_S)

    async def _stop_at_once(self) -> None:
        await asyncio.gather(*(child.stop(limit_s=0) for child in self._children))
        await self._stop_sandboxes(STOP_AT_ONCE_LIMIT_S)

    async def _stop_sandboxes(self, limit_s: float) -> None:
        if not self._plan.with_engine:
            return
        environment = parts.sandbox_environment(self._plan)
        status, output = await _run_python(["-m", "sandbox", "stop-all"], environment, limit_s)
        if status != 0:
            self._progress.say(f"some sandboxes may still run (docker ps): {output}")
        await asyncio.to_thread(stop_registry, self._plan.home)


@contextlib.contextmanager
def _signals() -> Generator[Requests, None, None]:
    """Ctrl-C, SIGTERM and a closed terminal become requests instead of exceptions."""
    requests = Requests()
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, requests.again)
    try:
        yield requests
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


async def _run_python(
    arguments: list[str], environment: dict[str, str], limit_s: float
) -> tuple[int | None, str]:
    """Exit status, None when it took too long, and the end of what the program printed."""
    process = await asyncio.create_subprocess_exec(
        parts.PYTHON,
        *arguments,
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limit_s):
            output, _ = await process.communicate()
    except TimeoutError:
        return None, f"no end within {limit_s:.0f} s"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode, output.decode("utf-8", "replace").strip()[-2000:]


def _first(errors: ExceptionGroup[OpsError]) -> OpsError:
    """The failure to tell: the others are mostly its consequences."""
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error
