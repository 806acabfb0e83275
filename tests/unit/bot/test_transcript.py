"""What a learner did: the right time of it, in order, and safe in Markdown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from markdown_it import MarkdownIt

from bot.classroom.transcript import Milestone, Record, Transcript
from bot.features.transcript._markdown import LARGEST_FILE_BYTES, markdown
from bot.texts import LANGUAGES, Language, Texts
from db import history, progress
from tests.factories import NOON
from tests.unit.bot.conftest import YUNA, Room

HOSTILE = (
    "echo ```\nrm -rf /\n```\n# not a heading",
    "echo \x1b[31mred\x1b[0m \u202eevil\u202c \u200b",
    "~~~\n[a](javascript:x)\n~~~",
    "````",
    "",
    "`" * 40,
)


def record(line: str, *, minutes: float = 0, exit_code: int | None = 0) -> Record:
    """A command that ran so many minutes after noon."""
    return Record("command", line, exit_code, 420, NOON + timedelta(minutes=minutes))


def shown(texts: Texts, *entries: Record | Milestone, language: Language = "ko") -> str:
    """The file of these entries."""
    speech = texts.for_language(language)
    return markdown(Transcript(entries), speech, name="Yuna").decode()


async def test_commands_and_ticks_are_in_order(room: Room) -> None:
    """A lesson opened, a command, the task that it did, the page that was looked at."""
    lesson = room.classroom.library.catalogue.lessons[0]
    async with room.database.transaction() as session:
        await progress.open_lesson(session, YUNA, lesson.id, version=1, at=room.clock())
    await room.ran("docker ps")
    async with room.database.transaction() as session:
        await progress.tick(session, YUNA, lesson.id, "list", version=1, at=room.clock())
    await room.ran("docker run nginx", exit_code=125)
    found = await room.classroom.transcripts.of(YUNA, "session", "en")

    assert [_name(entry) for entry in found.entries] == [
        "opened", "docker ps", "done", "docker run nginx",
    ]  # fmt: skip
    assert (found.commands, found.failed, found.tasks) == (2, 1, 1)
    done = found.entries[2]
    assert isinstance(done, Milestone)
    assert (done.lesson_number, done.lesson_title, done.task_title) == (
        1, "sample (en)", "Task list",
    )  # fmt: skip


def _name(entry: Record | Milestone) -> str:
    return entry.kind if isinstance(entry, Milestone) else entry.line


async def test_a_sitting_begins_after_a_long_pause(room: Room) -> None:
    """Yesterday is another transcript; `all` has both."""
    async with room.database.transaction() as session:
        for hours, line in ((0, "old"), (2.9, "still old"), (6, "new"), (7, "newer")):
            at = NOON + timedelta(hours=hours)
            await history.record(session, YUNA, line=line, exit_code=0, took_ms=1, at=at)
    last = await room.classroom.transcripts.of(YUNA, "session", "ko")
    everything = await room.classroom.transcripts.of(YUNA, "all", "ko")

    assert [_name(entry) for entry in last.entries] == ["new", "newer"]
    assert len(everything.entries) == 4


async def test_a_lesson_has_what_came_since_it_was_opened(room: Room) -> None:
    """And nothing where no lesson is open."""
    await room.ran("before")
    assert not (await room.classroom.transcripts.of(YUNA, "lesson", "ko")).entries
    async with room.database.transaction() as session:
        await progress.open_lesson(session, YUNA, "sample", version=1, at=room.clock())
    await room.ran("after")
    found = await room.classroom.transcripts.of(YUNA, "lesson", "ko")

    assert [_name(entry) for entry in found.entries] == ["opened", "after"]


async def test_a_lesson_that_is_no_more_has_its_id(room: Room) -> None:
    """What was done in it stays done."""
    async with room.database.transaction() as session:
        await progress.open_lesson(session, YUNA, "gone", version=1, at=room.clock())
        await progress.tick(session, YUNA, "gone", "x", version=1, at=room.clock())
    opened, done = (await room.classroom.transcripts.of(YUNA, "all", "ko")).entries

    assert isinstance(opened, Milestone)
    assert isinstance(done, Milestone)
    assert (opened.lesson_number, opened.lesson_title, done.task_title) == (None, "gone", "x")


async def test_of_a_stranger_there_is_nothing(room: Room) -> None:
    """Nor is anybody else's there."""
    await room.ran("docker ps")

    assert not (await room.classroom.transcripts.of(5, "all", "ko")).entries


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_file_reads_well(texts: Texts, language: Language) -> None:
    """Day, time of the reader's country, exit code, seconds."""
    text = shown(texts, record("docker ps -a"), record("false", exit_code=1), language=language)
    hour = "21" if language == "ko" else "12"

    assert "## 2026-11-24" in text
    assert f"**{hour}:00:00**" in text
    assert "```console\n$ docker ps -a\n```" in text
    assert "0.42" in text


@pytest.mark.parametrize("line", HOSTILE)
async def test_no_line_breaks_out_of_its_block(texts: Texts, line: str) -> None:
    """Whatever is typed, Markdown sees one block of code, and the next entry after it."""
    text = shown(texts, record(line), record("docker ps", minutes=1))
    tokens = MarkdownIt().parse(text)
    fences = [token.content for token in tokens if token.type == "fence"]
    headings = [token.tag for token in tokens if token.type == "heading_open"]

    assert len(fences) == 2
    assert fences[1] == "$ docker ps\n"
    assert headings == ["h1", "h2"]
    assert not set("\x1b\u202e\u200b") & set(text)


async def test_names_and_paths_are_text(texts: Texts) -> None:
    """A page's path and a person's name are foreign."""
    page = Record("page", "/`<b>`/x", None, 5, NOON, port=80, status=None)
    speech = texts.for_language("en")
    text = markdown(Transcript([page]), speech, name="# <b>*x*\n[y](z)").decode()
    html = MarkdownIt("commonmark", {"html": True}).render(text)

    assert "<b>" not in html
    assert "<em>" not in html
    assert "href" not in html
    assert html.count("<h1>") == 1


async def test_the_longest_file_fits_discord(texts: Texts) -> None:
    """Five hundred of the longest lines in Korean; what is more is cut between characters."""
    assert len(shown(texts, *[record("가" * 4000)] * 500).encode()) < LARGEST_FILE_BYTES
    cut = shown(texts, *[record("가" * 40_000)] * 500)

    assert LARGEST_FILE_BYTES < len(cut.encode()) < LARGEST_FILE_BYTES + 100
    assert cut.endswith("...\n")
