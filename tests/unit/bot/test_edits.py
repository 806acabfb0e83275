"""Which edits of messages are meant to run again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import discord
from discord.utils import utcnow

from bot.features.terminal._edits import Edits


@dataclass
class Said:
    """What is looked at of a message."""

    content: str
    created_at: datetime
    edited_at: datetime | None = None
    id: int = 7


def said(content: str, *, written_s: float, edited_s: float | None = None) -> discord.Message:
    """A message that was written, and edited, so many seconds ago."""
    now = utcnow()
    edited = None if edited_s is None else now - timedelta(seconds=edited_s)
    return cast(discord.Message, Said(content, now - timedelta(seconds=written_s), edited))


def test_an_edit_counts_when_it_comes_soon_and_says_something_else() -> None:
    """Not when only a preview appeared, and not an hour later."""
    edits = Edits()
    edits.note(said("docker sp", written_s=10))

    assert edits.is_new(said("docker ps", written_s=10, edited_s=1))
    assert not edits.is_new(said("docker sp", written_s=10, edited_s=1))
    assert not edits.is_new(said("docker ps", written_s=10))
    assert not edits.is_new(said("docker ps", written_s=3600, edited_s=1))


def test_an_old_edit_is_not_run_again_by_a_bot_that_forgot_it() -> None:
    """A pin tells of the message again, with the time of its edit then."""
    assert not Edits().is_new(said("docker rm -f web", written_s=86_400, edited_s=86_390))


def test_what_was_edited_meanwhile_is_outdated() -> None:
    """A command that waits for its turn is not run when it was mended."""
    edits = Edits()
    first = said("docker rm -f web1", written_s=5)
    edits.note(first)
    assert not edits.is_outdated(first)

    edits.note(said("docker rm -f web2", written_s=5, edited_s=1))
    assert edits.is_outdated(first)
