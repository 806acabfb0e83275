"""The VM is what it is there for; otherwise what the other tests show would mean nothing."""

from __future__ import annotations

from pathlib import Path

from ops import kernel
from ops.docker_cli import docker


def test_cgroup_v2_alone_is_there() -> None:
    """One tree, with all controllers that limit a sandbox."""
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    kinds = {line.split()[2] for line in mounts}
    controllers = Path("/sys/fs/cgroup/cgroup.controllers").read_text(encoding="ascii").split()

    assert "cgroup2" in kinds
    assert "cgroup" not in kinds
    assert {"cpu", "memory", "pids", "cpuset"} <= set(controllers)


def test_apparmor_is_in_force() -> None:
    """The kernel has it enabled, and the engine uses it for containers."""
    enabled = Path("/sys/module/apparmor/parameters/enabled").read_text(encoding="ascii")

    assert enabled.strip() == "Y"
    assert "name=apparmor" in docker(["info", "--format", "{{.SecurityOptions}}"])


def test_the_engine_is_debians_under_systemd() -> None:
    """Docker 26 with the systemd driver: sandboxes get a slice of their own."""
    assert docker(["version", "--format", "{{.Server.Version}}"]).startswith("26.")
    assert docker(["info", "--format", "{{.CgroupDriver}}"]) == "systemd"


def test_the_doctor_finds_nothing_missing() -> None:
    """A Debian 13 as it is installed has all that `./docent doctor` asks a kernel for."""
    lacking = [finding for finding in kernel.examine() if finding.well is False]
    apparmor = next(finding for finding in kernel.examine() if finding.name == "AppArmor")

    assert lacking == []
    assert apparmor.well, apparmor
