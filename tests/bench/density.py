"""Many live sandboxes on one machine, and a class that types: does anybody wait?

Opens `--sandboxes` sandboxes (200), then five times a second somebody's `docker ps`, for
`--minutes` (10). With `--picture FILE` it measures on the way what `cost` does, and draws the same
curve: two hundred sandboxes take some minutes to open.
"""

from __future__ import annotations

from ops.progress import Progress
from tests.bench import cost, machine
from tests.bench.arguments import Asked
from tests.bench.figures import Figure
from tests.bench.learners import numbered, open_all, type_at_rate
from tests.bench.stage import Stage, stage

SANDBOXES, MINUTES = 200, 10.0
PER_SECOND = 5
SPARE_PLACES = 5
GOAL_P95_MS = 1000
FIRST_LEARNER = 10_000


async def measure(asked: Asked, progress: Progress) -> list[Figure]:
    """Percentiles of `docker ps`, errors, and what it takes of the machine."""
    count = asked.sandboxes or SANDBOXES
    async with stage(progress, capacity=count + SPARE_PLACES) as running:
        free_mb, loops = machine.available_mb(), machine.loop_devices()
        files = machine.service(running).num_fds()
        figures, learners = await _open(running, count, asked, progress)
        figures.append(Figure("sandboxes", count, ""))
        figures += await _type(running, learners, asked.minutes or MINUTES, progress)
        each_mb = (free_mb - machine.available_mb()) / count
        return [
            *figures,
            Figure("memory of the machine per sandbox", each_mb, "MB"),
            Figure("loop devices", machine.loop_devices() - loops, ""),
            Figure("processes in sandboxes", len(machine.sandbox_processes()), ""),
            Figure("open files of the service", machine.service(running).num_fds() - files, ""),
        ]


async def _open(
    running: Stage, count: int, asked: Asked, progress: Progress
) -> tuple[list[Figure], list[str]]:
    """What it took, and whose the sandboxes are."""
    if asked.picture is not None:
        grown = await cost.grow(running, count, progress)
        return cost.told(grown, asked, progress), grown.learners
    learners = numbered(FIRST_LEARNER, count)
    with progress.step(f"opening {count} sandboxes"):
        opened = await open_all(running, learners)
    figures = [
        Figure("median time to open one, three at a time", opened.watch.median_ms, "ms"),
        Figure("openings that failed", opened.errors.total(), "", 0),
    ]
    return figures, learners


async def _type(
    running: Stage, learners: list[str], minutes: float, progress: Progress
) -> list[Figure]:
    process = machine.service(running)
    load = machine.Load(process)
    with progress.step(f"typing for {minutes:g} min"):
        typed = await type_at_rate(running, learners, per_second=PER_SECOND, seconds=minutes * 60)
    for error, times in typed.errors.items():
        progress.say(f"{times} × {error}")
    watch = typed.watch
    return [
        Figure("commands answered", len(watch.times_ms), ""),
        Figure("commands that failed", typed.errors.total(), "", 0),
        Figure("docker ps, p50", watch.percentile_ms(50), "ms"),
        Figure("docker ps, p95", watch.percentile_ms(95), "ms", GOAL_P95_MS),
        Figure("docker ps, p99", watch.percentile_ms(99), "ms"),
        Figure("docker ps, slowest", max(watch.times_ms), "ms"),
        Figure("memory of the sandbox service", machine.resident_mb(process), "MB"),
        Figure("processor of the sandbox service", load.percent, "%"),
        Figure("processors of the machine (100: one core)", load.machine_percent, "%"),
    ]
