"""Terminals that stay: who is attached, what is kept, and what ends them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from sandbox.contract import (
    KEPT_OUTPUT_BYTES,
    MOST_SESSIONS,
    Detach,
    Input,
    InputDropped,
    Output,
    Resize,
    RunFailed,
    SessionDetached,
    SessionEnded,
    SessionEvent,
    SessionRequest,
    SessionStarted,
    Signal,
)
from sandbox.errors import BadRequest, NoCapacity, SandboxReset, SessionGone, StartFailed
from sandbox.session import Attachment
from tests.fakes.engine import FakeInside, FakeTerminal
from tests.unit.sandbox.scrape import samples
from tests.unit.sandbox.stage import Stage

LEARNER = "1"


class Reader:
    """Somebody who is attached, and how far they have read."""

    def __init__(self, attachment: Attachment) -> None:
        self.attachment = attachment
        self._events = attachment.events()

    async def next(self) -> SessionEvent:
        """The next event."""
        async with asyncio.timeout(5):
            return await anext(self._events)

    async def text(self, end: str) -> str:
        """Output until it ends like this."""
        text = ""
        while not text.endswith(end):
            event = await self.next()
            assert isinstance(event, Output), event
            text += event.text
        return text

    async def rest(self) -> list[SessionEvent]:
        """All events that are left."""
        async with asyncio.timeout(5):
            return [event async for event in self._events]

    async def go_away(self) -> None:
        """Close the events, as a caller whose connection breaks."""
        await self._events.aclose()


async def attach(stage: Stage, name: str = "a", line: str | None = None, **how: Any) -> Reader:
    """Start a session, or attach to one; the first event is taken already."""
    reader = Reader(
        await stage.sessions.attach(LEARNER, name, SessionRequest(line=line, **how)),
    )
    assert isinstance(await reader.next(), SessionStarted)
    return reader


def terminal_of(stage: Stage, name: str = "a") -> FakeTerminal:
    """What runs in the session."""
    return inside_of(stage).terminals[name]


def inside_of(stage: Stage) -> FakeInside:
    """The inside of the learner's sandbox."""
    return next(inside for inside in stage.insides.values() if inside.is_connected)


@pytest.fixture(autouse=True)
async def nothing_runs_on(stage: Stage) -> AsyncGenerator[None]:
    """Every session ends with its test."""
    yield
    await stage.sessions.close()
    assert stage.sessions.running == 0


async def test_a_program_on_a_terminal(stage: Stage) -> None:
    """It gets a size and a name, shows what is typed, and its exit status is the last event."""
    reader = await attach(stage, line="bash", columns=100, rows=30)
    await reader.attachment.take(Input(text="ls\r"))
    assert await reader.text("\r") == "ls\r"
    await reader.attachment.take(Resize(columns=120, rows=40))
    await reader.attachment.take(Signal(name="TSTP"))
    terminal = terminal_of(stage)
    terminal.finish(3)

    assert await reader.rest() == [SessionEnded(exit_code=3)]
    assert (terminal.line, terminal.typed) == ("bash", b"ls\r")
    assert (terminal.sizes[0], terminal.sizes[-1]) == ((100, 30), (120, 40))
    assert terminal.signals == ["TSTP"]
    await asyncio.sleep(0)
    assert inside_of(stage).ended_sessions == [("a", False)]


async def test_the_first_session_opens_the_sandbox(stage: Stage) -> None:
    """And says how long that took; who attaches later did not wait for it."""
    request = SessionRequest(line="bash")
    first = await Reader(await stage.sessions.attach(LEARNER, "a", request)).next()
    again = await Reader(await stage.sessions.attach(LEARNER, "a", SessionRequest())).next()

    assert isinstance(first, SessionStarted)
    assert first.limits.time_s == 60
    assert isinstance(again, SessionStarted)
    assert again.opened_in_ms is None


async def test_a_sandbox_that_does_not_open_is_the_callers_failure(stage: Stage) -> None:
    """And the name is free again."""
    stage.engine.start_error = StartFailed("no")
    with pytest.raises(StartFailed):
        await attach(stage, line="bash")
    stage.engine.start_error = None

    await attach(stage, line="bash")


async def test_who_comes_back_sees_what_was_printed_meanwhile(stage: Stage) -> None:
    """All that is kept, for a screen that is empty."""
    first = await attach(stage, line="bash")
    terminal_of(stage).say(b"one")
    await first.text("one")
    await first.attachment.take(Detach())
    assert await first.rest() == [SessionDetached()]
    terminal_of(stage).say(" 둘".encode())
    await asyncio.sleep(0.01)

    second = await attach(stage)
    assert await second.text("둘") == "one 둘"


async def test_what_is_not_kept_is_counted(stage: Stage) -> None:
    """Only what nobody saw."""
    first = await attach(stage, line="bash")
    terminal_of(stage).say(b"seen")
    await first.text("seen")
    await first.go_away()
    terminal_of(stage).say(b"x" * KEPT_OUTPUT_BYTES + b"y" * 1000)
    await asyncio.sleep(0.1)

    attachment = await stage.sessions.attach(LEARNER, "a", SessionRequest())
    second = Reader(attachment)
    started = await second.next()
    assert isinstance(started, SessionStarted)
    assert started.missed_bytes == 1000
    assert len(await second.text("y" * 1000)) == KEPT_OUTPUT_BYTES


async def test_a_slow_reader_stops_the_program_and_loses_nothing(stage: Stage) -> None:
    """What is kept is all that piles up."""
    reader = await attach(stage, line="yes")
    terminal = terminal_of(stage)
    terminal.say(b"z" * 3 * KEPT_OUTPUT_BYTES + b"end")
    await asyncio.sleep(0.1)
    assert len(terminal._said) >= KEPT_OUTPUT_BYTES

    assert len(await reader.text("end")) == 3 * KEPT_OUTPUT_BYTES + 3


async def test_a_second_caller_takes_over(stage: Stage) -> None:
    """The first is told, and can do no harm any more by leaving."""
    first = await attach(stage, line="bash")
    second = await attach(stage, columns=90, rows=20)
    assert await first.rest() == [SessionDetached(taken_over=True)]
    await first.go_away()
    await second.attachment.take(Input(text="x"))

    assert await second.text("x") == "x"
    assert terminal_of(stage).sizes[-1] == (90, 20)


async def test_names_are_taken_once_and_four_at_most(stage: Stage) -> None:
    """A line needs a free name, no line needs one that runs."""
    with pytest.raises(SessionGone):
        await attach(stage, "none")
    for number in range(MOST_SESSIONS):
        await attach(stage, f"s{number}", line="bash")
    with pytest.raises(BadRequest):
        await attach(stage, "s0", line="bash")
    with pytest.raises(NoCapacity):
        await attach(stage, "s9", line="bash")

    assert [view.id for view in stage.sessions.of(LEARNER)] == ["s0", "s1", "s2", "s3"]
    assert stage.sessions.of("2") == []


async def test_to_end_a_session_is_polite_first(stage: Stage) -> None:
    """Its last words are read; then whatever is left of it ends. Twice is fine."""
    reader = await attach(stage, line="bash")
    await stage.sessions.end(LEARNER, "a")
    await stage.sessions.end(LEARNER, "a")

    assert await reader.rest() == [
        Output(text="bye"),
        SessionEnded(exit_code=None, cancelled=True),
    ]
    assert inside_of(stage).ended_sessions == [("a", True)]
    assert stage.sessions.of(LEARNER) == []


async def test_the_time_limit_ends_a_session(stage: Stage) -> None:
    """However busy it is; the rude are killed."""
    reader = await attach(stage, line="bash", time_limit_s=0.2)
    inside_of(stage).polite = False
    terminal_of(stage).say(b"busy")
    events = await reader.rest()

    assert events == [Output(text="busy"), SessionEnded(exit_code=None, limit="time")]
    assert inside_of(stage).ended_sessions == [("a", True)]


async def test_an_idle_session_ends_and_says_why_to_who_comes_back(stage: Stage) -> None:
    """Output that nobody sees is no activity; the reason is told once."""
    first = await attach(stage, line="bash", idle_limit_s=0.2)
    await first.go_away()
    for _ in range(6):
        terminal_of(stage).say(b".")
        await asyncio.sleep(0.05)

    second = await attach(stage)
    assert (await second.rest())[-1] == SessionEnded(exit_code=None, limit="idle")
    with pytest.raises(SessionGone):
        await attach(stage)


@pytest.mark.parametrize("what", ["typing", "output"])
async def test_who_types_or_watches_is_not_idle(stage: Stage, what: str) -> None:
    """The idle limit counts from the last time."""
    reader = await attach(stage, line="bash", idle_limit_s=1.0)
    for _ in range(6):
        if what == "typing":
            await reader.attachment.take(Input(text="x"))
        else:
            terminal_of(stage).say(b"x")
        await asyncio.sleep(0.25)

    assert len(stage.sessions.of(LEARNER)) == 1


async def test_a_session_keeps_its_sandbox_from_being_idle(stage: Stage) -> None:
    """Attached or not: its own idle limit bounds that."""
    reader = await attach(stage, line="bash")
    await reader.go_away()
    stage.clock.now += 10_000
    await stage.lifecycle.meet_deadlines()
    await asyncio.sleep(0.05)
    assert len(stage.sessions.of(LEARNER)) == 1


async def test_a_reset_ends_sessions_and_says_so(stage: Stage) -> None:
    """Not as something that broke."""
    reader = await attach(stage, line="bash")
    await stage.lifecycle.reset(LEARNER)

    [failed] = await reader.rest()
    assert isinstance(failed, RunFailed)
    assert failed.error == SandboxReset.code


async def test_the_end_of_the_service_ends_sessions_inside(stage: Stage) -> None:
    """At once, and who is attached is told."""
    reader = await attach(stage, line="bash")
    inside = inside_of(stage)
    await stage.sessions.close()

    [failed] = await reader.rest()
    assert isinstance(failed, RunFailed)
    assert failed.error == "service_down"
    assert inside.ended_sessions == [("a", True)]


async def test_input_that_is_not_read_is_dropped_and_counted(stage: Stage) -> None:
    """Nothing piles up for a program that sleeps."""
    reader = await attach(stage, line="sleep 99")
    terminal_of(stage).reads_input = False
    await reader.attachment.take(Input(text="가나"))

    assert await reader.next() == InputDropped(bytes=6)


async def test_broken_output_is_repaired(stage: Stage) -> None:
    """A letter that is cut in two is put together, and bytes that are none are replaced."""
    reader = await attach(stage, line="bash")
    terminal_of(stage).say("안".encode()[:2])
    await asyncio.sleep(0.01)
    terminal_of(stage).say("안".encode()[2:] + b"\xff\x1b[1m")

    assert await reader.text("m") == "안\ufffd\x1b[1m"


async def test_sessions_are_counted_and_written_down(stage: Stage) -> None:
    """Like command lines, and told apart from them."""
    await attach(stage, line="docker run -it alpine")
    await stage.sessions.end(LEARNER, "a")

    numbers = samples(stage.metrics.exposed(await stage.ability.snapshot()).decode())
    [record] = [json.loads(line) for line in stage.home.audit.read_text().splitlines()]
    assert numbers["docent_sessions_running"] == 0
    assert numbers['docent_session_seconds_count{outcome="cancelled"}'] == 1
    assert (record["kind"], record["outcome"]) == ("session", "cancelled")
    assert record["line"] == "docker run -it alpine"
