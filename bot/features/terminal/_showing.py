"""What goes on is shown until it is over; then what is on its way arrives before the result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from bot.features.terminal._live_message import LiveMessage
from bot.on_error import report_bug
from bot.ui.layout import Card

FIRST_MESSAGE_AFTER_S: Final = 0.4
"""Most commands end sooner: then their result is the first message, and the only one."""

POSTING_S: Final = 15.0
EDITING_S: Final = 2.0
"""How long the result waits for the message, or the edit, that is on its way when it comes."""


class Showing:
    """Posts a message when something takes a while, and edits it when something changes."""

    def __init__(
        self, message: LiveMessage, draw: Callable[[], Card], *, learner_id: int, name: str
    ) -> None:
        self._message = message
        self._draw = draw
        self._learner_id = learner_id
        self._name = name
        self._changed = asyncio.Event()
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing but the result is shown any more."""
        return self._over.is_set()

    def begin(self) -> None:
        """From now on what there is to see is shown."""
        self._task = asyncio.create_task(self._show_until_over(), name=f"show-{self._name}")

    def note_change(self) -> None:
        """There is something else to see: it is shown when its turn comes."""
        self._changed.set()

    async def settle(self) -> None:
        """Let what is on its way to Discord arrive, so that it can't overtake the result."""
        if self._over.is_set() or self._task is None:
            return
        self._over.set()
        self._changed.set()
        within_s = EDITING_S if self._message.is_posted else POSTING_S
        await asyncio.wait({self._task}, timeout=within_s)
        if not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task})
        if not self._task.cancelled() and (error := self._task.exception()) is not None:
            report_bug(error, learner_id=self._learner_id)  # the result is still to be shown

    async def _show_until_over(self) -> None:
        await happens(self._over, within_s=FIRST_MESSAGE_AFTER_S)
        while not self._over.is_set():
            self._changed.clear()
            if await self._show():
                await self._changed.wait()
            await self._pause()

    async def _show(self) -> bool:
        """Draw it; whether Discord took it. Otherwise it is drawn again, changed or not."""
        return await self._message.show(self._draw())

    async def _pause(self) -> None:
        """Until the message may be edited again, or it is all over."""
        await happens(self._over, within_s=self._message.wait_s)


async def happens(event: asyncio.Event, *, within_s: float) -> bool:
    """Wait so long for an event; whether it happened."""
    try:
        async with asyncio.timeout(within_s):
            return await event.wait()
    except TimeoutError:
        return False
