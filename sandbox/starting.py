"""One start of a sandbox: from a disk and a place to an engine that answers inside."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable

import structlog

from sandbox.disks import Disks
from sandbox.ends import Ends
from sandbox.engine import KEEPER_ENDED, LEARNERS_SIDE_ENDED, Engine, Status
from sandbox.errors import SandboxError, SandboxGone, StartFailed
from sandbox.held import Beginning, Sandbox
from sandbox.inside import Inside
from sandbox.spec import Plan, Site, sandbox_spec

LOOK_AT_START_S = 0.3
"""How often a start asks whether the container still lives."""
MOST_STARTS = 3
HOME_FOLDER = "/root"

log = structlog.get_logger(__name__)


class _Ended(Exception):
    """The container ended while it was starting; never leaves this module."""

    def __init__(self, exit_code: int, last_words: str) -> None:
        super().__init__(exit_code, last_words)
        self.exit_code = exit_code
        self.last_words = last_words


class Starter:
    """Starts sandboxes of one home; `limit_s` is for one try of a start."""

    def __init__(
        self,
        *,
        engine: Engine,
        disks: Disks,
        site: Site,
        enter: Callable[[str], Inside],
        ends: Ends,
        limit_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._disks = disks
        self._site = site
        self._enter = enter
        self._ends = ends
        self._limit_s = limit_s
        self._clock = clock

    async def start(self, place: Beginning, disk: str) -> Sandbox:
        """Start it on the disk of this name, which is there.

        What a learner left on the disk may end it again and again, until it is started SAFE.
        After a failure nothing is left of it, unless the call was cancelled: then it is found
        again, by the name of its disk.

        Raises:
            StartFailed: it did not come up; why is in its words.
            HostEngineDown: the host's engine does not answer.
        """
        for _ in range(MOST_STARTS):
            try:
                return await self._start_once(place, disk)
            except _Ended as ended:
                if ended.exit_code not in (LEARNERS_SIDE_ENDED, KEEPER_ENDED):
                    raise StartFailed(f"{ended.last_words} ({ended.exit_code})") from ended
                last_words = ended.last_words
        raise StartFailed(f"it ended {MOST_STARTS} times while it started: {last_words}")

    async def _start_once(self, place: Beginning, disk: str) -> Sandbox:
        await asyncio.to_thread(self._make_socket_folder, place.sandbox_id)
        host = await self._engine.describe()
        plan = await asyncio.to_thread(self._plan, place, disk)
        spec = sandbox_spec(self._site, plan, host)
        container_id = await self._engine.start(spec)
        inside = self._enter(place.sandbox_id)
        try:
            image = await self._until_ready(container_id, inside)
        except BaseException as exc:
            await inside.close()
            # A start that was cancelled is found again, by the next `open` or by `sync`.
            if isinstance(exc, _Ended | SandboxError):
                await self._clear_failed(container_id, place)
            raise
        return Sandbox(
            id=place.sandbox_id,
            learner=place.learner,
            container_id=container_id,
            uid_base=place.uid_base,
            safe=plan.safe,
            inside=inside,
            last_used=self._clock(),
            started_at=self._clock(),
            image=image,
            directory=HOME_FOLDER,
        )

    def _plan(self, place: Beginning, disk: str) -> Plan:
        inode = self._disks.inode(disk)
        if not inode:
            raise StartFailed("the disk is gone")
        return Plan(
            sandbox_id=place.sandbox_id,
            learner=place.learner,
            disk=disk,
            disk_inode=inode,
            uid_base=place.uid_base,
            safe=self._ends.is_crash_loop(place.learner),
        )

    def _make_socket_folder(self, sandbox_id: str) -> None:
        """A new, empty one: the last keeper's socket must not be taken for the next one's."""
        folder = self._site.home.socket_folder(sandbox_id)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        # Becomes the keeper's. The group bit lets files in it have the service's group.
        folder.chmod(0o2750)

    async def _until_ready(self, container_id: str, inside: Inside) -> str:
        """Wait for the engine inside; the id of the image that it all came from."""
        ready = asyncio.create_task(inside.wait_until_ready())
        try:
            async with asyncio.timeout(self._limit_s):
                image = await self._must_run(container_id)
                while not (await asyncio.wait({ready}, timeout=LOOK_AT_START_S))[0]:
                    await self._must_run(container_id)
            await ready
        except TimeoutError as exc:
            raise StartFailed(f"not ready after {self._limit_s:g} s") from exc
        finally:
            ready.cancel()
            await asyncio.wait({ready})
        return image

    async def _must_run(self, container_id: str) -> str:
        state = await self._engine.state(container_id)
        if state is None:
            raise SandboxGone("somebody removed the container while it started")
        if state.status is Status.ENDED:
            raise _Ended(state.exit_code, await self._engine.last_words(container_id))
        return state.image

    async def _clear_failed(self, container_id: str, place: Beginning) -> None:
        if (state := await self._engine.state(container_id)) is not None:
            self._ends.note(state, place.learner)
        await self._engine.remove(container_id)
        await asyncio.to_thread(
            shutil.rmtree, self._site.home.socket_folder(place.sandbox_id), ignore_errors=True
        )
