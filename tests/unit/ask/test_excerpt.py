"""Excerpts: the block that answers, whole, and never an open fence."""

from __future__ import annotations

import random

import pytest

from bot.ask.excerpt import LONGEST, excerpt

LONG = """First words about nothing much. They go on for a while.

```
docker run one
```
Second, here is the answer about volumes:

```
docker volume ls
```

- a list
- of things

-# small print
"""


def about(word: str) -> float:
    """Worth of a block for somebody who looks for volumes."""
    return float("volume" in word)


def test_a_short_body_is_shown_whole_without_small_print() -> None:
    """Nothing is left out but what is about the step itself."""
    shown = excerpt(LONG, about)

    assert shown.startswith("First words")
    assert shown.endswith("- of things")


def test_of_a_long_body_the_best_block_is_shown_with_its_code() -> None:
    """The paragraph that answers, and the code that it announces."""
    shown = excerpt(LONG, about, longest=90)

    assert shown == "Second, here is the answer about volumes:\n\n```\ndocker volume ls\n```"


def test_code_is_shown_with_what_leads_to_it() -> None:
    """A code block alone would say nothing."""
    shown = excerpt(LONG, lambda block: float("volume ls" in block), longest=90)

    assert shown.startswith("Second, here is the answer")


def test_what_announces_more_is_left_out_without_it() -> None:
    """No excerpt ends in a colon when there is something before it."""
    shown = excerpt("The answer about a volume.\n\nAn example:\n\n" + "x" * 50, about, longest=60)

    assert shown == "The answer about a volume."


def test_a_long_block_is_cut_at_a_sentence() -> None:
    """Whole sentences only."""
    shown = excerpt("One sentence here. " * 30, about, longest=100)

    assert shown.endswith("here.")
    assert len(shown) <= 100


def test_nothing_gives_nothing() -> None:
    """A body of small print or spaces is empty."""
    assert excerpt(" \n\n-# small", about) == ""


@pytest.mark.parametrize("seed", range(40))
def test_any_body_gives_an_excerpt_that_a_card_can_show(seed: int) -> None:
    """Bounded, and every fence closed, whatever the text is like."""
    dice = random.Random(seed)
    pieces = [
        "```",
        "```sh",
        "a: ",
        "한 문장이에요. ",
        "- item",
        "\n",
        "\n\n",
        "-# x",
        "word " * 40,
        "~~~",
    ]
    body = "\n".join(dice.choice(pieces) for _ in range(dice.randrange(60)))

    shown = excerpt(body, lambda block: float(len(block) % 7))

    assert len(shown) <= LONGEST + 4
    assert shown.count("```") % 2 == 0
