"""How many engines run and may: known while the service answers, and else nothing is said."""

from __future__ import annotations

from bot.classroom.engines_now import EnginesNow, engines_now
from sandbox.errors import ServiceDown
from tests.fakes.sandboxes import FakeSandboxes


async def test_engines_are_counted_while_somebody_can() -> None:
    """Neither a service that is down nor one that is not there keeps a card from being shown."""
    sandboxes = FakeSandboxes(capacity=3)
    await sandboxes.open("1")
    assert await engines_now(sandboxes) == EnginesNow(running=1, capacity=3, waiting=0)
    sandboxes.down = ServiceDown("it restarts")
    assert await engines_now(sandboxes) is None
    assert await engines_now(None) is None
