"""What is in the custom ids of the report's buttons."""

from __future__ import annotations

from typing import Final, Literal, cast

from bot.ui.actions import custom_id, pattern

Section = Literal["heat", "help", "errors", "times"]
SECTIONS: Final[tuple[Section, ...]] = ("heat", "help", "errors", "times")

CLASS: Final = r"(?P<class_id>[0-9]{1,18})"

TURN: Final = pattern(
    "class-report",
    CLASS,
    # What it is for keeps two buttons that lead to the same page apart.
    r"(?P<deed>tab|back|on|paint)",
    rf"(?P<section>{'|'.join(SECTIONS)})",
    r"(?P<page>[0-9]{1,3})",
    r"(?P<background>dark|light)",
)
FILES: Final = pattern("class-report-files", CLASS)


def turn(owner: int, class_id: int, deed: str, section: Section, page: int, background: str) -> str:
    """The id of a button that turns the report to a page, counted from 0."""
    return custom_id(
        "class-report", owner, str(class_id), deed, section, str(min(page, 999)), background
    )


def files(owner: int, class_id: int) -> str:
    """The id of the button that hands the tables out."""
    return custom_id("class-report-files", owner, str(class_id))


def section_of(name: str) -> Section:
    """The section of an id."""
    return cast("Section", name)
