"""`./docent up`: sets up, starts all parts, and stays until somebody or something ends it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Generator
from dataclasses import dataclass, field

from ops import parts
from ops.errors import OpsError
from ops.home import only_one
from ops.house import House
from ops.plan import Plan
from ops.preparation import prepare
from ops.progress import Progress


def up(plan: Plan, progress: Progress) -> int:
    """Set up, start, and stay until Ctrl-C, SIGTERM or a part that does not come back.

    Returns:
        Exit status: 0 after Ctrl-C or SIGTERM.

    Raises:
        OpsError: something did not start, or died too often; everything is stopped again.
    """
    try:
        plan.home.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise OpsError(f"{plan.home} can't be made ({exc.strerror}): choose --home DIR.") from exc
    with only_one(plan.home):
        prepare(plan, progress)
        asyncio.run(_serve(plan, progress))
    return 0


@dataclass(slots=True)
class Requests:
    """What the person at the terminal asked for so far."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    hurry: asyncio.Event = field(default_factory=asyncio.Event)

    def again(self) -> None:
        """The first time: stop. The second time: stop at once."""
        (self.hurry if self.stop.is_set() else self.stop).set()


async def _serve(plan: Plan, progress: Progress) -> None:
    """Run the house until asked to stop; what was started is always stopped."""
    house = House(plan, progress)
    with _signals() as requests:
        work = asyncio.create_task(_start_and_watch(house, plan))
        asked = asyncio.create_task(requests.stop.wait())
        await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        work.cancel()
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await work
        finally:
            progress.say("stopping (Ctrl-C again: at once)")
            await _stop(house, requests)
            progress.say(f"stopped; learners' disks and progress stay in {plan.home}")


async def _start_and_watch(house: House, plan: Plan) -> None:
    await house.start()
    if plan.discord_token is None:
        print(f"Docent is ready: {plan.page}", flush=True)
    else:
        print(f"Docent is ready: {parts.bot_name(plan.home)} is on Discord", flush=True)
    await house.watch()


async def _stop(house: House, requests: Requests) -> None:
    politely = asyncio.create_task(house.stop())
    hurry = asyncio.create_task(requests.hurry.wait())
    await asyncio.wait({politely, hurry}, return_when=asyncio.FIRST_COMPLETED)
    hurry.cancel()
    if politely.done():
        politely.result()
        return
    politely.cancel()
    await asyncio.gather(politely, return_exceptions=True)
    await house.stop_at_once()


@contextlib.contextmanager
def _signals() -> Generator[Requests, None, None]:
    """Ctrl-C, SIGTERM and a closed terminal become requests instead of exceptions."""
    requests = Requests()
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, requests.again)
    try:
        yield requests
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
