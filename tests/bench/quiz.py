"""How long people wait for the confirmation of their answer when a whole class answers at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ops.progress import Progress
from tests.bench.arguments import Asked
from tests.bench.figures import Figure
from tests.bot_stage import saying
from tests.quiz_crowd import Crowd, crowd, letters_of
from tests.quiz_story import opened, started

PEOPLE = 300
WITHIN_S = 10.0
GOAL_MS = 1500
OPENS_S = 300


async def measure(asked: Asked, progress: Progress) -> list[Figure]:
    """300 people, or so many as are asked for, at a playground; the bot is a program of its own."""
    size = asked.learners or PEOPLE
    with tempfile.TemporaryDirectory(prefix="docent-bench-") as folder:
        async with crowd(Path(folder), size) as many:
            with progress.step(f"{size} people join and answer within {WITHIN_S:.0f} s"):
                await _join_and_answer(many)
            quick, slow = many.percentile_s(50) * 1000, many.percentile_s(95) * 1000
    return [
        Figure(f"{size} answers: press → confirmation, median", quick, "ms"),
        Figure(f"{size} answers: press → confirmation, 95 %", slow, "ms", GOAL_MS),
    ]


async def _join_and_answer(many: Crowd) -> None:
    """Everybody joins, then answers the first question; only the answers are timed."""
    lobby = await opened(many.host, seconds=OPENS_S)
    join = "docent:quizjoin:v1:1"
    await many.all_join(lobby, join, within_s=WITHIN_S, seed=1)
    question = await started(many.host, lobby)
    (right,) = letters_of(question, "the red one")
    many.waits_s.clear()

    def choose(_: str) -> list[tuple[str, tuple[str, ...]]]:
        return [(f"docent:quizanswer:v1:1:1:{right}", (right,))]

    await many.all_press(question, choose, within_s=WITHIN_S, seed=2)
    size = len(many.people)
    await saying(many.host, f"{size}명 중 {size}명", question["channel_id"])
