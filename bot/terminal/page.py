"""A page that a learner's web server answered, as a few lines of harmless text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from bot.terminal.escape import in_block, visible
from sandbox.contract import Page

LONGEST_TITLE = 120
LONGEST_EXCERPT = 700
_UNSHOWN = frozenset({"script", "style", "head", "template", "noscript"})
_BLANKS = re.compile(r"\s+")
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "hr", "pre"}
)


@dataclass(frozen=True, slots=True)
class PageText:
    """What to show of a page. `status` reads `200 OK`; empty when nothing answered.

    `problem` is then a key of the text catalogue.
    """

    status: str
    answered_well: bool
    title: str = ""
    excerpt: str = ""
    problem: str | None = None


def describe_page(page: Page) -> PageText:
    """Status, title and the beginning of the text; nothing in it can break out of a code block."""
    if page.status is None:
        return PageText("", answered_well=False, problem=f"page.problem.{page.problem or 'empty'}")
    return PageText(
        status=_one_line(f"{page.status} {page.reason}", 60),
        answered_well=page.status < 400,  # noqa: PLR2004 - where HTTP's failures begin
        title=_one_line(page.title or "", LONGEST_TITLE),
        excerpt=_excerpt(page),
    )


def _excerpt(page: Page) -> str:
    kind = page.content_type.lower()
    if "html" in kind:
        text = _text_of_html(page.body)
    elif not kind or kind.startswith("text/") or "json" in kind or "xml" in kind:
        text = page.body
    else:
        return ""
    lines = [" ".join(line.split()) for line in visible(text).splitlines()]
    shown = "\n".join(line for line in lines if line)
    return in_block(shown if len(shown) <= LONGEST_EXCERPT else shown[: LONGEST_EXCERPT - 1] + "…")


def _one_line(text: str, longest: int) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _text_of_html(source: str) -> str:
    reader = _TextReader()
    reader.feed(source)
    reader.close()
    return "".join(reader.pieces)


class _TextReader(HTMLParser):
    """Collects what a browser would show, one block a line."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSHOWN:
            self._inside.append(tag)
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            del self._inside[self._inside.index(tag) :]
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.pieces.append(_BLANKS.sub(" ", data))
