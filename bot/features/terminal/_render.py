"""How a command looks in chat: while it waits, while it runs, and at its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import discord

from bot.classroom.commands import Ended, Queued, RunLimits, Started, Waiting
from bot.classroom.settings import Explanations
from bot.explain import has_docker
from bot.features.terminal._sandbox_lines import (
    hard_limit_lines,
    lost_lines,
    sandbox_buttons,
    waiting_line,
)
from bot.terminal.advice import advice_for
from bot.terminal.error_help import ErrorHelp
from bot.terminal.escape import code_block, inline_code, without_sequences
from bot.terminal.folding import MOST_LINES, Folded, fold, newest
from bot.terminal.layers import one_line_a_layer
from bot.terminal.reading import Typed
from bot.terminal.screen import Line, Screen
from bot.texts import Speech
from bot.ui import theme
from bot.ui.actions import custom_id
from bot.ui.error_lines import error_lines
from bot.ui.layout import Card, button, panel, row, text
from bot.ui.shared_buttons import ask_for_help, explain_command

FAILED: Final = discord.Colour(0xC0453B)
"""A command that ended with an exit code other than 0, or could not run."""

RUNNING: Final = discord.Colour(0x7A8794)

LOG_NAME: Final = "output.txt"
LIVE_LINES: Final = 15
"""A message that grows and shrinks under the reader's eye is shorter than the final one."""

COMPACT_LINES: Final = 9
"""For whoever wants little of a long output in the chat: the rest is in the file."""

ADVICE_OUTPUT: Final = 4000
"""So many characters from the end of the output are looked at for advice."""


@dataclass(slots=True)
class View:
    """What a message of a command shows; changes while the command goes on."""

    typed: Typed
    slash: bool
    """The command came as `/docker`: nothing else shows what was run."""
    screen: Screen = field(default_factory=Screen)
    pieces: list[str] = field(default_factory=list)
    ahead: int = 0
    started_at: int | None = None
    """Unix time; None until the command runs."""
    limits: RunLimits | None = None
    """As the service told them when the command began."""
    lost: list[str] = field(default_factory=list)
    """Containers that ended with the engine while nobody looked."""
    ended_because: str | None = None
    """Why it ended, where that is known."""
    hard_stop_s: float | None = None
    """How long until the sandbox has to end, when that is near."""
    waiting: Waiting | None = None
    """How the learner stands in line for a place."""
    help: ErrorHelp | None = None
    """The known error that it met."""
    can_ask: bool = False
    """Somebody could be asked for help with it."""
    advice: str | None = None
    """The key of a sentence about its end that fits better than what the end itself suggests."""

    def note_turn(self, event: Queued | Waiting | Started) -> None:
        """Take in how the line gets its turn: what it waits for, and the sandbox that it meets."""
        match event:
            case Queued(ahead=ahead):
                self.ahead = ahead
            case Waiting():
                self.waiting = event
            case Started():
                self.limits = event.limits
                self.lost = event.lost
                self.ended_because = event.ended_because
                self.hard_stop_s = event.hard_stop_s

    def add(self, piece: str) -> None:
        """Take in some output."""
        self.pieces.append(piece)
        self.screen.feed(piece)

    @property
    def lines(self) -> list[Line]:
        """What a terminal would show of it."""
        return one_line_a_layer(self.screen.lines)

    @property
    def output(self) -> str:
        """All output so far."""
        return "".join(self.pieces)

    def log(self, folded: Folded) -> bytes | None:
        """The file that goes with the result; None when the message shows everything."""
        return None if folded.complete else without_sequences(self.output).encode("utf-8")


def live_card(view: View, speech: Speech, *, owner: int, run_id: str, stopping: bool) -> Card:
    """While it waits or runs: the newest lines and a button that ends it."""
    shown = newest(view.lines, most_lines=LIVE_LINES)
    items = [text(line) for line in heading(view, speech)]
    if shown.tail:
        items.append(text(_block(shown, speech)))
    items.append(text(state(view, speech, stopping=stopping)))
    stop = button(
        speech("terminal.cancel"),
        custom_id("cancel", owner, run_id),
        style=discord.ButtonStyle.danger,
        disabled=stopping,
    )
    return Card(panel(*items, colour=RUNNING), row(stop))


def final_card(
    view: View,
    speech: Speech,
    ended: Ended,
    *,
    owner: int,
    interrupted: bool,
    directory: str | None,
    compact: bool = False,
    explanations: Explanations = "on",
) -> tuple[Card, bytes | None]:
    """At the end: what was printed, how it ended, and the log when not all of it is shown.

    `directory` is the working directory when the learner should be told of it. `compact`: fewer
    lines of a long output.
    """
    folded = fold(view.lines, most_lines=COMPACT_LINES if compact else MOST_LINES)
    interrupted = interrupted and ended.cancelled  # it may have come to its own end just in time
    items = [text(line) for line in heading(view, speech)]
    items.append(text(_final_output(folded, speech, ended)))
    if folded.cut and not folded.hidden:
        items.append(text(f"-# {speech('terminal.cut')}"))
    if not interrupted and (helpful := _help(view, ended, speech)):
        items.append(text(helpful))
    items.append(text(_ending(ended, speech, interrupted=interrupted, directory=directory)))
    log = view.log(folded)
    card = _with_log(items, log, colour=_colour(ended))
    buttons = sandbox_buttons(view.lost, view.hard_stop_s, speech, owner=owner)
    if _offers_explanation(view.typed.line, ended, explanations):
        buttons.append(explain_command(speech, owner, view.typed.line))
    if view.can_ask and view.help is not None and ended.exit_code and not ended.cancelled:
        buttons.append(ask_for_help(speech, owner, view.help.id, view.typed.line))
    if buttons:
        card.add_item(row(*buttons))
    return card, log


def _offers_explanation(line: str, ended: Ended, explanations: Explanations) -> bool:
    wanted = explanations == "on" or (explanations == "errors" and ended.exit_code != 0)
    return wanted and has_docker(line)


def failure_card(view: View, speech: Speech, sentence: str) -> tuple[Card, bytes | None]:
    """It could not run, or broke off: what was printed until then, and what to do."""
    folded = fold(view.lines)
    items = [text(line) for line in heading(view, speech)]
    if view.lines:
        items.append(text(_block(folded, speech)))
    items.append(text(sentence))
    log = view.log(folded)
    return _with_log(items, log, colour=theme.WARN), log


def interrupted_card(message: discord.Message, sentence: str) -> discord.ui.LayoutView:
    """A message left behind by a bot that was restarted: as it was, without its button."""
    view = without_buttons(message)
    view.add_item(discord.ui.TextDisplay(sentence))
    return view


def without_buttons(message: discord.Message) -> discord.ui.LayoutView:
    """A message of ours as it was, with nothing to press."""
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    for item in list(view.children):
        if isinstance(item, discord.ui.ActionRow):
            view.remove_item(item)
    view.stop()
    return view


def heading(view: View, speech: Speech) -> list[str]:
    """The command where nothing else shows it, and how we read it where we had to guess."""
    line = inline_code(view.typed.line)
    if view.typed.repaired:
        return [f"-# {speech('terminal.repaired', line=line)}", *_about_sandbox(view, speech)]
    # After a wait, other lines stand between the message and its answer.
    waited = view.ahead or view.waiting is not None
    shown = [f"-# {line}"] if view.slash or waited else []
    return [*shown, *_about_sandbox(view, speech)]


def _about_sandbox(view: View, speech: Speech) -> list[str]:
    return [
        *lost_lines(view.lost, view.ended_because, speech),
        *hard_limit_lines(view.hard_stop_s, speech),
    ]


def state(view: View, speech: Speech, *, stopping: bool) -> str:
    """What it is waiting for, or since when it runs."""
    if stopping:
        return f"-# {speech('terminal.stopping')}"
    if view.started_at is not None:
        return f"-# {speech('terminal.running', since=f'<t:{view.started_at}:R>')}"
    if view.waiting is not None:
        return f"-# {waiting_line(view.waiting, speech)}"
    if view.ahead:
        return f"-# {speech('terminal.queued', n=view.ahead)}"
    return f"-# {speech('terminal.opening')}"


def _final_output(folded: Folded, speech: Speech, ended: Ended) -> str:
    if folded.head or folded.tail:
        return _block(folded, speech)
    return speech(
        "terminal.printed_nothing.ok" if ended.exit_code == 0 else "terminal.printed_nothing"
    )


def _block(folded: Folded, speech: Speech) -> str:
    lines = list(folded.head)
    if folded.hidden and folded.head:
        lines.append(speech("terminal.folded", n=folded.hidden))
    elif folded.hidden:
        lines.append(speech("terminal.above", n=folded.hidden))
    lines.extend(folded.tail)
    return code_block("\n".join(lines), "ansi" if folded.coloured else "")


def _help(view: View, ended: Ended, speech: Speech) -> str | None:
    """What helps after this end: the error explained, or a word of advice, never both."""
    if view.advice is not None:
        return speech(view.advice)
    advice = advice_for(view.typed.line, view.output[-ADVICE_OUTPUT:], limit=ended.limit)
    if view.help is not None and (advice is None or not view.help.is_exit_code):
        return error_lines(view.help, speech)
    return None if advice is None else _advice(advice, speech, view.limits)


def _advice(key: str, speech: Speech, limits: RunLimits | None) -> str:
    if limits is None:
        return speech(key)
    return speech(
        key,
        seconds=f"{limits.time_s:g}",
        kilobytes=f"{limits.output_bytes // 1024:,}",
        lines=f"{limits.output_lines:,}",
    )


def _ending(ended: Ended, speech: Speech, *, interrupted: bool, directory: str | None) -> str:
    seconds = _seconds(ended.took_ms)
    if interrupted:
        parts = [speech("terminal.interrupted")]
    elif ended.cancelled:
        parts = [speech("terminal.ended.cancelled", seconds=seconds)]
    elif ended.limit is not None or ended.exit_code is None:
        parts = [speech("terminal.ended.limit", seconds=seconds)]
    elif ended.exit_code == 0:
        parts = [speech("terminal.ended.ok", seconds=seconds)]
    else:
        parts = [speech("terminal.ended.failed", code=ended.exit_code, seconds=seconds)]
    if directory is not None:
        parts.append(speech("terminal.directory", directory=inline_code(directory, longest=100)))
    return "-# " + " · ".join(parts)


def _colour(ended: Ended) -> discord.Colour:
    if ended.exit_code == 0:
        return theme.DONE
    return theme.WARN if ended.exit_code is None else FAILED


def _seconds(took_ms: int) -> str:
    return f"{took_ms / 1000:.2f}" if took_ms < 1000 else f"{took_ms / 1000:.1f}"  # noqa: PLR2004 - one second


def _with_log(
    items: list[discord.ui.TextDisplay[Card]], log: bytes | None, *, colour: discord.Colour
) -> Card:
    if log is None:
        return Card(panel(*items, colour=colour))
    file: discord.ui.File[Card] = discord.ui.File(f"attachment://{LOG_NAME}")
    return Card(panel(*items[:-1], file, items[-1], colour=colour))
