"""What it costs to look for a known error in an output: of every error, and of floods."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.terminal.error_help import explain_failure
from bot.terminal.error_help.samples import SAMPLES
from tests.bench.figures import Figure, Stopwatch
from tests.bench.stage import Stage

ERRORS = Path(__file__).parents[1] / "errors"
GOAL_MS = 20.0
ROUNDS = 5
LINE = "docker run -d --name web -p 8080:80 nginx"


async def measure(stage: Stage) -> list[Figure]:
    """The engine is not asked for this: what is measured is what every failed command pays."""
    captured, hurting = Stopwatch(), Stopwatch()
    for _ in range(ROUNDS):
        for case in yaml.safe_load((ERRORS / "captured.yaml").read_text(encoding="utf-8")):
            with captured.lap():
                explain_failure(case["line"], case["output"], case["exit_code"])
        for sample in SAMPLES.values():
            with hurting.lap():
                explain_failure(LINE, sample[: len(sample) // 2] * 400, 125)
    return [
        Figure("error help, median of all errors", captured.median_ms, "ms", GOAL_MS),
        Figure("error help, 99 % of hurting outputs", hurting.percentile_ms(99), "ms", GOAL_MS),
    ]
