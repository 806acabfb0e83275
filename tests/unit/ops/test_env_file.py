"""The file `.env`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ops import env_file
from ops.errors import OpsError


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        ("A = b ", "b"),
        ("export A=b", "b"),
        ("A='b # c'", "b # c"),
        ('A="b c" # comment', "b c"),
        ("A=b # comment", "b"),
        ("A=b#c", "b#c"),
        ("A=", ""),
        ("A=x=y", "x=y"),
    ],
)
def test_values_are_read_as_people_write_them(line: str, value: str) -> None:
    """Quotes, comments and spaces mean what they look like."""
    assert env_file.parse(f"# a comment\n\n{line}\n") == {"A": value}


def test_a_line_that_is_not_understood_is_named_but_not_shown() -> None:
    """The line may hold a token, so only its number is told."""
    with pytest.raises(OpsError, match="line 2") as caught:
        env_file.parse("A=b\nsecret token\n")
    assert "secret" not in str(caught.value)


def test_the_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set for this one run beats the file."""
    (tmp_path / ".env").write_text("DOCENT_SAMPLE_ONE=file\nDOCENT_SAMPLE_TWO=file\n")
    monkeypatch.setenv("DOCENT_SAMPLE_ONE", "environment")
    monkeypatch.delenv("DOCENT_SAMPLE_TWO", raising=False)
    env_file.load(tmp_path / ".env")
    assert os.environ["DOCENT_SAMPLE_ONE"] == "environment"
    assert os.environ["DOCENT_SAMPLE_TWO"] == "file"
    monkeypatch.delenv("DOCENT_SAMPLE_TWO")


def test_no_file_is_fine(tmp_path: Path) -> None:
    """A fresh clone has no .env."""
    env_file.load(tmp_path / ".env")
