"""Which characters a font file has: its cmap, as the OpenType specification lays it out."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

_COLLECTION: Final = b"ttcf"
_MOST_TABLES: Final = 200
_MOST_BYTES: Final = 4 * 1024 * 1024


class NoFont(Exception):
    """The file is no font that we can read."""


def characters_of(file: Path, index: int = 0) -> frozenset[int]:
    """The code points of the `index`-th font in the file.

    Raises:
        NoFont: It can't be read.
    """
    try:
        with file.open("rb") as source:
            return frozenset(_characters(_cmap(source, index)))
    except (OSError, struct.error, IndexError, StopIteration) as exc:
        raise NoFont(f"{file}: {exc}") from exc


def _cmap(source: BinaryIO, index: int) -> bytes:
    start = 0
    if source.read(4) == _COLLECTION:
        source.seek(12 + 4 * index)
        (start,) = struct.unpack(">I", source.read(4))
    source.seek(start + 4)
    (count,) = struct.unpack(">H", source.read(2))
    source.seek(start + 12)
    for _ in range(min(count, _MOST_TABLES)):
        tag, _sum, offset, length = struct.unpack(">4sIII", source.read(16))
        if tag == b"cmap":
            source.seek(offset)
            return source.read(min(length, _MOST_BYTES))
    raise NoFont("there is no cmap")


def _characters(cmap: bytes) -> Iterator[int]:
    (count,) = struct.unpack_from(">H", cmap, 2)
    for number in range(count):
        _platform, _encoding, at = struct.unpack_from(">HHI", cmap, 4 + 8 * number)
        (form,) = struct.unpack_from(">H", cmap, at)
        if form == 4:  # noqa: PLR2004 - the number of the format
            yield from _segments(cmap, at)
        elif form == 12:  # noqa: PLR2004
            yield from _groups(cmap, at)


def _segments(cmap: bytes, at: int) -> Iterator[int]:
    """Format 4: the first 65,536 characters, in segments."""
    (doubled,) = struct.unpack_from(">H", cmap, at + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", cmap, at + 14)
    starts = struct.unpack_from(f">{count}H", cmap, at + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", cmap, at + 16 + 2 * doubled)
    ranges_at = at + 16 + 3 * doubled
    ranges = struct.unpack_from(f">{count}H", cmap, ranges_at)
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, end + 1):
            glyph = code + deltas[number]
            if ranges[number]:
                place = ranges_at + 2 * number + ranges[number] + 2 * (code - start)
                (glyph,) = struct.unpack_from(">H", cmap, place)
            if glyph % 65_536 and code != 0xFFFF:  # noqa: PLR2004 - the end mark
                yield code


def _groups(cmap: bytes, at: int) -> Iterator[int]:
    """Format 12: all characters, in runs."""
    (count,) = struct.unpack_from(">I", cmap, at + 12)
    for number in range(count):
        start, end, _glyph = struct.unpack_from(">III", cmap, at + 16 + 12 * number)
        yield from range(start, min(end, 0x10FFFF) + 1)
