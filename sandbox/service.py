"""The service as a whole: where its parts meet, and how they start and stop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from sandbox.ability import Ability
from sandbox.audit import AuditLog
from sandbox.ceiling import CeilingKeeper
from sandbox.commands import CommandLimits, Commands
from sandbox.disk_guard import DiskGuard
from sandbox.disks import Disks
from sandbox.engine import Engine
from sandbox.errors import HostEngineDown
from sandbox.facts.shaping import limits_fact
from sandbox.inside import SshInside
from sandbox.lifecycle import Lifecycle
from sandbox.metrics import Metrics
from sandbox.places import Places
from sandbox.reaper import Reaper
from sandbox.settings import SandboxSettings
from sandbox.shell import Key
from sandbox.spec import Site
from sandbox.watching import WatchedCommands

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """What the HTTP face calls."""

    lifecycle: Lifecycle
    commands: WatchedCommands
    ability: Ability
    metrics: Metrics


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
    lifecycle = Lifecycle(
        engine=engine,
        disks=disks,
        site=_site(settings, key),
        enter=lambda sandbox_id: SshInside(
            home.socket_folder(sandbox_id), key, limits_fact(settings.limits)
        ),
        places=Places(capacity=settings.capacity, metrics=metrics),
        warm=settings.warm,
        start_limit_s=settings.start_limit_s,
        metrics=metrics,
    )
    ability = Ability(
        engine=engine,
        lifecycle=lifecycle,
        disks=disks,
        free_mib=settings.free_disk_mib,
        mirror=home.mirror_socket,
    )
    commands = WatchedCommands(
        Commands(lifecycle, _command_limits(settings)),
        metrics,
        AuditLog(home.audit, settings.audit),
    )
    reaper = Reaper(
        lifecycle,
        disks,
        idle_s=settings.idle_minutes * 60,
        freeze_s=settings.freeze_minutes * 60,
        ceiling=CeilingKeeper(engine, settings.ceiling()),
    )
    guard = DiskGuard(lifecycle, disks, free_mib=settings.free_disk_mib)
    await reaper.round()  # before anybody asks, find what ran before us
    works = (reaper.run(), guard.run(), lifecycle.pool.run())
    watches = {asyncio.create_task(work) for work in works}
    try:
        yield Service(lifecycle, commands, ability, metrics)
    finally:
        for watch in watches:
            watch.cancel()
        await asyncio.wait(watches)
        await lifecycle.let_go()


async def stop_all(settings: SandboxSettings, engine: Engine) -> int:
    """Stop every sandbox of this home, all at once; how many. Disks stay.

    Raises:
        HostEngineDown: the host's engine does not answer.
    """
    label = settings.places.label
    ours = [state for state in await engine.sandboxes() if state.home == label]
    await asyncio.gather(*(engine.remove(state.container_id) for state in ours))
    return len(ours)


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
    )


def _command_limits(settings: SandboxSettings) -> CommandLimits:
    return CommandLimits(
        time_s=settings.command_limit_s,
        output_bytes=settings.output_limit_bytes,
        output_lines=settings.output_limit_lines,
    )
