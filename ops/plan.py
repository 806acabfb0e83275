"""What one `./docent up` is to do: its arguments and the environment, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ops.home import default_home
from ops.image_source import ImageSource

DEFAULT_PORT = 8080
SOURCE_VARIABLE = "DOCENT_SOURCE"

MEMORY_KEPT_MIB = 1024
MEMORY_PER_PLACE_MIB = 256
"""Idle sandboxes take some 50 MB and learners rarely work all at the same second."""
MAX_PLACES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to start, where. `discord_token` None: the playground."""

    home: Path
    port: int
    source: ImageSource
    with_engine: bool
    discord_token: str | None

    @property
    def page(self) -> str:
        """Where the playground's page is."""
        return f"http://127.0.0.1:{self.port}"


def make_plan(*, home: Path | None, port: int, source: str | None, with_engine: bool) -> Plan:
    """The plan that arguments and environment amount to; `.env` is in the environment already."""
    return Plan(
        home=(home or default_home()).absolute(),
        port=port,
        source=ImageSource(source or os.environ.get(SOURCE_VARIABLE) or "auto"),
        with_engine=with_engine,
        discord_token=os.environ.get("DISCORD_TOKEN") or None,
    )


def sandbox_limits(memory_mib: int) -> dict[str, str]:
    """Limits of sandboxes that suit a machine with so much memory; the environment goes first."""
    places = max(1, min(MAX_PLACES, (memory_mib - MEMORY_KEPT_MIB) // MEMORY_PER_PLACE_MIB))
    proposed = {
        "DOCENT_SANDBOX_MEMORY_MIB": "1024",
        "DOCENT_SANDBOX_CPUS": "1",
        "DOCENT_SANDBOX_PIDS": "1024",
        "DOCENT_SANDBOX_DISK_MIB": "4096",
        "DOCENT_SANDBOX_CAPACITY": str(places),
        "DOCENT_SANDBOX_COMMAND_LIMIT_S": "120",
    }
    return {name: os.environ.get(name) or value for name, value in proposed.items()}


def machine_memory_mib() -> int:
    """Memory of this machine, in MiB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
