"""Disks that nobody uses: warned first, deleted later, kept for whoever comes back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sandbox.home import Home
from sandbox.retention import DAY_S, MOST_DELETED_AT_ONCE, Retention

KEEP_DAYS, WARN_DAYS = 60, 7
NOW = 1_800_000_000.0


class Years:
    """Disks of a home, and a calendar."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root)
        self.home.make_folders()
        self.now = NOW
        self.retention = Retention(
            self.home, keep_days=KEEP_DAYS, warn_days=WARN_DAYS, now=lambda: self.now
        )

    def use(self, learner: str) -> None:
        """The learner's disk is written now."""
        self.home.disk(learner).touch()
        os.utime(self.home.disk(learner), (self.now, self.now))

    def pass_days(self, days: float) -> None:
        """Let time go by."""
        self.now += days * DAY_S

    def expiring(self, *running: str) -> list[str]:
        """Whose disks expire."""
        return [disk.learner for disk in self.retention.expiring(running)]

    def overdue(self, *running: str) -> list[str]:
        """Whose disks may go."""
        return [disk.learner for disk in self.retention.overdue(running)]


@pytest.fixture
def years(tmp_path: Path) -> Years:
    """An empty home."""
    return Years(tmp_path)


def test_a_disk_expires_when_it_was_not_used_for_long(years: Years) -> None:
    """To the day, the longest unused first."""
    years.use("1")
    years.pass_days(1)
    years.use("2")
    years.pass_days(KEEP_DAYS - 1)
    assert years.expiring() == ["1"]
    years.pass_days(1)

    assert years.expiring() == ["1", "2"]
    assert [d.unused_days(years.now) for d in years.retention.expiring()] == [61, 60]


def test_nothing_is_deleted_unwarned(years: Years) -> None:
    """However long ago it was used: a bot that can't reach a learner keeps their disk."""
    years.use("1")
    years.pass_days(1000)

    assert years.expiring() == ["1"]
    assert years.overdue() == []


def test_a_warned_one_goes_some_days_later(years: Years) -> None:
    """The date that the warning names is the earliest."""
    years.use("1")
    years.pass_days(KEEP_DAYS)
    [disk] = years.retention.expiring()
    assert years.retention.deleted_at(disk) == years.now + WARN_DAYS * DAY_S
    assert years.retention.warned("1")
    years.pass_days(WARN_DAYS - 0.1)
    assert years.overdue() == []
    years.pass_days(0.2)

    assert years.overdue() == ["1"]


def test_warning_twice_does_not_put_it_off(years: Years) -> None:
    """The first warning counts."""
    years.use("1")
    years.pass_days(KEEP_DAYS)
    years.retention.warned("1")
    years.pass_days(WARN_DAYS)
    years.retention.warned("1")

    assert years.overdue() == ["1"]


def test_who_comes_back_is_warned_anew(years: Years) -> None:
    """A warning of years ago says nothing about today."""
    years.use("1")
    years.pass_days(KEEP_DAYS)
    years.retention.warned("1")
    years.pass_days(1)
    years.use("1")
    years.pass_days(KEEP_DAYS + WARN_DAYS)

    [disk] = years.retention.expiring()
    assert disk.warned_at is None
    assert years.overdue() == []


def test_warnings_outlive_the_service(years: Years) -> None:
    """They lie beside the disks."""
    years.use("1")
    years.pass_days(KEEP_DAYS)
    years.retention.warned("1")
    later = years.now + WARN_DAYS * DAY_S
    another = Retention(years.home, keep_days=60, warn_days=7, now=lambda: later)

    assert [disk.learner for disk in another.overdue()] == ["1"]


def test_what_runs_is_spared(years: Years) -> None:
    """A frozen sandbox may not have written for long."""
    years.use("1")
    years.pass_days(KEEP_DAYS)
    years.retention.warned("1")
    years.pass_days(WARN_DAYS)

    assert years.expiring("1") == []
    assert years.overdue("1") == []


def test_a_warning_about_nothing_is_refused(years: Years) -> None:
    """The learner came back, or never was: there is nothing to delete."""
    years.use("1")

    assert not years.retention.warned("1")
    assert not years.retention.warned("2")


def test_a_disk_without_owner_is_not_ours_to_judge(years: Years) -> None:
    """The pool looks after its own."""
    years.use("pool-abc")
    years.pass_days(1000)

    assert years.expiring() == []


def test_a_spoilt_warning_is_no_warning(years: Years) -> None:
    """Then the learner is warned once more."""
    years.use("1")
    years.pass_days(KEEP_DAYS)
    (years.home.disks / "1.warned").write_text("soon")

    assert years.retention.expiring()[0].warned_at is None


def test_a_wrong_clock_does_not_cost_everything_at_once(years: Years) -> None:
    """Somebody has time to see it."""
    for number in range(MOST_DELETED_AT_ONCE + 10):
        years.use(str(number))
    years.pass_days(KEEP_DAYS)
    for number in range(MOST_DELETED_AT_ONCE + 10):
        years.retention.warned(str(number))
    years.pass_days(WARN_DAYS)

    assert len(years.overdue()) == MOST_DELETED_AT_ONCE


def test_snapshots_without_a_disk_expire_as_well(years: Years) -> None:
    """Since the last one came or went; while there is a disk, that one counts."""
    for learner in ("1", "2"):
        kept = years.home.snapshots_of(learner)
        kept.mkdir()
        (kept / "start.img").touch()
        os.utime(kept, (years.now, years.now))
    years.pass_days(KEEP_DAYS)
    years.use("2")
    assert years.expiring() == ["1"]
    assert years.expiring("1") == []
    assert years.retention.warned("1")
    assert not years.retention.warned("2")
    years.pass_days(WARN_DAYS)

    assert years.overdue() == ["1"]
    assert years.retention.is_overdue("1")


def test_a_warning_does_not_touch_a_disk_that_is_made(years: Years) -> None:
    """Each writes under a name of its own until it is whole."""
    years.use("1")
    years.pass_days(KEEP_DAYS)
    unfinished = years.home.disks / "1.new"
    unfinished.write_bytes(b"half a disk")
    assert years.retention.warned("1")

    assert unfinished.read_bytes() == b"half a disk"
