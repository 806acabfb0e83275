"""An explained error as the two lines of a message."""

from __future__ import annotations

from bot.terminal.error_help import ErrorHelp, text_of
from bot.texts import Speech


def error_lines(met: ErrorHelp, speech: Speech) -> str:
    """Why it happened, and below it what to do."""
    explained = text_of(met, speech)
    return f"💡 {explained.why}\n👉 {explained.do}"
