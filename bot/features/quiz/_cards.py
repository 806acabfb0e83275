"""How a quiz looks to everybody: its lobby, its questions, its end."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import discord
from discord import ui

from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.quiz_questions import Asked
from bot.features.quiz import _ids
from bot.features.quiz._fitting import MOST_LETTERS, whole_lines
from bot.quiz.course import End, Phase
from bot.quiz.options import ShownOption
from bot.quiz.scoring import Scored, Standing, podium
from bot.texts import Speech
from bot.ui.layout import Card, Drawn, button, drawn, link, note, panel, row, text
from bot.ui.plain import plain
from bot.ui.theme import CALM, DONE, WARN

IN_A_ROW: Final = 5
LONGEST_LABEL: Final = 100
LONGEST_BODY: Final = 1500
LONGEST_TITLE: Final = 200
MOST_ASKED: Final = MOST_LETTERS - 500
"""Letters of a question; the rest is for how long it is open, and who has answered."""


def moment(at: datetime, style: str = "R") -> str:
    """A moment as Discord shows it to each reader."""
    return f"<t:{math.ceil(at.timestamp())}:{style}>"


def thread_url(live: LiveQuiz) -> str:
    """Where the quiz is."""
    return f"https://discord.com/channels/{live.kept.server_id}/{live.kept.thread_id}"


def title_of(live: LiveQuiz) -> str:
    """Its name, made harmless: a bank is named by people."""
    return plain(live.kept.title, most=LONGEST_TITLE)


def lobby_card(live: LiveQuiz, players: int, say: Speech) -> Card:
    """What stands in the channel, from the first join to the end."""
    course, kept = live.course, live.kept
    mode = say("quiz.mode.practice" if kept.practice else "quiz.mode.scored")
    about = say("quiz.lobby.about", rounds=kept.rounds, seconds=kept.seconds, mode=mode)
    host = say("quiz.lobby.host", host=_mention(kept.host_id))
    lines = [f"## {say('quiz.lobby.title', title=title_of(live))}", f"{about}\n{host}"]
    if course.phase is Phase.LOBBY:
        rules = say("quiz.lobby.rules_practice" if kept.practice else "quiz.lobby.rules")
        lines += [f"**{say('quiz.lobby.players', n=players)}**", f"-# {rules}"]
    elif course.phase is Phase.OVER:
        lines.append(_ending(live, say))
    else:
        where = say("quiz.lobby.running", number=course.position + 1, rounds=course.rounds)
        lines.append(f"**{where}**")
    buttons: list[ui.Item[Card]] = []
    if course.phase is not Phase.OVER:
        label = say("quiz.button.join")
        style = discord.ButtonStyle.success
        buttons.append(button(label, _ids.join(live.id), style=style, emoji="🙋"))
    if kept.thread_id is not None and course.end is not End.GONE:
        buttons.append(link(say("quiz.button.go"), thread_url(live)))
    if course.phase is not Phase.OVER:
        buttons.append(menu_button(live, say))
    colour = DONE if course.phase is Phase.OVER else CALM
    rows = [row(*buttons)] if buttons else []
    return Card(panel(*(text(line) for line in lines), *rows, colour=colour))


def question_card(
    live: LiveQuiz, asked: Asked, say: Speech, *, answered: int, players: int
) -> Card:
    """The question with its answers to choose; `answered` of so many players did."""
    course = live.course
    count = say("quiz.question.count", answered=answered, players=players)
    if course.left_ms is not None:
        seconds = math.ceil(course.left_ms / 1000)
        status = say("quiz.question.paused", seconds=seconds)
    elif course.ends_at is not None:
        status = say("quiz.question.until", at=moment(course.ends_at))
    else:
        status = ""
    items: list[ui.Item[Card]] = [text(question_text(live, asked, say))]
    if asked.question is not None and asked.question.engine is not None:
        key = "quiz.question.engine" if asked.round.found is None else "quiz.question.engine_found"
        items.append(text(f"-# {say(key)}"))
    items += _inputs(live, asked, say)
    items += [text(f"{status}\n{count}"), row(menu_button(live, say))]
    return Card(panel(*items, colour=WARN if course.paused else CALM))


def question_text(live: LiveQuiz, asked: Asked, say: Speech) -> str:
    """The question in words, with its options."""
    number = say("quiz.question.number", number=live.course.position + 1, rounds=live.course.rounds)
    if asked.question is None:
        return f"-# {number}\n{say('quiz.void.gone')}"
    words = asked.question.text(live.language)
    lines = [f"-# {number} · {say(f'quiz.kind.{asked.question.kind}')}", f"### {words.title}"]
    if words.body:
        lines.append(words.body[:LONGEST_BODY])
    lines += [f"**{option.letter}** {option.text}" for option in asked.options]
    return whole_lines("\n".join(lines), MOST_ASKED)


def menu_button(live: LiveQuiz, say: Speech) -> ui.Button[Card]:
    """Opens what hosts can do, for instructors."""
    custom = _ids.menu(live.id, live.course.position + 1)
    return button(say("quiz.button.menu"), custom, emoji="⚙️")


def final_card(
    live: LiveQuiz,
    placed: Sequence[Standing],
    say: Speech,
    *,
    picture: Drawn | None,
    share: int | None,
    fastest: Scored | None = None,
) -> Card:
    """The end in the thread: podium and the fastest, or how much was right in a practice."""
    lines = [f"## {say('quiz.over.title')}", _ending(live, say)]
    lines.append(say("quiz.lobby.players", n=len(placed)))
    if share is not None:
        lines.append(say("quiz.over.share", share=share))
    if fastest is not None and not live.kept.practice:
        lines += _fastest(fastest, placed, say)
    if not live.kept.practice and picture is None:
        lines += [
            say(
                "quiz.over.place",
                place=one.place,
                name=plain(one.tally.name),
                points=f"{one.tally.points:,}",
            )
            for one in podium(placed)[:10]
        ]
    items: list[ui.Item[Card]] = [text("\n".join(lines))]
    if picture is not None:
        items.append(drawn(picture))
    mine = button(say("quiz.button.mine"), _ids.mine(live.id), emoji="🔎")
    tables = button(say("quiz.button.tables"), _ids.tables(live.id), emoji="📄")
    items.append(row(mine, tables))
    return Card(panel(*items, colour=DONE), pictures=[] if picture is None else [picture])


def _fastest(fastest: Scored, placed: Sequence[Standing], say: Speech) -> Iterator[str]:
    """Who it was, unless they are gone, on which question, and in what time."""
    names = {one.tally.learner_id: one.tally.name for one in placed}
    if fastest.learner_id in names:
        yield say(
            "quiz.over.fastest",
            name=plain(names[fastest.learner_id]),
            number=fastest.position + 1,
            seconds=f"{fastest.elapsed_ms / 1000:.1f}",
        )


def closed_card(live: LiveQuiz, asked: Asked, say: Speech) -> Card:
    """A question in whose middle the quiz was ended."""
    return Card(
        panel(text(question_text(live, asked, say)), text(say("quiz.void.ended")), colour=WARN)
    )


def said(say: Speech, key: str, **values: object) -> Card:
    """A short private note."""
    return note(say(key, **values))


def _ending(live: LiveQuiz, say: Speech) -> str:
    end = live.course.end or End.ENDED
    return f"**{say(f'quiz.ending.{end}')}**"


def _mention(user_id: int | None) -> str:
    return "–" if user_id is None else f"<@{user_id}>"


def _inputs(live: LiveQuiz, asked: Asked, say: Speech) -> list[ui.Item[Card]]:
    """Buttons, a select or the button of a form, by the kind of question."""
    number, question = live.course.position + 1, asked.question
    if question is None:
        return []
    if not asked.options:
        label = say("quiz.button.type")
        style = discord.ButtonStyle.primary
        return [row(button(label, _ids.type_line(live.id, number), style=style, emoji="⌨️"))]
    if question.kind in ("multiple", "true_false"):
        most = len(asked.options) if question.kind == "multiple" else 1
        choose: ui.Select[Card] = ui.Select(
            custom_id=_ids.choose(live.id, number),
            placeholder=say(f"quiz.choose.{question.kind}"),
            min_values=1,
            max_values=most,
            options=[_select_option(option) for option in asked.options],
        )
        return [row(choose)]
    buttons = [
        button(
            option.letter,
            _ids.answer(live.id, number, option.letter),
            style=discord.ButtonStyle.primary,
        )
        for option in asked.options
    ]
    return [row(*buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW)]


def _select_option(option: ShownOption) -> discord.SelectOption:
    label = f"{option.letter}. {unmarked(option.text)}"
    return discord.SelectOption(label=label[:LONGEST_LABEL], value=option.letter)


def unmarked(words: str) -> str:
    """On one line and without the marks of code and bold."""
    return " ".join(words.replace("`", "").replace("**", "").split())
