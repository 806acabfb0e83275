"""How full a sandbox is, in lines: what takes its disk, and what helps when little is left."""

from __future__ import annotations

from typing import Final

from bot.classroom.machines import UsageFact, Use
from bot.texts import Speech
from bot.ui.marks import bar

GB: Final = 1_000_000_000
MB: Final = 1_000_000
NEARLY_FULL: Final = 0.8
SMALLEST_PART: Final = MB


def use_lines(use: Use, speech: Speech) -> list[str]:
    """One line for each thing that can run out, as far as it is known."""
    lines = []
    if use.usage is not None:
        lines += _disk_lines(use.usage, speech)
    if use.limits is not None:
        memory = _size(use.limits.memory_bytes)
        lines.append(f"-# {speech('sandbox.limits', memory=memory, pids=use.limits.pids)}")
    return lines


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
