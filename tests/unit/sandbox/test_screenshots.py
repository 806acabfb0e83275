"""A picture that comes out of a sandbox is looked at before it goes on."""

from __future__ import annotations

import io
import shlex
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from PIL import Image

from sandbox.contract import ScreenshotRequest
from sandbox.errors import EngineFailed, NoBrowser, NoPage
from sandbox.screenshots import MOST_BYTES, screenshot_script, take_screenshot
from tests.unit.sandbox.test_files import SaidHelper

ASKED = ScreenshotRequest(port=80, width=300, height=200)


def png(width: int = 300, height: int = 200) -> bytes:
    """A white picture."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(file, "PNG")
    return file.getvalue()


async def take(said: bytes, *, exit_code: int = 0) -> bytes:
    """What comes of a program that prints this."""

    @asynccontextmanager
    async def run_aside(script: str) -> AsyncGenerator[SaidHelper]:
        yield SaidHelper(said, exit_code=exit_code)

    return await take_screenshot(run_aside, ASKED)


async def test_a_picture_of_the_right_size_goes_on() -> None:
    """A pixel more or less is the scale's doing."""
    assert await take(png()) == png()
    assert await take(png(301, 199)) == png(301, 199)


@pytest.mark.parametrize(
    "said",
    [b"<html>", b"\x89PNG\r\n\x1a\n", png()[:-4], png(1000, 1000), png() + b"<script>", b"x" * 50],
)
async def test_what_is_no_such_picture_is_refused(said: bytes) -> None:
    """Of another kind, size, or with something behind it."""
    with pytest.raises(EngineFailed):
        await take(said)


async def test_no_picture_has_a_reason() -> None:
    """None was drawn, it is too big, or there is no browser in this image, or an older one."""
    with pytest.raises(NoPage, match="failed"):
        await take(b"")
    with pytest.raises(NoPage, match="too_big"):
        await take(bytes(MOST_BYTES + 100))
    for status in (69, 127):
        with pytest.raises(NoBrowser):
            await take(b"", exit_code=status)


def test_an_address_is_one_word() -> None:
    """Whatever is in the path; a scale makes the window smaller, not the picture."""
    asked = ScreenshotRequest(port=8080, path="/?a=$(id)&b=';'", width=800, height=600, scale=2)

    assert shlex.split(screenshot_script(asked))[2:6] == [
        "400,300", "2.00", str(MOST_BYTES + 1), "http://localhost:8080/?a=$(id)&b=';'",
    ]  # fmt: skip
