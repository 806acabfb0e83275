"""Makes the seccomp profile of a sandbox from the one in Debian's golang-github-containers-common.

Run by the image build, with nothing but the standard library: `seccomp.py SOURCE TARGET`.
What is taken away is what neither the engine nor images of lessons need, and what has been a way
out of containers, or around their limits, before.
"""

import json
import sys
from pathlib import Path
from typing import Any

ENOSYS = 38
EPERM = 1

# "Not implemented": programs that know a fall-back take it. Engines before 23 ignore
# `defaultErrnoRet` and would answer EPERM for what a profile doesn't name, so these are named.
NOT_IMPLEMENTED = {
    "kernel keyrings are not namespaced": "keyctl add_key request_key",
    "programs in the kernel, counters, tracing": "bpf perf_event_open lookup_dcookie kcmp",
    "asks or watches whole file systems": "quotactl quotactl_fd fanotify_init fanotify_mark"
    " ustat sysfs",
    "opens files past the view": "open_by_handle_at",
    "favourites of exploits": "userfaultfd io_uring_setup io_uring_enter io_uring_register"
    " vmsplice modify_ldt",
    # Its contexts are counted host-wide: one learner could take them all.
    "asynchronous I/O": "io_setup io_submit io_destroy io_getevents io_cancel io_pgetevents",
    "the newer mount calls, with a history of holes": "fsopen fsconfig fsmount fspick",
    "memory of others and of nodes": "memfd_secret remap_file_pages process_madvise"
    " move_pages migrate_pages mbind set_mempolicy set_mempolicy_home_node",
    "obsolete": "uselib _sysctl acct",
}
# "Not permitted": what a root of the host would do to the machine.
NOT_PERMITTED = (
    "reboot syslog init_module finit_module delete_module kexec_load kexec_file_load swapon swapoff"
    " iopl ioperm settimeofday clock_settime stime vhangup"
)
# Said to be done, and not done: they write the dirty pages of the whole host.
PRETENDED = "sync syncfs"

AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16
# route, sock_diag, netfilter, uevent, generic. Packet sockets stay out: their rings are memory that
# nobody is charged for.
NETLINK_PROTOCOLS = (0, 4, 12, 15, 16)

Json = dict[str, Any]


def restrict(profile: Json) -> Json:
    """Return the profile of a sandbox, given the one that containers usually get."""
    not_implemented = " ".join(NOT_IMPLEMENTED.values()).split()
    named_by_us = {
        *not_implemented,
        *NOT_PERMITTED.split(),
        *PRETENDED.split(),
        "socket",
        "socketpair",
    }
    kept = [
        {**rule, "names": names}
        for rule in profile["syscalls"]
        if (names := [name for name in rule["names"] if name not in named_by_us])
    ]
    ours = [
        *_sockets(),
        _refuse(NOT_PERMITTED.split(), EPERM),
        _refuse(PRETENDED.split(), 0),
        _refuse(not_implemented, ENOSYS),
    ]
    return {**profile, "syscalls": kept + ours, "archMap": _native_calls_only()}


def _sockets() -> list[Json]:
    families = [_allow("socket", {0: family}) for family in (AF_UNIX, AF_INET, AF_INET6)]
    netlink = [_allow("socket", {0: AF_NETLINK, 2: protocol}) for protocol in NETLINK_PROTOCOLS]
    return [*families, *netlink, _allow("socketpair", {0: AF_UNIX})]


def _allow(name: str, arguments: dict[int, int]) -> Json:
    conditions = [
        {"index": index, "value": value, "valueTwo": 0, "op": "SCMP_CMP_EQ"}
        for index, value in arguments.items()
    ]
    return {"names": [name], "action": "SCMP_ACT_ALLOW", "args": conditions}


def _refuse(names: list[str], errno: int) -> Json:
    return {"names": names, "action": "SCMP_ACT_ERRNO", "args": [], "errnoRet": errno}


def _native_calls_only() -> list[Json]:
    """Leave out i386 and x32: a second, less tested way into the same kernel."""
    architectures = ("SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64")
    return [{"architecture": name, "subArchitectures": []} for name in architectures]


def main() -> None:
    """Read the profile named first and write ours to the file named second."""
    source, target = (Path(argument) for argument in sys.argv[1:3])
    target.write_text(json.dumps(restrict(json.loads(source.read_text())), indent=1))


if __name__ == "__main__":
    main()
