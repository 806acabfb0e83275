"""Disks that nobody uses any more: their learner is warned, and only then are they deleted.

A disk is unused since it was written last. After so many days its learner is to be warned, which
the bot does; once it has, a few more days pass. A learner who comes back in the meantime keeps
everything. What was never warned about is never deleted. Snapshots go with the disk, and in the
same way when there is none.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from sandbox.contract import MOST_LEARNERS, AllExpiring, Expiring
from sandbox.home import Home

DAY_S = 86_400.0
MOST_DELETED_AT_ONCE = 50
"""In one round, so that a wrong clock can't cost everybody's disk at once."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unused:
    """A disk that nobody used for long; times in seconds since 1970."""

    learner: str
    last_used: float
    warned_at: float | None

    def unused_days(self, now: float) -> int:
        """Whole days since it was used."""
        return int((now - self.last_used) // DAY_S)


class Warnings:
    """Which learners were warned, in a file beside each one's disk; they outlive the service."""

    def __init__(self, home: Home) -> None:
        self._folder = home.disks

    def warned_at(self, learner: str) -> float | None:
        """When the learner was warned, None: not, or it can't be read any more."""
        try:
            at = json.loads(self._file(learner).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        return float(at) if isinstance(at, int | float) else None

    def note(self, learner: str, at: float) -> None:
        """The learner was warned; all or nothing. Raises `OSError`."""
        # A name of its own: a disk that is made or copied just now is ID.new.
        unfinished = self._file(learner).with_suffix(".warned.new")
        unfinished.write_text(json.dumps(at), encoding="ascii")
        unfinished.chmod(0o600)
        unfinished.replace(self._file(learner))

    def forget(self, learner: str) -> None:
        """The disk is used again, or gone; safe to repeat."""
        self._file(learner).unlink(missing_ok=True)

    def _file(self, learner: str) -> Path:
        return self._folder / f"{learner}.warned"


class Retention:
    """Which disks of a home expire. Calls look at files, so not on the event loop."""

    def __init__(
        self,
        home: Home,
        *,
        keep_days: float,
        warn_days: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`now` is in seconds since 1970, as the times of files are."""
        self._home = home
        self._warnings = Warnings(home)
        self._keep_s = keep_days * DAY_S
        self._warn_s = warn_days * DAY_S
        self._now = now

    def expiring(self, running: Iterable[str] = ()) -> list[Unused]:
        """Disks that were not used for long, the longest first; never those that run."""
        with_disk = {path.stem for path in self._home.disks.glob("*.img")}
        with_snapshots = {path.name for path in self._home.snapshots.glob("*")}
        learners = (with_disk | with_snapshots).difference(running)
        found = [disk for learner in learners if (disk := self._unused(learner)) is not None]
        return sorted(found, key=lambda disk: (disk.last_used, disk.learner))

    def all(self, running: Iterable[str] = ()) -> AllExpiring:
        """The same as the bot sees it."""
        now = self._now()
        return AllExpiring(
            disks=[
                Expiring(
                    learner=disk.learner,
                    unused_days=disk.unused_days(now),
                    deleted_at=self.deleted_at(disk),
                    warned=disk.warned_at is not None,
                )
                for disk in self.expiring(running)[:MOST_LEARNERS]
            ]
        )

    def overdue(self, running: Iterable[str] = ()) -> list[Unused]:
        """Those of them whose learner was warned long enough ago: they may be deleted now."""
        due = [disk for disk in self.expiring(running) if self._is_due(disk)]
        return due[:MOST_DELETED_AT_ONCE]

    def is_overdue(self, learner: str) -> bool:
        """Whether this one's disk may be deleted now."""
        disk = self._unused(learner)
        return disk is not None and self._is_due(disk)

    def deleted_at(self, disk: Unused) -> float:
        """When it is deleted at the earliest, if its learner is warned now or was already."""
        return (self._now() if disk.warned_at is None else disk.warned_at) + self._warn_s

    def warned(self, learner: str) -> bool:
        """The learner was told. False when that is of no use: the disk does not expire.

        Telling it twice does not put the deletion off.
        """
        unused = self._unused(learner)
        if unused is None:
            return False
        if unused.warned_at is None:
            self._warnings.note(learner, self._now())
        return True

    def used(self, learner: str) -> None:
        """The learner came back: an earlier warning no longer counts."""
        self._warnings.forget(learner)

    def _is_due(self, disk: Unused) -> bool:
        return disk.warned_at is not None and self._now() - disk.warned_at >= self._warn_s

    def _unused(self, learner: str) -> Unused | None:
        """The disk, if it expires; None for one that was used, is gone or nobody's yet."""
        if not learner.isdigit():
            return None
        last_used = self._last_used(learner)
        if last_used is None or self._now() - last_used < self._keep_s:
            return None
        warned_at = self._warnings.warned_at(learner)
        if warned_at is not None and warned_at < last_used:
            # Used again since: whoever leaves once more is warned once more.
            self._warnings.forget(learner)
            warned_at = None
        return Unused(learner, last_used, warned_at)

    def _last_used(self, learner: str) -> float | None:
        """Of who has no disk any more it is when the last snapshot came or went."""
        for path in (self._home.disk(learner), self._home.snapshots_of(learner)):
            with suppress(FileNotFoundError):
                return path.stat().st_mtime
        return None
