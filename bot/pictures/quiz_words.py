"""A quiz's pictures in words, for those who can't see them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.pictures.alt import LONGEST_ALT, name_for_alt, told
from bot.pictures.quiz import STEPS, TOP, Distribution, Standing, share_words
from bot.texts import Speech


def distribution_words(asked: Distribution, say: Speech) -> str:
    """How a question was answered."""
    first = [
        say(
            "quiz.picture.answered",
            answered=asked.answered,
            players=asked.players,
            right=asked.right,
        )
        + "."
    ]
    rest = [
        say(
            "quiz.picture.alt.right" if bar.right else "quiz.picture.alt.wrong",
            answer=name_for_alt(bar.text),
            share=share_words(bar.count, asked.answered),
        )
        for bar in asked.bars
    ]
    if asked.others:
        rest.append(say("quiz.picture.others", count=asked.others) + ".")
    return told(first, rest, say, most=LONGEST_ALT)


def scoreboard_words(standings: Sequence[Standing], title: str, say: Speech) -> str:
    """Who leads, with what changed."""
    return told([f"{title}."], [_place(one, say) for one in standings[:TOP]], say, most=LONGEST_ALT)


def podium_words(standings: Sequence[Standing], title: str, say: Speech) -> str:
    """Who won."""
    first = [_place(one, say) for one in standings[: len(STEPS)]]
    return told([f"{title}.", *first], [], say, most=LONGEST_ALT)


def _place(standing: Standing, say: Speech) -> str:
    words = say(
        "quiz.picture.alt.place",
        place=standing.place,
        name=name_for_alt(standing.name),
        points=f"{standing.points:,}",
    )
    if not standing.moved:
        return f"{words}."
    key = "quiz.picture.alt.up" if standing.moved > 0 else "quiz.picture.alt.down"
    return f"{words}, {say(key, n=abs(standing.moved))}."
