"""Runs in the VM, as root, by its unit: what machine this is, then the tests."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ops.apparmor import load_profile
from ops.docker_cli import docker
from ops.progress import TerminalProgress
from tests.vm.machine import FIRST_BOOT, LAST_LINE

CARGO = Path("/srv")
ENGINE_DISK = Path("/dev/disk/by-id/virtio-engine")
INSIDE = tuple(
    f"tests/vm/inside/test_{name}.py"
    for name in ("machine", "sandbox", "freezing", "limits", "attacks")
)
"""From what everything stands on to what leaves traces."""
LOAD_LIMIT_S = 1200
TEST_LIMIT_S = 900
"""For one test; the whole machine has its own limit."""
CGROUPS = "cgroup v{{.CgroupVersion}} by {{.CgroupDriver}}"


def main() -> int:
    """Say what this machine is, run pytest; gives pytest's exit status.

    The first boot of a disk runs no tests, it only takes the engine image in: 0 when it did.
    """
    for name, value in machine().items():
        print(f"{name}: {value}")
    if FIRST_BOOT in Path("/proc/cmdline").read_text(encoding="ascii").split():
        return _take_engine_in()
    load_profile(TerminalProgress())
    environment = {"CI": "true", "DOCENT_TEST_IMAGES_HOME": str(CARGO / "home")}
    return subprocess.run(_pytest(), env=os.environ | environment, check=False).returncode


def machine() -> Mapping[str, str]:
    """What sandboxes stand on here."""
    return {
        "system": platform.freedesktop_os_release()["PRETTY_NAME"],
        "kernel": f"{platform.release()}, {os.cpu_count()} processors",
        "security modules": Path("/sys/kernel/security/lsm").read_text(encoding="ascii"),
        "engine": docker(["version", "--format", "Docker {{.Server.Version}}"]),
        "limits": docker(["info", "--format", CGROUPS]),
        "python": platform.python_version(),
    }


def _take_engine_in() -> int:
    with ENGINE_DISK.open("rb") as disk:
        load = ["docker", "load", "--quiet"]
        return subprocess.run(load, stdin=disk, check=False, timeout=LOAD_LIMIT_S).returncode


def _pytest() -> list[str]:
    arguments = json.loads((CARGO / "arguments.json").read_text(encoding="utf-8"))
    named = any(argument.startswith("tests/") for argument in arguments)
    command = [sys.executable, "-m", "pytest", "-vv", "-rP", "--color=no", "-p", "no:cacheprovider"]
    command += ["--timeout", str(TEST_LIMIT_S)]
    return [*command, *([] if named else INSIDE), *arguments]


if __name__ == "__main__":
    result = 1
    try:
        result = main()
    finally:
        print(f"{LAST_LINE}{result}", flush=True)
