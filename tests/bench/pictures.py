"""How long a map takes: from asking the engine to the picture, with fifteen containers."""

from __future__ import annotations

from bot.classroom.engine_map import map_of
from bot.pictures.engine_map import map_layout
from bot.pictures.fonts import find_fonts
from bot.pictures.paint import paint
from bot.pictures.theme import DARK
from bot.texts import Texts
from ops.errors import OpsError
from tests.bench.figures import Figure, Stopwatch
from tests.bench.stage import Stage

ROUNDS = 10
CONTAINERS = 15
GOAL_MS = 1_000
LEARNER = "2100"
MAKE = (
    "docker network create front >/dev/null; for n in $(seq {count}); do docker create --name"
    " web-$n --network front -p $((8000 + n)):80 -v data-$n:/data -m 64m busybox >/dev/null; done"
)


async def measure(stage: Stage) -> list[Figure]:
    """Facts, layout and painting of an engine with `CONTAINERS` containers."""
    fonts = find_fonts()
    if fonts is None:
        raise OpsError("Maps need Korean letters: apt-get install fonts-nanum.")
    say = Texts.load().for_language("ko")
    await stage.run(LEARNER, MAKE.format(count=CONTAINERS))
    whole, drawing = Stopwatch(), Stopwatch()
    for number in range(ROUNDS + 2):
        counts = number > 1
        with (whole if counts else Stopwatch()).lap():
            engine = map_of(await stage.sandboxes.facts(LEARNER))
            with (drawing if counts else Stopwatch()).lap():
                paint(map_layout(engine, say, fonts, DARK), fonts)
    return [
        Figure(f"map of {CONTAINERS} containers: asked → PNG", whole.median_ms, "ms", GOAL_MS),
        Figure("of which drawing", drawing.median_ms, "ms", None),
    ]
