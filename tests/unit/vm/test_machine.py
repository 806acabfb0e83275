"""How the VM is called and what becomes of its transcript; a shell stands in for qemu."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from ops.errors import OpsError
from tests.vm.cargo import Cargo
from tests.vm.machine import FIRST_BOOT, LAST_LINE, acceleration, command, run
from tests.vm.root import Root

ROOT = Path("/cache")


def _call(*, first_boot: bool = False) -> list[str]:
    root = Root(ROOT / "vmlinuz", ROOT / "initrd.img", ROOT / "root.ext4", version="1")
    cargo = Cargo(engine=ROOT / "engine.tar", files=ROOT / "cargo.tar", engine_id="1")
    return command(root, cargo, ROOT / "console.log", first_boot=first_boot)


def test_the_tests_leave_no_trace_on_the_disk() -> None:
    """The next run starts from the file system as it was made."""
    drives = [part for part in _call() if part.startswith("file=/cache/")]

    assert any("root.ext4" in drive and "snapshot=on" in drive for drive in drives)
    assert all("snapshot=on" in drive or "readonly=on" in drive for drive in drives)


def test_only_a_first_boot_may_do_without_tests() -> None:
    """And it is the only one whose disk is kept; its 0 is never taken for that of the tests."""
    assert not any(FIRST_BOOT in part for part in _call())
    first = _call(first_boot=True)
    assert any(FIRST_BOOT in part for part in first)
    assert not any("snapshot=on" in part for part in first)


def test_the_vm_has_no_network() -> None:
    """It needs none, and what attacks in it goes nowhere."""
    call = _call()

    assert call[call.index("-nic") + 1] == "none"


def test_a_processor_without_virtualization_is_not_asked_for_it(tmp_path: Path) -> None:
    """Even where /dev/kvm is there: in a VM without nested virtualization no guest runs on it."""
    kvm, cpuinfo = tmp_path / "kvm", tmp_path / "cpuinfo"
    kvm.touch()
    cpuinfo.write_text("flags\t\t: fpu sse2\n")
    assert "kvm" not in acceleration(kvm, cpuinfo)
    cpuinfo.write_text("flags\t\t: fpu vmx sse2\n")
    assert "kvm" in acceleration(kvm, cpuinfo)
    kvm.unlink()
    assert "kvm" not in acceleration(kvm, cpuinfo)


def test_the_last_line_is_the_result(tmp_path: Path) -> None:
    """All other lines are shown and kept."""
    shown: list[str] = []
    script = f"echo one; echo two; echo '{LAST_LINE}3'"
    status = run(["sh", "-c", script], tmp_path / "transcript", limit_s=10, show=shown.append)

    assert status == 3
    assert shown == ["one", "two"]
    assert (tmp_path / "transcript").read_text().splitlines()[:2] == shown


def test_a_machine_that_breaks_down_has_no_result(tmp_path: Path) -> None:
    """Who sees no last line can't say that the tests passed."""
    with pytest.raises(OpsError, match="ended without a result"):
        run(["sh", "-c", "echo one"], tmp_path / "transcript", limit_s=10, show=print)


def test_a_machine_that_hangs_is_ended(tmp_path: Path) -> None:
    """At the deadline, and it is gone then."""
    begun = time.monotonic()
    with pytest.raises(OpsError, match="was not done in 1 s"):
        run(["sh", "-c", "exec sleep 60"], tmp_path / "transcript", limit_s=1, show=print)

    assert time.monotonic() - begun < 10


def test_who_is_interrupted_leaves_no_machine_behind(tmp_path: Path) -> None:
    """Ctrl-C ends the machine first."""
    mark = tmp_path / "pid"

    def interrupt(_line: str) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run(
            ["sh", "-c", f"echo $$ >{mark}; echo up; exec sleep 60"],
            tmp_path / "transcript",
            limit_s=30,
            show=interrupt,
        )
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)
