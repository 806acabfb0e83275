"""Where the letters of pictures come from, what they lack, and how wide a text is.

Debian's fonts-nanum has Korean and Latin; fonts-noto-cjk will do as well. `./docent up` and the app
image bring the first. Without any of them there are no pictures: boxes instead of letters tell
nobody anything.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from PIL import ImageFont

from bot.pictures.glyphs import NoFont, characters_of
from bot.pictures.letters import cleaned
from bot.pictures.shapes import SCALE

PROBE: Final = "가힣Az09…□·"
"""A font without these is none for us."""
_HELD: Final = 4_000


@dataclass(frozen=True, slots=True)
class Face:
    """A font in a file; `index` where the file holds several."""

    file: Path
    index: int = 0


_DEBIAN: Final = Path("/usr/share/fonts")
FAMILIES: Final[Sequence[tuple[Face, Face]]] = (
    (
        Face(_DEBIAN / "truetype/nanum/NanumGothic.ttf"),
        Face(_DEBIAN / "truetype/nanum/NanumGothicBold.ttf"),
    ),
    (
        Face(_DEBIAN / "opentype/noto/NotoSansCJK-Regular.ttc", 1),
        Face(_DEBIAN / "opentype/noto/NotoSansCJK-Bold.ttc", 1),
    ),
)
"""Regular and bold, the first that is there. The second of Noto's collection is the Korean one."""


def find_fonts(families: Sequence[tuple[Face, Face]] = FAMILIES) -> TrueFonts | None:
    """The first family that can be read and has what we need; None when there is none."""
    for regular, bold in families:
        try:
            found = TrueFonts(regular, bold)
            if all(ord(letter) in found.characters for letter in PROBE):
                return found
        except NoFont:
            continue
    return None


@dataclass(slots=True)
class _Sizes:
    """The same face in every size that was asked for."""

    face: Face
    held: dict[int, ImageFont.FreeTypeFont] = field(default_factory=dict)

    def at(self, pixels: int) -> ImageFont.FreeTypeFont:
        """The face so many pixels high."""
        if pixels not in self.held:
            self.held[pixels] = ImageFont.truetype(
                str(self.face.file),
                pixels,
                index=self.face.index,
                layout_engine=ImageFont.Layout.BASIC,  # each letter where we say, in our order
            )
        return self.held[pixels]


class TrueFonts:
    """`Fonts` from files; safe to use from several threads."""

    def __init__(self, regular: Face, bold: Face) -> None:
        """Reads both files.

        Raises:
            NoFont: One is missing or broken.
        """
        self._faces = {False: _Sizes(regular), True: _Sizes(bold)}
        self._lock = threading.Lock()
        self._widths: dict[tuple[str, int, bool], float] = {}
        self.files = (regular.file, bold.file)
        try:
            for sizes in self._faces.values():
                sizes.at(20)
        except OSError as exc:
            raise NoFont(str(exc)) from exc

    @cached_property
    def characters(self) -> frozenset[int]:
        """What both faces can draw."""
        regular, bold = (self._faces[which].face for which in (False, True))
        return characters_of(regular.file, regular.index) & characters_of(bold.file, bold.index)

    def clean(self, text: str) -> str:
        """See `Fonts.clean`."""
        return cleaned(text, self.characters)

    def width(self, text: str, size: int, *, bold: bool = False) -> float:
        """See `Fonts.width`."""
        key = (text, size, bold)
        known = self._widths.get(key)
        if known is None:
            with self._lock:
                known = self._faces[bold].at(round(size * SCALE)).getlength(text) / SCALE
                if len(self._widths) >= _HELD:
                    self._widths.clear()
                self._widths[key] = known
        return known

    def face(self, pixels: int, *, bold: bool) -> ImageFont.FreeTypeFont:
        """The face to paint with; hold `painting` while it is used."""
        return self._faces[bold].at(pixels)

    @property
    def painting(self) -> threading.Lock:
        """FreeType's faces are one thread's at a time."""
        return self._lock
