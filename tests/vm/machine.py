"""The VM: how qemu is called, what it writes, when it is ended."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TextIO

from ops.errors import OpsError
from tests.vm.cargo import Cargo
from tests.vm.root import Root

MEMORY_MIB = 4096
CPUS = 2
FIRST_BOOT = "docent.first_boot"
"""On the kernel's command line: take the engine image in, run no tests."""
LAST_LINE = "docent-vm: exit status "
KVM = Path("/dev/kvm")


def command(root: Root, cargo: Cargo, console: Path, *, first_boot: bool = False) -> list[str]:
    """The call of qemu.

    Args:
        root: What it starts.
        cargo: Its other two disks.
        console: File for what kernel and systemd say; the transcript comes on standard output.
        first_boot: Whether it writes to the disk of `root` and runs no tests; otherwise what the
            machine writes is thrown away.
    """
    line = "root=/dev/vda rw console=ttyS0 loglevel=6 panic=-1" + (
        f" {FIRST_BOOT}" if first_boot else ""
    )
    return [
        # Whoever kills us does not leave a machine behind that takes both processors.
        *("setpriv", "--pdeathsig", "KILL", "--"),
        "qemu-system-x86_64",
        *("-machine", "q35"),
        *acceleration(KVM, Path("/proc/cpuinfo")),
        *("-smp", str(CPUS), "-m", str(MEMORY_MIB)),
        *("-nodefaults", "-no-reboot", "-display", "none", "-nic", "none"),
        *("-kernel", str(root.kernel), "-initrd", str(root.initrd)),
        *("-append", line),
        *_disk("root", root.disk, f"snapshot={'off' if first_boot else 'on'},cache=unsafe"),
        *_disk("engine", cargo.engine, "readonly=on"),
        *_disk("cargo", cargo.files, "readonly=on"),
        *("-serial", f"file:{console}", "-serial", "stdio"),
    ]


def acceleration(kvm: Path, cpuinfo: Path) -> list[str]:
    """KVM where the processor has what it needs, else emulation.

    There are machines whose /dev/kvm opens and then can't run a guest: they are VMs without nested
    virtualization, and their processor does not claim to have it.
    """
    flags = re.search(r"^flags\s*:.*\b(vmx|svm)\b", cpuinfo.read_text(), re.MULTILINE)
    if kvm.exists() and flags:
        return ["-accel", "kvm", "-cpu", "host"]
    # The guest's clock counts instructions instead of seconds, as on a machine that carries out
    # one in a nanosecond: nothing in it is late because the emulation is slow or its host busy.
    return ["-accel", "tcg", "-cpu", "max,avx2=off,cx16=off,la57=off", "-icount", "shift=0"]


def run(
    call: Sequence[str], transcript: Path, *, limit_s: float, show: Callable[[str], None]
) -> int:
    """Run the machine until it switches itself off; gives the exit status that it reported.

    Args:
        call: The command that is the machine.
        transcript: File for all that it writes to standard output.
        limit_s: Seconds after which it is ended.
        show: Where each line of the transcript goes as well.

    Raises:
        OpsError: it ended without a result, or took too long.
    """
    with (
        transcript.open("w", encoding="utf-8") as file,
        subprocess.Popen(
            call, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8",
            errors="replace",
        ) as process,
    ):  # fmt: skip
        timer = threading.Timer(limit_s, process.kill)
        timer.start()
        try:
            status = _follow(process.stdout or (), file, show)
            process.wait()
        finally:
            late = not timer.is_alive()
            timer.cancel()
            process.kill()
    if status is None:
        reason = f"was not done in {limit_s:.0f} s" if late else "ended without a result"
        raise OpsError(f"The VM {reason}.")
    return status


def _follow(lines: Iterable[str], file: TextIO, show: Callable[[str], None]) -> int | None:
    """Keep and show all lines to the end; gives the status in the one that is for us, if any."""
    status = None
    for line in lines:
        text = line.rstrip()
        print(text, file=file, flush=True)
        if text.startswith(LAST_LINE):
            status = int(text.removeprefix(LAST_LINE))
        else:
            show(text)
    return status


def _disk(name: str, file: Path, options: str) -> list[str]:
    drive = f"file={file},format=raw,if=none,id={name},{options}"
    return ["-drive", drive, "-device", f"virtio-blk-pci,drive={name},serial={name}"]
