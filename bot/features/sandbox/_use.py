"""How full a sandbox is, in lines: what takes its disk, and what helps when little is left."""

from __future__ import annotations

from typing import Final

from bot.classroom.machines import LimitsFact, UsageFact, Use
from bot.terminal.escape import inline_code
from bot.texts import Speech
from bot.ui.marks import bar

GB: Final = 1_000_000_000
MB: Final = 1_000_000
NEARLY_FULL: Final = 0.8
SMALLEST_PART: Final = MB


def use_lines(use: Use, speech: Speech) -> list[str]:
    """One line for each thing that can run out, as far as it is known."""
    lines = [] if use.usage is None else _disk_lines(use.usage, speech)
    return lines if use.limits is None else lines + _machine_lines(use, use.limits, speech)


def _machine_lines(use: Use, limits: LimitsFact, speech: Speech) -> list[str]:
    lines = []
    size = max(limits.memory_bytes, 1)
    if use.memory_bytes is not None:
        used = min(use.memory_bytes, size)
        left, all_of_it = _size(size - used), _size(size)
        lines.append(speech("sandbox.memory", bar=bar(used, size), left=left, size=all_of_it))
        if used >= size * NEARLY_FULL:
            lines.append(f"-# {speech('sandbox.memory.full', biggest=_biggest(use))}")
    if use.pids is not None:
        lines.append(speech("sandbox.pids", used=use.pids, most=limits.pids))
        if use.pids >= limits.pids * NEARLY_FULL:
            lines.append(f"-# {speech('sandbox.pids.full')}")
    return lines


def _biggest(use: Use) -> str:
    """What takes most memory, by name; a dash where no container does."""
    shown = [f"{inline_code(name, longest=40)} {_size(taken)}" for name, taken in use.biggest]
    return " · ".join(shown) or "–"


def _disk_lines(usage: UsageFact, speech: Speech) -> list[str]:
    used, size = usage.disk_used_bytes, max(usage.disk_size_bytes, 1)
    lines = [
        speech(
            "sandbox.disk",
            bar=bar(min(used, size), size),
            left=_size(max(0, size - used)),
            size=_size(size),
        )
    ]
    parts = {
        "images": usage.images_bytes,
        "containers": usage.containers_bytes,
        "volumes": usage.volumes_bytes,
        "cache": usage.build_cache_bytes,
    }
    shown = [
        speech(f"sandbox.disk.{part}", size=_size(taken))
        for part, taken in sorted(parts.items(), key=lambda each: -each[1])
        if taken >= SMALLEST_PART
    ]
    if shown:
        lines.append(f"-# {' · '.join(shown)}")
    if used >= size * NEARLY_FULL:
        lines.append(f"-# {speech('sandbox.disk.full')}")
    return lines


def _size(count: int) -> str:
    return f"{count / GB:.1f} GB" if count >= GB else f"{count / MB:.0f} MB"
