"""One session, from its line to its last message: a live screen, typed into from the chat."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import discord
import structlog

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
from bot.features.terminal._live_message import TROUBLE, LiveMessage, Pace
from bot.features.terminal._render import failure_card, final_card
from bot.features.terminal._run import (
    EDITING_S,
    FIRST_MESSAGE_AFTER_S,
    NOTICEABLE_S,
    POSTING_S,
    SLICE,
    happens,
    new_id,
    refuse_open_quote,
)
from bot.features.terminal._session_card import SessionView, session_card
from bot.on_error import report_bug
from bot.terminal.error_help import ErrorHelp
from bot.terminal.interactive import Going
from bot.terminal.keys import key, strokes, typed
from bot.terminal.live_screen import COLUMNS, NARROW, ROWS
from bot.terminal.reading import Typed
from bot.texts import Speech
from bot.ui.destination import Destination
from bot.ui.layout import Card

if TYPE_CHECKING:
    from bot.bot import DocentBot

log = structlog.get_logger(__name__)

SETTLING_S: Final = 0.06
"""After something was printed the rest of it is waited for, so that half a screen is not shown."""
ANSWERING_S: Final = 0.25
"""How long a pressed button waits for what the program prints."""
PATIENCE_S: Final = 1.5
"""How long it waits for its turn to draw; Discord waits three seconds for it."""
BELOW: Final = 3
"""So many messages may stand below the screen before it moves to the end of the chat."""

WARN_S: Final = 120.0
"""How long before its end somebody who forgot a session is told."""
BEFORE_SERVICE_S: Final = 10.0
"""Our end comes before that of the service, so that it can be told apart from its limit."""
LOOK_S: Final = 15.0
"""How often we look whether a session still runs that nobody is attached to."""

CALMER: Final = ((120.0, 5.0), (30.0, 2.5))
"""After so long without a key, a screen that changes by itself is drawn so seldom."""

ESCAPE_S: Final = 0.12
"""After Esc, so that what follows is not taken for the rest of an arrow key."""

BURST: Final = 262_144
CHARACTERS_PER_S: Final = 98_304
"""A flood is slowed down to what costs the bot little; nobody reads faster."""

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
        self._message = LiveMessage(destination, pace)
        self._moved = moved
        self._waiting: RunningCommand | None = None
        self._terminal: AttachedSession | None = None
        self._keyboard: asyncio.Queue[Callable[[], str]] = asyncio.Queue()
        self._drawing = asyncio.Lock()
        self._drawn: object = None
        self._changed = asyncio.Event()
        self._printed = asyncio.Event()
        self._answer_due = asyncio.Event()
        self._over = asyncio.Event()
        self._begun = asyncio.Event()
        self._resumed = asyncio.Event()
        self._limits = SessionLimits(time_s=0, idle_s=0)
        self._asked = False
        self._begun_at = 0.0
        self._used_at = 0.0
        self._below = 0
        self._presses = 0
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
        return not (self._view.is_detached or self._stopping or self._over.is_set())

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
        self._keyboard.put_nowait(partial(self._meaning, content))
        self._used()

    def note_below(self) -> None:
        """Something was written below the screen."""
        self._below += 1
        self._changed.set()

    async def press(self, name: str, interaction: discord.Interaction[Any]) -> None:
        """A button was pressed: do it, and answer with the screen that comes of it."""
        self._used()
        self._presses += 1
        number = self._presses
        self._printed.clear()
        await self._do(name)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._drawing.acquire()
        except TimeoutError:  # Discord lets the edit before this one wait
            await interaction.response.defer()
            return
        try:
            await self._answer(interaction, number)
        finally:
            self._drawing.release()

    async def _answer(self, interaction: discord.Interaction[Any], number: int) -> None:
        if number == self._presses:
            await happens(self._printed, within_s=ANSWERING_S)
            await self._settle_down()
        pressed = interaction.message
        is_shown = pressed is not None and self.place == (self.channel_id, pressed.id)
        # Of several quick presses the last one draws for all.
        if number != self._presses or self._over.is_set() or not is_shown:
            await interaction.response.defer()
            return
        self._drawn = self._sight()
        await interaction.response.edit_message(view=self._draw())

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
                application = self._view.window.application_cursor
                self._keyboard.put_nowait(partial(key, name, application=application))
                self._view.was_typed_in = True

    async def stop(self, *, interrupted: bool = False) -> None:
        """End it; its message says so. `interrupted`: because the bot goes away."""
        self._stopping = True
        self._interrupted = self._interrupted or interrupted
        self._changed.set()
        if self._begun.is_set():
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
        shower = asyncio.create_task(self._show_while_live(), name=f"show-{self.id}")
        helpers = [
            asyncio.create_task(self._type_what_comes(), name=f"type-{self.id}"),
            asyncio.create_task(self._watch_the_clock(), name=f"watch-{self.id}"),
        ]
        try:
            return await self._run(entered, shower)
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            await self._settle(shower)

    async def _run(
        self, entered: Callable[[], None], shower: asyncio.Task[None]
    ) -> CommandEnded | None:
        shown = False
        try:
            refuse_open_quote(self._view.typed.line)
            last = await self._over_or_ended(entered)
            ended = self._as_ended(last)
            await self._settle(shower)
            await self._show_end(ended)
            shown = True
            result = self._command_ended(ended.exit_code)
            if self._begun.is_set():
                await self._sessions.recorder.record(result)
        except Exception as error:
            if shown or isinstance(error, TROUBLE):
                raise  # what failed came after the result, or it is Discord that takes none
            await self._settle(shower)
            await self._show_failure(error)
            if not self._begun.is_set():
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
        if not await self._wait_for_turn():
            return SessionEnded(exit_code=None, cancelled=True)
        self._asked = True
        attach = partial(self._sessions.begin, self.learner_id, self.name, self._view.typed.line)
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

    async def _wait_for_turn(self) -> bool:
        """Wait for the lines before it and for a sandbox; False when it was stopped meanwhile."""
        line = self._view.typed.line
        async with self._sessions.ready(self.learner_id, line) as command:
            self._waiting = command
            async for event in command:
                match event:
                    case Queued(ahead=ahead):
                        self._view.ahead = ahead
                    case Waiting():
                        self._view.waiting = event
                    case Started():
                        self._view.lost = event.lost
                        self._view.ended_because = event.ended_because
                        self._view.hard_stop_s = event.hard_stop_s
                self._changed.set()
        self._waiting = None
        return not self._stopping

    async def _while_attached(
        self,
        attach: AbstractAsyncContextManager[AttachedSession],
        entered: Callable[[], None],
    ) -> SessionEnded | SessionDetached:
        async with attach as terminal:
            self._terminal = terminal
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
                    self._changed.set()
            finally:
                self._terminal = None
        raise LearnerError("error.sandbox.service_down")

    async def _note_start(self, limits: SessionLimits) -> None:
        self._used_at = time.monotonic()
        if not self._begun.is_set():
            self._begun_at = self._used_at
            self._view.started_at = int(time.time())
            self._limits = limits
            self._begun.set()
            if self._stopping:
                await self._end()

    async def _while_detached(self) -> None:
        """Until somebody comes back, or it has ended: whoever attaches then is told how."""
        self._view.is_detached = True
        self._resumed.clear()
        self._changed.set()
        while not self._stopping and not await happens(self._resumed, within_s=LOOK_S):
            if not await self._sessions.runs(self.learner_id, self.name):
                return

    async def _take(self, piece: str) -> None:
        await self._allowance.spend(len(piece))
        for at in range(0, len(piece), SLICE):
            begun = time.perf_counter()
            self._view.add(piece[at : at + SLICE])
            busy_s = time.perf_counter() - begun
            if busy_s > NOTICEABLE_S:
                await asyncio.sleep(busy_s)
        self._printed.set()

    async def _detach(self) -> None:
        if self._terminal is not None:
            await self._terminal.detach()

    async def _resize(self, columns: int) -> None:
        self._view.window.resize(columns)
        if self._terminal is not None:
            await self._terminal.resize(columns, ROWS)

    # Typing, and not typing.

    async def _type_what_comes(self) -> None:
        """One after the other, in the order in which it was written."""
        await self._begun.wait()
        while True:
            text = (await self._keyboard.get())()
            if self._terminal is None or not text:
                continue
            self._view.dropped = False
            self._answer_due.set()
            try:
                for number, stroke in enumerate(strokes(text)):
                    if number:
                        await asyncio.sleep(ESCAPE_S)
                    await self._terminal.type(stroke)
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

    def _used(self) -> None:
        self._used_at = time.monotonic()
        if self._view.ends_at is not None and not self._view.ends_in_any_case:
            self._view.ends_at = None
        self._changed.set()

    async def _watch_the_clock(self) -> None:
        """Warn who forgot it, then end it; and warn before the time of all sessions is over."""
        await self._begun.wait()
        idle_s = max(self._limits.idle_s - BEFORE_SERVICE_S, self._limits.idle_s / 2)
        while True:
            now = time.monotonic()
            idle_left_s = self._used_at + idle_s - now
            time_left_s = self._begun_at + self._limits.time_s - now
            left_s = min(idle_left_s, time_left_s)
            if idle_left_s <= 0:
                self._forgotten = True
                await self._end()
                return
            if left_s <= min(WARN_S, idle_s / 2) and self._view.ends_at is None:
                self._view.ends_in_any_case = time_left_s <= idle_left_s
                self._view.ends_at = int(time.time() + left_s)
                self._below = BELOW  # at the end of the chat it is noticed
                self._changed.set()
            await asyncio.sleep(min(max(left_s, 0.05), 1.0))

    async def _end(self) -> None:
        self._stopping = True
        self._changed.set()
        await self._sessions.end_quietly(self.learner_id, self.name)
        self._resumed.set()

    # Showing it.

    async def _show_while_live(self) -> None:
        await happens(self._over, within_s=FIRST_MESSAGE_AFTER_S)
        while not self._over.is_set():
            self._changed.clear()
            await self._show()
            await self._changed.wait()
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
        idle_s = time.monotonic() - self._used_at if self._begun.is_set() else 0.0
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

    async def _show(self) -> None:
        async with self._drawing:
            sight = self._sight()
            moves = self._below >= BELOW and self._message.is_posted
            if sight == self._drawn and not moves:
                return
            self._drawn = sight
            before = self.place
            if moves:
                self._below = 0
                await self._message.move(self._draw())
            else:
                await self._message.show(self._draw())
            if self.place != before:
                self._moved()

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

    async def _settle(self, shower: asyncio.Task[None]) -> None:
        """Let what is on its way to Discord arrive, so that it can't overtake the result."""
        if self._over.is_set():
            return
        self._over.set()
        self._changed.set()
        await asyncio.wait({shower}, timeout=EDITING_S if self._message.is_posted else POSTING_S)
        if not shower.done():
            shower.cancel()
            await asyncio.wait({shower})
        if not shower.cancelled() and (error := shower.exception()) is not None:
            report_bug(error, learner_id=self.learner_id)  # the result is still to be shown

    # Its end.

    def _as_ended(self, last: SessionEnded) -> Ended:
        if last.limit is not None:
            raise _LimitMet(f"live.ended.{last.limit}")
        if self._forgotten and last.cancelled:
            raise _LimitMet("live.ended.idle")
        if last.exit_code in KILLED and "docker" in self._view.typed.line:
            self._view.advice = "live.ended.killed"
        return Ended(exit_code=last.exit_code, took_ms=self._took_ms(), cancelled=last.cancelled)

    def _took_ms(self) -> int:
        if not self._begun.is_set():
            return 0
        return round((time.monotonic() - self._begun_at) * 1000)

    def _command_ended(self, exit_code: int | None) -> CommandEnded:
        view = self._view
        return CommandEnded(
            self.learner_id,
            view.typed.line,
            exit_code,
            self._took_ms(),
            started_at=view.started_at,
            printed=view.output,
            error=None if self._met is None else self._met.id,
        )

    async def _show_end(self, ended: Ended) -> None:
        await self._explain(ended)
        if self._keyboard.qsize() and self._view.advice is None:
            self._view.advice = "live.unread"
        card, file = final_card(
            self._view,
            self._speech,
            ended,
            owner=self.learner_id,
            interrupted=self._interrupted,
            directory=None,
        )
        await self._message.finish(card, file, anew=self._below >= BELOW)

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

    async def _show_failure(self, error: Exception) -> None:
        sentence = self._bot.boundary.explain(error, self._speech, learner_id=self.learner_id)
        if self._keyboard.qsize():
            sentence += "\n" + self._speech("live.unread")
        card, file = failure_card(self._view, self._speech, sentence)
        await self._message.finish(card, file, anew=self._below >= BELOW)


class Allowance:
    """How much output is taken in at once: some at any time, then so much in a second."""

    def __init__(self, burst: int = BURST, per_s: int = CHARACTERS_PER_S) -> None:
        self._burst = burst
        self._per_s = per_s
        self._left = float(burst)
        self._at = time.monotonic()

    async def spend(self, count: int) -> None:
        """Wait until so much may be taken in."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s) - count
        self._at = now
        if self._left < 0:
            await asyncio.sleep(-self._left / self._per_s)
