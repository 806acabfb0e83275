"""Pictures of lessons' diagrams, drawn from their SVG by a browser that shows nothing."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

from lessons.diagrams import SOURCE_KEY, Diagram
from lessons.languages import LANGUAGES
from ops.errors import OpsError

BROWSERS = ("chromium", "chromium-headless-shell", "google-chrome")
SCALE = 2
"""Pixels of the picture for one of the drawing: sharp on a phone."""
TIMEOUT_S = 60
_SIZE = re.compile(r"<svg[^>]*\bviewBox=\"0 0 (\d+) (\d+)\"")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER_CHUNK_BYTES = 25
_PAGE = """<!doctype html><meta charset="utf-8">
<style>*{margin:0;background:transparent} svg{display:block;width:%dpx;height:%dpx}</style>%s"""


def draw(diagram: Diagram) -> list[Path]:
    """Draw the diagram in each language whose picture is out of date; which were drawn.

    Raises:
        OpsError: there is no browser, it fails, or the SVG does not say how large it is.
    """
    late = [language for language in LANGUAGES if not diagram.is_up_to_date(language)]
    for language in late:
        picture = _photograph(diagram.drawing(language), diagram.svg)
        diagram.image(language).write_bytes(_remembering(picture, diagram.source(language)))
    return [diagram.image(language) for language in late]


def _photograph(drawing: str, file: Path) -> bytes:
    size = _SIZE.search(drawing)
    if size is None:
        raise OpsError(f'{file} needs viewBox="0 0 WIDTH HEIGHT" in its <svg>.')
    width, height = int(size[1]), int(size[2])
    with tempfile.TemporaryDirectory() as folder:
        page, picture = Path(folder, "page.html"), Path(folder, "picture.png")
        page.write_text(_PAGE % (width, height, drawing), encoding="utf-8")
        command = [
            _browser(),
            *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            "--default-background-color=00000000",
            f"--user-data-dir={folder}/profile",
            f"--window-size={width},{height}",
            f"--force-device-scale-factor={SCALE}",
            f"--screenshot={picture}",
            page.as_uri(),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_S)
            return picture.read_bytes()
        except (subprocess.SubprocessError, OSError) as exc:
            raise OpsError(f"The browser could not draw {file}: {exc}") from exc


def _browser() -> str:
    for name in BROWSERS:
        if (found := shutil.which(name)) is not None:
            return found
    raise OpsError("Drawing needs a browser: apt install chromium fonts-noto-cjk.")


def _remembering(picture: bytes, source: bytes) -> bytes:
    """The same picture with a text in it that says what it was drawn from."""
    if not picture.startswith(_SIGNATURE):
        raise OpsError("The browser made something that is no PNG.")
    kind, text = b"tEXt", SOURCE_KEY + b"\0" + source
    chunk = struct.pack(">I", len(text)) + kind + text + struct.pack(">I", zlib.crc32(kind + text))
    after_header = len(_SIGNATURE) + _HEADER_CHUNK_BYTES
    return picture[:after_header] + chunk + picture[after_header:]
