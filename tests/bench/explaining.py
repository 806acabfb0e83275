"""How long an explanation takes, from the line to the finished card, in both languages."""

from __future__ import annotations

from bot.explain import explain
from bot.features.explain._card import explanation_card
from bot.texts import LANGUAGES, Texts
from tests.bench.figures import Figure, Stopwatch
from tests.bench.stage import Stage
from tests.unit.explain.lesson_lines import every_line

GOAL_MS = 20.0


async def measure(_stage: Stage) -> list[Figure]:
    """Every command line of every lesson, once in each language."""
    speeches = [Texts.load().for_language(language) for language in LANGUAGES]
    watch = Stopwatch()
    explain("docker ps")  # the table is read once
    for speech in speeches:
        for line in every_line():
            with watch.lap():
                explanation_card(explain(line), speech)
    return [
        Figure("a command explained", watch.median_ms, "ms", GOAL_MS),
        Figure("99 % of commands explained within", watch.percentile_ms(99), "ms", GOAL_MS),
    ]
