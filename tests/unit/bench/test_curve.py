"""The curve of the benchmark as a picture."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.bench.curve import HEIGHT, WIDTH, Line, draw


def test_a_line_that_stays_flat_is_drawn_flat(tmp_path: Path) -> None:
    """The same value is at the same height wherever it is on the axis."""
    file = tmp_path / "images" / "curve.png"
    flat = Line("docker ps", [1, 100, 200], [20.0, 20.0, 20.0])
    draw([Line("open", [1, 200], [500.0, 900.0]), flat], file, across="sandboxes", up="ms")
    with Image.open(file) as picture:
        assert picture.size == (WIDTH, HEIGHT)
        colour = (188, 76, 0)
        rows = {y for x in (200, 500, 900) for y in range(HEIGHT) if _at(picture, x, y) == colour}
    assert max(rows) - min(rows) < 10


def test_one_value_alone_can_be_drawn(tmp_path: Path) -> None:
    """A run with very few sandboxes has one point."""
    draw([Line("open", [5], [10.0])], tmp_path / "one.png", across="sandboxes", up="ms")
    assert (tmp_path / "one.png").stat().st_size > 0


def _at(picture: Image.Image, x: int, y: int) -> object:
    return picture.getpixel((x, y))
