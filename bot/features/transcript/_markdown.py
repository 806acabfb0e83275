"""A transcript as Markdown: pure. What learners typed can't break out of its block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Final

from bot.classroom.transcript import Entry, Milestone, Record, Transcript
from bot.terminal.escape import visible
from bot.texts import Language, Speech

ZONES: Final[dict[Language, timezone]] = {
    "ko": timezone(timedelta(hours=9), "KST"),
    "en": timezone(timedelta(0), "UTC"),
}
"""Discord tells nobody's time zone. Korea has one, without summer time."""

LARGEST_FILE_BYTES: Final = 8_000_000
"""Discord takes ten million of a bot."""

_BACKTICKS = re.compile("`+")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")


def markdown(transcript: Transcript, speech: Speech, *, name: str) -> bytes:
    """The file: a heading with the sums, then every entry with its time."""
    zone = ZONES[speech.language]
    first, last = (transcript.entries[at].at.astimezone(zone) for at in (0, -1))
    head = [
        f"# {speech('transcript.title', name=_plain(name))}",
        f"- {speech('transcript.from_to', begin=_day(first), end=_day(last), zone=zone)}",
        "- "
        + speech(
            "transcript.sums",
            commands=transcript.commands,
            failed=transcript.failed,
            tasks=transcript.tasks,
        ),
        f"- {speech('transcript.no_output')}",
    ]
    body = "\n\n".join(_entries(transcript, speech, zone))
    text = "\n".join(head) + "\n\n" + body + "\n"
    return _bounded(text.encode("utf-8", "replace"))


def _entries(transcript: Transcript, speech: Speech, zone: timezone) -> Iterator[str]:
    day = None
    for entry in transcript.entries:
        at = entry.at.astimezone(zone)
        if at.date() != day:
            day = at.date()
            yield f"## {day:%Y-%m-%d}"
        yield _entry(entry, f"{at:%H:%M:%S}", speech)


def _entry(entry: Entry, at: str, speech: Speech) -> str:
    if isinstance(entry, Milestone):
        return f"**{at}** · {_milestone(entry, speech)}"
    if entry.kind == "page":
        status = speech("transcript.no_answer") if entry.status is None else entry.status
        address = _code(f"http://localhost:{entry.port}{entry.line}")
        return f"**{at}** · {speech('transcript.page', address=address, status=status)}"
    return f"**{at}** · {_ending(entry, speech)}\n\n{_block(entry.line)}"


def _milestone(entry: Milestone, speech: Speech) -> str:
    lesson = _plain(entry.lesson_title)
    if entry.lesson_number is not None:
        lesson = f"{entry.lesson_number}. {lesson}"
    return speech(f"transcript.{entry.kind}", lesson=lesson, task=_plain(entry.task_title or ""))


def _ending(record: Record, speech: Speech) -> str:
    seconds = f"{record.took_ms / 1000:.2f}"
    if record.exit_code is None:
        return speech("transcript.cut_off", seconds=seconds)
    return speech("transcript.ended", code=record.exit_code, seconds=seconds)


def _block(line: str) -> str:
    """The command as a terminal shows it, in a fence longer than any in it."""
    first, *rest = visible(line).split("\n")
    fence = _fence(line, at_least=3)
    shown = "\n".join([f"$ {first}", *(f"> {each}" for each in rest)])
    return f"{fence}console\n{shown}\n{fence}"


def _code(text: str) -> str:
    shown = " ".join(visible(text).split())
    fence = _fence(shown, at_least=1)
    return f"{fence} {shown} {fence}" if "`" in shown else f"{fence}{shown}{fence}"


def _fence(text: str, *, at_least: int) -> str:
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    return "`" * max(at_least, longest + 1)


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(visible(text).split()))


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _bounded(content: bytes) -> bytes:
    if len(content) <= LARGEST_FILE_BYTES:
        return content
    return content[:LARGEST_FILE_BYTES].decode("utf-8", "ignore").encode() + b"\n...\n"
