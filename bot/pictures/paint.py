"""A drawing becomes PNG."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from bot.pictures.fonts import TrueFonts
from bot.pictures.shapes import SCALE, Box, Dot, Drawing, Label, Line

HIGHEST: Final = 6_000
"""Units. Layouts bound what they show; what is below this is not painted, whatever they do."""
COMPRESSION: Final = 3
"""More takes four times as long and saves a tenth."""
_PILLOW_ANCHORS: Final = {"left": "ls", "middle": "ms", "right": "rs"}
BASELINE: Final = 0.84
"""How far below the top of a line its letters stand, for every font: layouts don't depend on it."""


def paint(drawing: Drawing, fonts: TrueFonts) -> bytes:
    """The drawing as PNG."""
    size = (round(drawing.width * SCALE), round(min(drawing.height, HIGHEST) * SCALE))
    image = Image.new("RGB", size, drawing.background)
    pen = ImageDraw.Draw(image)
    with fonts.painting:
        for shape in drawing.shapes:
            match shape:
                case Box():
                    _box(pen, shape)
                case Line():
                    points = [(x * SCALE, y * SCALE) for x, y in shape.points]
                    pen.line(points, shape.colour, round(shape.width * SCALE), joint="curve")
                case Dot():
                    _dot(pen, shape)
                case Label():
                    _label(pen, shape, fonts)
    out = BytesIO()
    image.save(out, "PNG", compress_level=COMPRESSION)
    return out.getvalue()


def _box(pen: ImageDraw.ImageDraw, box: Box) -> None:
    if box.width <= 0 or box.height <= 0:
        return
    corners = (
        box.x * SCALE,
        box.y * SCALE,
        max(box.x * SCALE, box.right * SCALE - 1),
        max(box.y * SCALE, box.bottom * SCALE - 1),
    )
    radius = min(box.radius, box.width / 2, box.height / 2) * SCALE
    pen.rounded_rectangle(corners, radius, box.fill, box.outline, 2 if box.outline else 0)


def _dot(pen: ImageDraw.ImageDraw, dot: Dot) -> None:
    centre, radius = (dot.x * SCALE, dot.y * SCALE), dot.radius * SCALE
    if dot.hollow:
        pen.circle(centre, radius, outline=dot.colour, width=round(radius * 0.45))
    else:
        pen.circle(centre, radius, fill=dot.colour)


def _label(pen: ImageDraw.ImageDraw, label: Label, fonts: TrueFonts) -> None:
    pen.text(
        (label.x * SCALE, (label.y + label.size * BASELINE) * SCALE),
        label.text,
        fill=label.colour,
        font=fonts.face(round(label.size * SCALE), bold=label.bold),
        anchor=_PILLOW_ANCHORS[label.anchor],
    )
