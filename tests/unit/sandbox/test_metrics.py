"""Metrics: what Prometheus reads is right, complete and about nobody in particular."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from sandbox.contract import EventFact
from sandbox.metrics import Metrics, Snapshot
from tests.unit.sandbox.scrape import samples
from tests.unit.sandbox.stage import Stage
from tests.unit.sandbox.test_watching import run, scrape

ROOT = Path(__file__).resolve().parents[3]
DASHBOARD = ROOT / "docs" / "grafana" / "docent.json"
LEARNER = "987654321098765432"


def busy() -> Metrics:
    """Metrics in which everything happened once."""
    metrics = Metrics()
    metrics.sandbox_opened(fresh=True, took_s=0.6)
    metrics.sandbox_ended(137)
    metrics.reaped("container", 2)
    metrics.command_waits()
    metrics.command_starts(0.1)
    metrics.command_over("limit", started=True, ran_s=2)
    metrics.session_starts()
    metrics.session_over("ok", ran_s=60)
    metrics.limit_hit("time")
    metrics.images_pulled(1)
    metrics.request_answered("facts", 200, 0.02)
    return metrics


def event(kind: str, action: str, at: float) -> EventFact:
    """One of an engine's."""
    return EventFact(
        at=at, type=kind, action=action, name="busybox", container=None, exit_code=None
    )


def make_snapshot() -> Snapshot:
    """Numbers that differ from each other."""
    return Snapshot(
        running=3, frozen=2,
        starting=1, warm=10, outdated=11, stopped=7, capacity=20, waiting=9, seats_kept=8,
        seats_taken=6, disks_bytes=1, home_free_bytes=2,
        home_size_bytes=4, memory_bytes=5, able={"engine": True, "mirror": False},
    )  # fmt: skip


def test_the_snapshot_is_exposed() -> None:
    """By state, and by part."""
    numbers = samples(Metrics().exposed(make_snapshot()).decode())

    assert numbers['docent_sandboxes{state="running"}'] == 3
    assert numbers['docent_sandboxes{state="frozen"}'] == 2
    assert numbers['docent_sandboxes{state="stopped"}'] == 7
    assert numbers["docent_sandbox_capacity"] == 20
    assert numbers["docent_learners_waiting"] == 9
    assert numbers['docent_seats{state="kept"}'] == 8
    assert numbers['docent_seats{state="taken"}'] == 6
    assert numbers["docent_sandboxes_memory_bytes"] == 5
    assert numbers['docent_able{part="engine"}'] == 1
    assert numbers['docent_able{part="mirror"}'] == 0
    assert numbers["process_resident_memory_bytes"] > 1_000_000


@pytest.mark.parametrize(
    ("status", "cause"),
    [(75, "learners_side"), (76, "keeper"), (70, "start_failed"), (137, "killed"), (1, "other")],
)
def test_ends_have_causes(status: int, cause: str) -> None:
    """In words, for people who don't know the exit statuses of the image."""
    metrics = Metrics()
    metrics.sandbox_ended(status)

    numbers = samples(metrics.exposed(make_snapshot()).decode())
    assert numbers[f'docent_sandbox_ends_total{{cause="{cause}"}}'] == 1


async def test_sandboxes_are_counted_by_state(stage: Stage) -> None:
    """One runs, one was closed and has its disk; the openings are timed."""
    for learner in ("1", "2"):
        await stage.lifecycle.open(learner)
    await stage.lifecycle.close("2")
    numbers = await scrape(stage)

    assert numbers['docent_sandboxes{state="running"}'] == 1
    assert numbers['docent_sandboxes{state="starting"}'] == 0
    assert numbers['docent_sandboxes{state="stopped"}'] == 1
    assert numbers['docent_sandbox_opening_seconds_count{disk="new"}'] == 2
    assert numbers["docent_disks_bytes"] > 0


async def test_an_end_that_nobody_asked_for_is_counted(stage: Stage) -> None:
    """When the reaper finds it."""
    await stage.lifecycle.open("1")
    stage.engine.die(stage.container_of("1"), exit_code=75)
    await stage.lifecycle.sync()

    assert (await scrape(stage))['docent_sandbox_ends_total{cause="learners_side"}'] == 1


async def test_the_memory_of_sandboxes_is_read_where_it_can_be(stage: Stage) -> None:
    """From the cgroup of all of them; where it can't be seen, no number rather than a wrong one."""
    without = await scrape(stage)
    group = stage.home.root / "cgroup" / "docent"
    group.mkdir(parents=True)
    (group / "memory.current").write_text("60000000\n")
    with_it = await scrape(stage)

    assert "docent_sandboxes_memory_bytes" not in without
    assert with_it["docent_sandboxes_memory_bytes"] == 60_000_000


async def test_a_pull_is_counted_once(stage: Stage) -> None:
    """The engine tells its newest events again and again; old and future ones are none."""
    await stage.lifecycle.open("1")
    async with stage.lifecycle.use("1") as opened:
        sandbox, now = opened.sandbox, time.time()
    pulled = [event("image", "pull", at) for at in (now - 60, now, now + 60)]
    others = [event("image", "tag", now), event("container", "pull", now)]

    assert sandbox.take_pulls([*pulled, *others]) == 1
    assert sandbox.take_pulls([*pulled, *others]) == 0
    assert sandbox.take_pulls([event("image", "pull", time.time())]) == 1


async def test_no_label_is_about_a_learner(stage: Stage) -> None:
    """Neither who nor what: whoever may see metrics may not see people."""
    await run(stage, LEARNER, "docker login -u ada -p secret")
    text = stage.metrics.exposed(await stage.ability.snapshot()).decode()

    assert not any(word in text for word in (LEARNER, "ada", "secret", "login"))


def test_the_dashboard_asks_for_nothing_that_does_not_exist() -> None:
    """Every metric in a query of docs/grafana/docent.json is one that the service exposes."""
    exposed = {name.partition("{")[0] for name in samples(busy().exposed(make_snapshot()).decode())}
    queries = [
        target["expr"]
        for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
        for target in panel.get("targets", [])
    ]
    asked = {name for query in queries for name in re.findall(r"\b(?:docent|process)_\w+", query)}

    assert len(queries) >= 10
    assert asked - exposed == set()


def test_the_dashboard_shows_every_state_that_takes_a_place() -> None:
    """A frozen sandbox holds its place: a house full of them must not look empty."""
    dashboard = DASHBOARD.read_text(encoding="utf-8")
    [shown] = re.findall(r'docent_sandboxes\{state=~\\"([^"\\]+)\\"\}', dashboard)
    exposed = samples(busy().exposed(make_snapshot()).decode())
    states = {name for name in exposed if name.startswith("docent_sandboxes{")}

    assert {f'docent_sandboxes{{state="{state}"}}' for state in shown.split("|")} == states - {
        'docent_sandboxes{state="stopped"}'
    }


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    """A number that nobody looks at is not worth counting."""
    dashboard = DASHBOARD.read_text(encoding="utf-8")
    text = busy().exposed(make_snapshot()).decode()
    families = set(re.findall(r"^# TYPE (docent_\w+) ", text, re.MULTILINE))

    assert len(families) >= 12
    assert {name for name in families if name not in dashboard} == set()
