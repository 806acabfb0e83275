"""What all sandboxes together may take of the machine: limits of the cgroup that they all lie in.

Places are promised to more learners than could use their whole share at once. When they do, the
kernel ends something in a sandbox; what runs beside them, the database above all, stays untouched.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import structlog

from sandbox.engine import Engine

CGROUPS = Path("/sys/fs/cgroup")
MIB = 1024 * 1024
KEPT_MEMORY_MIB = 1024
KEPT_MEMORY_SHARE = 0.15
KEPT_PIDS_SHARE = 0.25
"""What the rest of the machine keeps; of memory the greater of the two."""
GROUP = "docent"
"""See `sandbox.spec.cgroup_parent`."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Limits of all sandboxes together."""

    memory_mib: int
    pids: int


def machine_ceiling(proc: Path = Path("/proc")) -> Ceiling:
    """What a machine of this size can give away.

    It depends on the machine alone, so that several services on one machine agree about it.
    """
    first = (proc / "meminfo").read_text(encoding="ascii").split("\n", 1)[0]
    total_mib = int(first.split()[1]) // 1024
    kept_mib = max(KEPT_MEMORY_MIB, round(total_mib * KEPT_MEMORY_SHARE))
    most_pids = int((proc / "sys/kernel/pid_max").read_text(encoding="ascii"))
    return Ceiling(
        # On a very small machine it is half of it: no ceiling below that would let anybody work.
        memory_mib=max(total_mib - kept_mib, total_mib // 2),
        pids=round(most_pids * (1 - KEPT_PIDS_SHARE)),
    )


class CeilingKeeper:
    """Keeps the limits set, where the service may; a group that the machine lost gets them anew."""

    def __init__(self, engine: Engine, ceiling: Ceiling, *, cgroups: Path | None = None) -> None:
        self._engine = engine
        self._ceiling = ceiling
        self._cgroups = cgroups or CGROUPS
        self._said = ""

    async def keep(self) -> None:
        """Set what is not set. What can't be set is said in the log, once.

        Raises:
            HostEngineDown: who makes cgroups here is not known.
        """
        if (await self._engine.describe()).systemd_cgroups:
            self._say("ceiling_not_set", reason="cgroups are systemd's: limit docent.slice there")
            return
        try:
            await asyncio.to_thread(self._set)
        except OSError as exc:
            self._say("ceiling_not_set", reason=f"{exc.strerror}: {exc.filename}")
        else:
            self._say("ceiling_set", memory_mib=self._ceiling.memory_mib, pids=self._ceiling.pids)

    def _set(self) -> None:
        memory, pids = str(self._ceiling.memory_mib * MIB), str(self._ceiling.pids)
        if (self._cgroups / "cgroup.controllers").exists():
            _write(self._cgroups / "cgroup.subtree_control", "+memory +pids")
            group = self._cgroups / GROUP
            limits = {group / "memory.max": memory, group / "pids.max": pids}
        else:
            limits = {
                self._cgroups / "memory" / GROUP / "memory.limit_in_bytes": memory,
                self._cgroups / "pids" / GROUP / "pids.max": pids,
            }
        for file, limit in limits.items():
            file.parent.mkdir(exist_ok=True)
            if not file.exists() or file.read_text(encoding="ascii").strip() != limit:
                _write(file, limit)

    def _say(self, event: str, **values: object) -> None:
        """When it changes, not every round."""
        if event != self._said:
            self._said = event
            (log.info if event == "ceiling_set" else log.warning)(event, **values)


def _write(file: Path, value: str) -> None:
    """The kernel wants a limit in one piece, in a file that is there already."""
    file.write_text(value, encoding="ascii")
