"""Attached files."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from playground import uploads
from playground.errors import ApiError
from playground.snowflakes import Snowflakes
from playground.uploads import MAX_FILE_BYTES, Upload, Uploads, safe_name


def test_a_file_comes_back_byte_for_byte(tmp_path: Path) -> None:
    """In memory and on disk, and from disk by another playground."""
    for folder in (None, tmp_path / "files"):
        kept = Uploads(Snowflakes(), folder)
        attachment = kept.keep(Upload("0", "a.txt", b"hello"), "1", "what it is")
        assert kept.read(attachment["id"], "a.txt") == b"hello"
        assert attachment["description"] == "what it is"
        assert attachment["content_type"] == "text/plain; charset=utf-8"

    assert Uploads(Snowflakes(), folder).read(attachment["id"], "a.txt") == b"hello"


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("notes.txt", "notes.txt"),
        ("my notes.txt", "my_notes.txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("한글.log", "unknown.log"),
        ("<b>.html", "b.html"),
        ("", "unknown"),
        ("a" * 300 + ".txt", "a" * 100 + ".txt"),
    ],
)
def test_names_are_made_safe(given: str, stored: str) -> None:
    """No path, no markup, no other letters than Discord keeps."""
    assert safe_name(given) == stored


def test_the_original_name_is_kept_as_title() -> None:
    """What the safe name loses is still shown."""
    attachment = Uploads(Snowflakes(), None).keep(Upload("0", "한글.log", b""), "1", None)

    assert (attachment["filename"], attachment["title"]) == ("unknown.log", "한글")


def test_pictures_tell_their_size() -> None:
    """Pages can lay them out before they are loaded; broken ones are only files."""
    written = BytesIO()
    Image.new("RGB", (3, 2)).save(written, "PNG")
    kept = Uploads(Snowflakes(), None)

    whole = kept.keep(Upload("0", "a.png", written.getvalue()), "1", None)
    broken = kept.keep(Upload("0", "b.png", b"not a picture"), "1", None)

    assert (whole["width"], whole["height"]) == (3, 2)
    assert "width" not in broken


def test_too_large_a_file_is_refused() -> None:
    """10 MiB is the most."""
    with pytest.raises(ApiError) as refused:
        Uploads(Snowflakes(), None).keep(Upload("0", "a", bytes(MAX_FILE_BYTES + 1)), "1", None)

    assert refused.value.code == 40005


def test_the_oldest_files_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All files together never take more than their room."""
    monkeypatch.setattr(uploads, "MAX_KEPT_BYTES", 10)
    kept = Uploads(Snowflakes(), tmp_path)
    files = [kept.keep(Upload("0", f"{n}.bin", bytes(4)), "1", None) for n in range(3)]

    assert kept.read(files[0]["id"], "0.bin") is None
    assert kept.read(files[2]["id"], "2.bin") == bytes(4)
    assert len(list(tmp_path.glob("*/*"))) == 2
