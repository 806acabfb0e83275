"""A line that is run for others: which one can be, how it ends, and what its learner sees of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from bot.classroom.commands import CommandEnded, Ended, Output, RunningCommand
from bot.errors import LearnerError
from bot.terminal.advice import is_editor
from bot.terminal.error_help import ErrorHelp
from bot.terminal.interactive import going
from bot.terminal.quoting import open_quote
from bot.terminal.reading import read_option
from db.following import Follower, Outcome

WAIT_S: Final = 300.0
"""Whoever gets no engine for so long is told that it did not run."""

MOST_PRINTED: Final = 60_000
PRINTED_KEPT: Final = 4000
"""So many characters from the end of the output are for those who go on from it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What came out on one engine, for its learner; `printed` is hostile.

    `failure` is why it did not run at all.
    """

    follower: Follower
    outcome: Outcome
    ended: Ended | None = None
    printed: str = ""
    help: ErrorHelp | None = None
    failure: Exception | None = None

    def as_command(self, line: str) -> CommandEnded | None:
        """The same as a command of the learner's own: it is one; None when it did not run."""
        if self.ended is None:
            return None
        return CommandEnded(
            self.follower.learner_id,
            line,
            self.ended.exit_code,
            self.ended.took_ms,
            printed=self.printed[-PRINTED_KEPT:],
            error=None if self.help is None else self.help.id,
        )


async def end_of(command: RunningCommand, printed: list[str]) -> Ended:
    """Read it to its end; a place that never comes free is waited for some minutes only."""
    ended: Ended | None = None
    room = MOST_PRINTED
    async with asyncio.timeout(WAIT_S):
        async for event in command:
            match event:
                case Output(text=text) if room > 0:
                    printed.append(text[:room])
                    room -= len(text)
                case Ended():
                    ended = event
                case _:
                    pass
    if ended is None:
        raise LearnerError("error.sandbox.service_down")
    return ended


def checked(typed: str) -> str:
    """The line as it is run; raises `LearnerError` for what nobody could answer."""
    read = read_option(typed)
    if read is None:
        raise LearnerError("terminal.empty")
    if is_editor(read.line) or going(read.line) is not None:
        raise LearnerError("follow.interactive")
    if open_quote(read.line) is not None:
        raise LearnerError("follow.open_quote")
    return read.line
