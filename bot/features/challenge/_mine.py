"""A member's own card: their tasks, hints and buttons, in their lab and for nobody else."""

from __future__ import annotations

from typing import Final

import discord
from discord import ui

from bot.challenge import rules
from bot.challenge.phases import OVER, phase_of
from bot.classroom.challenge_judging import Judged
from bot.classroom.challenge_views import Board, Mine, tasks_of
from bot.classroom.lessons import Hint
from bot.features.challenge import _ids
from bot.features.challenge._words import clock
from bot.texts import Speech
from bot.ui.layout import Card, button, note, panel, row, rule, text
from bot.ui.marks import DONE, OPEN, mark
from bot.ui.theme import CALM, WARN
from bot.ui.theme import DONE as DONE_COLOUR
from lessons.judging import TaskVerdict
from lessons.model import Lesson, LessonText

PRIMARY: Final = discord.ButtonStyle.primary
LONGEST_OPTION: Final = 100
MOST_OPTIONS: Final = 25
MOST_TEXT: Final = 3_800
MOST_MISSING: Final = 8


def mine_card(
    mine: Mine, prose: LessonText, say: Speech, *, place: str = "", engine: str = ""
) -> Card:
    """How it stands for this member; `place` and `engine` are lines to say besides."""
    phase, owner = phase_of(mine.challenge.phase), mine.member.learner_id
    number = mine.challenge.id
    head = say("challenge.mine.title", title=prose.title)
    lines = [head, _when(mine, say), _sum(mine, say), place, engine]
    parts: list[ui.Item[Card]] = [text("\n".join(line for line in lines if line))]
    if phase == "running" and mine.member.state == "ready":
        parts += [rule(), text(_tasks(mine, prose, say))]
        parts += _selects(mine, prose, say)
        parts.append(_buttons(owner, number, say))
    elif phase == "ended":
        parts += [rule(), text(_tasks(mine, prose, say))]
    elif phase not in OVER and mine.member.state in ("joined", "ready"):
        leave = button(
            say("challenge.button.leave"), _ids.of_member("ch-leave", owner, number, "ask")
        )
        parts.append(row(leave))
    all_done = all(task.id in mine.own.done for task in tasks_of(mine.lesson))
    return Card(panel(*parts, colour=DONE_COLOUR if all_done else CALM))


def place_line(board: Board, mine: Mine, say: Speech) -> str:
    """At which place the member is, as far as the board tells."""
    who = mine.member.side or mine.member.learner_id
    found = next((each for each in board.rows if each.who == who), None)
    if found is None or not found.done:
        return ""
    line = say("challenge.place", place=found.place, total=len(board.rows))
    return f"{line} {say('challenge.place.frozen')}" if board.frozen else line


def failed_card(why: str, say: Speech, *, owner: int, challenge_id: int) -> Card:
    """Why somebody's engine could not be prepared, with a way to try again."""
    again = button(
        say("challenge.button.retry"),
        _ids.of_member("ch-retry", owner, challenge_id),
        style=PRIMARY,
    )
    leave = button(
        say("challenge.button.leave"), _ids.of_member("ch-leave", owner, challenge_id, "yes")
    )
    said = say("challenge.not_prepared", why=say(why) if why in say else say("challenge.why.setup"))
    return Card(panel(text(said), row(again, leave), colour=WARN))


def back_card(why: str, say: Speech, *, owner: int, challenge_id: int) -> Card:
    """Why somebody's own engine is not there yet, with a way to try again."""
    again = button(
        say("challenge.button.back"), _ids.of_member("ch-back", owner, challenge_id), style=PRIMARY
    )
    return Card(panel(text(say("challenge.not_back", why=say(why))), row(again), colour=WARN))


def ask_leave(say: Speech, *, owner: int, challenge_id: int) -> Card:
    """The question before somebody goes."""
    yes = button(
        say("challenge.button.leave_yes"),
        _ids.of_member("ch-leave", owner, challenge_id, "yes"),
        style=discord.ButtonStyle.danger,
    )
    return note(say("challenge.leave.ask"), row(yes))


def solved_note(judged: Judged, prose: LessonText, say: Speech) -> Card:
    """The short word under a command that did something."""
    lines = [
        say("lesson.auto.ticked", mark=DONE, task=prose.tasks[task.id].title)
        for task in judged.solved
    ]
    if judged.all_done:
        lines.append(say("challenge.all_done", time=clock(judged.mine.own.time_s)))
    if judged.not_prepared:
        lines.append(say("challenge.step_failed"))
    return note("\n".join(lines))


def check_card(judged: Judged, prose: LessonText, say: Speech) -> Card:
    """The answer to the check button: what is missing, but not what is wrong with a fault."""
    lesson, done = judged.mine.lesson, judged.mine.own.done
    if judged.all_done:
        return note(say("challenge.all_done", time=clock(judged.mine.own.time_s)))
    wanted = {task.id for task in tasks_of(lesson)}
    missing = [v for v in judged.missing if v.task.id in wanted and v.task.id not in done]
    lines = [
        say("lesson.auto.ticked", mark=DONE, task=prose.tasks[task.id].title)
        for task in judged.solved
    ]
    lines.append(say("lesson.check.missing"))
    for verdict in missing[:MOST_MISSING]:
        lines += _missing(verdict, lesson, prose, say)
    return Card(panel(text("\n".join(lines)[:MOST_TEXT]), colour=WARN))


def hint_card(hint: Hint, say: Speech) -> Card:
    """One hint, what it costs, and how many are left."""
    left = hint.total - hint.number
    body = say(
        "lesson.hint.one",
        number=hint.number,
        total=hint.total,
        task=hint.task_title,
        hint=hint.text,
    )
    more = say("lesson.hint.more", left=left) if left else say("lesson.hint.last")
    cost = say("challenge.hint.cost", minutes=rules.HINT_PENALTY_S // 60)
    return Card(panel(text(f"{body}\n{more}\n-# {cost}"), colour=CALM))


def brief_card(step_id: str, prose: LessonText, say: Speech) -> Card:
    """What a step of the lesson says."""
    step = prose.steps.get(step_id)
    if step is None:
        return note(say("challenge.gone"))
    return Card(panel(text(f"## {step.title}\n{step.body}"[:MOST_TEXT]), colour=CALM))


def _when(mine: Mine, say: Speech) -> str:
    challenge = mine.challenge
    match phase_of(challenge.phase):
        case "running" if challenge.ends_at is not None:
            return say("challenge.mine.until", at=f"<t:{challenge.ends_at.timestamp():.0f}:R>")
        case "countdown" if challenge.starts_at is not None:
            return say("challenge.starts", at=f"<t:{challenge.starts_at.timestamp():.0f}:R>")
        case "lobby" | "preparing":
            return say("challenge.mine.wait")
        case "cancelled":
            return say("challenge.cancelled")
        case _:
            return say("challenge.mine.over")


def _sum(mine: Mine, say: Speech) -> str:
    if mine.challenge.starts_at is None or mine.member.state != "ready":
        return ""
    own, total = mine.own, len(tasks_of(mine.lesson))
    return say(
        "challenge.mine.sum",
        done=len(own.done),
        total=total,
        time=clock(own.time_s) if own.done else "–",
        hints=own.hints,
    )


def _tasks(mine: Mine, prose: LessonText, say: Speech) -> str:
    lines = []
    for task in tasks_of(mine.lesson):
        line = f"{mark(done=task.id in mine.own.done)} {prose.tasks[task.id].title}"
        taken = mine.hints.get(task.id, 0)
        lines.append(line + (f" · {say('challenge.row.hints', n=taken)}" if taken else ""))
    return "\n".join(lines)[:MOST_TEXT]


def _selects(mine: Mine, prose: LessonText, say: Speech) -> list[ui.ActionRow[Card]]:
    owner, number = mine.member.learner_id, mine.challenge.id
    steps = [step for step in mine.lesson.steps if step.id in prose.steps][:MOST_OPTIONS]
    brief: ui.Select[Card] = ui.Select(
        custom_id=_ids.of_member("ch-brief", owner, number),
        placeholder=say("challenge.brief"),
        options=[
            discord.SelectOption(label=prose.steps[step.id].title[:LONGEST_OPTION], value=step.id)
            for step in steps
        ],
    )
    rows = [row(brief)]
    undone = [
        task
        for task in tasks_of(mine.lesson)
        if task.id not in mine.own.done and prose.tasks[task.id].hints
    ]
    if undone:
        hint: ui.Select[Card] = ui.Select(
            custom_id=_ids.of_member("ch-hint", owner, number),
            placeholder=say("challenge.hint", minutes=rules.HINT_PENALTY_S // 60),
            options=[
                discord.SelectOption(
                    label=prose.tasks[task.id].title[:LONGEST_OPTION], value=task.id
                )
                for task in undone[:MOST_OPTIONS]
            ],
        )
        rows.append(row(hint))
    return rows


def _buttons(owner: int, number: int, say: Speech) -> ui.ActionRow[Card]:
    return row(
        button(
            say("challenge.button.check"),
            _ids.of_member("ch-check", owner, number),
            style=PRIMARY,
        ),
        button(say("challenge.button.prepare"), _ids.of_member("ch-prep", owner, number)),
        button(say("challenge.button.leave"), _ids.of_member("ch-leave", owner, number, "ask")),
    )


def _missing(verdict: TaskVerdict, lesson: Lesson, prose: LessonText, say: Speech) -> list[str]:
    lines = [say("lesson.check.task", mark=OPEN, task=prose.tasks[verdict.task.id].title)]
    if lesson.is_fault(verdict.task):
        return [*lines, f"-# {say('lesson.check.fault')}"]
    for finding in verdict.verdict.missing:
        wanted = say(f"finding.{finding.key}.expected", **finding.values)
        found = say(f"finding.{finding.key}.actual", **finding.values)
        lines.append(f"- {say('lesson.check.expected', text=wanted)}")
        lines.append(f"  {say('lesson.check.actual', text=found)}")
    return lines
