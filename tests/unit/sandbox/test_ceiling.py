"""What all sandboxes together may take, on cgroup trees made of plain files."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from sandbox.ceiling import Ceiling, CeilingKeeper, machine_ceiling
from sandbox.errors import HostEngineDown
from tests.fakes.engine import FakeEngine

CEILING = Ceiling(memory_mib=2048, pids=5000)


@pytest.mark.parametrize(("total_mib", "given_mib"), [(1024, 512), (4096, 3072), (24_000, 20_400)])
def test_the_machine_keeps_a_part_for_itself(
    tmp_path: Path, total_mib: int, given_mib: int
) -> None:
    """A gibibyte or a seventh, but never more than half."""
    (tmp_path / "sys/kernel").mkdir(parents=True)
    (tmp_path / "sys/kernel/pid_max").write_text("32768\n")
    (tmp_path / "meminfo").write_text(f"MemTotal:       {total_mib * 1024} kB\nMemFree: 1 kB\n")

    assert machine_ceiling(tmp_path) == Ceiling(memory_mib=given_mib, pids=24_576)


async def test_cgroup_1_has_a_group_in_each_hierarchy(tmp_path: Path) -> None:
    """Made when no sandbox ran yet, and set again when somebody changed it."""
    (tmp_path / "memory").mkdir()
    (tmp_path / "pids").mkdir()
    keeper = CeilingKeeper(FakeEngine(), CEILING, cgroups=tmp_path)
    await keeper.keep()
    limit = tmp_path / "memory/docent/memory.limit_in_bytes"
    assert limit.read_text() == str(2048 * 1024 * 1024)
    assert (tmp_path / "pids/docent/pids.max").read_text() == "5000"
    limit.write_text("9223372036854771712\n")
    await keeper.keep()

    assert limit.read_text() == str(2048 * 1024 * 1024)


async def test_cgroup_2_has_one_group(tmp_path: Path) -> None:
    """With the controllers switched on above it."""
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids\n")
    await CeilingKeeper(FakeEngine(), CEILING, cgroups=tmp_path).keep()

    assert (tmp_path / "cgroup.subtree_control").read_text() == "+memory +pids"
    assert (tmp_path / "docent/memory.max").read_text() == str(2048 * 1024 * 1024)
    assert (tmp_path / "docent/pids.max").read_text() == "5000"


async def test_what_can_not_be_set_is_said_once(tmp_path: Path) -> None:
    """A service in a container sees no cgroups of the host: it works, and the operator knows."""
    keeper = CeilingKeeper(FakeEngine(), CEILING, cgroups=tmp_path / "none")
    with capture_logs() as logs:
        await keeper.keep()
        await keeper.keep()

    assert [entry["event"] for entry in logs] == ["ceiling_not_set"]


async def test_slices_are_left_to_systemd(tmp_path: Path) -> None:
    """It would undo what somebody else writes there."""
    engine = FakeEngine()
    engine.systemd_cgroups = True
    with capture_logs() as logs:
        await CeilingKeeper(engine, CEILING, cgroups=tmp_path).keep()

    assert list(tmp_path.iterdir()) == []
    assert logs[0]["event"] == "ceiling_not_set"


async def test_an_engine_that_is_down_is_asked_again_later(tmp_path: Path) -> None:
    """Who makes cgroups, it alone knows."""
    engine = FakeEngine()
    engine.down = True
    with pytest.raises(HostEngineDown):
        await CeilingKeeper(engine, CEILING, cgroups=tmp_path).keep()
