"""The service as a whole: where its parts meet, and how they start and stop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from sandbox.ability import Ability
from sandbox.audit import AuditLog
from sandbox.ceiling import CeilingKeeper
from sandbox.commands import CommandLimits, Commands
from sandbox.disk_guard import DiskGuard
from sandbox.disks import Disks
from sandbox.egress import Egress, EgressLimits
from sandbox.engine import Engine, SandboxState
from sandbox.errors import HostEngineDown
from sandbox.facts.shaping import limits_fact
from sandbox.files import FileTraffic
from sandbox.heartbeat import Heartbeat
from sandbox.inside import SshInside
from sandbox.leftovers import Leftovers
from sandbox.lifecycle import Lifecycle
from sandbox.metrics import Metrics
from sandbox.places import Places
from sandbox.reaper import Reaper
from sandbox.retention import Retention
from sandbox.rounds import a_few_at_once, one_of_many
from sandbox.seating import Seating
from sandbox.seats import Seats
from sandbox.sessions import Sessions
from sandbox.settings import SandboxSettings
from sandbox.shell import Key
from sandbox.sizing import starts_for
from sandbox.snapshots import Snapshots
from sandbox.spec import Site
from sandbox.watching import SessionWatch, WatchedCommands

STOPS_AT_ONCE = 16
"""As many as an engine carries beside nothing else: nobody works any more."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """What the HTTP face calls."""

    lifecycle: Lifecycle
    commands: WatchedCommands
    sessions: Sessions
    ability: Ability
    metrics: Metrics
    places: Places
    seating: Seating
    retention: Retention
    snapshots: Snapshots
    files: FileTraffic = field(default_factory=FileTraffic)


@asynccontextmanager
async def running_service(settings: SandboxSettings, engine: Engine) -> AsyncGenerator[Service]:
    """The service with its reaper going; sandboxes outlive it.

    Raises:
        OSError: the home folder is not as it should be, or has no seccomp profile.
        ValueError: the host's engine does not know the runtime that the settings want.
    """
    await _must_know_runtime(engine, settings.runtime)
    home = settings.places
    home.make_folders()
    key = Key.load_or_make(home.key)
    disks = Disks(home, size_mib=settings.disk_mib, free_mib=settings.free_disk_mib)
    metrics = Metrics()
    places = Places(
        capacity=_capacity(settings),
        starts_at_once=starts_for(len(os.sched_getaffinity(0))),
        seats=Seats(home.seats),
        metrics=metrics,
    )
    lifecycle = Lifecycle(
        engine=engine,
        disks=disks,
        site=_site(settings, key),
        enter=lambda sandbox_id: SshInside(
            home.socket_folder(sandbox_id), key, limits_fact(settings.limits)
        ),
        places=places,
        deadlines=settings.deadlines,
        queue_limit_s=settings.queue_limit_s,
        warm=settings.warm,
        leftovers=Leftovers(home.disks),
        metrics=metrics,
    )
    seating = Seating(
        places,
        warm=settings.warm,
        want=lifecycle.pool.want,
        ready=lambda: lifecycle.pool.ready,
    )
    retention = Retention(home, keep_days=settings.keep_days, warn_days=settings.warn_days)
    heartbeat = Heartbeat(home.heartbeat)
    ability = Ability(
        engine=engine,
        lifecycle=lifecycle,
        disks=disks,
        free_mib=settings.free_disk_mib,
        mirror=home.mirror_socket,
        places=places,
        capacity_by="settings" if places.capacity == settings.capacity else "memory",
    )
    audit = AuditLog(home.audit, settings.audit)
    commands = WatchedCommands(Commands(lifecycle, _command_limits(settings)), metrics, audit)
    sessions = Sessions(lifecycle, settings.session_limits, SessionWatch(metrics, audit))
    reaper = Reaper(
        lifecycle,
        disks,
        ceiling=CeilingKeeper(engine, settings.ceiling()),
        seating=seating,
        retention=retention,
        heartbeat=heartbeat,
        metrics=metrics,
    )
    guard = DiskGuard(lifecycle, disks, free_mib=settings.free_disk_mib)
    away_s = heartbeat.away_s()
    await reaper.round()  # before anybody asks, find what ran before us
    await lifecycle.stop_orphans(away_s=away_s)
    works = [reaper.run(), guard.run(), lifecycle.pool.run()]
    if settings.packages:
        egress = Egress(home, _egress_limits(settings), learner_of=lifecycle.learner_of)
        works.append(egress.run())
    watches = {asyncio.create_task(work) for work in works}
    try:
        yield Service(
            lifecycle=lifecycle,
            commands=commands,
            sessions=sessions,
            ability=ability,
            metrics=metrics,
            places=places,
            seating=seating,
            retention=retention,
            snapshots=Snapshots(home, disks, lifecycle, most=settings.snapshots),
            files=FileTraffic(settings.file_limit_bytes),
        )
    finally:
        for watch in watches:
            watch.cancel()
        await asyncio.wait(watches)
        await sessions.close()
        await lifecycle.let_go()


async def stop_all(settings: SandboxSettings, engine: Engine) -> tuple[int, int]:
    """Stop every sandbox of this home; how many, and how many could not be. Disks stay.

    Raises:
        HostEngineDown: the host's engine does not answer.
    """
    label = settings.places.label
    ours = [state for state in await engine.sandboxes() if state.home == label]
    stopped = 0

    async def stop(state: SandboxState) -> None:
        nonlocal stopped
        async with one_of_many(engine, sandbox=state.sandbox_id):
            await engine.remove(state.container_id)
            stopped += 1

    await a_few_at_once(ours, stop, at_once=STOPS_AT_ONCE)
    return stopped, len(ours) - stopped


def _capacity(settings: SandboxSettings) -> int:
    """The smaller of what was set and what the memory carries; the log says which one it is."""
    in_memory = settings.places_in_memory()
    if in_memory < settings.capacity:
        log.info("capacity_lowered", wanted=settings.capacity, places=in_memory)
    return min(settings.capacity, in_memory)


async def _must_know_runtime(engine: Engine, runtime: str) -> None:
    """Say it now rather than to each learner."""
    if not runtime:
        return
    try:
        known = (await engine.describe()).runtimes
    except HostEngineDown as exc:
        log.warning("runtime_not_checked", runtime=runtime, reason=str(exc))
        return
    if runtime not in known:
        raise ValueError(
            f"the host's Docker engine does not know the runtime {runtime!r} of "
            f"DOCENT_SANDBOX_RUNTIME; it knows {', '.join(sorted(known))} "
            "(add it to /etc/docker/daemon.json and reload the engine)"
        )


def _site(settings: SandboxSettings, key: Key) -> Site:
    home = settings.places
    return Site(
        home=home,
        image=settings.image,
        limits=settings.limits,
        seccomp_profile=home.seccomp.read_text(encoding="utf-8"),
        public_key=key.public_line,
        # Not the group that may call the service: a caller has no business in a sandbox's socket.
        group=os.getgid(),
        runtime=settings.runtime,
        apparmor=settings.apparmor_profile,
        packages=bool(settings.packages),
    )


def _egress_limits(settings: SandboxSettings) -> EgressLimits:
    return EgressLimits(
        day_bytes=settings.packages_mib * 1024 * 1024,
        bytes_per_s=settings.packages_kib_s * 1024,
    )


def _command_limits(settings: SandboxSettings) -> CommandLimits:
    return CommandLimits(
        time_s=settings.command_limit_s,
        output_bytes=settings.output_limit_bytes,
        output_lines=settings.output_limit_lines,
    )
