"""A service on fakes: `Stage` holds what a test wants to look at."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from pathlib import Path

from sandbox.ability import Ability
from sandbox.audit import AuditLog
from sandbox.commands import CommandLimits, Commands
from sandbox.contract import RunEvent, RunRequest, SessionLimits
from sandbox.disks import Disks
from sandbox.errors import SandboxError
from sandbox.home import Home
from sandbox.lifecycle import Lifecycle
from sandbox.metrics import Metrics
from sandbox.places import Places
from sandbox.retention import Retention
from sandbox.seating import Seating
from sandbox.service import Service
from sandbox.sessions import Sessions
from sandbox.settings import Limits
from sandbox.snapshots import Snapshots
from sandbox.spec import Site
from sandbox.timers import Deadlines
from sandbox.watching import SessionWatch, WatchedCommands
from tests.fakes.engine import FakeEngine, FakeInside

DEADLINES = Deadlines(freeze_s=600, idle_s=3600, hard_s=43_200, orphaned_s=7200, start_s=5)
LIMITS = Limits(memory_mib=1024, cpus=1, pids=1024, disk_mib=256)


def make_site(root: Path) -> Site:
    """What is the same for all sandboxes of a test."""
    return Site(
        home=Home(root),
        image="docent/engine:latest",
        limits=LIMITS,
        seccomp_profile="{}",
        public_key="ssh-ed25519 AAAA docent",
        group=7,
    )


class FakeClock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Stage:
    """A lifecycle and its commands over a fake engine."""

    def __init__(
        self,
        root: Path,
        *,
        capacity: int = 5,
        start_limit_s: float = 5,
        warm: int = 0,
        queue_limit_s: float = 0,
        starts_at_once: float = math.inf,
    ) -> None:
        self.home = Home(root)
        self.home.make_folders()
        self.engine = FakeEngine()
        self.clock = FakeClock()
        self.insides: dict[str, FakeInside] = {}
        self.doors_stuck = False
        self.lost: tuple[str, ...] | SandboxError = ()
        self.disks = Disks(self.home, size_mib=16, free_mib=1)
        self.metrics = Metrics()
        self.places = Places(
            capacity=capacity,
            starts_at_once=starts_at_once,
            metrics=self.metrics,
            clock=self.clock,
        )
        self.lifecycle = Lifecycle(
            engine=self.engine,
            disks=self.disks,
            site=make_site(root),
            enter=self.enter,
            places=self.places,
            deadlines=replace(DEADLINES, start_s=start_limit_s),
            queue_limit_s=queue_limit_s,
            warm=warm,
            metrics=self.metrics,
            clock=self.clock,
        )
        self.commands = Commands(
            self.lifecycle, CommandLimits(time_s=5, output_bytes=4096, output_lines=100)
        )
        self.ability = Ability(
            engine=self.engine,
            lifecycle=self.lifecycle,
            disks=self.disks,
            free_mib=1,
            mirror=self.home.mirror_socket,
            cgroups=root / "cgroup",
            places=self.places,
        )
        self.audit = AuditLog(self.home.audit, "content")
        watched = WatchedCommands(self.commands, self.metrics, self.audit)
        pool = self.lifecycle.pool
        self.seating = Seating(self.places, warm=warm, want=pool.want, ready=lambda: pool.ready)
        self.retention = Retention(self.home, keep_days=60, warn_days=7)
        self.sessions = Sessions(
            self.lifecycle,
            SessionLimits(time_s=60, idle_s=30),
            SessionWatch(self.metrics, self.audit),
        )
        self.snapshots = Snapshots(self.home, self.disks, self.lifecycle, most=3)
        self.service = Service(
            self.lifecycle,
            watched,
            self.sessions,
            self.ability,
            self.metrics,
            self.places,
            self.seating,
            self.retention,
            self.snapshots,
        )

    def enter(self, sandbox_id: str) -> FakeInside:
        """What the lifecycle asks for when it starts or adopts a sandbox.

        `insides` has it by the learner that it was started for, else by the sandbox's id.
        """
        inside = FakeInside(self.engine, sandbox_id)
        inside.stuck = self.doors_stuck
        inside.lost = self.lost
        [state] = [s for s in self.engine.states.values() if s.sandbox_id == sandbox_id]
        self.insides[state.learner or sandbox_id] = inside
        return inside

    def container_of(self, learner: str) -> str:
        """The learner's container."""
        [found] = [s.container_id for s in self.engine.states.values() if s.learner == learner]
        return found

    async def run(
        self, learner: str, line: str, *, cancelled: asyncio.Event | None = None, **limits: float
    ) -> list[RunEvent]:
        """All events of a command line."""
        request = RunRequest.model_validate({"line": line, **limits})
        events = self.commands.run(learner, request, cancelled or asyncio.Event())
        return [event async for event in events]
