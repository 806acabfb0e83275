"""What each section of the report shows on one page: a picture, its words, and what stands below.

A picture is a layout that is not drawn yet; who can't see it hears its alt text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from bot.classreport.help import NeedsHelp
from bot.classreport.report import Report
from bot.classreport.tables import reason_words
from bot.classreport.words import Titles, duration, error_message
from bot.features.class_report._ids import Section
from bot.pictures import class_errors, class_heat, class_times
from bot.pictures.alt import LONGEST_ALT, name_for_alt, told
from bot.pictures.studio import Layout
from bot.terminal.escape import inline_code
from bot.texts import Speech
from bot.ui.plain import plain

HELP_PER_PAGE: Final = 6
MOST_QUIET: Final = 20
LONGEST_BELOW: Final = 2_800
LONGEST_HELP: Final = 3_200
"""A card takes 4,000 letters; a name of nothing but marks is twice as long when it is escaped."""
LONGEST_QUIET: Final = 700
LONGEST_NAME: Final = 40
LONGEST_TITLE: Final = 60
LONGEST_ERROR: Final = 90

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a section; `number` counts from 0. Help is in words alone: no layout."""

    number: int
    count: int
    below: str
    layout: Layout | None = None
    alt: str = ""


def page_of(
    report: Report, section: Section, number: int, name: str, names: Titles, say: Speech
) -> Page:
    """The page of this number, or the last one when there are fewer now."""
    match section:
        case "heat":
            return _heat(report, number, name, names, say)
        case "help":
            return _help(report, number, names, say)
        case "errors":
            return _errors(report, number, name, say)
        case "times":
            return _times(report, number, name, names, say)


def _heat(report: Report, number: int, name: str, names: Titles, say: Speech) -> Page:
    pages = class_heat.heat_pages(report.heat)
    at = min(number, len(pages) - 1)
    page = pages[at]
    title = say("class_report.heat.picture", name=name, page=at + 1, pages=len(pages))
    layout = partial(class_heat.heat_layout, page, title, say)
    ids = [report.heat.lesson_ids[column] for column in page.columns]
    lessons = " · ".join(f"{names.number(each)} {_short(names.lesson(each))}" for each in ids)
    average = [
        say(
            "class_report.heat.alt.lesson",
            number=names.number(lesson_id),
            share=int(page.average[column] * 100),
        )
        for column, lesson_id in zip(page.columns, ids, strict=True)
    ]
    learners = [
        say(
            "class_report.heat.alt.learner",
            name=name_for_alt(row.name),
            done=sum(row.cells[column].done for column in page.columns),
            total=sum(row.cells[column].total for column in page.columns),
        )
        for row in page.rows
    ]
    below = say("class_report.heat.lessons", lessons=lessons)[:LONGEST_BELOW]
    below = "\n".join([below, *_late(report, say)])
    alt = told([title], [*average, *learners], say, most=LONGEST_ALT)
    return Page(at, len(pages), below, layout, alt)


def _late(report: Report, say: Speech) -> Iterator[str]:
    """How much of what was due came late, or not at all; nothing while all is well."""
    counts = Counter(report.late.values())
    if counts["late"] or counts["overdue"]:
        yield say("class_report.heat.late", late=counts["late"], overdue=counts["overdue"])


def _short(title: str) -> str:
    return title.partition(": ")[0]


def _help(report: Report, number: int, names: Titles, say: Speech) -> Page:
    key, many = ("count", len(report.needs_help)) if report.needs_help else ("none", 0)
    first = say(f"class_report.help.{key}", n=many)
    last = ["", _quiet(report, say)] if report.quiet else []
    last.append(say("class_report.help.how"))
    room = LONGEST_HELP - len("\n".join([first, *last]))
    pages = _packed([_in_need(one, names, say) for one in report.needs_help], room)
    at = min(number, len(pages) - 1)
    return Page(at, len(pages), "\n".join([first, *pages[at], *last]))


def _in_need(one: NeedsHelp, names: Titles, say: Speech) -> str:
    """Who, with what, and why they may need help."""
    task = one.task
    last = one.pupil.last_at or task.since
    who = say(
        "class_report.help.who",
        name=plain(one.pupil.name, most=LONGEST_NAME),
        number=names.number(task.lesson_id),
        task=plain(names.task(task.key), most=LONGEST_TITLE),
        since=f"<t:{task.since.timestamp():.0f}:R>",
        last=f"<t:{last.timestamp():.0f}:R>",
    )
    return "\n".join([who, *(reason_words(each, say, quoted=_quoted) for each in one.reasons)])


def _packed(parts: Sequence[str], room: int) -> list[list[str]]:
    """The parts on pages: as many as are read easily, and no more letters than there is room."""
    pages: list[list[str]] = [[]]
    left = room
    for part in parts:
        if pages[-1] and (len(pages[-1]) == HELP_PER_PAGE or left < len(part) + 1):
            pages.append([])
            left = room
        pages[-1].append(part)
        left -= len(part) + 1
    return pages


def _quoted(error: str) -> str:
    return inline_code(error, longest=LONGEST_ERROR)


def _quiet(report: Report, say: Speech) -> str:
    names: list[str] = []
    for one in report.quiet[:MOST_QUIET]:
        if sum(map(len, names)) > LONGEST_QUIET:
            break
        name = plain(one.pupil.name, most=LONGEST_NAME // 2)
        last = one.pupil.last_at
        if last is None:
            names.append(say("class_report.quiet.never", name=name))
        else:
            names.append(
                say("class_report.quiet.away", name=name, last=f"<t:{last.timestamp():.0f}:R>")
            )
    left = len(report.quiet) - len(names)
    if left > 0:
        names.append(say("class_report.more", n=left))
    return say("class_report.quiet", n=len(report.quiet), names=", ".join(names))


def _errors(report: Report, number: int, name: str, say: Speech) -> Page:
    shown, at, count = _cut(report.errors, number, class_errors.PER_PAGE)
    bars = [
        class_errors.ErrorBar(error_message(each.error, say), each.learners, each.times)
        for each in shown
    ]
    title = say("class_report.errors.picture", name=name, page=at + 1, pages=count)
    members = len(report.pupils)
    layout = partial(class_errors.errors_layout, bars, members, title, say)
    lines = [
        say(
            "class_report.errors.line",
            number=at * class_errors.PER_PAGE + place,
            error=bar.message,
            learners=bar.learners,
            times=bar.times,
        )
        for place, bar in enumerate(bars, 1)
    ]
    alt = told([title], lines or [say("class_report.errors.none")], say, most=LONGEST_ALT)
    return Page(at, count, say("class_report.errors.how"), layout, alt)


def _times(report: Report, number: int, name: str, names: Titles, say: Speech) -> Page:
    shown, at, count = _cut(report.timed, number, class_times.PER_PAGE)
    rows = [
        class_times.TimeRow(
            say(
                "class_report.times.task",
                number=names.number(task.lesson_id),
                task=names.task((task.lesson_id, task.task_id)),
            ),
            task.time,
        )
        for task in shown
        if task.time is not None
    ]
    title = say("class_report.times.picture", name=name, page=at + 1, pages=count)
    layout = partial(class_times.times_layout, rows, title, say)
    lines = list(_time_words(rows, say)) or [say("class_report.times.none")]
    alt = told([title], lines, say, most=LONGEST_ALT)
    return Page(at, count, say("class_report.times.note"), layout, alt)


def _time_words(rows: Sequence[class_times.TimeRow], say: Speech) -> Iterator[str]:
    for row in rows:
        low, median, high = row.time.quartiles
        yield say(
            "class_report.times.alt",
            task=row.title,
            median=duration(median, say),
            low=duration(low, say),
            high=duration(high, say),
            n=row.time.count,
        )


def _cut(every: Sequence[T], number: int, most: int) -> tuple[Sequence[T], int, int]:
    """What is on a page, which page that is, and how many there are."""
    count = max(1, -(-len(every) // most))
    at = min(number, count - 1)
    return every[at * most : (at + 1) * most], at, count
