"""Custom ids of the answer cards."""

from __future__ import annotations

from typing import Final

from bot.ui.actions import custom_id, pattern

PASSAGE: Final = pattern("passage", "(?P<sort>[a-z]{1,12})", "(?P<name>[a-z0-9][a-z0-9/-]{0,49})")
LONGEST: Final = 100
"""Discord takes no longer ones."""


def passage(owner: int, passage_id: str) -> str:
    """Showing a passage; its id is `<sort>:<name>`."""
    return custom_id("passage", owner, passage_id)
