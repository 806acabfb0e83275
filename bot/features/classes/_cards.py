"""What instructors see: the server's setup, a new class, the invitation, places."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import discord
from discord import ui

from bot.classroom.classes import SchoolClass
from bot.classroom.seat_bounds import most_for_classes
from bot.classroom.seats import AHEAD, Seating
from bot.texts import Speech
from bot.ui.actions import custom_id, open_id
from bot.ui.layout import Card, button, panel, row, text
from bot.ui.plain import plain
from bot.ui.theme import CALM, DONE, WARN

LONGEST_NAME_SHOWN: Final = 60


def when(moment: datetime, style: str) -> str:
    """A moment as Discord shows it to whoever reads: in their own time zone."""
    return f"<t:{moment.timestamp():.0f}:{style}>"


def name_of(school_class: SchoolClass) -> str:
    """The class's name, harmless."""
    return plain(school_class.name, most=LONGEST_NAME_SHOWN)


def setup_card(speech: Speech, *, owner: int, role_id: int | None, zone: str | None) -> Card:
    """Who is an instructor in this server, and in which time zone they speak."""
    role = speech("class.setup.no_role") if role_id is None else f"<@&{role_id}>"
    zone_said = speech("class.setup.no_zone") if zone is None else f"`{zone}`"
    items: list[ui.Item[Card]] = [text(speech("class.setup.card", role=role, zone=zone_said))]
    if role_id is not None:
        items.append(
            row(button(speech("class.setup.drop_role"), custom_id("class-setup", owner, "drop")))
        )
    return Card(panel(*items, colour=CALM))


def created_card(school_class: SchoolClass, speech: Speech, *, owner: int) -> Card:
    """A class is there; what comes next."""
    invite = button(
        speech("class.button.invite"),
        custom_id("class-post", owner, str(school_class.id), "invite"),
        style=discord.ButtonStyle.primary,
        emoji="📨",
    )
    words = text(speech("class.created", name=name_of(school_class)))
    return Card(panel(words, row(invite), colour=DONE))


def invitation(school_class: SchoolClass, speech: Speech) -> Card:
    """For everybody in a channel: join this class, or leave it; and what instructors then see."""
    number, role_id = str(school_class.id), school_class.join_role_id
    lines = [speech("class.invitation", name=name_of(school_class))]
    if role_id is not None:
        lines.append(speech("class.invitation.role", role=f"<@&{role_id}>"))
    buttons = row(
        button(
            speech("class.button.join"),
            open_id("class-join", number),
            style=discord.ButtonStyle.success,
            emoji="🙋",
        ),
        button(speech("class.button.leave"), open_id("class-leave", number)),
    )
    return Card(panel(text("\n".join(lines)), buttons, colour=CALM))


def ask_close(school_class: SchoolClass, speech: Speech, *, owner: int, members: int) -> Card:
    """The question before a class is closed for good."""
    number = str(school_class.id)
    buttons = row(
        button(
            speech("class.close.yes"),
            custom_id("class-close", owner, number, "yes"),
            style=discord.ButtonStyle.danger,
        ),
        button(speech("class.close.no"), custom_id("class-close", owner, number, "no")),
    )
    asked = speech("class.close.ask", name=name_of(school_class), n=members)
    return Card(panel(text(asked), buttons, colour=WARN))


def seats_card(seating: Seating, speech: Speech, *, owner: int) -> Card:
    """What places a class has, or will have, in clear words."""
    plan, number = seating.plan, str(seating.school_class.id)
    title = speech(
        "class.seats.title",
        name=name_of(seating.school_class),
        begins=when(plan.begins_at, "F"),
        ends=when(plan.ends_at, "t"),
    )
    lines = [title, speech("class.seats.wanted", seats=plan.seats, warm=plan.warm)]
    short = False
    if seating.view is None:
        lines.append(speech("class.seats.later", at=when(plan.begins_at - AHEAD, "t")))
        if seating.capacity is not None:
            lines.append(
                speech("class.seats.house", total=seating.capacity, taken=seating.running or 0)
            )
            short = plan.seats > seating.capacity
            if short:
                lines.append(speech("class.seats.too_few", missing=plan.seats - seating.capacity))
    else:
        view = seating.view
        short = view.granted < view.seats
        lines.append(speech("class.seats.granted", granted=view.granted, seats=view.seats))
        lines.append(speech("class.seats.warm", ready=view.warm_ready, wanted=view.warm_wanted))
        lines.append(speech("class.seats.sitting", taken=view.taken, waiting=view.waiting))
        if short:
            lines.append(speech("class.seats.others", missing=view.seats - view.granted))
        if view.queue_estimate_s:
            minutes = max(1, round(view.queue_estimate_s / 60))
            lines.append(speech("class.seats.queue", minutes=minutes))
    if seating.members > plan.seats:
        lines.append(speech("class.seats.members", members=seating.members))
        if seating.capacity is not None:
            share = most_for_classes(seating.capacity)
            lines.append(speech("class.seats.share", total=seating.capacity, share=share))
    buttons = row(
        button(speech("class.seats.again"), custom_id("class-seats", owner, number, "look")),
        button(speech("class.seats.back"), custom_id("class-seats", owner, number, "back")),
    )
    return Card(panel(text("\n".join(lines)), buttons, colour=WARN if short else CALM))
