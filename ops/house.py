"""All parts of one home together: started in order, watched, stopped in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator

from ops import ROOT, parts
from ops.children import Child, Part
from ops.egress import allowed_packages, start_egress, stop_egress
from ops.errors import OpsError
from ops.plan import Plan
from ops.progress import Progress
from ops.registry import start_registry, stop_registry

MIGRATION_LIMIT_S = 120
STOP_SANDBOXES_LIMIT_S = 300
"""Each writes to its disk for the last time; two hundred of them take half a minute."""
STOP_SANDBOXES_AT_ONCE_LIMIT_S = 4
TRIM_LOGS_EVERY_S = 30


class House:
    """The parts that a plan asks for. What was started has to be stopped, whatever happened."""

    def __init__(self, plan: Plan, progress: Progress) -> None:
        self._plan = plan
        self._progress = progress
        self._children: list[Child] = []

    async def start(self) -> None:
        """Bring everything up; what does not wait for one another starts together.

        Raises:
            OpsError: a part did not come up.
        """
        plan = self._plan
        token = plan.discord_token or secrets.token_urlsafe(24)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._migrate())
                if plan.with_engine:
                    group.create_task(self._start_registry())
                    if names := allowed_packages():
                        group.create_task(self._start_egress(names))
                    group.create_task(self._start_part(parts.sandbox_service(plan)))
                if plan.discord_token is None:
                    group.create_task(self._start_part(parts.playground(plan, token)))
        except* OpsError as errors:
            raise _first(errors) from None
        await self._start_part(parts.bot(plan, token))

    async def watch(self) -> None:
        """Start parts again that die, and keep logs bounded; never just returns.

        Raises:
            OpsError: a part died too often.
        """
        watchers = [asyncio.create_task(c.watch(self._progress.say)) for c in self._children]
        watchers.append(asyncio.create_task(self._keep_logs_bounded()))
        try:
            done, _ = await asyncio.wait(watchers, return_when=asyncio.FIRST_COMPLETED)
            for watcher in done:
                watcher.result()
        finally:
            for watcher in watchers:
                watcher.cancel()
            await asyncio.gather(*watchers, return_exceptions=True)

    async def stop(self) -> None:
        """Bot, playground, service, sandboxes, registry: nobody loses the one they talk to."""
        order = ("bot", "playground", "sandbox service")
        for child in sorted(self._children, key=lambda child: order.index(child.part.name)):
            await child.stop()
        await self._stop_sandboxes(STOP_SANDBOXES_LIMIT_S)

    async def stop_at_once(self) -> None:
        """End the parts by force; sandboxes still get a moment to write to their disks."""
        await asyncio.gather(*(child.stop(limit_s=0) for child in self._children))
        await self._stop_sandboxes(STOP_SANDBOXES_AT_ONCE_LIMIT_S)

    def process_of(self, name: str) -> int:
        """The process id of a running part, by the part's name."""
        return next(child.pid for child in self._children if child.part.name == name)

    async def _start_part(self, part: Part) -> None:
        child = Child(part)
        self._children.append(child)
        child.trim_log()
        with self._progress.step(part.name):
            await child.start()

    async def _start_registry(self) -> None:
        plan = self._plan
        await asyncio.to_thread(start_registry, plan.home, plan.source, self._progress)

    async def _start_egress(self, names: str) -> None:
        with self._progress.step("way to package mirrors"):
            await asyncio.to_thread(start_egress, self._plan.home, names)

    async def _migrate(self) -> None:
        environment = parts.database_environment(self._plan)
        with self._progress.step("database"):
            status, output = await _python(["-m", "db", "migrate"], environment, MIGRATION_LIMIT_S)
        if status != 0:
            raise OpsError(f"The database could not be brought up to date:\n{output}")

    async def _keep_logs_bounded(self) -> None:
        while True:
            await asyncio.sleep(TRIM_LOGS_EVERY_S)
            for child in self._children:
                await asyncio.to_thread(child.trim_log)

    async def _stop_sandboxes(self, limit_s: float) -> None:
        if not self._plan.with_engine:
            return
        environment = parts.sandbox_environment(self._plan)
        status, output = await _python(["-m", "sandbox", "stop-all"], environment, limit_s)
        if status != 0:
            self._progress.say(f"some sandboxes may still run (see docker ps): {output}")
        await asyncio.to_thread(stop_registry, self._plan.home)
        await asyncio.to_thread(stop_egress, self._plan.home)


@contextlib.asynccontextmanager
async def running_house(plan: Plan, progress: Progress) -> AsyncGenerator[House, None]:
    """A house that serves for the length of the block.

    Raises:
        OpsError: a part did not come up.
    """
    house = House(plan, progress)
    try:
        await house.start()
        yield house
    finally:
        await house.stop()


async def _python(
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


def _first(errors: BaseExceptionGroup[OpsError]) -> OpsError:
    """The failure to tell: the others are mostly its consequences."""
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
