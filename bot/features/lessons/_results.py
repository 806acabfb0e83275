"""What a check, a hint, a solution, a page and the end of a lesson look like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import discord
from discord import ui

from bot.classroom.checking import Outcome
from bot.classroom.lessons import Hint, LessonDesk
from bot.classroom.open_lessons import OpenLesson
from bot.features.lessons import _ids
from bot.texts import Speech
from bot.ui.layout import Card, button, note, panel, row, text
from bot.ui.marks import DONE, OPEN
from bot.ui.shared_buttons import open_lesson
from bot.ui.theme import CALM, WARN
from bot.ui.theme import DONE as DONE_COLOUR
from lessons.judging import TaskVerdict
from lessons.model import Finding, LessonText, Task
from lessons.scoring import MOST_POINTS, Score

MOST_TEXT: Final = 3_900
"""Letters of a card; Discord takes 4,000."""


def check_result(outcome: Outcome, prose: LessonText, speech: Speech) -> Card:
    """The answer to the check button: what is done, and what is missing, assertion by assertion."""
    at = outcome.at
    if not at.step.tasks:
        return note(speech("lesson.check.nothing"))
    lines = _ticked_lines(outcome, prose, speech)
    if not outcome.open_verdicts:
        lesson_done = all(task.id in at.done for task in at.lesson.tasks)
        key = "lesson.check.lesson_done" if lesson_done else "lesson.check.step_done"
        lines.append(speech(key, mark=DONE))
        return Card(panel(text("\n".join(lines)), colour=DONE_COLOUR))
    done = [task for task in at.step.tasks if task.id in at.done]
    lines.append(speech("lesson.check.missing"))
    lines += [_task_line(DONE, prose, task, speech) for task in done]
    for judged in outcome.open_verdicts:
        lines.append(_task_line(OPEN, prose, judged.task, speech))
        if at.keeps_quiet_about(judged.task, prose):
            lines.append(f"-# {speech('lesson.check.fault')}")
        else:
            lines += [_finding_lines(finding, speech) for finding in judged.verdict.findings]
    return Card(panel(text("\n".join(lines)[:MOST_TEXT]), colour=WARN))


def ticked(outcome: Outcome, prose: LessonText, speech: Speech, *, owner: int) -> Card:
    """The short word under a command that did something; with the way on when a step is done."""
    lines = _ticked_lines(outcome, prose, speech)
    return note("\n".join(lines), *_way_on(outcome, speech, owner))


def _ticked_lines(outcome: Outcome, prose: LessonText, speech: Speech) -> list[str]:
    return [
        speech("lesson.auto.ticked", mark=DONE, task=prose.tasks[task.id].title)
        for task in outcome.ticked
    ]


def news(judged: TaskVerdict, prose: LessonText, speech: Speech) -> Card:
    """One line under a command that changed something, but not yet to what the task asks for."""
    missing = judged.verdict.missing[0]
    line = speech(
        "lesson.auto.news",
        task=prose.tasks[judged.task.id].title,
        expected=expected(missing, speech),
        actual=actual(missing, speech),
    )
    return note(line)


def finished(
    at: OpenLesson, prose: LessonText, desk: LessonDesk, speech: Speech, *, owner: int
) -> Card:
    """The card at the end of a lesson: what was learnt, and where to go on."""
    title = speech("lesson.finished.title", title=prose.title)
    parts: list[ui.Item[Card]] = [text(f"{title}\n{prose.summary}")]
    if at.score is not None:
        parts.append(text(score_lines(at.score, at.best_score, speech)))
    mistakes = f"{speech('lesson.finished.mistakes')}\n{prose.mistakes}"
    if len(title) + len(prose.summary) + len(mistakes) < MOST_TEXT - 400:
        parts.append(text(mistakes))
    following = desk.after(at.lesson.id)
    if following is None:
        parts.append(text(speech("lesson.finished.all")))
    else:
        name = desk.text(following, speech.language).title
        label = speech("lesson.finished.next", title=name)
        parts.append(row(open_lesson(label, owner, following.id)))
    again = button(speech("lesson.button.anew"), _ids.anew(owner, at.lesson.id))
    parts.append(row(again))
    return Card(panel(*parts, colour=DONE_COLOUR))


def hint_card(hint: Hint, speech: Speech) -> Card:
    """One hint, and how many are left."""
    left = hint.total - hint.number
    more = speech("lesson.hint.more", left=left) if left else speech("lesson.hint.last")
    body = speech(
        "lesson.hint.one",
        number=hint.number,
        total=hint.total,
        task=hint.task_title,
        hint=hint.text,
    )
    return Card(panel(text(f"{body}\n{more}"), colour=CALM))


def ask_solution(at: OpenLesson, speech: Speech, *, owner: int) -> Card:
    """The question before a solution is shown."""
    yes = button(speech("lesson.solution.yes"), _ids.reveal(owner, at.lesson.id, at.step.id))
    key = "lesson.solution.ask" if at.lesson.faults is None else "lesson.solution.ask_timed"
    return note(speech(key), row(yes))


def solution_card(at: OpenLesson, prose: LessonText, speech: Speech) -> Card:
    """The solution of a step; where things are broken, of the first that is still open."""
    step = prose.steps[at.step.id]
    solutions = [(step.title, step.solution)]
    if at.step.faults is not None:
        faults = [task for task in at.step.tasks if at.step.is_fault(task)]
        texts = [(task.id, prose.tasks[task.id]) for task in faults]
        solutions = [(t.title, t.solution) for id_, t in texts if id_ not in at.done] + solutions
    title, solution = solutions[0]
    if solution is None:
        return note(speech("lesson.solution.none"))
    body = speech("lesson.solution.shown", step_title=title, solution=solution)
    return Card(panel(text(body), colour=CALM))


def score_lines(score: Score, best: int | None, speech: Speech) -> str:
    """The points of a timed lesson, and how they come about."""
    lines = [
        speech("lesson.score.title", points=score.points),
        speech(
            "lesson.score.how",
            most=MOST_POINTS,
            minutes=score.minutes,
            by_time=score.lost_by_time,
            hints=score.hints,
            by_hints=score.lost_by_hints,
            points=score.points,
        ),
    ]
    if best is not None:
        lines.append(f"-# {speech('lesson.score.best', best=best)}")
    return "\n".join(lines)


def expected(finding: Finding, speech: Speech) -> str:
    """What should be."""
    return speech(f"finding.{finding.key}.expected", **finding.values)


def actual(finding: Finding, speech: Speech) -> str:
    """What is."""
    return speech(f"finding.{finding.key}.actual", **finding.values)


def _task_line(mark: str, prose: LessonText, task: Task, speech: Speech) -> str:
    return speech("lesson.check.task", mark=mark, task=prose.tasks[task.id].title)


def _finding_lines(finding: Finding, speech: Speech) -> str:
    if finding.ok:
        return f"- {DONE} {expected(finding, speech)}"
    lines = [
        f"- {speech('lesson.check.expected', text=expected(finding, speech))}",
        f"  {speech('lesson.check.actual', text=actual(finding, speech))}",
    ]
    hint = f"finding.{finding.key}.hint"
    if hint in speech:
        lines.append(f"-# {speech(hint, **finding.values)}")
    return "\n".join(lines)


def _way_on(outcome: Outcome, speech: Speech, owner: int) -> Sequence[ui.ActionRow[Card]]:
    following = outcome.way_on
    if following is None:
        return ()
    label = speech("lesson.button.next_step")
    custom_id = _ids.go(owner, outcome.at.lesson.id, following.id)
    return (row(button(label, custom_id, style=discord.ButtonStyle.primary)),)
