"""How much a bank holds, so that each of its questions fits on a card of Discord."""

from __future__ import annotations

from typing import Final

MOST_BYTES: Final = 256 * 1024
MOST_QUESTIONS: Final = 200
MOST_BANKS: Final = 25
"""Of one server: as many as a select of Discord's lists."""
FEWEST_OPTIONS: Final = 2
MOST_OPTIONS: Final = 10
LONGEST_TITLE: Final = 300
LONGEST_BODY: Final = 800
LONGEST_OPTION: Final = 150
LONGEST_WHY: Final = 400
LONGEST_LINE: Final = 300
"""A command of an answer, a set-up or a run."""
MOST_LINES: Final = 20
"""Lines of a set-up, answers of a command."""
LONGEST_QUESTION: Final = 2_500
"""All words of a question in one language; a card has 4,000 letters."""
LONGEST_NAME: Final = 60
