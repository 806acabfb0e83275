"""What unit tests of the service share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.sandbox.stage import Stage


@pytest.fixture(autouse=True)
def no_cgroups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit test sets no limits on the machine that it runs on."""
    monkeypatch.setattr("sandbox.ceiling.CGROUPS", tmp_path / "no-cgroups")
    monkeypatch.setattr("sandbox.leftovers.CGROUPS", tmp_path / "no-cgroups")
    monkeypatch.setattr("sandbox.loops.LOSETUP", ("no-such-program",))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A service on fakes."""
    return Stage(tmp_path)
