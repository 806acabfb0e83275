"""A picture of a page that a learner published, taken by a browser inside their sandbox.

A page is made by a stranger, and so is the picture: the browser runs where the page does, as
nobody, and what it drew is looked at from outside before it goes on.

`sandbox/image/screenshot` is what runs there: within a time limit, and first to go when the sandbox
has no memory left.
"""

from __future__ import annotations

import asyncio
import shlex
import struct
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sandbox.contract import ScreenshotRequest
from sandbox.errors import EngineFailed, NoBrowser, NoPage

MOST_BYTES = 4 * 1024 * 1024
TIMEOUT_S = 20.0
PROGRAM = "/usr/lib/docent/screenshot"
NO_BROWSER = (69, 127)
"""It says that there is none, or there is no such program."""

_MAGIC = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"


class Helper(Protocol):
    """A program of ours in a sandbox; `sandbox.channel.Channel` is one."""

    async def read(self, most: int = ...) -> bytes:
        """Some of its output; empty when there is no more."""
        ...

    async def exit_code(self) -> int:
        """How it ended."""
        ...


RunAside = Callable[[str], AbstractAsyncContextManager[Helper]]


async def take_screenshot(run_aside: RunAside, request: ScreenshotRequest) -> bytes:
    """A PNG of the page, of the size that was asked for.

    Raises:
        NoBrowser: the engine image has none.
        NoPage: there is no picture of it in time, or one that is too big.
        EngineFailed: the sandbox does not answer in time, or nonsense.
        SandboxGone: the sandbox ended.
    """
    try:
        async with asyncio.timeout(TIMEOUT_S), run_aside(screenshot_script(request)) as helper:
            picture = await _read_all(helper)
            if await helper.exit_code() in NO_BROWSER:
                raise NoBrowser("the engine image has no browser")
    except TimeoutError as exc:
        raise EngineFailed("the sandbox does not answer in time") from exc
    if not picture:
        raise NoPage("failed")
    if len(picture) > MOST_BYTES:
        raise NoPage("too_big")
    must_be_png(picture, request)
    return picture


def screenshot_script(request: ScreenshotRequest) -> str:
    """What runs inside; it prints the picture, if there is one."""
    width, height = (round(pixels / request.scale) for pixels in (request.width, request.height))
    address = f"http://localhost:{request.port}{request.path}"
    return (
        f"exec {PROGRAM} {width},{height} {request.scale:.2f} {MOST_BYTES + 1} "
        f"{shlex.quote(address)} 2>/dev/null"
    )


def must_be_png(picture: bytes, request: ScreenshotRequest) -> None:
    """Look at its first and last bytes; nothing is decoded here.

    Raises:
        EngineFailed: it is no PNG, or not of a size that could have been asked for.
    """
    if not (picture.startswith(_MAGIC) and picture.endswith(_END)):
        raise EngineFailed("the sandbox's picture is no PNG")
    width, height = struct.unpack_from(">II", picture, len(_MAGIC))
    # A pixel more or less, by the scale.
    if not (abs(width - request.width) <= 2 and abs(height - request.height) <= 2):  # noqa: PLR2004
        raise EngineFailed("the sandbox's picture has a size that nobody asked for")


async def _read_all(helper: Helper) -> bytes:
    said = bytearray()
    while len(said) <= MOST_BYTES and (piece := await helper.read()):
        said += piece
    return bytes(said)
