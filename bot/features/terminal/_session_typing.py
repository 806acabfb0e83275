"""What a learner types into a session: kept in order, and given to the program when it is ready."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from bot.classroom.sessions import AttachedSession
from bot.features.terminal._session_card import SessionView
from bot.features.terminal._typist import Typist
from bot.terminal.keys import key, typed

log = structlog.get_logger(__name__)


class Keyboard:
    """The keyboard of one session. What is typed before it begins waits for it.

    `answer_due` is called when a program was given something that it may answer.
    """

    def __init__(self, view: SessionView, *, answer_due: Callable[[], None]) -> None:
        self.terminal: AttachedSession | None = None
        """Where it goes; None while nobody is attached: then it is lost."""
        self._view = view
        self._answer_due = answer_due
        self._waiting: asyncio.Queue[Callable[[], str]] = asyncio.Queue()
        self._typist = Typist()

    @property
    def has_unread(self) -> bool:
        """Whether something was typed that no program has been given."""
        return self._waiting.qsize() > 0

    def write(self, content: str) -> None:
        """Type a message; its meaning is decided when the program is ready for it."""
        self._waiting.put_nowait(partial(self._meaning, content))

    def press(self, name: str) -> None:
        """Press a key."""
        application = self._view.window.application_cursor
        self._waiting.put_nowait(partial(key, name, application=application))
        self._view.was_typed_in = True

    def note_print(self) -> None:
        """The program printed something."""
        self._typist.note_answer()

    async def type_what_comes(self) -> None:
        """One after the other, in the order in which it was written; ends when it is cancelled."""
        while True:
            text = (await self._waiting.get())()
            if self.terminal is None or not text:
                continue
            self._view.dropped = False
            self._answer_due()
            try:
                full_screen = self._view.window.is_full
                await self._typist.type(text, self.terminal, full_screen=full_screen)
            except Exception as error:  # noqa: BLE001 - its end is told by the events, soon
                log.info("not_typed", error=type(error).__name__)

    def _meaning(self, content: str) -> str:
        window = self._view.window
        self._view.was_typed_in = True
        return typed(
            content,
            full_screen=window.is_full,
            pastes=window.pastes,
            application=window.application_cursor,
        )
