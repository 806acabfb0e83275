"""What the bot relies on in sessions, held by the fake and by the real thing."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from sandbox.client import Sandboxes
from sandbox.contract import (
    MOST_SESSIONS,
    RunFailed,
    SessionDetached,
    SessionEnded,
    SessionRequest,
    SessionStarted,
)
from tests.contract.test_sandboxes import images_home, learner, sandboxes, service
from tests.fakes.sandboxes import FakeSandboxes
from tests.terminal_events import last_of, watch

__all__ = ["images_home", "learner", "sandboxes", "service"]


@pytest.fixture(autouse=True)
def cat_waits_for_input(sandboxes: Sandboxes) -> None:
    """The fake has to be told; the real one knows."""
    if isinstance(sandboxes, FakeSandboxes):
        sandboxes.answer("cat", never_ends=True)


async def test_a_session_is_typed_in_and_interrupted(sandboxes: Sandboxes, learner: str) -> None:
    """What is typed is shown; Ctrl-C ends it; then its name is free."""
    async with sandboxes.session(learner, "s", SessionRequest(line="cat")) as terminal:
        assert isinstance(await anext(aiter(terminal)), SessionStarted)
        await terminal.type("hi")
        assert (await watch(terminal, "hi")).endswith("hi")
        [view] = await sandboxes.sessions(learner)
        await terminal.type("\x03")
        assert await last_of(terminal) == SessionEnded(exit_code=130)
        await terminal.type("nobody reads this")

    assert (view.id, view.line, view.attached) == ("s", "cat", True)
    assert await sandboxes.sessions(learner) == []


async def test_a_session_is_left_and_found_again(sandboxes: Sandboxes, learner: str) -> None:
    """With all that it showed; then somebody takes over, and somebody ends it."""
    async with sandboxes.session(learner, "s", SessionRequest(line="cat")) as terminal:
        await anext(aiter(terminal))
        await terminal.type("kept")
        await watch(terminal, "kept")
        await terminal.detach()
        assert await last_of(terminal) == SessionDetached()
    async with sandboxes.session(learner, "s", SessionRequest()) as first:
        assert (await watch(first, "kept")).endswith("kept")
        async with sandboxes.session(learner, "s", SessionRequest()) as second:
            await anext(aiter(second))
            assert await last_of(first) == SessionDetached(taken_over=True)
            await sandboxes.end_session(learner, "s")
            await sandboxes.end_session(learner, "s")
            assert await last_of(second) == SessionEnded(exit_code=None, cancelled=True)


async def test_a_signal_ends_a_session(sandboxes: Sandboxes, learner: str) -> None:
    """As a shell would say it."""
    async with sandboxes.session(learner, "s", SessionRequest(line="cat")) as terminal:
        await anext(aiter(terminal))
        await terminal.type("x")
        await watch(terminal, "x")
        await terminal.signal("TERM")
        assert await last_of(terminal) == SessionEnded(exit_code=143)


async def test_sessions_that_can_not_be_are_an_event(sandboxes: Sandboxes, learner: str) -> None:
    """No such name, a name that is taken, one too many."""

    async def why_not(name: str, line: str | None) -> str:
        request = SessionRequest(line=line)
        async with sandboxes.session(learner, name, request) as terminal:
            last = await last_of(terminal)
            assert isinstance(last, RunFailed)
            return last.error

    async with AsyncExitStack() as stack:
        for number in range(MOST_SESSIONS):
            request = SessionRequest(line="cat")
            session = sandboxes.session(learner, f"s{number}", request)
            await anext(aiter(await stack.enter_async_context(session)))

        assert await why_not("none", None) == "session_gone"
        assert await why_not("s0", "cat") == "bad_request"
        assert await why_not("s9", "cat") == "no_capacity"
        views = await sandboxes.sessions(learner)
    assert [view.id for view in views] == [f"s{number}" for number in range(MOST_SESSIONS)]
