"""`python -m tests.bench [NAME] [OPTIONS]`: what `./docent bench` runs; `--help` names all."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence

from ops.errors import OpsError
from ops.home import default_home
from ops.plan import make_plan
from ops.preparation import prepare
from ops.progress import Progress, TerminalProgress
from tests.bench import (
    challenge,
    chat,
    commands,
    cost,
    day,
    density,
    errors,
    explaining,
    flood,
    memory,
    pictures,
    quiz,
    sandbox,
    soak,
    start,
    visit,
)
from tests.bench.arguments import Asked, read
from tests.bench.figures import Figure, table, write_json
from tests.bench.stage import Stage, stage

QUICK: Mapping[str, Callable[[Stage], Awaitable[list[Figure]]]] = {
    "memory": memory.measure,  # first: bot and service are idle as after a start
    "start": start.measure,
    "commands": commands.measure,
    "chat": chat.measure,
    "errors": errors.measure,
    "explain": explaining.measure,
    "pictures": pictures.measure,
    "visit": visit.measure,
    "flood": flood.measure,
}
"""One after the other on the same stage; `./docent bench` without a name does them all."""

LONG: Mapping[str, Callable[[Asked, Progress], Awaitable[list[Figure]]]] = {
    "sandbox": sandbox.measure,
    "density": density.measure,
    "cost": cost.measure,
    "day": day.measure,
    "soak": soak.measure,
    "challenge": challenge.measure,
    "quiz": quiz.measure,
}
"""Each by itself, on a stage of its own."""

ABOUT = """\
without NAME: memory, start, commands, chat, errors, explain, pictures, visit and flood
  memory    what an idle sandbox, the bot and the service keep
  start     a new learner's engine against Docker in Docker
  commands  a command through the service against the same on the host
  chat      from posting a command to its answer in chat
  errors    finding the known error in what a command printed
  explain   a command taken apart
  pictures  from asking an engine to its map as a picture
  visit     a page with its picture
  flood     does the bot listen while a million lines stream through it?
by themselves:
  sandbox   each promise of the sandbox service: cold, warm, thawed, reset, facts, memory
  density   200 sandboxes and five commands a second: does anybody wait?
  cost      opening, commands and facts from few sandboxes to 200
  day       1,000 learners who come and go in 20 minutes: is anything left over?
  challenge 20 engines prepared alike, judged and given back
  quiz      300 people in a live quiz: how long until an answer is confirmed?
  soak      an hour of work: do memory, files or threads of any process grow?
"""


def main() -> int:
    """Measure, show, write; exit status 0 only if every goal is met."""
    asked = read([*QUICK, *LONG], ABOUT)
    progress = TerminalProgress()
    try:
        prepare(make_plan(home=default_home(), port=0, source=None, with_engine=True), progress)
        figures = asyncio.run(_measure(asked, progress))
    except OpsError as error:
        print(f"docent: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(table(figures))
    if asked.json is not None:
        write_json(figures, asked.json)
    return 0 if all(figure.holds for figure in figures) else 1


async def _measure(asked: Asked, progress: Progress) -> list[Figure]:
    if asked.name is not None and asked.name in LONG:
        return await LONG[asked.name](asked, progress)
    return await _quick([asked.name] if asked.name else list(QUICK), progress)


async def _quick(names: Sequence[str], progress: Progress) -> list[Figure]:
    figures = []
    async with stage(progress, warm=0) as running:  # starts are to be measured cold
        for name in names:
            with progress.step(f"measuring {name}"):
                figures += await QUICK[name](running)
    return figures


if __name__ == "__main__":
    sys.exit(main())
