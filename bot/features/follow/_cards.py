"""How follow-me looks: its card, the question before a run, the run, details, a lab's card."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import discord
from discord import ui

from bot.classroom.following import Follow, FollowRun, Shown
from bot.classroom.outcomes import Group, Tally
from bot.features.follow import _ids
from bot.terminal.error_help import ErrorHelp, entry
from bot.terminal.escape import code_block, inline_code, visible
from bot.texts import Speech
from bot.ui.error_lines import error_lines
from bot.ui.layout import Card, Drawn, button, drawn, note, panel, row, text
from bot.ui.plain import plain
from bot.ui.printed import printed_block
from bot.ui.shared_buttons import ask_for_help
from bot.ui.theme import CALM, DONE, WARN

MARKS: Final[dict[Group, str]] = {
    "ok": "✅",
    "same_error": "❌",
    "other_error": "⚠️",
    "absent": "⚪",
    "left": "🚪",
    "pending": "⏳",
}
LONGEST_LINE: Final = 900
MOST_NAMES: Final = 30
CSV: Final = "outcomes.csv"


def follow_card(follow: Follow, count: int, speech: Speech) -> Card:
    """The card in the channel, with which learners opt in."""
    who = _who(follow.instructor_id, speech)
    title = text(f"### {speech('follow.title', who=who)}")
    if follow.ended_at is not None:
        return Card(panel(title, text(speech("follow.ended")), colour=DONE))
    buttons = row(
        button(
            speech("follow.join"),
            _ids.follow("join", follow.id),
            style=discord.ButtonStyle.primary,
            emoji="👣",
        ),
        button(speech("follow.leave"), _ids.follow("leave", follow.id)),
    )
    about = text(f"{speech('follow.about')}\n**{speech('follow.count', n=count)}**")
    return Card(panel(title, about, buttons, colour=CALM))


def joined_card(follow: Follow, speech: Speech, *, has_lab: bool) -> Card:
    """To a learner who opted in: what that means, and the way out."""
    where = speech("follow.joined.lab" if has_lab else "follow.joined.no_lab")
    leave = row(button(speech("follow.leave"), _ids.follow("leave", follow.id)))
    return note(f"{speech('follow.joined')} {where}", leave)


def ask_card(run: FollowRun, engines: int, speech: Speech) -> Card:
    """The question before a line is run: which line, on how many engines."""
    buttons = row(
        button(
            speech("follow.run.yes", n=engines),
            _ids.run("yes", run.id, engines),
            style=discord.ButtonStyle.danger,
        ),
        button(speech("follow.run.no"), _ids.run("no", run.id)),
    )
    return Card(
        panel(
            text(f"### {speech('follow.run.ask', n=engines)}"),
            text(_line(run.line)),
            text(f"-# {speech('follow.run.ask.about')}"),
            buttons,
            colour=WARN,
        )
    )


def run_card(
    run: FollowRun, tally: Tally, speech: Speech, *, over: bool, picture: Drawn | None = None
) -> Card:
    """In the channel: how far a run is; numbers alone, since who failed is nobody's business."""
    items: list[ui.Item[Card]] = [
        text(f"### {speech('follow.run.title', who=_who(run.instructor_id, speech))}"),
        text(_line(run.line)),
        text("\n".join(_numbers(tally, speech))),
    ]
    if over and picture is not None:
        items.append(drawn(picture))
    if over and (why := _same_error(tally, speech)):
        items.append(text(why))
    if run.state == "broken":
        items.append(text(speech("follow.run.broken")))
    details = _ids.run("details", run.id)
    items.append(row(button(speech("follow.run.details"), details, emoji="🔎")))
    pictures = [picture] if over and picture is not None else []
    return Card(panel(*items, colour=DONE if over else CALM), pictures=pictures)


def details_card(run: FollowRun, tally: Tally, speech: Speech) -> Card:
    """To the instructor alone: who is in which group; all of them are in the file."""
    lines = list(_numbers(tally, speech))
    for group, found in tally.groups:
        if found and group != "pending":
            names = ", ".join(plain(each.name, most=32) for each in found[:MOST_NAMES])
            more = len(found) - MOST_NAMES
            rest = f" {speech('follow.more', n=more)}" if more > 0 else ""
            lines.append(f"**{speech(f'follow.group.{group}')}**: {names}{rest}")
    body = "\n".join(lines)[:2_600]
    file: ui.File[Card] = ui.File(f"attachment://{CSV}")
    return Card(panel(text(_line(run.line)), text(body), file, colour=CALM))


def lab_card(run: FollowRun, shown: Shown, speech: Speech, *, can_ask: bool = False) -> Card:
    """In a learner's lab: what was run on their engine, and what came out.

    `can_ask`: an instructor could be asked about a known error.
    """
    who = _who(run.instructor_id, speech)
    items = [text(f"-# {speech('follow.lab', who=who)}"), text(_line(run.line))]
    ended = shown.ended
    if ended is None:
        items.append(text(speech("follow.lab.not_run")))
        return Card(panel(*items, colour=WARN))
    items.append(text(printed_block(shown.printed, speech) or speech("terminal.printed_nothing")))
    if shown.help is not None:
        items.append(text(error_lines(shown.help, speech)))
    seconds = f"{ended.took_ms / 1000:.1f}"
    if ended.exit_code == 0:
        ending = speech("terminal.ended.ok", seconds=seconds)
    elif ended.exit_code is None:
        ending = speech("terminal.ended.limit", seconds=seconds)
    else:
        ending = speech("terminal.ended.failed", code=ended.exit_code, seconds=seconds)
    items.append(text(f"-# {ending}"))
    card = Card(panel(*items, colour=DONE if ended.exit_code == 0 else WARN))
    if can_ask and shown.help is not None and ended.exit_code:
        learner_id = shown.follower.learner_id
        card.add_item(row(ask_for_help(speech, learner_id, shown.help.id, run.line)))
    return card


def numbers_words(tally: Tally, speech: Speech) -> str:
    """The numbers in one line, as an alt text."""
    return ", ".join(
        f"{speech(f'follow.group.{group}')} {len(found)}" for group, found in tally.shown()
    )


def _numbers(tally: Tally, speech: Speech) -> Iterator[str]:
    for group, found in tally.shown():
        yield f"{MARKS[group]} {speech(f'follow.group.{group}')} **{len(found)}**"


def _same_error(tally: Tally, speech: Speech) -> str | None:
    """What most met, explained without anybody's names."""
    if tally.same is None:
        return None
    if tally.same.startswith("exit:"):
        return f"❌ {speech('follow.same.exit', code=tally.same.removeprefix('exit:'))}"
    try:
        known = entry(tally.same, speech)
    except KeyError:  # of a version that knew more errors
        return None
    shown = f" {inline_code(known.message)}" if known.message else ""
    lines = error_lines(ErrorHelp(tally.same), speech)
    return f"❌ **{speech('follow.group.same_error')}**{shown}\n{lines}"


def _who(instructor_id: int | None, speech: Speech) -> str:
    return speech("follow.somebody") if instructor_id is None else f"<@{instructor_id}>"


def _line(line: str) -> str:
    shown = visible(line)
    if len(shown) > LONGEST_LINE:
        shown = f"{shown[: LONGEST_LINE - 1]}…"
    return code_block(shown, "sh")
