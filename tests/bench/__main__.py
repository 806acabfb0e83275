"""`python -m tests.bench [NAME] [--json FILE]`; `./docent bench` prepares the machine for it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from ops.progress import TerminalProgress
from tests.bench import chat, commands, memory, start
from tests.bench.figures import Figure, table, write_json
from tests.bench.stage import Stage, stage

MEASUREMENTS: Mapping[str, Callable[[Stage], Awaitable[list[Figure]]]] = {
    "memory": memory.measure,  # first: bot and service are idle as after a start
    "start": start.measure,
    "commands": commands.measure,
    "chat": chat.measure,
}


def main() -> int:
    """Measure, show, write; exit status 0 only if every goal is met."""
    parser = argparse.ArgumentParser(prog="docent bench")
    parser.add_argument("name", nargs="?", choices=MEASUREMENTS)
    parser.add_argument("--json", type=Path, metavar="FILE")
    chosen = parser.parse_args()
    figures = asyncio.run(_measure([chosen.name] if chosen.name else list(MEASUREMENTS)))
    print(table(figures))
    if chosen.json is not None:
        write_json(figures, chosen.json)
    return 0 if all(figure.holds for figure in figures) else 1


async def _measure(names: list[str]) -> list[Figure]:
    progress = TerminalProgress()
    figures = []
    async with stage(progress) as running:
        for name in names:
            with progress.step(f"measuring {name}"):
                figures += await MEASUREMENTS[name](running)
    return figures


if __name__ == "__main__":
    sys.exit(main())
