"""Custom ids of follow-me."""

from __future__ import annotations

from typing import Final

from bot.ui.actions import open_id, open_pattern

NUMBER: Final = r"[0-9]{1,18}"

FOLLOW: Final = open_pattern("follow", r"(?P<deed>join|leave)", rf"(?P<follow>{NUMBER})")
RUN: Final = open_pattern(
    "follow-run", r"(?P<deed>yes|no|details)", rf"(?P<run>{NUMBER})", r"(?P<count>[0-9]{1,6})"
)


def follow(deed: str, follow_id: int) -> str:
    """Opt in or out."""
    return open_id("follow", deed, str(follow_id))


def run(deed: str, run_id: int, count: int = 0) -> str:
    """Say yes or no to so many engines, or see what came out."""
    return open_id("follow-run", deed, str(run_id), str(count))
