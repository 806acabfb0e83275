"""Command lines: order, limits, cancelling, and what is left behind."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.contract import (
    Ended,
    Output,
    Queued,
    RunEvent,
    RunFailed,
    RunLimits,
    RunRequest,
    Started,
)
from sandbox.errors import StartFailed
from tests.fakes.engine import FakeProgram
from tests.unit.sandbox.stage import Stage


def text_of(events: list[RunEvent]) -> str:
    """All output."""
    return "".join(event.text for event in events if isinstance(event, Output))


def end_of(events: list[RunEvent]) -> Ended:
    """How it ended."""
    last = events[-1]
    assert isinstance(last, Ended), last
    return last


async def test_a_command_opens_the_sandbox_and_ends(stage: Stage) -> None:
    """Started, output, ended; opened_in_ms only when it had to be opened."""
    first = await stage.run("1", "docker ps")
    second = await stage.run("1", "docker ps")

    assert [type(event) for event in first] == [Started, Output, Ended]
    assert text_of(first) == "docker ps\n"
    assert end_of(first).exit_code == 0
    assert end_of(first).directory == "/root"
    limits = RunLimits(time_s=5, output_bytes=4096, output_lines=100)
    assert second[0] == Started(opened_in_ms=None, limits=limits)


async def test_a_failing_start_is_the_commands_failure(stage: Stage) -> None:
    """With the code that the bot has a sentence for; the next command may work."""
    stage.engine.start_error = StartFailed("no loop devices")
    events = await stage.run("1", "docker ps")
    stage.engine.start_error = None

    assert events == [RunFailed(error="start_failed", detail="no loop devices")]
    assert end_of(await stage.run("1", "docker ps")).exit_code == 0


async def test_commands_of_a_learner_run_in_the_order_they_came(stage: Stage) -> None:
    """Each is told how many are ahead; another learner's is not in the way."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["slow"] = FakeProgram(hangs=True)
    stop = asyncio.Event()
    slow = asyncio.create_task(stage.run("1", "slow", cancelled=stop))
    await asyncio.sleep(0.05)
    waiting = [asyncio.create_task(stage.run("1", f"echo {n}")) for n in range(3)]
    await asyncio.sleep(0.05)
    other = await stage.run("2", "ls")
    assert end_of(other).exit_code == 0
    assert not any(task.done() for task in waiting)
    stop.set()
    results = await asyncio.gather(*waiting)
    await slow

    assert [events[0] for events in results] == [Queued(ahead=n) for n in (1, 2, 3)]
    assert [text_of(events) for events in results] == ["echo 0\n", "echo 1\n", "echo 2\n"]


async def test_one_that_follows_directly_is_not_told_to_wait(stage: Stage) -> None:
    """Who has seen the end of the last command finds the line empty."""
    await stage.lifecycle.open("1")
    for line in ("sleep 9 &", "ls", "ls"):
        events = await stage.run("1", line)
        assert isinstance(events[0], Started)


async def test_a_cancelled_wait_leaves_the_line(stage: Stage) -> None:
    """It never runs, and who is behind it moves up."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["slow"] = FakeProgram(hangs=True)
    stop, give_up = asyncio.Event(), asyncio.Event()
    slow = asyncio.create_task(stage.run("1", "slow", cancelled=stop))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(stage.run("1", "never", cancelled=give_up))
    third = asyncio.create_task(stage.run("1", "third"))
    await asyncio.sleep(0.05)
    give_up.set()
    assert end_of(await second).cancelled
    stop.set()
    await slow

    assert text_of(await third) == "third\n"
    assert text_of(second.result()) == ""


async def test_too_many_waiting_are_refused(stage: Stage) -> None:
    """A learner can't pile up work without end."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["slow"] = FakeProgram(hangs=True)
    stop = asyncio.Event()
    tasks = [asyncio.create_task(stage.run("1", "slow", cancelled=stop)) for _ in range(12)]
    await asyncio.sleep(0.1)
    refused = [task.result() for task in tasks if task.done()]
    stop.set()
    await asyncio.gather(*tasks)

    assert len(refused) == 3
    assert all(isinstance(events[-1], RunFailed) for events in refused)


async def test_cancelling_kills_and_says_so(stage: Stage) -> None:
    """Exit code None, and what it started is ended before the end is told."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["slow"] = FakeProgram((b"begun\n",), hangs=True)
    cancelled = asyncio.Event()
    running = asyncio.create_task(stage.run("1", "slow", cancelled=cancelled))
    await asyncio.sleep(0.05)
    cancelled.set()
    events = await running

    assert text_of(events) == "begun\n"
    assert (end_of(events).cancelled, end_of(events).exit_code) == (True, None)
    assert (stage.insides["1"].interrupted, stage.insides["1"].killed) == (1, 1)


async def test_last_words_are_shown(stage: Stage) -> None:
    """What a program says when it is asked to end, as far as the limits of output go."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["up"] = FakeProgram(
        (b"up\n",), hangs=True, last_words=("멈추는 중\n".encode(), b"x" * 5000, b"never")
    )
    events = await stage.run("1", "up", time_limit_s=0.1)

    assert text_of(events) == "up\n멈추는 중\n"
    assert end_of(events).limit == "time"
    assert (stage.insides["1"].interrupted, stage.insides["1"].killed) == (1, 1)


async def test_cancelled_while_the_sandbox_opens_never_runs(stage: Stage) -> None:
    """The sandbox stays open; the line is not started."""
    stage.engine.start_s = 0.1
    cancelled = asyncio.Event()
    running = asyncio.create_task(stage.run("1", "rm -rf x", cancelled=cancelled))
    await asyncio.sleep(0.05)
    cancelled.set()
    events = await running

    assert events == [Ended(exit_code=None, took_ms=0, cancelled=True)]
    assert stage.engine.running == {"1"}


async def test_cancelled_as_it_starts_never_runs(stage: Stage) -> None:
    """Whoever stops at the word that it starts has stopped it: the line is not sent."""
    await stage.lifecycle.open("1")
    cancelled = asyncio.Event()
    events: list[RunEvent] = []
    async for event in stage.commands.run("1", RunRequest(line="rm -rf x"), cancelled):
        events.append(event)
        cancelled.set()

    assert [event.type for event in events] == ["started", "ended"]
    assert end_of(events).cancelled
    assert stage.insides["1"].ran == []


@pytest.mark.parametrize("dies", [True, False])
async def test_a_reset_in_the_middle_is_called_a_reset(stage: Stage, dies: bool) -> None:
    """Not an exit code that a signal left behind, nor a sandbox that just went away."""
    await stage.lifecycle.open("1")
    slow = FakeProgram(holds=True, dies=dies, exit_code=137)
    stage.insides["1"].programs["slow"] = slow
    running = asyncio.create_task(stage.run("1", "slow"))
    await asyncio.sleep(0.05)
    await stage.lifecycle.reset("1")
    slow.let_go.set()
    events = await running

    assert isinstance(events[-1], RunFailed)
    assert events[-1].error == "sandbox_reset"
    assert end_of(await stage.run("1", "ls")).exit_code == 0


async def test_the_time_limit_kills(stage: Stage) -> None:
    """The request's own, when it is shorter than the service's."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["slow"] = FakeProgram(hangs=True)
    events = await stage.run("1", "slow", time_limit_s=0.05)

    assert end_of(events).limit == "time"
    assert stage.insides["1"].killed == 1


@pytest.mark.parametrize(
    ("endless", "limit", "text"),
    [(b"y\n" * 1000, "lines", "y\n" * 100), (b"x" * 3000, "output", "x" * 4096)],
)
async def test_output_stops_at_the_limit(
    stage: Stage, endless: bytes, limit: str, text: str
) -> None:
    """What fits is shown, then it ends; the request can't ask for more than the service gives."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["yes"] = FakeProgram(endless=endless)
    events = await stage.run("1", "yes", output_limit_bytes=1_000_000)

    assert end_of(events).limit == limit
    assert text_of(events) == text
    assert (stage.insides["1"].interrupted, stage.insides["1"].killed) == (0, 1)


async def test_a_line_is_cut_where_it_is_counted(stage: Stage) -> None:
    """A progress bar begins its line again and again, and that is still one line."""
    await stage.lifecycle.open("1")
    bar = b"".join(b"%d%%\r" % percent for percent in range(100)) + b"done\n"
    stage.insides["1"].programs["pull"] = FakeProgram((bar + b"next\n" * 200,))
    events = await stage.run("1", "pull")

    assert end_of(events).limit == "lines"
    assert text_of(events) == bar.decode() + "next\n" * 99


async def test_the_limits_that_hold_are_told(stage: Stage) -> None:
    """The request's own, lowered to the service's; so whoever asks need not know them."""
    asked = await stage.run("1", "ls", time_limit_s=2, output_limit_bytes=1_000_000)

    assert isinstance(asked[0], Started)
    assert asked[0].limits == RunLimits(time_s=2, output_bytes=4096, output_lines=100)


async def test_output_of_exactly_the_limit_is_whole(stage: Stage) -> None:
    """The limit itself is still allowed."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["fits"] = FakeProgram((b"x" * 4096,))
    events = await stage.run("1", "fits")

    assert end_of(events).limit is None
    assert text_of(events) == "x" * 4096


async def test_letters_cut_between_pieces_are_put_together(stage: Stage) -> None:
    """And bytes that are no text become a sign for that, at the end too."""
    await stage.lifecycle.open("1")
    letter = "안".encode()
    stage.insides["1"].programs["cut"] = FakeProgram((letter[:1], letter[1:], b"\xff", letter[:2]))
    events = await stage.run("1", "cut")

    assert text_of(events) == "안\ufffd\ufffd"


async def test_a_sandbox_that_dies_in_the_middle_is_a_failure(stage: Stage) -> None:
    """What was printed before is kept; the line goes on."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["dies"] = FakeProgram((b"half\n",), dies=True)
    events = await stage.run("1", "dies")
    after = await stage.run("1", "ls")

    assert text_of(events) == "half\n"
    assert events[-1] == RunFailed(error="sandbox_gone", detail="the sandbox ended in the middle")
    assert end_of(after).exit_code == 0


@pytest.mark.parametrize(
    ("line", "kills"),
    [
        ("sleep 100 &", 1), ("a & b", 1), ("(sleep 9 &) ; ls", 1),
        ("a && b", 0), ("ls > x 2>&1", 0), ("ls &> x", 0), ("docker ps", 0),
    ],
)  # fmt: skip
async def test_what_runs_in_the_background_is_ended(stage: Stage, line: str, kills: int) -> None:
    """One at a time means that the last one is over; lines without & cost nothing more."""
    await stage.run("1", line)

    assert stage.insides["1"].killed == kills


async def test_signs_of_a_fork_bomb_end_it(stage: Stage) -> None:
    """When nothing can be started any more, what takes the places has to go."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["ls"] = FakeProgram((b"sh: 1: Cannot fork\n",), exit_code=2)
    await stage.run("1", "ls")

    assert stage.insides["1"].killed == 1


async def test_the_directory_is_asked_for_only_when_it_may_have_changed(stage: Stage) -> None:
    """A cd shows at once; other lines keep what is known."""
    await stage.lifecycle.open("1")
    stage.insides["1"].directory_now = "/tmp"
    before = await stage.run("1", "ls")
    moved = await stage.run("1", "cd /tmp")
    after = await stage.run("1", "ls")

    assert [end_of(events).directory for events in (before, moved, after)] == [
        "/root", "/tmp", "/tmp",
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["echo \0", "x" * 16_385, "가" * 5_462])
async def test_lines_that_break_the_contract_are_refused(stage: Stage, line: str) -> None:
    """Nothing is started for them."""
    events = await stage.run("1", line)

    assert isinstance(events[-1], RunFailed)
    assert events[-1].error == "bad_request"
    assert stage.engine.specs == []


async def test_leaving_the_events_ends_the_command(stage: Stage) -> None:
    """Whoever stops reading has ended it, and the next one runs."""
    await stage.lifecycle.open("1")
    stage.insides["1"].programs["slow"] = FakeProgram((b"begun\n",), hangs=True)
    events = stage.commands.run("1", RunRequest(line="slow"), asyncio.Event())
    async for event in events:
        if isinstance(event, Output):
            break
    await events.aclose()

    assert stage.insides["1"].killed == 1
    assert end_of(await stage.run("1", "ls")).exit_code == 0
