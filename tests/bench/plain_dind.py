"""A Docker engine in a container the usual way, as the measure for ours.

Same image and same limits as a sandbox, but `dockerd` with its defaults: it starts its own
containerd and nothing was prepared for it. It gets the rights it needs one by one: `--privileged`
as such fails on machines where even root lacks a capability.
"""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ops.images import ENGINE

ANSWER_LIMIT_S = 60
POLL_S = 0.005
# A container sees these read-only unless it is privileged.
START = """
for tree in /sys /sys/fs/cgroup /sys/fs/cgroup/* /proc/sys; do
  mount -o remount,rw "$tree" 2>/dev/null
done
exec dockerd --host unix:///out/docker.sock >/dev/null 2>&1
"""
RIGHTS = (
    *("--cap-add", "SYS_ADMIN"),
    *("--cap-add", "NET_ADMIN"),
    *("--security-opt", "seccomp=unconfined"),
    *("--security-opt", "apparmor=unconfined"),
    *("--security-opt", "systempaths=unconfined"),
    *("--device-cgroup-rule", "a *:* rwm"),
)


@contextmanager
def plain_engine(name: str, folder: Path, limits: list[str]) -> Generator[Path, None, None]:
    """Start one on a disk of its own; gives the socket that its engine will listen on."""
    folder.mkdir()
    command = ["docker", "run", "--detach", "--name", name, "--network", "none", *RIGHTS, *limits]
    command += ["--volume", "/var/lib/docker", "--volume", f"{folder}:/out"]
    command += ["--entrypoint", "/bin/sh", ENGINE, "-c", START]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=ANSWER_LIMIT_S)
        yield folder / "docker.sock"
    finally:
        remove = ["docker", "rm", "--force", "--volumes", name]
        subprocess.run(remove, check=False, capture_output=True, timeout=ANSWER_LIMIT_S)


async def until_it_answers(socket: Path) -> None:
    """Wait until `docker version` works there."""
    deadline = time.monotonic() + ANSWER_LIMIT_S
    while not await _answers(socket):
        if time.monotonic() > deadline:
            raise TimeoutError(f"no engine at {socket}")
        await asyncio.sleep(POLL_S)


async def _answers(socket: Path) -> bool:
    """Try the socket first: a CLI that fails again and again would slow the engine's start."""
    try:
        _, writer = await asyncio.open_unix_connection(socket)
    except OSError:
        return False
    writer.close()
    process = await asyncio.create_subprocess_exec(
        *("docker", "--host", f"unix://{socket}", "version"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await process.wait() == 0
