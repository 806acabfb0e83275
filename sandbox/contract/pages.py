"""A page of the learner's, fetched inside their sandbox."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sandbox.contract.wire import Wire


class PageRequest(Wire):
    """Fetch `http://localhost:{port}{path}` inside the sandbox."""

    port: int = Field(ge=1, le=65_535)
    path: str = Field(default="/", pattern=r"^/[!-~]{0,1000}$")


MOST_PAGE_HEADERS = 24
LONGEST_PAGE_FIELD = 1100
"""Of a header: an address of the length that `PageRequest` takes, and its host."""

_Field = Annotated[str, Field(max_length=LONGEST_PAGE_FIELD)]


class Page(Wire):
    """What a published port answered. `body` is cut at 64 KiB; None fields: nothing answered.

    `problem` then says in the client's words why (refused, timeout, empty). `headers` are the
    first of them, names and values cut; `location` is where a redirect leads, as it was written.
    """

    status: int | None
    reason: str = ""
    content_type: str = ""
    headers: list[tuple[_Field, _Field]] = Field(default=[], max_length=MOST_PAGE_HEADERS)
    location: _Field | None = None
    title: str | None = None
    body: str = ""
    truncated: bool = False
    problem: Literal["refused", "timeout", "empty", "protocol"] | None = None


class ScreenshotRequest(PageRequest):
    """A picture of that page, `width` × `height` pixels; `scale` 2 draws everything twice as big.

    The answer is a PNG of 4 MiB at most.
    """

    width: int = Field(default=1280, ge=100, le=1600)
    height: int = Field(default=800, ge=100, le=2000)
    scale: float = Field(default=1, ge=0.5, le=3)
