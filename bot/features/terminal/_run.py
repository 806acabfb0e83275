"""One command, from the line to its last message."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import structlog

from bot.classroom.commands import (
    CommandEnded,
    Ended,
    Output,
    Queued,
    RunningCommand,
    Started,
    Waiting,
)
from bot.errors import LearnerError
from bot.features.terminal._intake import take_in
from bot.features.terminal._live_message import TROUBLE, LiveMessage, Pace
from bot.features.terminal._render import View, failure_card, final_card, live_card
from bot.features.terminal._showing import Showing
from bot.on_error import as_learner_error
from bot.terminal.advice import is_editor
from bot.terminal.error_help import ErrorHelp
from bot.terminal.escape import inline_code
from bot.terminal.quoting import open_quote
from bot.terminal.reading import Typed
from bot.texts import Speech
from bot.ui.destination import Destination
from bot.ui.helping import can_ask_for_help
from bot.ui.layout import Card

if TYPE_CHECKING:
    from bot.bot import DocentBot

log = structlog.get_logger(__name__)

PRINTED: Final = 4000
"""So many characters from the end of the output are for those who go on from it."""


def new_id() -> str:
    """A name for a run, for its buttons."""
    return secrets.token_hex(6)


class CommandRun:
    """Runs one line and keeps its message up to date. `perform` may be awaited once."""

    def __init__(
        self,
        bot: DocentBot,
        *,
        learner_id: int,
        typed: Typed,
        speech: Speech,
        destination: Destination,
        slash: bool,
        pace: Pace,
        directory_news: Callable[[str | None], str | None],
    ) -> None:
        self.id: Final = new_id()
        self.learner_id: Final = learner_id
        self.source: int | None = None
        """The message that it came from."""
        self._bot = bot
        self._speech = speech
        self._view = View(typed, slash)
        self._destination = destination
        self._message = LiveMessage(destination, pace)
        self._showing = Showing(self._message, self._draw_live, learner_id=learner_id, name=self.id)
        self._directory_news = directory_news
        self._command: RunningCommand | None = None
        self._stopping = False
        self._interrupted = False
        self._met: ErrorHelp | None = None

    async def perform(self, *, entered: Callable[[], None]) -> CommandEnded | None:
        """Run it to its end and show everything; None when it did not come to an end of its own.

        `entered` is called as soon as the service has the line: the next line may follow.

        Raises:
            DatabaseError: The result is shown, but not remembered.
            discord.HTTPException: Discord did not take the result, several times.
        """
        self._showing.begin()
        try:
            return await self._run(entered)
        finally:
            await self._showing.settle()

    async def stop(self, *, interrupted: bool = False) -> None:
        """End the command; its message says so. `interrupted`: because the bot goes away."""
        self._stopping = True
        self._interrupted = self._interrupted or interrupted
        self._showing.note_change()
        if self._command is not None:
            await self._command.cancel()

    async def _run(self, entered: Callable[[], None]) -> CommandEnded | None:
        line = self._view.typed.line
        shown = False
        try:
            _refuse_what_cannot_work(line)
            async with self._bot.classroom.commands.run(self.learner_id, line) as command:
                entered()
                self._command = command
                if self._stopping:
                    await command.cancel()
                ended = await self._listen(command)
                await self._showing.settle()
                await self._show_end(ended)
                shown = True
        except Exception as error:
            if shown or isinstance(error, TROUBLE):
                raise  # what failed came after the result, or it is Discord that takes none
            await self._showing.settle()
            await self._show_failure(error)
            return None
        return CommandEnded(
            self.learner_id,
            line,
            ended.exit_code,
            ended.took_ms,
            self._view.started_at,
            printed=self._view.output[-PRINTED:],
            error=None if self._met is None else self._met.id,
        )

    async def _listen(self, command: RunningCommand) -> Ended:
        async for event in command:
            match event:
                case Queued() | Waiting():
                    self._view.note_turn(event)
                case Started():
                    self._view.note_turn(event)
                    self._view.started_at = int(time.time())
                case Output(text=piece):
                    await take_in(self._view, piece)
                case Ended():
                    return event
            self._showing.note_change()
        raise LearnerError("error.sandbox.service_down")

    def _draw_live(self) -> Card:
        return live_card(
            self._view,
            self._speech,
            owner=self.learner_id,
            run_id=self.id,
            stopping=self._stopping,
        )

    async def _show_end(self, ended: Ended) -> None:
        await self._explain(ended)
        card, file = final_card(
            self._view,
            self._speech,
            ended,
            owner=self.learner_id,
            interrupted=self._interrupted,
            directory=self._directory_news(ended.directory),
            compact=await self._wants_little(),
            explanations=self._bot.classroom.settings.known(self.learner_id).explanations,
        )
        await self._message.finish(card, file)

    async def _wants_little(self) -> bool:
        try:
            return (await self._bot.classroom.settings.of(self.learner_id)).compact
        except Exception as error:
            if as_learner_error(error) is None:
                raise
            return False  # the result is worth more than how it looks

    async def _explain(self, ended: Ended) -> None:
        """Find out which known error it met, and show it to those who want that."""
        troubles = self._bot.classroom.troubles
        self._met = await troubles.explain(
            self.learner_id, self._view.typed.line, self._view.output, ended.exit_code
        )
        if self._met is not None and self._command is not None:
            self._command.error = self._met.id
        if self._met is not None and await troubles.are_welcome(self.learner_id):
            self._view.help = self._met
            self._view.can_ask = await can_ask_for_help(
                self._bot, self.learner_id, self._destination
            )

    async def _show_failure(self, error: Exception) -> None:
        sentence = self._bot.boundary.explain(error, self._speech, learner_id=self.learner_id)
        card, file = failure_card(self._view, self._speech, sentence)
        await self._message.finish(card, file)


def _refuse_what_cannot_work(line: str) -> None:
    """Say at once what the learner would find out a minute later, or not at all."""
    if is_editor(line):
        raise LearnerError("terminal.advice.screen")
    refuse_open_quote(line)


def refuse_open_quote(line: str) -> None:
    """Say at once that the line can't be complete; raises `LearnerError`."""
    found = open_quote(line)
    if found is None:
        return
    raise LearnerError(
        "terminal.open_quote" if "\n" not in line else "terminal.open_quote_in_line",
        mark=inline_code(found.mark),
        line=found.line,
        column=found.column,
        excerpt=inline_code(found.excerpt),
    )
