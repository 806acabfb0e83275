"""What a port that a learner published answers, fetched by curl inside their sandbox.

So that a page is only ever asked for where it was made: nothing of ours connects to it.
"""

from __future__ import annotations

import html
import re
import shlex
from dataclasses import dataclass
from typing import Literal

from sandbox.contract import Page, PageRequest
from sandbox.contract.pages import LONGEST_PAGE_FIELD, MOST_PAGE_HEADERS

BODY_BYTES = 65_536
HEAD_BYTES = 32_768
MOST_BYTES = BODY_BYTES + HEAD_BYTES
TITLE_LENGTH = 200
FIELD_LENGTH = 100
CONNECT_TIMEOUT_S = 3
FETCH_TIMEOUT_S = 8
TIMEOUT_S = 12.0
"""For all of it, should curl itself be held up."""

_TIMED_OUT = 28
_PROBLEMS: dict[int, Literal["refused", "timeout", "empty"]] = {
    7: "refused",
    _TIMED_OUT: "timeout",
    52: "empty",
}
"""What an exit status of curl means."""
_FINAL = 200
"""Statuses below are announcements; another response follows."""
_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})(?: ([^\r\n]*))?\r?\n")
_CHARSETS = {"utf-8", "euc-kr", "cp949", "iso-8859-1", "us-ascii", "utf-16"}


def fetch_script(request: PageRequest) -> str:
    """The `sh` line that fetches the page and prints head and body as they came."""
    address = f"http://localhost:{request.port}{request.path}"
    return (
        "exec curl --disable --silent --include --globoff --http1.1 --path-as-is "
        f"--connect-timeout {CONNECT_TIMEOUT_S} --max-time {FETCH_TIMEOUT_S} "
        f"-- {shlex.quote(address)} 2>/dev/null"
    )


def parse_page(answer: bytes, exit_code: int | None) -> Page:
    """What curl printed; `exit_code` is None when we stopped reading because it was enough."""
    head = _read_head(answer)
    if head is None:
        return Page(status=None, problem=_PROBLEMS.get(exit_code or 0, "protocol"))
    body = answer[head.length :]
    text = _decode(body[:BODY_BYTES], head.field("content-type"))
    return Page(
        status=head.status,
        reason=head.reason,
        content_type=head.field("content-type")[:FIELD_LENGTH],
        headers=list(head.fields[:MOST_PAGE_HEADERS]),
        location=head.field("location") or None,
        title=_title(text),
        body=text,
        truncated=exit_code is None or len(body) > BODY_BYTES,
        # A page that stopped in the middle is shown with what is wrong about it.
        problem="timeout" if exit_code == _TIMED_OUT else None,
    )


@dataclass(frozen=True, slots=True)
class _Head:
    status: int
    reason: str
    fields: tuple[tuple[str, str], ...]
    length: int

    def field(self, name: str) -> str:
        """The first of this name, which is in small letters."""
        return next((value for field, value in self.fields if field.lower() == name), "")


def _read_head(answer: bytes) -> _Head | None:
    """The head of the last response: before it there may be some like 100 Continue."""
    start = 0
    while match := _STATUS_LINE.match(answer, start):
        end = answer.find(b"\r\n\r\n", match.end() - 2, start + HEAD_BYTES)
        if end < 0:
            return None
        status = int(match[1])
        if status >= _FINAL:
            return _Head(
                status=status,
                reason=_field(match[2] or b"")[:FIELD_LENGTH],
                fields=_fields(answer[match.end() : end]),
                length=end + 4,
            )
        start = end + 4
    return None


def _fields(head: bytes) -> tuple[tuple[str, str], ...]:
    lines = (line.partition(b":") for line in head.split(b"\r\n"))
    return tuple((_field(name), _field(value)) for name, colon, value in lines if colon)


def _field(value: bytes) -> str:
    return value.decode("latin-1").strip()[:LONGEST_PAGE_FIELD]


def _decode(body: bytes, content_type: str) -> str:
    charset = content_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    return body.decode(charset if charset in _CHARSETS else "utf-8", errors="replace")


def _title(text: str) -> str | None:
    """The text of the first title element. By searching forward: a page may be made to be slow."""
    lower = text.lower()
    opened = lower.find("<title")
    start = lower.find(">", opened)
    end = lower.find("</title", start)
    if min(opened, start, end) < 0 or len(lower) != len(text):
        return None
    return " ".join(html.unescape(text[start + 1 : end]).split())[:TITLE_LENGTH]
