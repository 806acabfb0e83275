"""Pure: what a learner's sandbox is, in the words of the Engine API.

Every line takes something away from the container, or gives its first process what it needs for
the fifth of a second in which it builds the learner's side; `sandbox/image/README.md` tells what
happens there. Nothing of a learner's but their number gets into these arguments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox import engine
from sandbox.apparmor import profile_for
from sandbox.engine import ContainerSpec, HostEngine
from sandbox.home import Home
from sandbox.settings import Limits

MIB = 1024 * 1024
STOP_TIMEOUT_S = 8
"""The keeper ends the learner's engine in four seconds and thaws what `docker pause` froze."""

UID_STEP = 131_072
FIRST_UID_BASE = 0x7000_0000
UID_BASES = 2048
"""Bases from here on lie in 0x70000000–0x7fffffff: above what systemd gives to containers and
below the sign bit, and nobody else's by convention."""

CAPABILITIES = (
    "SYS_ADMIN",  # mounts, namespaces
    "SETUID",  # id maps; becoming the keeper
    "SETGID",
    "SETPCAP",  # emptying the bounding set
    "CHOWN",  # handing cgroups and the socket folder over
    "MKNOD",  # a private node of the loop device
    "DAC_OVERRIDE",  # files of the keeper, once they are handed over
    "SYS_NICE",  # cgroup v2: moving a process of a user namespace between cpusets
)
"""What the first process needs; it gives all of them up before the first command."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is the same for all sandboxes of a service."""

    home: Home
    image: str
    limits: Limits
    seccomp_profile: str
    """The profile itself, as JSON: the API takes no file name."""
    public_key: str
    group: int
    """Group of the service; it may use the sandboxes' sockets."""
    runtime: str = ""
    """OCI runtime, as the host's engine calls it; empty: the engine's default."""
    apparmor: str = ""
    """AppArmor profile; empty: ours where it is loaded, see `sandbox.apparmor`."""
    packages: bool = False
    """Whether builds may fetch from the mirrors that the operator allows, see `sandbox.egress`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is different from sandbox to sandbox."""

    sandbox_id: str
    learner: str
    """Whom it is started for; empty: for whoever comes first."""
    disk: str
    """Name of the disk, see `Home.disk`."""
    disk_inode: int
    uid_base: int
    safe: bool = False


def sandbox_spec(site: Site, plan: Plan, host: HostEngine) -> ContainerSpec:
    """The container of this sandbox, on this engine of the host's."""
    apparmor = profile_for(site.apparmor, engine_has_it=host.apparmor)
    return ContainerSpec(
        # By the disk: the engine refuses a second container of this name, and two that mount the
        # same file would destroy what is on it.
        name=f"docent-{site.home.label}-{plan.disk_inode}",
        config={
            "Image": site.image,
            "Hostname": "sandbox",
            "Env": _environment(site, plan),
            "Labels": _labels(site, plan),
            "StopTimeout": STOP_TIMEOUT_S,
            "HostConfig": _limits(site.limits)
            | _confinement(site.seccomp_profile, apparmor)
            | _runtime(site.runtime)
            | {
                "Binds": _binds(site.home, plan),
                "CgroupParent": cgroup_parent(systemd_cgroups=host.systemd_cgroups),
            },
        },
    )


def cgroup_parent(*, systemd_cgroups: bool) -> str:
    """The cgroup of all sandboxes, in which an operator can limit them together.

    With the engine's own driver a relative name would lie below the engine's own cgroup; systemd
    takes a slice.
    """
    return "docent.slice" if systemd_cgroups else "/docent"


def free_uid_base(taken: set[int], *, start_at: str) -> int:
    """The first range of uids that no running sandbox has; two homes start in different places.

    Raises:
        LookupError: all are taken.
    """
    offset = int(start_at, 16) % UID_BASES
    for number in range(UID_BASES):
        base = FIRST_UID_BASE + (offset + number) % UID_BASES * UID_STEP
        if base not in taken:
            return base
    raise LookupError("every range of uids is taken")


def _limits(limits: Limits) -> dict[str, Any]:
    """Limits in the API's names.

    Memory and memory-plus-swap are the same number, which leaves the sandbox no swap.
    """
    memory = limits.memory_mib * MIB
    return {
        "Memory": memory,
        "MemorySwap": memory,
        "NanoCpus": round(limits.cpus * 1_000_000_000),
        "PidsLimit": limits.pids,
        # When the machine runs out of memory, sandboxes go first.
        "OomScoreAdj": 500,
        "Ulimits": [
            # A core dump would be written by the host, wherever core_pattern says.
            {"Name": "core", "Soft": 0, "Hard": 0},
            {"Name": "nofile", "Soft": 8192, "Hard": 8192},
        ],
        # What the first process prints, on the host's disk: bounded.
        "LogConfig": {
            "Type": "local",
            "Config": {"max-size": "1m", "max-file": "1", "compress": "false"},
        },
    }


def _confinement(seccomp_profile: str, apparmor: str) -> dict[str, Any]:
    return {
        "NetworkMode": "none",
        "ReadonlyRootfs": True,
        "Tmpfs": {
            "/run": "rw,nosuid,nodev,noexec,size=4m,mode=755",
            "/tmp": "rw,nosuid,nodev,noexec,size=1m",  # noqa: S108 # inside the container
        },
        "CapDrop": ["ALL"],
        "CapAdd": list(CAPABILITIES),
        "SecurityOpt": [f"apparmor={apparmor}", f"seccomp={seccomp_profile}"],
        # Loop devices and their control; nodes are made by the first process and removed again.
        "DeviceCgroupRules": ["b 7:* rmw", "c 10:237 rmw"],
    }


def _runtime(name: str) -> dict[str, str]:
    """A second wall, where an operator put one up: gVisor, Kata, sysbox."""
    return {"Runtime": name} if name else {}


def _binds(home: Home, plan: Plan) -> list[str]:
    return [
        f"{home.disk(plan.disk)}:/disk.img",
        f"{home.socket_folder(plan.sandbox_id)}:/sock",
        f"{home.mirror}:/mirror:ro",
    ]


def _environment(site: Site, plan: Plan) -> list[str]:
    return [
        f"DOCENT_UID_BASE={plan.uid_base}",
        f"DOCENT_SERVICE_GID={site.group}",
        f"DOCENT_SSH_PUBLIC_KEY={site.public_key}",
        f"DOCENT_SAFE={'1' if plan.safe else ''}",
        f"DOCENT_PACKAGES={'1' if site.packages else ''}",
    ]


def _labels(site: Site, plan: Plan) -> dict[str, str]:
    return {
        engine.ROLE_LABEL: engine.SANDBOX_ROLE,
        engine.HOME_LABEL: site.home.label,
        engine.SANDBOX_LABEL: plan.sandbox_id,
        engine.LEARNER_LABEL: plan.learner,
        engine.DISK_LABEL: str(plan.disk_inode),
        engine.UID_BASE_LABEL: str(plan.uid_base),
        engine.SAFE_LABEL: "1" if plan.safe else "",
    }
