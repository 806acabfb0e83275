"""How a drill looks: the error, its end, how it is repaired."""

from __future__ import annotations

from typing import Final

import discord

from bot.classroom.drills import IN_TIME, Begun, Ended
from bot.texts import Speech
from bot.ui.actions import SLUG, custom_id, pattern
from bot.ui.layout import Card, button, panel, row, rule, text
from bot.ui.theme import CALM, DONE, WARN
from lessons.drills import Drill

HELP: Final = pattern("drill", rf"(?P<drill>{SLUG})", r"(?P<deed>hint|give-up)")
START: Final = pattern("drill-start")


def begun_card(begun: Begun, speech: Speech, *, owner: int) -> Card:
    """The error, what is wanted, and until when it is in time."""
    drill = begun.drill
    said = begun.said.replace("```", "'''")
    until = discord.utils.format_dt(begun.began_at + IN_TIME, "R")
    head = [speech("drill.title"), speech("drill.met" if begun.met else "drill.not_met")]
    return Card(
        panel(
            text("\n".join(head)),
            text(f"```\n$ {drill.fails}\n{said}\n```"),
            text(speech("drill.goal", goal=speech(f"drill.{drill.id}.goal"))),
            rule(),
            text(speech("drill.how", until=until)),
            colour=CALM,
        ),
        row(
            button(speech("drill.hint"), custom_id("drill", owner, drill.id, "hint"), emoji="💡"),
            button(speech("drill.give_up"), custom_id("drill", owner, drill.id, "give-up")),
        ),
    )


def ended_card(ended: Ended, speech: Speech) -> Card:
    """Repaired, with the time that it took; or too late, or given up, with a way to repair it."""
    if ended.took is None:
        return Card(
            panel(text(speech("drill.ended")), text(_way(ended.drill, speech)), colour=WARN)
        )
    seconds = round(ended.took.total_seconds())
    key = "drill.passed.in_time" if ended.in_time else "drill.passed.late"
    time = f"{seconds // 60}:{seconds % 60:02}"
    why = speech(f"drill.{ended.drill.id}.why")
    words = f"{speech(key, time=time)}\n{why}\n{speech('drill.cleaned')}"
    return Card(panel(text(words), colour=DONE))


def hint_words(drill: Drill, speech: Speech) -> str:
    """One step towards the answer."""
    return f"💡 {speech(f'drill.{drill.id}.hint')}"


def _way(drill: Drill, speech: Speech) -> str:
    lines = "\n".join(drill.solution)
    why = speech(f"drill.{drill.id}.why")
    return f"{why}\n```\n{lines}\n```\n{speech('drill.cleaned')}"
