"""What this machine's kernel offers to sandboxes, read from /proc and /sys; nothing is changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ops import apparmor
from ops.finding import Finding, Remedy
from sandbox.apparmor import PROFILE, is_loaded

OLDEST = (5, 19)
FEWEST_USER_NAMESPACES = 256
"""Two for each sandbox and some for what learners try."""
CONTROLLERS = ("cpu", "memory", "pids")
"""Those that hold the limits of a sandbox."""
FILE_SYSTEMS = ("ext4", "overlay")

_UPGRADE = Remedy(
    costs="no sandbox starts: overlays on idmapped mounts came with Linux 5.19",
    mend="upgrade the kernel (Ubuntu 22.04: apt-get install linux-generic-hwe-22.04), then reboot",
)
_NO_NAMESPACES = Remedy(
    costs="no sandbox starts: a learner's root would be root outside",
    mend="sysctl user.max_user_namespaces=65536 and, where it exists, "
    "kernel.unprivileged_userns_clone=1; keep them in /etc/sysctl.d/docent.conf",
)
_NO_LOOPS = Remedy(
    costs="no sandbox starts: each learner's disk is a file behind a loop device",
    mend="modprobe loop; keep it in /etc/modules-load.d/docent.conf",
)
_NO_FILE_SYSTEM = Remedy(
    costs="no sandbox starts: disks are ext4, images are layers of overlay",
    mend="a kernel of the distribution has both; containers of a rented machine may lack modules",
)
_NO_CONTROLLERS = Remedy(
    costs="no sandbox starts, or one learner could take the machine from the others",
    mend="enable them at boot; for memory: cgroup_enable=memory swapaccount=1",
)
_CGROUP_V1 = Remedy(
    costs="network buffers are not charged to a learner, and cgroups are not counted",
    mend="boot with systemd.unified_cgroup_hierarchy=1 (the default since Debian 11)",
)
_NO_SWAP_LIMIT = Remedy(
    costs="a sandbox that is out of memory swaps, and slows all others down",
    mend="swapoff -a, or boot with swapaccount=1",
)
_NO_APPARMOR = Remedy(
    costs="one wall less: who breaks out of a sandbox meets services that nothing confines",
    mend="apt-get install apparmor, boot with apparmor=1 security=apparmor",
)
_NO_PROFILE = Remedy(
    costs="one wall less: sandboxes are not confined by AppArmor",
    mend="apparmor_parser --replace sandbox/apparmor/docent-sandbox (./docent up does it)",
)
_NO_SECCOMP = Remedy(
    costs="the filter of system calls does not work: much more of the kernel can be attacked",
    mend="use a kernel of the distribution",
)


def examine(root: Path = Path("/")) -> Iterator[Finding]:
    """All features, in the order in which a sandbox needs them; `root` has proc, sys and dev."""
    release = _text(root / "proc/sys/kernel/osrelease") or "?"
    new_enough = _numbers(release) >= OLDEST
    yield Finding("kernel", release, new_enough, _UPGRADE)
    yield Finding("idmapped mounts", "by its version" if new_enough else "no", new_enough, _UPGRADE)
    yield _user_namespaces(root)
    yield _loops(root)
    yield _file_systems(root, release)
    yield from _cgroups(root)
    yield _swap(root)
    yield _apparmor(root)
    has_seccomp = (root / "proc/sys/kernel/seccomp").is_dir()
    yield Finding("seccomp", "yes" if has_seccomp else "no", has_seccomp or None, _NO_SECCOMP)


def is_v2(root: Path) -> bool:
    """Whether the machine's cgroups are of version 2."""
    return (root / "sys/fs/cgroup/cgroup.controllers").exists()


def _user_namespaces(root: Path) -> Finding:
    if not (root / "proc/self/ns/user").exists():
        return Finding("user namespaces", "not in this kernel", False, _NO_NAMESPACES)
    if _text(root / "proc/sys/kernel/unprivileged_userns_clone") == "0":
        return Finding("user namespaces", "for root only", False, _NO_NAMESPACES)
    most = int(_text(root / "proc/sys/user/max_user_namespaces") or 0)
    return Finding(
        "user namespaces", f"up to {most:,}", most >= FEWEST_USER_NAMESPACES, _NO_NAMESPACES
    )


def _loops(root: Path) -> Finding:
    if not (root / "dev/loop-control").exists():
        return Finding("loop devices", "no /dev/loop-control", False, _NO_LOOPS)
    in_use = len(list((root / "sys/block").glob("loop*/loop/backing_file")))
    return Finding("loop devices", f"/dev/loop-control, {in_use} in use", True)


def _file_systems(root: Path, release: str) -> Finding:
    known = (_text(root / "proc/filesystems") or "").split()
    modules = root / "lib/modules" / release
    loadable = (_text(modules / "modules.dep") or "") + (_text(modules / "modules.builtin") or "")
    missing = [
        name
        for name in FILE_SYSTEMS
        if name not in known and not re.search(rf"/{name}\.ko", loadable)
    ]
    value = ", ".join(f"no {name}" for name in missing) or ", ".join(FILE_SYSTEMS)
    return Finding("file systems", value, not missing, _NO_FILE_SYSTEM)


def _cgroups(root: Path) -> Iterator[Finding]:
    v2 = is_v2(root)
    yield Finding("cgroups", "v2" if v2 else "v1", v2 or None, _CGROUP_V1)
    have = _controllers_v2(root) if v2 else _controllers_v1(root)
    missing = [name for name in CONTROLLERS if name not in have]
    value = "no " + ", ".join(missing) if missing else ", ".join(sorted(have))
    yield Finding("cgroup controllers", value, not missing, _NO_CONTROLLERS)


def _controllers_v2(root: Path) -> set[str]:
    return set((_text(root / "sys/fs/cgroup/cgroup.controllers") or "").split())


def _controllers_v1(root: Path) -> set[str]:
    """Those that are on and mounted: a line reads name, hierarchy, number of cgroups, enabled."""
    rows = [line.split() for line in (_text(root / "proc/cgroups") or "").splitlines()]
    on = {row[0] for row in rows if row[-1] == "1"}
    mounted = _text(root / "proc/mounts") or ""
    lines = [line.split() for line in mounted.splitlines() if " cgroup " in line]
    return on & {option for fields in lines for option in fields[3].split(",")}


def _swap(root: Path) -> Finding:
    found = re.search(r"^SwapTotal:\s*(\d+)", _text(root / "proc/meminfo") or "", re.MULTILINE)
    if found is None or int(found[1]) == 0:
        return Finding("swap", "none, as it should be", True)
    groups = root / "sys/fs/cgroup"
    limited = (groups / "memory/memory.memsw.limit_in_bytes").exists() or any(
        groups.glob("*/memory.swap.max")  # the root of the tree has no limits
    )
    value = f"{int(found[1]) // 1024} MiB, {'limited' if limited else 'without limits'}"
    return Finding("swap", value, limited or None, _NO_SWAP_LIMIT)


def _apparmor(root: Path) -> Finding:
    if not apparmor.is_enabled(root):
        return Finding("AppArmor", "off", None, _NO_APPARMOR)
    loaded = is_loaded(PROFILE, root)
    value = f"on, {PROFILE} is {'in force' if loaded else 'not loaded'}"
    return Finding("AppArmor", value, loaded or None, _NO_PROFILE)


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return None


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", release)[:2])
