"""The answer to a question: what is right and why, how all answered, who leads now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from discord import ui

from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quiz_questions import Asked
from bot.classroom.quiz_results import RoundResult
from bot.features.quiz import _ids
from bot.features.quiz._cards import menu_button, moment, title_of, unmarked
from bot.features.quiz._fitting import MOST_LETTERS, fitted, whole_lines
from bot.pictures.quiz import (
    AnswerBar,
    Distribution,
    distribution_layout,
    most_frequent,
    podium_layout,
    scoreboard_layout,
)
from bot.pictures.quiz import Standing as PicturedStanding
from bot.pictures.quiz_words import distribution_words, podium_words, scoreboard_words
from bot.quiz.options import ShownOption
from bot.quiz.scoring import Standing
from bot.terminal.escape import code_block, inline_code
from bot.texts import Speech
from bot.ui.layout import Card, Drawn, button, drawn, panel, row, text
from bot.ui.plain import plain
from bot.ui.theme import DONE, WARN

if TYPE_CHECKING:
    from bot.pictures.studio import Studio

MOST_SAID: Final = 950
"""Letters of what an engine was asked and said."""
MOST_IN_WORDS: Final = 450
"""Letters in place of a picture."""
TOP: Final = 10


@dataclass(frozen=True, slots=True)
class Pictures:
    """What is drawn of an answer; None where there is no font, or nothing to show."""

    spread: Drawn | None
    board: Drawn | None

    @property
    def all(self) -> list[Drawn]:
        """Those that there are."""
        return [one for one in (self.spread, self.board) if one is not None]


def spread_of(asked: Asked, result: RoundResult, title: str) -> Distribution:
    """How everybody answered."""
    right = sum(bool(one.correct) for one in result.given)
    answered, players = len(result.given), result.players
    if asked.options:
        chosen = [option for one in result.given for option in one.answer]
        bars: Sequence[AnswerBar] = [
            AnswerBar(unmarked(one.text), chosen.count(one.id), right=is_right(asked, one))
            for one in asked.options
        ]
        return Distribution(title, bars, answered, players, right)
    typed = [(one.answer[0], bool(one.correct)) for one in result.given]
    bars, others = most_frequent(typed)
    return Distribution(title, bars, answered, players, right, typed=True, others=others)


def is_right(asked: Asked, option: ShownOption) -> bool:
    """Whether this option belongs to the answer."""
    question = asked.question
    return question is not None and (option.id in question.right or option.id == asked.round.found)


async def draw_answer(
    live: LiveQuiz, asked: Asked, result: RoundResult, say: Speech, studio: Studio
) -> Pictures:
    """The pictures of an answer; a question that counts for nobody has none."""
    if asked.question is None or asked.round.void is not None:
        return Pictures(None, None)
    spread = spread_of(asked, result, asked.question.text(live.language).title)
    png = await studio.draw(partial(distribution_layout, spread, say), "dark")
    first = None if png is None else Drawn("answers.png", png, distribution_words(spread, say))
    if live.kept.practice:
        return Pictures(first, None)
    title = say("quiz.board.title")
    pictured = _pictured(result.standings, result.before)
    png = await studio.draw(
        partial(scoreboard_layout, pictured[:TOP], len(pictured), title, say), "dark"
    )
    words = scoreboard_words(pictured, title, say)
    return Pictures(first, None if png is None else Drawn("board.png", png, words))


async def draw_podium(
    live: LiveQuiz, placed: Sequence[Standing], say: Speech, studio: Studio
) -> Drawn | None:
    """The podium; a practice and a quiz without points have none."""
    pictured = [one for one in _pictured(placed, ()) if one.points]
    if live.kept.practice or not pictured:
        return None
    title = unmarked(live.kept.title)
    layout = partial(podium_layout, pictured, len(placed), title, say)
    png = await studio.draw(layout, "dark")
    return None if png is None else Drawn("podium.png", png, podium_words(pictured, title, say))


def answer_card(
    live: LiveQuiz, asked: Asked, result: RoundResult, say: Speech, pictures: Pictures
) -> Card:
    """The answer in place of the question."""
    void = asked.round.void
    below = _below(live, asked, result, say, pictures)
    next_up = f"-# {_what_is_next(live, say)}"
    left = MOST_LETTERS - len(next_up) - sum(len(words) for words in below if words)
    items: list[ui.Item[Card]] = [text(whole_lines(_words(live, asked, say), left))]
    said, *in_words = below
    items += [text(said)] if said else []
    items += [drawn(one) for one in pictures.all]
    items += [text(words) for words in in_words if words]
    mine = button(say("quiz.button.mine"), _ids.mine(live.id), emoji="🔎")
    items += [text(next_up), row(mine, menu_button(live, say))]
    return Card(panel(*items, colour=DONE if void is None else WARN), pictures=pictures.all)


def _below(
    live: LiveQuiz, asked: Asked, result: RoundResult, say: Speech, pictures: Pictures
) -> tuple[str, str, str]:
    """What an engine said, and pictures that can't be drawn in words; each is empty without."""
    engine = spread = board = ""
    if asked.question is not None and asked.question.engine is not None and asked.round.said:
        lines = f"$ {asked.question.engine.run}\n{asked.round.said}"
        engine = f"{say('quiz.answer.engine')}\n{fitted(lines, MOST_SAID, code_block)}"
    if asked.round.void is None and pictures.spread is None:
        words = distribution_words(spread_of(asked, result, title_of(live)), say)
        spread = fitted(words, MOST_IN_WORDS, _harmless)
    if asked.round.void is None and pictures.board is None and not live.kept.practice:
        placed = _pictured(result.standings, result.before)
        board = fitted(
            scoreboard_words(placed, say("quiz.board.title"), say), MOST_IN_WORDS, _harmless
        )
    return engine, spread, board


def _harmless(words: str) -> str:
    return plain(words, most=len(words))


def _words(live: LiveQuiz, asked: Asked, say: Speech) -> str:
    number = say("quiz.question.number", number=live.course.position + 1, rounds=live.course.rounds)
    lines = [f"-# {number}"]
    if asked.question is not None:
        lines.append(f"### {asked.question.text(live.language).title}")
    if asked.round.void is not None:
        lines.append(f"⏭️ {say(f'quiz.void.{asked.round.void}')}")
        return "\n".join(lines)
    if asked.question is None:
        return "\n".join(lines)
    if not asked.options:
        lines += [f"**{say('quiz.answer.title')}**", asked.question.text(live.language).explanation]
    for option in asked.options:
        sign = "✅" if is_right(asked, option) else "▫️"
        lines.append(f"{sign} **{option.letter}** {option.text}")
        if option.explanation:
            lines.append(f"-# {option.explanation}")
    return "\n".join(lines)


def _what_is_next(live: LiveQuiz, say: Speech) -> str:
    course = live.course
    if course.paused:
        return say("quiz.next.paused")
    if course.ends_at is None:
        return ""
    key = "quiz.next.over" if course.is_last else "quiz.next.question"
    return say(key, at=moment(course.ends_at, "T"))


def _pictured(placed: Sequence[Standing], before: Sequence[Standing]) -> list[PicturedStanding]:
    old: dict[int, int] = {}
    if any(one.tally.points for one in before):
        old = {one.tally.learner_id: one.place for one in before}
    return [
        PicturedStanding(
            one.place,
            one.tally.name,
            one.tally.points,
            gained=one.tally.gained,
            moved=old.get(one.tally.learner_id, one.place) - one.place if old else None,
        )
        for one in placed
    ]


def shown_answer(shown: str, *, typed: bool) -> str:
    """An answer as its giver sees it again."""
    return inline_code(shown) if typed else f"**{shown}**"
