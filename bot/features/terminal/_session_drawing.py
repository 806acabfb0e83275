"""The live screen of a session in chat: when it is drawn, where it stands, who is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import discord

from bot.features.terminal._live_message import LiveMessage
from bot.features.terminal._showing import Showing, happens
from bot.ui.layout import Card

SETTLING_S: Final = 0.06
"""After something was printed the rest of it is waited for, so that half a screen is not shown."""
ANSWERING_S: Final = 0.25
"""How long a pressed button waits for what the program prints."""
PATIENCE_S: Final = 1.5
"""How long it waits for its turn to draw; Discord waits three seconds for it."""
BELOW: Final = 3
"""So many messages may stand below the screen before it moves to the end of the chat."""

CALMER: Final = ((120.0, 5.0), (30.0, 2.5))
"""After so long without a key, a screen that changes by itself is drawn so seldom."""


class LiveShowing(Showing):
    """Keeps the screen of one session up to date, at the end of the chat.

    `sight` tells what a card would show: the same sight is not drawn twice. `moved` is called
    when the screen stands in another message than before.
    """

    def __init__(
        self,
        message: LiveMessage,
        draw: Callable[[], Card],
        *,
        learner_id: int,
        name: str,
        sight: Callable[[], object],
        idle_s: Callable[[], float],
        moved: Callable[[], None],
    ) -> None:
        super().__init__(message, draw, learner_id=learner_id, name=name)
        self._sight = sight
        self._idle_s = idle_s
        self._moved = moved
        self._drawing = asyncio.Lock()
        self._drawn: object = None
        self._printed = asyncio.Event()
        self._answer_due = asyncio.Event()
        self._below = 0
        self._presses = 0

    @property
    def is_far_up(self) -> bool:
        """Whether so much stands below it that it is easily overlooked."""
        return self._below >= BELOW

    def note_below(self) -> None:
        """Something was written below the screen."""
        self._below += 1
        self.note_change()

    def note_print(self) -> None:
        """The program printed something."""
        self._printed.set()

    def note_typing(self) -> None:
        """Somebody typed: what comes of it is shown earlier than what changes by itself."""
        self._answer_due.set()

    def move_down(self) -> None:
        """Draw it anew at the end of the chat, where it is noticed."""
        self._below = BELOW
        self.note_change()

    def note_press(self) -> int:
        """A button was pressed; the number is for `answer`."""
        self._presses += 1
        self._printed.clear()
        return self._presses

    async def answer(self, interaction: discord.Interaction[Any], number: int) -> None:
        """Answer a pressed button with the screen that comes of it."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._drawing.acquire()
        except TimeoutError:  # Discord lets the edit before this one wait
            await interaction.response.defer()
            return
        try:
            await self._draw_in(interaction, number)
        finally:
            self._drawing.release()

    async def _draw_in(self, interaction: discord.Interaction[Any], number: int) -> None:
        if number == self._presses:
            await happens(self._printed, within_s=ANSWERING_S)
            await self._settle_down()
        pressed = interaction.message
        place = self._message.place
        is_shown = pressed is not None and place == (pressed.channel.id, pressed.id)
        # Of several quick presses the last one draws for all.
        if number != self._presses or self.is_over or not is_shown:
            await interaction.response.defer()
            return
        sight, self._drawn = self._sight(), None
        self.note_change()  # what Discord refuses here is drawn in its turn
        await interaction.response.edit_message(view=self._draw())
        self._drawn = sight

    async def _show(self) -> bool:
        async with self._drawing:
            sight, below = self._sight(), self._below
            moves = self.is_far_up and self._message.is_posted
            if sight == self._drawn and not moves:
                return True
            before = self._message.place
            draw = self._message.move if moves else self._message.show
            shown = await draw(self._draw())
            self._drawn = sight if shown else None
            if moves and shown:
                self._below -= below
            if self._message.place != before:
                self._moved()
            return shown

    async def _pause(self) -> None:
        await self._wait_for_pace()
        await self._settle_down()

    async def _settle_down(self) -> None:
        for _ in range(4):
            self._printed.clear()
            if not await happens(self._printed, within_s=SETTLING_S):
                return

    async def _wait_for_pace(self) -> None:
        """Edits have their pace; what answers the learner may come one edit early."""
        within_s = max(self._message.wait_s, self._calm_s())
        if not await self._comes(self._answer_due, within_s=within_s):
            return
        self._answer_due.clear()
        await happens(self._over, within_s=self._message.wait_for_answer_s)

    def _calm_s(self) -> float:
        """Who only looks on is shown less: a class full of `docker stats` has one bot."""
        idle_s = self._idle_s()
        return next((pause_s for after_s, pause_s in CALMER if idle_s > after_s), 0.0)

    async def _comes(self, event: asyncio.Event, *, within_s: float) -> bool:
        """Whether it happens before that time; also when it is all over meanwhile."""
        waits = {asyncio.ensure_future(e.wait()) for e in (event, self._over)}
        try:
            await asyncio.wait(waits, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return event.is_set()
