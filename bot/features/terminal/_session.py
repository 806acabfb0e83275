"""The life of one session, from its line to its last message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import discord

from bot.classroom.commands import CommandEnded, Ended, Queued, RunningCommand, Started, Waiting
from bot.classroom.sessions import (
    PREFIX,
    AttachedSession,
    InputDropped,
    Output,
    SessionDetached,
    SessionEnded,
    SessionLimits,
    SessionStarted,
)
from bot.errors import LearnerError
from bot.features.terminal._intake import Allowance, take_in
from bot.features.terminal._live_message import TROUBLE, LiveMessage, Pace
from bot.features.terminal._render import failure_card, final_card
from bot.features.terminal._run import new_id, refuse_open_quote
from bot.features.terminal._session_card import SessionView, session_card
from bot.features.terminal._session_clock import Clock
from bot.features.terminal._session_drawing import LiveShowing
from bot.features.terminal._session_typing import Keyboard
from bot.features.terminal._showing import happens
from bot.terminal.error_help import ErrorHelp
from bot.terminal.interactive import Going
from bot.terminal.leading import split_ahead
from bot.terminal.live_screen import COLUMNS, NARROW, ROWS
from bot.terminal.reading import Typed
from bot.texts import Speech
from bot.ui.destination import Destination
from bot.ui.helping import can_ask_for_help
from bot.ui.layout import Card

if TYPE_CHECKING:
    from bot.bot import DocentBot

LOOK_S: Final = 15.0
"""How often we look whether a session still runs that nobody is attached to."""

KILLED: Final = frozenset({137, 143})


class _LimitMet(LearnerError):
    """It ran until a limit of its own: what it did until then counts."""


class SessionRun:
    """Runs one line on a live terminal. `perform` may be awaited once."""

    def __init__(
        self,
        bot: DocentBot,
        *,
        learner_id: int,
        channel_id: int,
        typed: Typed,
        going: Going,
        speech: Speech,
        destination: Destination,
        slash: bool,
        pace: Pace,
        moved: Callable[[], None],
        directory_news: Callable[[str | None], str | None],
    ) -> None:
        self.id: Final = new_id()
        self.name: Final = PREFIX + self.id
        self.learner_id: Final = learner_id
        self.channel_id: Final = channel_id
        self.source: int | None = None
        """The message that it came from."""
        self._bot = bot
        self._sessions = bot.classroom.sessions
        self._speech = speech
        self._view = SessionView(typed, slash, wants_keyboard=going is Going.KEYBOARD)
        self._clock = Clock(self._view)
        self._destination = destination
        self._message = LiveMessage(destination, pace)
        self._showing = LiveShowing(
            self._message,
            self._draw,
            learner_id=learner_id,
            name=self.id,
            sight=self._sight,
            idle_s=self._clock.idle_s,
            moved=moved,
        )
        self._keyboard = Keyboard(self._view, answer_due=self._showing.note_typing)
        self._ahead, self._line = split_ahead(typed.line)
        self._arrived: Ended | None = None
        """How that ended which goes ahead of it."""
        self._directory_news = directory_news
        self._waiting: RunningCommand | None = None
        self._resumed = asyncio.Event()
        self._asked = False
        self._allowance = Allowance()
        self._stopping = False
        self._interrupted = False
        self._forgotten = False
        self._met: ErrorHelp | None = None

    # What others see of it, and do to it.

    @property
    def reads_lines(self) -> bool:
        """Whether what is written in the chat is for its program."""
        return self._view.wants_keyboard and self.takes_keys

    @property
    def takes_keys(self) -> bool:
        """Whether keys can be pressed."""
        return not (self._view.is_detached or self._stopping or self._showing.is_over)

    @property
    def prompt(self) -> str:
        """What stands before the cursor."""
        return self._view.window.line_of_cursor

    @property
    def place(self) -> tuple[int, int] | None:
        """The ids of the channel and the message that show it."""
        return self._message.place

    def write(self, content: str) -> None:
        """Type a message; its meaning is decided when the program is ready for it."""
        self._keyboard.write(content)
        self._used()

    def note_below(self) -> None:
        """Something was written below the screen."""
        self._showing.note_below()

    async def press(self, name: str, interaction: discord.Interaction[Any]) -> None:
        """A button was pressed: do it, and answer with the screen that comes of it."""
        self._used()
        number = self._showing.note_press()
        await self._do(name)
        await self._showing.answer(interaction, number)

    async def _do(self, name: str) -> None:
        match name:
            case "attach":
                self._resumed.set()
            case "detach":
                await self._detach()
            case "narrow" | "wide":
                await self._resize(NARROW if name == "narrow" else COLUMNS)
            case "stay":
                pass
            case _:
                self._keyboard.press(name)

    async def stop(self, *, interrupted: bool = False) -> None:
        """End it; its message says so. `interrupted`: because the bot goes away."""
        self._stopping = True
        self._interrupted = self._interrupted or interrupted
        self._showing.note_change()
        if self._clock.has_begun:
            await self._sessions.end(self.learner_id, self.name)
            self._resumed.set()
        elif self._waiting is not None:
            await self._waiting.cancel()

    # Its life.

    async def perform(self, *, entered: Callable[[], None]) -> CommandEnded | None:
        """Run it to its end and show everything; None when it did not come to an end of its own.

        `entered` is called as soon as it runs: the next line may follow.

        Raises:
            DatabaseError: The result is shown, but not remembered.
            discord.HTTPException: Discord did not take the result, several times.
        """
        self._showing.begin()
        helpers = [
            asyncio.create_task(self._type_what_comes(), name=f"type-{self.id}"),
            asyncio.create_task(self._end_when_forgotten(), name=f"watch-{self.id}"),
        ]
        try:
            return await self._run(entered)
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            await self._showing.settle()

    async def _run(self, entered: Callable[[], None]) -> CommandEnded | None:
        shown = False
        try:
            refuse_open_quote(self._view.typed.line)
            last = await self._over_or_ended(entered)
            ended = self._as_ended(last)
            await self._showing.settle()
            await self._show_end(ended)
            shown = True
            result = self._command_ended(ended.exit_code)
            if self._clock.has_begun or self._arrived is not None:
                await self._sessions.recorder.record(result)
        except Exception as error:
            if shown or isinstance(error, TROUBLE):
                raise  # what failed came after the result, or it is Discord that takes none
            await self._showing.settle()
            await self._show_failure(error)
            if not self._clock.has_begun:
                return None
            broken_off = self._command_ended(None)
            await self._sessions.recorder.record_quietly(broken_off)
            return broken_off if isinstance(error, _LimitMet) else None
        return result

    async def _over_or_ended(self, entered: Callable[[], None]) -> SessionEnded:
        """Whatever breaks off, its program does not run on where nobody sees it."""
        try:
            return await self._until_over(entered)
        except BaseException:
            if self._asked:
                await self._sessions.end_quietly(self.learner_id, self.name)
            raise

    async def _until_over(self, entered: Callable[[], None]) -> SessionEnded:
        await self._wait_for_turn()
        if self._stopping:
            return SessionEnded(exit_code=None, cancelled=True)
        if self._arrived is not None and self._arrived.exit_code != 0:
            return _as_session(self._arrived)
        self._asked = True
        attach = partial(self._sessions.begin, self.learner_id, self.name, self._line)
        last = await self._while_attached(attach(columns=COLUMNS, rows=ROWS), entered)
        while isinstance(last, SessionDetached):
            if last.taken_over:
                raise LearnerError("error.sandbox.session_gone")
            await self._while_detached()
            self._view.begin_again()
            back = self._sessions.attach(
                self.learner_id, self.name, columns=self._view.window.columns, rows=ROWS
            )
            last = await self._while_attached(back, entered)
        return last

    async def _wait_for_turn(self) -> None:
        """Wait for the lines before it and for a sandbox, and run what goes ahead of it."""
        line = self._view.typed.line
        async with self._sessions.ready(self.learner_id, line, ahead=self._ahead) as command:
            self._waiting = command
            async for event in command:
                match event:
                    case Queued() | Waiting() | Started():
                        self._view.note_turn(event)
                    case Output(text=piece) if self._ahead:
                        await self._take(piece.replace("\n", "\r\n"))  # it has no terminal
                    case Ended() if self._ahead:
                        self._arrived = event
                self._showing.note_change()
        self._waiting = None

    async def _while_attached(
        self,
        attach: AbstractAsyncContextManager[AttachedSession],
        entered: Callable[[], None],
    ) -> SessionEnded | SessionDetached:
        async with attach as terminal:
            self._keyboard.terminal = terminal
            self._view.is_detached = False
            try:
                async for event in terminal:
                    match event:
                        case SessionStarted(limits=limits):
                            await self._note_start(limits)
                            entered()
                        case Output(text=piece):
                            await self._take(piece)
                        case InputDropped():
                            self._view.dropped = True
                        case SessionEnded() | SessionDetached():
                            return event
                    self._showing.note_change()
            finally:
                self._keyboard.terminal = None
        raise LearnerError("error.sandbox.service_down")

    async def _note_start(self, limits: SessionLimits) -> None:
        self._clock.note_use()
        if not self._clock.has_begun:
            self._clock.begin(limits)
            if self._stopping:
                await self._end()

    async def _while_detached(self) -> None:
        """Until somebody comes back, or it has ended: whoever attaches then is told how."""
        self._view.is_detached = True
        self._resumed.clear()
        self._showing.note_change()
        while not self._stopping and not await happens(self._resumed, within_s=LOOK_S):
            if not await self._sessions.runs(self.learner_id, self.name):
                return

    async def _take(self, piece: str) -> None:
        await self._allowance.spend(len(piece))
        await take_in(self._view, piece)
        self._showing.note_print()
        self._keyboard.note_print()

    async def _detach(self) -> None:
        if self._keyboard.terminal is not None:
            await self._keyboard.terminal.detach()

    async def _resize(self, columns: int) -> None:
        self._view.window.resize(columns)
        if self._keyboard.terminal is not None:
            await self._keyboard.terminal.resize(columns, ROWS)

    # Typing, and not typing.

    async def _type_what_comes(self) -> None:
        await self._clock.begun()
        await self._keyboard.type_what_comes()

    def _used(self) -> None:
        self._clock.note_use()
        self._showing.note_change()

    async def _end_when_forgotten(self) -> None:
        await self._clock.until_forgotten(warned=self._showing.move_down)
        self._forgotten = True
        await self._end()

    async def _end(self) -> None:
        self._stopping = True
        self._showing.note_change()
        await self._sessions.end_quietly(self.learner_id, self.name)
        self._resumed.set()

    # Showing it.

    def _sight(self) -> object:
        """What the card shows: the same sight is not drawn twice."""
        view = self._view
        return (
            view.window.shown(), view.window.is_full, view.window.columns, view.is_detached,
            view.ends_at, view.dropped, view.ahead, view.waiting, view.started_at, self._stopping,
        )  # fmt: skip

    def _draw(self) -> Card:
        return session_card(
            self._view,
            self._speech,
            owner=self.learner_id,
            run_id=self.id,
            stopping=self._stopping,
        )

    # Its end.

    def _as_ended(self, last: SessionEnded) -> Ended:
        if last.limit is not None:
            raise _LimitMet(f"live.ended.{last.limit}")
        if self._forgotten and last.cancelled:
            raise _LimitMet("live.ended.idle")
        if last.exit_code in KILLED and "docker" in self._view.typed.line:
            self._view.advice = "live.ended.killed"
        return Ended(
            exit_code=last.exit_code, took_ms=self._clock.took_ms, cancelled=last.cancelled
        )

    def _command_ended(self, exit_code: int | None) -> CommandEnded:
        view = self._view
        return CommandEnded(
            self.learner_id,
            view.typed.line,
            exit_code,
            self._clock.took_ms,
            started_at=view.started_at,
            printed=view.output,
            error=None if self._met is None else self._met.id,
        )

    async def _show_end(self, ended: Ended) -> None:
        await self._explain(ended)
        if self._keyboard.has_unread and self._view.advice is None:
            self._view.advice = "live.unread"
        card, file = final_card(
            self._view,
            self._speech,
            ended,
            owner=self.learner_id,
            interrupted=self._interrupted,
            directory=self._directory_news(self._arrived.directory if self._arrived else None),
        )
        await self._message.finish(card, file, anew=self._showing.is_far_up)

    async def _explain(self, ended: Ended) -> None:
        """A line that failed by itself met an error; in one that was typed into, who knows."""
        if self._view.was_typed_in:
            return
        troubles = self._bot.classroom.troubles
        self._met = await troubles.explain(
            self.learner_id, self._view.typed.line, self._view.output, ended.exit_code
        )
        if self._met is not None and await troubles.are_welcome(self.learner_id):
            self._view.help = self._met
            self._view.can_ask = await can_ask_for_help(
                self._bot, self.learner_id, self._destination
            )

    async def _show_failure(self, error: Exception) -> None:
        sentence = self._bot.boundary.explain(error, self._speech, learner_id=self.learner_id)
        if self._keyboard.has_unread:
            sentence += "\n" + self._speech("live.unread")
        card, file = failure_card(self._view, self._speech, sentence)
        await self._message.finish(card, file, anew=self._showing.is_far_up)


def _as_session(ahead: Ended) -> SessionEnded:
    """The end of a session that never began: what goes ahead of it did not succeed."""
    limit = None if ahead.limit is None else "time"
    return SessionEnded(exit_code=ahead.exit_code, limit=limit, cancelled=ahead.cancelled)
