"""What a drawing is made of: shapes at places, in units of which a picture is `WIDTH` wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

WIDTH: Final = 720
"""Units of every picture. A phone shows them at half their size, so 20 units are small print."""
MARGIN: Final = 20
SCALE: Final = 1.5
"""Pixels for one unit: as many as a phone has from side to side."""

Anchor = Literal["left", "middle", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with round corners. `name` is for tests and says what it stands for."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    outline: str | None = None
    radius: float = 0
    name: str = ""

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Line:
    """Straight lines from point to point."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 2


@dataclass(frozen=True, slots=True)
class Dot:
    """A disc; `hollow` is a ring, which also tells it apart without colours."""

    x: float
    y: float
    radius: float
    colour: str
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text. `y` is the top of a line that is `size` high; `width` is what it takes."""

    x: float
    y: float
    text: str
    size: int
    colour: str
    width: float
    bold: bool = False
    anchor: Anchor = "left"

    @property
    def left(self) -> float:
        """Where its first letter begins."""
        match self.anchor:
            case "left":
                return self.x
            case "middle":
                return self.x - self.width / 2
            case "right":
                return self.x - self.width


Shape = Box | Line | Dot | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything to paint, the hindmost first."""

    width: float
    height: float
    background: str
    shapes: Sequence[Shape]

    @property
    def labels(self) -> list[Label]:
        """All of its texts."""
        return [shape for shape in self.shapes if isinstance(shape, Label)]

    def boxes(self, name: str) -> list[Box]:
        """Those that stand for this."""
        return [shape for shape in self.shapes if isinstance(shape, Box) and shape.name == name]
