"""One line on many engines: what comes out goes to each lab, and to the card in the channel."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING, Final

import discord
import structlog
from discord.abc import Messageable

from bot.classroom.following import Follower, FollowRun, Shown
from bot.classroom.outcomes import Tally, met
from bot.features.follow._board import TROUBLE, Boards
from bot.features.follow._cards import CSV, lab_card, run_card
from bot.on_error import as_learner_error, report_bug
from bot.tables import csv_bytes
from bot.texts import Speech
from bot.ui.destination import ChannelDestination
from bot.ui.helping import can_ask_for_help

if TYPE_CHECKING:
    from bot.bot import DocentBot

AT_ONCE: Final = 5
"""Labs that are written to at the same time."""

log = structlog.get_logger(__name__)


async def perform(
    bot: DocentBot, boards: Boards, run: FollowRun, followers: tuple[Follower, ...]
) -> FollowRun:
    """Run the line for all of them and show it; the run as it ended."""
    following = bot.classroom.following
    run = await _posted(bot, boards, run)
    room = asyncio.Semaphore(AT_ONCE)
    telling: list[asyncio.Task[None]] = []
    try:
        async for shown in following.perform(run, followers):
            telling.append(asyncio.create_task(_tell(bot, run, shown, room), name="follow-tell"))
            boards.run_changed(run)
        if telling:
            await asyncio.wait(telling)
    finally:
        for task in telling:
            task.cancel()
    boards.forget_run(run)
    ended = await following.run_of(run.id, run.follow.server_id)
    await boards.show_run(ended, over=True)
    return ended


async def _posted(bot: DocentBot, boards: Boards, run: FollowRun) -> FollowRun:
    """With a card in the channel; without one where the bot may not write, which stops nothing."""
    following = bot.classroom.following
    speech = boards.speech_of(run.follow.server_id)
    card = run_card(run, await following.tally(run), speech, over=False)
    try:
        channel = bot.get_partial_messageable(run.follow.channel_id)
        message = await channel.send(view=card)
    except TROUBLE as exc:
        log.info("run_not_posted", run=run.id, error=type(exc).__name__)
        return run
    await following.keep_run_card(run, message.id)
    return await following.run_of(run.id, run.follow.server_id)


async def _tell(bot: DocentBot, run: FollowRun, shown: Shown, room: asyncio.Semaphore) -> None:
    """Show a learner what was run on their engine: in their lab, else in a direct message."""
    follower = shown.follower
    try:
        async with room:
            await _record(bot, run, shown)
            speech = await bot.speeches.to_learner(follower.learner_id)
            destination = ChannelDestination(await _place(bot, follower))
            can_ask = shown.help is not None and await can_ask_for_help(
                bot, follower.learner_id, destination
            )
            await destination.send(view=lab_card(run, shown, speech, can_ask=can_ask))
        command = shown.as_command(run.line)
        if command is not None:
            # It was a command of theirs: it ticks tasks, and what follows commands follows it.
            bot.dispatch("command_ended", command, destination)
    except TROUBLE as exc:
        log.info("follower_not_told", learner=follower.learner_id, error=type(exc).__name__)
    except Exception as error:  # noqa: BLE001 - the others are told all the same
        if as_learner_error(error) is None:
            report_bug(error, learner_id=follower.learner_id)


async def _place(bot: DocentBot, follower: Follower) -> Messageable:
    """The learner's lab, else their direct messages."""
    if follower.lab_id is not None:
        return bot.get_partial_messageable(follower.lab_id)
    return await bot.fetch_user(follower.learner_id)


async def _record(bot: DocentBot, run: FollowRun, shown: Shown) -> None:
    if shown.ended is None or run.instructor_id is None:
        return
    await bot.classroom.classes.record_act(
        run.follow.server_id,
        run.instructor_id,
        shown.follower.learner_id,
        "follow_ran",
        run.line[:200],
    )


def outcomes_file(run: FollowRun, tally: Tally, speech: Speech) -> discord.File:
    """Everybody's outcome as a table."""
    header = [
        speech(f"follow.csv.{name}")
        for name in ("learner", "id", "outcome", "error", "exit_code", "seconds", "line")
    ]
    rows = [
        (
            each.name,
            str(each.learner_id),
            speech(f"follow.group.{group}"),
            met(each) or "",
            each.exit_code,
            each.took_ms / 1000,
            run.line,
        )
        for group, each in tally.rows()
    ]
    return discord.File(BytesIO(csv_bytes(header, rows)), CSV)
