"""The board of a challenge as a picture."""

from __future__ import annotations

import pytest

from bot.pictures.challenge_board import MOST_ROWS, BoardLine, challenge_layout
from bot.pictures.letters import Fonts
from bot.pictures.theme import DARK
from bot.texts import LANGUAGES, Language, Texts
from tests.unit.bot.pictures.conftest import assert_tidy
from tests.unit.bot.pictures.engines import HOSTILE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 20, 300])
def test_whoever_takes_part_fits(
    texts: Texts, fonts: Fonts, language: Language, count: int
) -> None:
    """Nobody, somebody, a whole school; whatever they are called, and however long they need."""
    say = texts.for_language(language)
    right = f"12:34:56 · {say('challenge.row.hints', n=33)}"
    for name in ("Yuna", *HOSTILE):
        lines = [
            BoardLine(n + 1, name, max(0, 30 - n), 30, right, firsts=30 if n == 0 else 0)
            for n in range(count)
        ]
        rest = say("challenge.rest", n=count - MOST_ROWS) if count > MOST_ROWS else ""
        below = say("challenge.picture.running", n=count)
        drawing = challenge_layout("장애가 난 밤 " * 9, below, lines, rest, fonts, DARK)
        assert_tidy(drawing, fonts)
        assert len(drawing.boxes("bar")) == min(count, MOST_ROWS)
