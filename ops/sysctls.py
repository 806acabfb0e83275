"""Kernel limits that all sandboxes of a machine share, raised where they are lower."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ops.progress import Said

AT_LEAST: Mapping[str, int] = {
    # Terminals are counted over all sandboxes: one learner could take them from everyone.
    "kernel.pty.max": 1_048_576,
    # Neighbour tables as well; the higher two first, the kernel wants them in order.
    "net.ipv4.neigh.default.gc_thresh3": 65_536,
    "net.ipv4.neigh.default.gc_thresh2": 32_768,
    "net.ipv4.neigh.default.gc_thresh1": 8_192,
    "net.ipv6.neigh.default.gc_thresh3": 65_536,
    "net.ipv6.neigh.default.gc_thresh2": 32_768,
    "net.ipv6.neigh.default.gc_thresh1": 8_192,
}
"""Only limits that cost nothing when they are high. What else an operator should decide about the
kernel is in docs/operating.md; we don't decide it for them."""


def too_low(root: Path = Path("/proc/sys")) -> dict[str, tuple[int, int]]:
    """Name → (value now, value wanted) of each limit that is lower than it should be."""
    found = {}
    for name, wanted in AT_LEAST.items():
        try:
            now = int(_file(root, name).read_text(encoding="ascii"))
        except (OSError, ValueError):
            continue  # this kernel has no such limit
        if now < wanted:
            found[name] = (now, wanted)
    return found


def raise_limits(progress: Said, root: Path = Path("/proc/sys")) -> None:
    """Raise what is too low until the next boot, and say so."""
    raised = []
    for name, (now, wanted) in too_low(root).items():
        try:
            _file(root, name).write_text(f"{wanted}\n", encoding="ascii")
        except OSError:
            progress.say(f"{name} is {now} and can't be raised here; {wanted} is advised")
            continue
        raised.append(f"{name} {now} → {wanted}")
    if raised:
        progress.say(f"kernel limits raised until the next boot: {', '.join(raised)}")


def _file(root: Path, name: str) -> Path:
    return root.joinpath(*name.split("."))
