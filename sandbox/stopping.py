"""Ends of learners' sandboxes, and why: in order where the disk stays, at once where it doesn't."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress

from sandbox.contract import EndReason
from sandbox.ending import Ending
from sandbox.ends import Ends
from sandbox.engine import Engine, SandboxState, Status
from sandbox.errors import SandboxError
from sandbox.finding import Finder, Found
from sandbox.held import NOBODY, Held, Sandbox
from sandbox.home import Home
from sandbox.waiting import WaitingLine

REASONS_REMEMBERED = 10_000
KILLED = 128
"""Exit codes from here on are signals: somebody's hand, or the kernel's."""


class Stopping:
    """Stops sandboxes; whoever calls has the learner's turn. Raises `HostEngineDown`."""

    def __init__(
        self,
        *,
        engine: Engine,
        home: Home,
        held: Held,
        finder: Finder,
        ends: Ends,
        ending: Ending,
        line: WaitingLine,
    ) -> None:
        self._engine = engine
        self._home = home
        self._held = held
        self._finder = finder
        self._ends = ends
        self._ending = ending
        self._line = line
        self._because: dict[str, EndReason] = {}

    def because(self, learner: str) -> EndReason | None:
        """Why the learner's last sandbox ended, as far as we know."""
        return self._because.get(learner)

    def take_because(self, learner: str) -> EndReason | None:
        """The same, told once."""
        return self._because.pop(learner, None)

    async def stop(
        self,
        learner: str,
        why: SandboxError | None = None,
        *,
        because: EndReason,
        in_order: bool = True,
    ) -> None:
        """In order, so that the learner's engine writes what it has to; who uses it hears `why`."""
        remove = self._engine.remove if in_order else self._end
        if used := self._held.of(learner):
            used.stopped_because = why or used.stopped_because
            self._note(learner, because)
        for found in (await self._finder.look()).of(learner):
            await remove(found.state.container_id)
            await self._remove_sockets(found.state.sandbox_id)
        if sandbox := self._held.of(learner):
            await self.forget(sandbox)
            await self._remove_sockets(sandbox.id)

    def retire(self, learner: str, why: SandboxError) -> None:
        """Its disk has no name any more: end it at once, and let nobody wait for that."""
        self._ends.forget(learner)
        if sandbox := self._held.of(learner):
            sandbox.stopped_because = why
            self._held.drop(sandbox)
            self._line.changed()
            self._ending.begin(sandbox.container_id, sandbox.id, sandbox.inside)

    async def clear_away(self, learner: str, left: list[Found]) -> None:
        """Remove what is left of the learner's last sandbox, which ended by itself."""
        for found in left:
            self.note_end(found.state, learner)
            await self._engine.remove(found.state.container_id)
        if sandbox := self._held.of(learner):
            await self.forget(sandbox)

    async def remove_ended(self, state: SandboxState, learner: str) -> None:
        """Remove a container that ended, or never started, and hold it no longer."""
        self.note_end(state, learner)
        await self._engine.remove(state.container_id)
        sandbox = self._held.by_id(state.sandbox_id)
        if sandbox is not None and sandbox.container_id == state.container_id:
            await self.forget(sandbox)

    def note_end(self, state: SandboxState, learner: str) -> None:
        """Remember one that ended though nobody here ended it."""
        self._ends.note(state, learner)
        if learner != NOBODY and state.status is Status.ENDED:
            self._note(learner, "crashed" if state.exit_code < KILLED else "outside")

    async def forget(self, sandbox: Sandbox) -> None:
        """Hold it no longer; its place is free."""
        is_learners = self._held.holds(sandbox) and sandbox.learner != NOBODY
        self._held.drop(sandbox)
        if is_learners:
            self._line.freed()
        await sandbox.inside.close()

    async def _end(self, container_id: str) -> None:
        """Ending takes a second, in which it may do the harm that it is ended for."""
        with suppress(SandboxError):
            await self._engine.freeze(container_id)
        await self._engine.end(container_id)

    def _note(self, learner: str, because: EndReason) -> None:
        self._because[learner] = because
        if len(self._because) > REASONS_REMEMBERED:
            del self._because[next(iter(self._because))]

    async def _remove_sockets(self, sandbox_id: str) -> None:
        folder = self._home.socket_folder(sandbox_id)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
