"""A page that a learner's web server answered, as a few lines of harmless text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from bot.terminal.escape import in_block, visible
from sandbox.contract import Page

LONGEST_TITLE = 120
LONGEST_EXCERPT = 700
_UNSHOWN = frozenset({"script", "style", "head", "template", "noscript"})
_BLANKS = re.compile(r"\s+")
_TAG = re.compile(r"/?[a-z][a-z0-9]*")
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
    shown = in_block("\n".join(line for line in lines if line))
    return shown if len(shown) <= LONGEST_EXCERPT else shown[: LONGEST_EXCERPT - 1] + "…"


def _one_line(text: str, longest: int) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _text_of_html(source: str) -> str:
    """What a browser would show, one block a line.

    Only ever searches forward: `html.parser` takes a minute for a page that is made to be slow.
    """
    lowered = source.lower()
    lower = lowered if len(lowered) == len(source) else source
    pieces: list[str] = []
    unclosed: set[str] = set()
    at = 0
    while (opened := source.find("<", at)) >= 0:
        pieces.append(_BLANKS.sub(" ", unescape(source[at:opened])))
        if source[opened + 1 : opened + 2].isspace():
            pieces.append("<")
            at = opened + 1
            continue
        is_comment = source.startswith("<!--", opened)
        end = source.find("-->" if is_comment else ">", opened)
        if end < 0:
            return "".join(pieces)
        at = end + (3 if is_comment else 1)
        found = _TAG.match(lower, opened + 1)
        name = found[0] if found else ""
        if name.lstrip("/") in _BLOCKS:
            pieces.append("\n")
        elif name in _UNSHOWN and name not in unclosed:
            closed = lower.find(f"</{name}", at)
            if closed < 0:
                unclosed.add(name)
            else:
                at = closed
    pieces.append(_BLANKS.sub(" ", unescape(source[at:])))
    return "".join(pieces)
