"""What is counted and written down of command lines, however they end."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import Any

import pytest
import structlog

from sandbox.contract import RunEvent, RunRequest, Started
from tests.fakes.engine import FakeProgram
from tests.unit.sandbox.scrape import samples
from tests.unit.sandbox.stage import Stage


async def run(stage: Stage, learner: str, line: str, **limits: float) -> list[RunEvent]:
    """All events of a command line."""
    request = RunRequest.model_validate({"line": line, **limits})
    events = stage.service.commands.run(learner, request, asyncio.Event())
    return [event async for event in events]


async def scrape(stage: Stage) -> dict[str, float]:
    """All numbers of now."""
    return samples(stage.metrics.exposed(await stage.ability.snapshot()).decode())


def audit(stage: Stage) -> list[dict[str, Any]]:
    """All records."""
    return [json.loads(line) for line in stage.home.audit.read_text().splitlines()]


async def test_every_end_has_its_word(stage: Stage) -> None:
    """Well, with an exit status, by a limit, with a failure: four counts and four records."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs |= {
        "false": FakeProgram(exit_code=1),
        "yes": FakeProgram(endless=b"y" * 100),
        "die": FakeProgram(dies=True),
    }
    for line in ("true", "false", "yes", "die"):
        await run(stage, "1", line)

    numbers = await scrape(stage)
    for outcome in ("ok", "failed", "limit", "sandbox_gone"):
        assert numbers[f'docent_command_seconds_count{{outcome="{outcome}"}}'] == 1
    assert numbers['docent_limits_hit_total{limit="output"}'] == 1
    assert [(r["outcome"], r["exit_code"], r["limit"]) for r in audit(stage)] == [
        ("ok", 0, None), ("failed", 1, None), ("limit", None, "output"),
        ("sandbox_gone", None, None),
    ]  # fmt: skip


async def test_a_full_house_is_a_limit(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What never started is counted, and does not wait for ever."""
    stage = Stage(tmp_path_factory.mktemp("full"), capacity=1)
    await stage.lifecycle.open("1")
    await run(stage, "2", "docker ps")

    numbers = await scrape(stage)
    assert numbers['docent_limits_hit_total{limit="capacity"}'] == 1
    assert numbers['docent_able{part="capacity"}'] == 0
    assert numbers["docent_commands_waiting"] == numbers["docent_commands_running"] == 0
    assert audit(stage)[0]["outcome"] == "no_capacity"


async def test_who_waits_and_who_runs_can_be_seen(stage: Stage) -> None:
    """One runs, two wait behind it; afterwards nobody does."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["slow"] = FakeProgram(hangs=True)
    running = [asyncio.create_task(run(stage, "1", "slow", time_limit_s=0.2)) for _ in range(3)]
    await asyncio.sleep(0.1)
    during = await scrape(stage)
    await asyncio.gather(*running)
    after = await scrape(stage)

    assert (during["docent_commands_running"], during["docent_commands_waiting"]) == (1, 2)
    assert (after["docent_commands_running"], after["docent_commands_waiting"]) == (0, 0)
    assert after["docent_command_wait_seconds_count"] == 3
    assert [record["waited_ms"] >= 150 for record in audit(stage)] == [False, True, True]


async def test_a_caller_that_goes_away_is_counted_too(stage: Stage) -> None:
    """As abandoned; nothing stays in the gauge of what runs."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["slow"] = FakeProgram(hangs=True)
    request = RunRequest(line="slow")
    async with aclosing(stage.service.commands.run("1", request, asyncio.Event())) as events:
        assert isinstance(await anext(events), Started)

    numbers = await scrape(stage)
    assert numbers['docent_command_seconds_count{outcome="abandoned"}'] == 1
    assert numbers["docent_commands_running"] == 0
    assert audit(stage)[0]["outcome"] == "abandoned"


async def test_a_record_has_the_id_of_its_request(stage: Stage) -> None:
    """So that what a learner complains about is found in every log."""
    with structlog.contextvars.bound_contextvars(request_id="m7"):
        await run(stage, "1", "docker ps")

    assert [(r["learner"], r["request_id"], r["line"]) for r in audit(stage)] == [
        ("1", "m7", "docker ps")
    ]
