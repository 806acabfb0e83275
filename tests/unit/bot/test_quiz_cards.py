"""Every card of a quiz fits what Discord takes, at the limits of banks, drawn and in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from discord import ui

from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quiz_engine import MOST_SAID
from bot.classroom.quiz_players import LONGEST_LINE
from bot.classroom.quiz_questions import Asked
from bot.classroom.quiz_results import RoundResult
from bot.features.quiz._answer_card import Pictures, answer_card, spread_of
from bot.features.quiz._cards import closed_card, final_card, lobby_card, question_card
from bot.pictures.quiz_words import distribution_words
from bot.quiz.course import Course, End, Phase
from bot.quiz.options import shown_options
from bot.quiz.questions import BankQuestion
from bot.quiz.scoring import Scored, Standing, Tally
from bot.texts import LANGUAGES, Language, Texts
from bot.ui.layout import Card, Drawn
from bot.ui.plain import plain
from db.quizzes import Given, Quiz, Round
from lessons.questions import Question, QuestionText
from tests.factories import NOON
from tests.unit.bot.test_bank_cards import QUESTIONS, assert_fits, fullest

LONGEST_ID = 2**63 - 1
NAME = "*" * 100
PLAYERS = 300


def made(phase: Phase, *, paused: bool = False, practice: bool = False) -> LiveQuiz:
    """A quiz with the longest of everything."""
    ends_at = None if paused else NOON + timedelta(seconds=300)
    left_ms = 300_000 if paused else None
    end = End.LEFT if phase is Phase.OVER else None
    course = Course(30, 300, phase, 28, 600_000, ends_at, left_ms, end)
    kept = Quiz(
        id=LONGEST_ID, server_id=LONGEST_ID, channel_id=LONGEST_ID, thread_id=LONGEST_ID,
        lobby_message_id=LONGEST_ID, host_id=LONGEST_ID, language="ko", title="*" * 200,
        practice=practice, seconds=300, rounds=30, phase=phase, position=28, limit_ms=600_000,
        ends_at=ends_at, left_ms=left_ms, paused_at=None, ending=end, seen_at=NOON,
        created_at=NOON,
    )  # fmt: skip
    return LiveQuiz(kept, course)


def asked(question: Question, void: str | None) -> Asked:
    """The fullest question of this kind; all that an engine said are marks of code."""
    in_bank = BankQuestion("bank:1:1/q", question, {each: fullest(question) for each in LANGUAGES})
    options = shown_options(in_bank, "ko", quiz_id=LONGEST_ID, position=28)
    found = question.options[0] if question.kind == "engine" else None
    said = "`" * MOST_SAID if found else None
    round_ = Round(28, "bank:1:1/q", LONGEST_ID, 600_000, void, found, said)
    return Asked(round_, in_bank, options)


def result(question: Question) -> RoundResult:
    """Everybody typed something else, or chose something."""
    given = []
    for number in range(PLAYERS):
        line = (f"docker {number} " + "*" * LONGEST_LINE)[:LONGEST_LINE]
        answer = (
            (question.options[number % len(question.options)],) if question.options else (line,)
        )
        given.append(Given(28, number, answer, 1, 1, number % 2 == 0, 500))
    placed = tuple(
        Standing(number + 1, Tally(number, NAME, points=10**6 - number))
        for number in range(PLAYERS)
    )
    return RoundResult(tuple(given), PLAYERS, placed, tuple(reversed(placed)))


def all_words(card: Card) -> str:
    """Everything that is written on it."""
    parts = card.walk_children()
    return "\n".join(part.content for part in parts if isinstance(part, ui.TextDisplay))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.kind)
def test_the_fullest_question_fits(texts: Texts, language: Language, question: Question) -> None:
    """Asked, answered and ended; what is right is never left out, nor what comes next."""
    say = texts.for_language(language)
    for paused in (False, True):
        for void in (None, "skipped", "engine", "gone"):
            one, out = asked(question, void), result(question)
            live = made(Phase.QUESTION, paused=paused)
            assert_fits(question_card(live, one, say, answered=PLAYERS, players=PLAYERS))
            assert_fits(closed_card(live, one, say))
            words = distribution_words(spread_of(one, out, "?"), say)
            assert len(words) <= 1024
            drawn = Drawn("answers.png", b"", words)
            for pictures in (Pictures(None, None), Pictures(drawn, None), Pictures(drawn, drawn)):
                card = answer_card(made(Phase.ANSWER, paused=paused), one, out, say, pictures)
                assert_fits(card)
                if void is None and pictures.all:
                    assert all(f"**{option.letter}** " in all_words(card) for option in one.options)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_source_says_the_card_fits(texts: Texts, language: Language) -> None:
    """Lessons have no such limits as banks have."""
    say = texts.for_language(language)
    for question in QUESTIONS:
        words = fullest(question)
        endless = QuestionText("t" * 3000, "b\n" * 3000, words.options, "e " * 3000)
        one = asked(question, None)
        one = Asked(
            one.round, BankQuestion("x", question, dict.fromkeys(LANGUAGES, endless)), one.options
        )
        live = made(Phase.QUESTION)
        assert_fits(question_card(live, one, say, answered=1, players=1))
        assert_fits(answer_card(live, one, result(question), say, Pictures(None, None)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("practice", [False, True])
def test_lobby_and_end_fit(texts: Texts, language: Language, *, practice: bool) -> None:
    """However many there are, and whatever they are called."""
    say, placed = texts.for_language(language), result(QUESTIONS[0]).standings
    tied = [Standing(1, one.tally) for one in placed]
    for phase in Phase:
        assert_fits(lobby_card(made(phase, practice=practice), PLAYERS, say))
    for picture in (None, Drawn("podium.png", b"", "x")):
        live = made(Phase.OVER, practice=practice)
        fast = Scored(0, right=True, points=1, elapsed_ms=299_940, position=29)
        over = final_card(live, tied, say, picture=picture, share=100, fastest=fast)
        assert_fits(over)
        words = say("quiz.over.fastest", name=plain(NAME), number=30, seconds="299.9")
        assert (words in all_words(over)) != practice
        gone = replace(fast, learner_id=LONGEST_ID)
        nobody = final_card(live, tied, say, picture=picture, share=100, fastest=gone)
        assert "⚡" not in all_words(nobody)
