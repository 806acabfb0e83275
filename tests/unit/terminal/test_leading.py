"""What goes ahead of a terminal in a line."""

from __future__ import annotations

import pytest

from bot.terminal.leading import split_ahead


@pytest.mark.parametrize(
    ("line", "ahead", "rest"),
    [
        ("cd app && vi note", "cd app", "vi note"),
        ("cd app&&vi note", "cd app", "vi note"),
        ("mkdir -p app && cd app && vi note", "mkdir -p app && cd app", "vi note"),
        ("cd 'a && b' && vi note", "cd 'a && b'", "vi note"),
        ('cd "my app" && docker compose up', 'cd "my app"', "docker compose up"),
        ("cd a\\&\\& && vi x", "cd a\\&\\&", "vi x"),
        ("cd && top", "cd", "top"),
        ("cd a && cd b && sh && ls", "cd a && cd b", "sh && ls"),
        ("cd a && X=1 && vi", "cd a", "X=1 && vi"),
        ("cd a && export X=1 && vi", "cd a", "export X=1 && vi"),
    ],
)
def test_what_goes_to_a_folder_is_a_line_of_its_own(line: str, ahead: str, rest: str) -> None:
    """With what prepares it; the first command that does more than that belongs to the rest."""
    assert split_ahead(line) == (ahead, rest)


@pytest.mark.parametrize(
    "line",
    [
        "vi note",
        "mkdir app && vi app/note",
        "export X=1 && cd app && vi note",
        "cd app; vi note",
        "cd app || vi note",
        "(cd app && vi note)",
        "cd $(pwd) && vi note",
        "cd `pwd` && vi note",
        'cd "`pwd`" && vi note',
        "cd app | cat && vi",
        "cd app & && vi",
        "cd app &&",
        "cd 'app && vi",
        "",
    ],
)
def test_what_is_not_that_simple_stays_one_line(line: str) -> None:
    """Nothing is taken apart that could mean something else then."""
    assert split_ahead(line) == ("", line)
