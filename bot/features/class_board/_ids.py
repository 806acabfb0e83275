"""What is in the custom ids of boards. Their buttons are for all who see them: `act` judges."""

from __future__ import annotations

from typing import Final

from bot.ui.actions import custom_id, open_id, open_pattern, pattern

_CLASS: Final = r"(?P<class_id>[0-9]{1,18})"
_ERROR: Final = r"(?P<error>[a-z0-9_]{1,50})"
NO_ERROR: Final = "-"

POST: Final = open_pattern("board-post", _CLASS, "(?P<deed>say|thread|quiz)", _ERROR)
CLOSE: Final = open_pattern("board-close", _CLASS)
AGAIN: Final = open_pattern("board-again", _CLASS)
CHANNEL: Final = pattern(
    "board-channel",
    _CLASS,
    "(?P<deed>open|say|thread|quiz)",
    rf"(?P<error>[a-z0-9_]{{1,50}}|{NO_ERROR})",
)


def post(class_id: int, deed: str, error: str) -> str:
    """The id of a button that posts something about an error, or asks about it."""
    return open_id("board-post", str(class_id), deed, error)


def close(class_id: int) -> str:
    """The id of the button that ends a board."""
    return open_id("board-close", str(class_id))


def again(class_id: int) -> str:
    """The id of the button that a board has which was ended."""
    return open_id("board-again", str(class_id))


def channel(owner: int, class_id: int, deed: str, error: str = NO_ERROR) -> str:
    """The id of the question for a channel; then the deed is done that it was asked for."""
    return custom_id("board-channel", owner, str(class_id), deed, error)
