"""Custom ids of raised hands."""

from __future__ import annotations

from typing import Final

from bot.classroom.explaining import FINGERPRINT
from bot.ui.actions import custom_id, open_id, open_pattern, pattern

HAND: Final = r"(?P<hand>[0-9]{1,18})"

OWN: Final = pattern("hand", r"(?P<deed>ask|lower|look)")
ERROR: Final = pattern(
    "hand-error", r"(?P<error>[a-z0-9_]{1,48})", rf"(?P<fingerprint>[0-9a-f]{{{FINGERPRINT}}})"
)
FORM: Final = pattern("hand-form")
CONSENT: Final = pattern("hand-allow", HAND, r"(?P<what>look|fork)", r"(?P<answer>yes|no)")
HELP: Final = open_pattern(
    "help", r"(?P<deed>take|map|ps|logs|inspect|file|fork|unfork|suggest|close)", HAND
)
CHOICE: Final = open_pattern("help-choice", r"(?P<deed>logs|inspect|file|suggest)", HAND)
QUEUE: Final = open_pattern("help-queue")

SENTENCE: Final = "sentence"
"""The field of the form."""


def own(owner: int, deed: str) -> str:
    """A button for the learner's own hand."""
    return custom_id("hand", owner, deed)


def form(owner: int) -> str:
    """The form that a hand is raised with."""
    return custom_id("hand-form", owner)


def consent(owner: int, hand_id: int, what: str, *, yes: bool) -> str:
    """Allow something in this help, or not any more."""
    return custom_id("hand-allow", owner, str(hand_id), what, "yes" if yes else "no")


def help(deed: str, hand_id: int) -> str:
    """Something that a helper does."""
    return open_id("help", deed, str(hand_id))


def choice(deed: str, hand_id: int) -> str:
    """What a helper chooses from."""
    return open_id("help-choice", deed, str(hand_id))


def queue() -> str:
    """Which hand of the queue."""
    return open_id("help-queue")
