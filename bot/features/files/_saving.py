"""Writes files, has them checked, and shows both in one card that keeps what was replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Final

import discord

from bot.classroom.files import Changed, Checked, Saved
from bot.features.files._cards import (
    Written,
    attached_name,
    changed_card,
    unsaved_card,
    written_card,
)
from bot.on_error import report_bug
from bot.texts import Speech
from bot.ui.destination import Destination

if TYPE_CHECKING:
    from bot.bot import DocentBot

MOST_KEPT_BYTES: Final = 8 * 1024 * 1024
"""Of replaced contents in one message: Discord takes ten megabytes."""


@dataclass(slots=True)
class Report:
    """What became of some files, to be told in one message."""

    written: list[Written] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    attached: list[tuple[str, bytes]] = field(default_factory=list)

    def keep(self, saved: Saved) -> int | None:
        """The place at which what was replaced is attached; None without, or without room."""
        before = saved.before
        kept = sum(len(content) for _, content in self.attached)
        if not before or kept + len(before) > MOST_KEPT_BYTES:
            return None
        place = len(self.attached)
        self.attached.append((attached_name(place, saved.path), before))
        return place

    async def send(self, destination: Destination, speech: Speech, *, owner: int) -> None:
        """Tell it."""
        card = written_card(self.written, self.failures, speech, owner=owner)
        await destination.send(view=card, files=as_files(self.attached))


async def save_into(
    report: Report, bot: DocentBot, learner_id: int, path: str, content: bytes
) -> None:
    """Write a file whatever is there, check it, and add both to the report.

    Raises:
        LearnerError: It can't be written there.
        SandboxError: The sandbox does not answer.
    """
    saved = await bot.classroom.files.save(learner_id, path, content)
    if isinstance(saved, Saved):  # always: nothing was seen before
        await _add(report, bot, learner_id, saved, content)


async def save_edited(
    bot: DocentBot,
    learner_id: int,
    path: str,
    content: bytes,
    seen: str,
    destination: Destination,
    speech: Speech,
) -> None:
    """Write what was edited, unless the file changed meanwhile, and tell either.

    What can't be written is not lost: the answer has it as a file.
    """
    attached = [(attached_name(0, path), content)]
    try:
        saved = await bot.classroom.files.save(learner_id, path, content, seen=seen)
    except Exception as error:  # noqa: BLE001 - told below, with what was written
        sentence = bot.boundary.explain(error, speech, learner_id=learner_id)
        kept = attached if content else []
        card = unsaved_card(path, sentence, speech, kept=bool(kept))
        await destination.send(view=card, files=as_files(kept))
        return
    if isinstance(saved, Changed):
        kept = attached if content else []
        card = changed_card(path, speech, owner=learner_id, kept=bool(kept))
        await destination.send(view=card, files=as_files(kept))
        return
    report = Report()
    await _add(report, bot, learner_id, saved, content)
    await report.send(destination, speech, owner=learner_id)


def as_files(attached: Sequence[tuple[str, bytes]]) -> list[discord.File]:
    """What goes with a message."""
    return [discord.File(BytesIO(content), name) for name, content in attached]


async def _add(
    report: Report, bot: DocentBot, learner_id: int, saved: Saved, content: bytes
) -> None:
    kept = report.keep(saved)
    try:
        checked = await bot.classroom.files.check(learner_id, saved.path, content)
    except Exception as error:  # noqa: BLE001 - the file is written: that is told in any case
        report_bug(error, learner_id=learner_id)
        checked = Checked(possible=False)
    report.written.append(Written(saved, checked, kept))
