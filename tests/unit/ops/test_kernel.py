"""What `./docent doctor` reads of a kernel, on trees of /proc and /sys that tests make."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops import kernel
from ops.finding import Finding

V2 = {
    "proc/sys/kernel/osrelease": "6.12.43+deb13-cloud-amd64",
    "proc/self/ns/user": "",
    "proc/sys/user/max_user_namespaces": "96365",
    "proc/sys/kernel/seccomp/actions_avail": "kill_process errno allow",
    "proc/filesystems": "nodev\tproc\nnodev\toverlay\n\text4",
    "proc/meminfo": "MemTotal:       2000000 kB\nSwapTotal:             0 kB",
    "dev/loop-control": "",
    "sys/block/loop0/loop/backing_file": "/disk.img",
    "sys/block/loop1/size": "0",
    "sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory hugetlb pids rdma misc",
    "sys/module/apparmor/parameters/enabled": "Y",
    "sys/kernel/security/apparmor/profiles": "docker-default (enforce)\ndocent-sandbox (enforce)",
}
CGROUP_LINES = "cgroup /sys/fs/cgroup/{0} cgroup rw,relatime,{0} 0 0\n"
V1 = {
    "sys/fs/cgroup/cgroup.controllers": None,
    "proc/cgroups": "#subsys_name\thierarchy\tnum_cgroups\tenabled\n"
    "cpu\t1\t2\t1\nmemory\t4\t57\t1\npids\t8\t3\t1",
    "proc/mounts": "".join(CGROUP_LINES.format(name) for name in ("cpu", "memory", "pids")),
}


def tree(root: Path) -> Path:
    """A machine with everything: Debian 13 with cgroup v2."""
    for name, text in V2.items():
        write(root, name, text)
    return root


def write(root: Path, name: str, text: str | None) -> None:
    """One file of the tree; None takes it away."""
    path = root / name
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")


def findings(root: Path) -> dict[str, Finding]:
    return {finding.name: finding for finding in kernel.examine(root)}


def test_a_machine_with_everything_is_well(tmp_path: Path) -> None:
    """No line asks for anything, and each says what was seen."""
    found = findings(tree(tmp_path))

    assert {name for name, finding in found.items() if finding.well is not True} == set()
    assert found["kernel"].value == "6.12.43+deb13-cloud-amd64"
    assert found["cgroups"].value == "v2"
    assert found["loop devices"].value == "/dev/loop-control, 1 in use"


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [
        ("proc/sys/kernel/osrelease", "5.15.0-160-generic", "kernel"),
        ("proc/sys/kernel/osrelease", "5.15.0-160-generic", "idmapped mounts"),
        ("proc/self/ns/user", None, "user namespaces"),
        ("proc/sys/user/max_user_namespaces", "0", "user namespaces"),
        ("proc/sys/kernel/unprivileged_userns_clone", "0", "user namespaces"),
        ("dev/loop-control", None, "loop devices"),
        ("proc/filesystems", "nodev\tproc\n\text4", "file systems"),
        ("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io pids", "cgroup controllers"),
    ],
)
def test_what_no_sandbox_can_do_without_is_a_no(
    tmp_path: Path, file: str, text: str | None, name: str
) -> None:
    """With what it costs and how to mend it."""
    write(tree(tmp_path), file, text)
    finding = findings(tmp_path)[name]

    assert finding.well is False
    assert finding.remedy is not None
    assert finding.remedy.costs
    assert finding.remedy.mend


@pytest.mark.parametrize(
    ("files", "name", "value"),
    [
        (V1, "cgroups", "v1"),
        ({"sys/module/apparmor/parameters/enabled": "N"}, "AppArmor", "off"),
        ({"sys/module/apparmor/parameters/enabled": None}, "AppArmor", "off"),
        (
            {"sys/kernel/security/apparmor/profiles": "docker-default (enforce)"},
            "AppArmor",
            "on, docent-sandbox is not loaded",
        ),
        ({"proc/meminfo": "SwapTotal:  2097152 kB"}, "swap", "2048 MiB, without limits"),
    ],
)  # fmt: skip
def test_what_only_makes_it_worse_is_said_and_no_more(
    tmp_path: Path, files: dict[str, str | None], name: str, value: str
) -> None:
    """Neither ok nor no: it works, and somebody should know."""
    for file, text in files.items():
        write(tmp_path if (tmp_path / "proc").exists() else tree(tmp_path), file, text)
    finding = findings(tmp_path)[name]

    assert (finding.well, finding.value) == (None, value)
    assert finding.remedy is not None


def test_swap_with_limits_is_well(tmp_path: Path) -> None:
    """In either version of cgroups."""
    write(tree(tmp_path), "proc/meminfo", "SwapTotal:  1024 kB")
    write(tmp_path, "sys/fs/cgroup/system.slice/memory.swap.max", "max")

    assert findings(tmp_path)["swap"].well


def test_controllers_of_version_1_have_to_be_mounted(tmp_path: Path) -> None:
    """A kernel that knows one does not yet hold anybody to its limits."""
    tree(tmp_path)
    for file, text in V1.items():
        write(tmp_path, file, text)
    assert findings(tmp_path)["cgroup controllers"].well
    write(tmp_path, "proc/mounts", CGROUP_LINES.format("cpu"))

    assert findings(tmp_path)["cgroup controllers"].value == "no memory, pids"


def test_a_module_that_can_be_loaded_is_there(tmp_path: Path) -> None:
    """Until somebody uses it, overlay is in no list of the kernel's."""
    write(tree(tmp_path), "proc/filesystems", "nodev\tproc\n\text4")
    release = V2["proc/sys/kernel/osrelease"]
    write(tmp_path, f"lib/modules/{release}/modules.dep", "kernel/fs/overlayfs/overlay.ko.xz:")

    assert findings(tmp_path)["file systems"].well


def test_a_machine_that_shows_nothing_is_told_so(tmp_path: Path) -> None:
    """No /proc, no /sys: answers, not a traceback."""
    found = findings(tmp_path)

    assert found["kernel"].value == "?"
    assert not any(finding.well for name, finding in found.items() if name != "swap")
