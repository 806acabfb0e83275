"""What a board looks like, and what instructors post for the class."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

import discord
from discord import ui

from bot.classreport.now import ClassNow, HandUp, OnTask, TaskNow
from bot.classreport.words import Titles, error_message
from bot.classroom.boards import EnginesNow
from bot.features.class_board import _ids
from bot.terminal.error_help import entry
from bot.terminal.escape import inline_code
from bot.texts import Speech
from bot.ui.layout import Card, button, panel, row, rule, text
from bot.ui.plain import plain
from bot.ui.theme import CALM, DONE

MOST_TASKS: Final = 8
MOST_NAMES: Final = 6
MOST_ERRORS: Final = 3
LONGEST_NAME: Final = 16
LONGEST_TITLE: Final = 45
LONGEST_ERROR: Final = 90
LONGEST_TASKS: Final = 2_400
"""Letters; a card may have 4,000 in all."""


def board_card(
    now: ClassNow,
    engines: EnginesNow | None,
    names: Titles,
    say: Speech,
    *,
    class_id: int,
    name: str,
    until: datetime,
    asked_about: Callable[[str], Sequence[str]],
) -> Card:
    """The board as it is kept up to date; `asked_about` are the questions about an error."""
    parts: list[ui.Item[Card]] = [*_state(now, engines, names, say, name)]
    parts.append(rule())
    if now.errors:
        parts.append(text(say("class_board.errors")))
    else:
        parts.append(text(say("class_board.no_errors")))
    for met in now.errors[:MOST_ERRORS]:
        line = say(
            "class_board.error",
            error=_quoted(met.error, say),
            active=now.active,
            learners=met.learners,
            times=met.times,
        )
        quiz = bool(asked_about(met.error))
        parts += [text(line), _ways(class_id, met.error, say, quiz=quiz)]
    close = button(say("class_board.button.close"), _ids.close(class_id))
    parts += [text(say("class_board.until", until=_ago(until))), row(close)]
    return Card(panel(*parts, colour=CALM))


def ended_card(
    now: ClassNow,
    names: Titles,
    say: Speech,
    *,
    class_id: int,
    name: str,
    at: datetime,
) -> Card:
    """The board as it was when it ended, with the way to open it again."""
    parts: list[ui.Item[Card]] = [*_state(now, None, names, say, name, engines_too=False)]
    parts.append(text(say("class_board.ended", at=f"<t:{at.timestamp():.0f}:t>")))
    parts.append(row(button(say("class_board.button.again"), _ids.again(class_id))))
    return Card(panel(*parts, colour=DONE))


def closed_card(name: str, say: Speech) -> Card:
    """What is left of the board of a class that was closed: nobody's name."""
    title = say("class_board.title", name=plain(name))
    return Card(panel(text(f"{title}\n{say('class_board.gone')}"), colour=DONE))


def explanation_card(error: str, say: Speech, *, first: str = "class_board.for_all") -> Card:
    """What is posted for the class: the error as it looks, why, what to do; nobody's name."""
    known = entry(error, say)
    mend = say("class_board.for_all.mend", why=known.text.why, do=known.text.do)
    quoted = f"{inline_code(known.message, longest=LONGEST_ERROR)}\n" if known.message else ""
    return Card(panel(text(f"{say(first)}\n{quoted}{mend}"), colour=CALM))


def ask_channel(
    say: Speech, *, owner: int, class_id: int, deed: str, error: str = _ids.NO_ERROR
) -> Card:
    """The private question for a channel."""
    select: ui.ChannelSelect[Card] = ui.ChannelSelect(
        custom_id=_ids.channel(owner, class_id, deed, error),
        placeholder=say("class_board.ask.channel"),
        channel_types=[discord.ChannelType.text],
    )
    question = say("class_board.ask.open" if deed == "open" else "class_board.ask.learn")
    return Card(text(question), row(select))


def thread_name(error: str, say: Speech) -> str:
    """What a help thread is called."""
    return say("class_board.thread_name", error=error_message(error, say))[:100]


def quiz_title(error: str, say: Speech) -> str:
    """What a quiz about the error is called."""
    return say("class_board.quiz_title", error=error_message(error, say))


def _state(
    now: ClassNow,
    engines: EnginesNow | None,
    names: Titles,
    say: Speech,
    name: str,
    *,
    engines_too: bool = True,
) -> Iterator[ui.Item[Card]]:
    lines = [
        say("class_board.title", name=plain(name)),
        f"-# {say('class_board.counts', members=now.members, at_work=now.at_work)}",
    ]
    if engines_too:
        lines.append(f"-# {_engines(engines, say)}")
    yield text("\n".join(lines))
    if now.hands:
        yield text(_hands(now.hands, say))
    yield rule()
    yield text(_tasks(now, names, say))


def _hands(hands: Sequence[HandUp], say: Speech) -> str:
    words = []
    for hand in hands:
        name, since = plain(hand.name, most=LONGEST_NAME), _ago(hand.raised_at)
        key = "class_board.hand.helped" if hand.helped else "class_board.hand"
        words.append(say(key, name=name, since=since))
    return say("class_board.hands", n=len(hands), names=_some(words, say))


def _engines(engines: EnginesNow | None, say: Speech) -> str:
    if engines is None:
        return say("class_board.engines.unknown")
    return say(
        "class_board.engines",
        running=engines.running,
        capacity=engines.capacity,
        waiting=engines.waiting,
    )


def _tasks(now: ClassNow, names: Titles, say: Speech) -> str:
    if not now.at_work:
        return say("class_board.nobody")
    lines, shown = [say("class_board.tasks")], 0
    for task in now.tasks[:MOST_TASKS]:
        line = _task(task, names, say)
        if len("\n".join(lines)) + len(line) > LONGEST_TASKS:
            break
        lines.append(line)
        shown += 1
    left = sum(len(task.learners) for task in now.tasks[shown:])
    if left:
        lines.append(say("class_board.more_tasks", n=left))
    if now.free:
        free = [plain(each, most=LONGEST_NAME) for each in now.free]
        words = _some(free, say)
        lines.append(say("class_board.free", n=len(now.free), names=words))
    return "\n".join(lines)


def _task(task: TaskNow, names: Titles, say: Speech) -> str:
    return say(
        "class_board.task",
        number=names.number(task.lesson_id),
        task=plain(names.task(task.key), most=LONGEST_TITLE),
        n=len(task.learners),
        names=_some([_learner(one, say) for one in task.learners], say),
    )


def _learner(one: OnTask, say: Speech) -> str:
    key = "class_board.learner.long" if one.long else "class_board.learner"
    return say(key, name=plain(one.name, most=LONGEST_NAME), since=_ago(one.since))


def _some(words: Sequence[str], say: Speech) -> str:
    shown = list(words[:MOST_NAMES])
    if len(words) > MOST_NAMES:
        shown.append(say("class_board.more_learners", n=len(words) - MOST_NAMES))
    return ", ".join(shown)


def _quoted(error: str, say: Speech) -> str:
    return inline_code(error_message(error, say), longest=LONGEST_ERROR)


def _ways(class_id: int, error: str, say: Speech, *, quiz: bool) -> ui.ActionRow[Card]:
    deeds = ("say", "quiz", "thread") if quiz else ("say", "thread")
    return row(
        *(
            button(say(f"class_board.button.{deed}"), _ids.post(class_id, deed, error))
            for deed in deeds
        )
    )


def _ago(at: datetime) -> str:
    return f"<t:{at.timestamp():.0f}:R>"
