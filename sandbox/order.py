"""Order: what we hold agrees with what the host's engine has, and what is nobody's is removed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from sandbox.ending import Ending
from sandbox.engine import Engine, SandboxState, Status
from sandbox.errors import SandboxGone
from sandbox.finding import Finder, Findings, Found
from sandbox.held import NOBODY, Held, Sandbox
from sandbox.leftovers import Leftovers
from sandbox.rounds import one_of_many
from sandbox.stopping import Stopping
from sandbox.turns import Turns

UNFINISHED_S = 60
"""A container that was created this long ago and never started will not be."""


class Order:
    """Goes through everything that there is. Raises `HostEngineDown`."""

    def __init__(
        self,
        *,
        engine: Engine,
        held: Held,
        finder: Finder,
        turns: Turns,
        stopping: Stopping,
        ending: Ending,
        leftovers: Leftovers | None,
    ) -> None:
        self._engine = engine
        self._held = held
        self._finder = finder
        self._turns = turns
        self._stopping = stopping
        self._ending = ending
        self._leftovers = leftovers

    async def make(self) -> Counter[str]:
        """What was removed, and how many of it."""
        findings = await self._finder.look()
        removed = Counter(container=0)
        for found in findings.ours:
            async with one_of_many(self._engine, sandbox=found.state.sandbox_id):
                removed["container"] += await self._tidy(found)
        await self._finder.forget_what_is_gone(findings)
        removed += await self._finder.remove_files(findings)
        removed += await asyncio.to_thread(self._sweep, findings)
        return +removed

    def _sweep(self, findings: Findings) -> Counter[str]:
        if self._leftovers is None:
            return Counter()
        return self._leftovers.sweep(
            containers={state.container_id for state in findings.everybodys},
            inodes={state.disk_inode for state in findings.everybodys},
        )

    async def _tidy(self, found: Found) -> bool:
        """Remove a container that ended, or was never started, and end what is nobody's."""
        state = found.state
        sandbox = self._held.by_id(state.sandbox_id)
        learner = found.owner or (sandbox.learner if sandbox else NOBODY)
        if self._turns.is_taken(learner) or self._held.is_beginning(state.sandbox_id):
            return False
        if found.is_alive:
            if found.owner is None:
                self._end_for_good(state, sandbox)
            return found.owner is None
        if state.status is Status.CREATED and time.time() - state.created_at < UNFINISHED_S:
            return False
        async with self._turns.of(learner):
            await self._stopping.remove_ended(state, learner)
        return True

    def _end_for_good(self, state: SandboxState, sandbox: Sandbox | None) -> None:
        """Somebody removed the disk, or whoever did so died before ending what ran on it."""
        if sandbox is None:
            self._ending.begin(state.container_id, state.sandbox_id)
        elif sandbox.learner == NOBODY:
            self._held.drop(sandbox)
            self._ending.begin(state.container_id, state.sandbox_id, sandbox.inside)
        else:
            self._stopping.retire(sandbox.learner, SandboxGone("its disk was removed"))
