"""Types into a program as a person does: what follows Esc comes when Esc has been read."""

from __future__ import annotations

import asyncio
import time
from typing import Final, Protocol

from bot.features.terminal._showing import happens
from bot.terminal.keys import ESCAPE, strokes

ESCAPE_S: Final = 0.12
"""After Esc, so that what follows is not taken for the rest of an arrow key."""

ANSWER_S: Final = 0.5
FULL_SCREEN_ANSWER_S: Final = 2.0
"""So long Esc is waited for: until the program prints something, it may not have read it yet.

One that draws the whole screen shows or sounds that it did, be it late; a shell says nothing.
"""


class TakesInput(Protocol):
    """A program on its terminal."""

    async def type(self, text: str) -> None:
        """Give it input."""
        ...


class Typist:
    """Types, with the pauses that programs need.

    Programs tell Esc from the beginning of an arrow key by the time that passes after it. vi of
    busybox waits 50 ms, and throws away all that comes meanwhile; and it is the time between two
    reads that counts, not that between our writes. So after Esc the program's answer is waited
    for: then it has read it.
    """

    def __init__(
        self,
        *,
        escape_s: float = ESCAPE_S,
        answer_s: float = ANSWER_S,
        full_screen_answer_s: float = FULL_SCREEN_ANSWER_S,
    ) -> None:
        self._escape_s = escape_s
        self._answer_s = {False: answer_s, True: full_screen_answer_s}
        self._answered = asyncio.Event()
        self._answered.set()
        self._typed_at = 0.0
        self._escaped = False

    def note_answer(self) -> None:
        """The program printed something."""
        self._answered.set()

    async def type(self, text: str, program: TakesInput, *, full_screen: bool = False) -> None:
        """Type it; whatever typing raises is raised. `full_screen`: it draws the whole screen."""
        for stroke in strokes(text):
            # What answers an earlier key must not be taken for the answer to Esc.
            if self._escaped or stroke == ESCAPE:
                await self._until_answered(self._answer_s[full_screen])
            self._answered.clear()
            await program.type(stroke)
            self._typed_at = time.monotonic()
            self._escaped = stroke == ESCAPE

    async def _until_answered(self, within_s: float) -> None:
        await happens(self._answered, within_s=self._left_s(within_s))
        if self._escaped:
            await asyncio.sleep(self._left_s(self._escape_s))

    def _left_s(self, of_s: float) -> float:
        return max(self._typed_at + of_s - time.monotonic(), 0.0)
