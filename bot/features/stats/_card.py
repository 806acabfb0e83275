"""What /stats looks like: the plot, since when and until when it is measured, and the buttons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from discord import ui

from bot.classroom.load import Load
from bot.pictures.alt import LONGEST_ALT, name_for_alt, told
from bot.pictures.load_plot import cpu_limit, cpu_words, memory_words, span_s
from bot.pictures.theme import ThemeName
from bot.texts import Speech
from bot.ui.backgrounds import picture_buttons
from bot.ui.layout import Card, Drawn, drawn, panel, text
from bot.ui.plain import plain
from bot.ui.theme import CALM, WARN

FILE: Final = "stats.png"
LONGEST_WORDS: Final = 1_500


def stats_card(
    load: Load,
    png: bytes | None,
    say: Speech,
    *,
    owner: int,
    theme: ThemeName,
    live_until: float | None,
) -> Card:
    """The plot; `live_until`, in seconds since 1970, is None for one that is not drawn anew."""
    status = (
        say("stats.rest") if live_until is None else say("stats.live", at=f"<t:{live_until:.0f}:T>")
    )
    below: list[ui.Item[Card]] = [
        text(f"{status}\n-# {say('stats.note')}"),
        picture_buttons(say, "stats", owner, theme, again=say("stats.again"), emoji="▶️"),
    ]
    if png is None:
        words = plain(stats_words(load, say, most=LONGEST_WORDS), most=LONGEST_WORDS)
        return Card(panel(text(say("picture.no_fonts")), text(words), *below, colour=WARN))
    made = Drawn(FILE, png, stats_words(load, say, most=LONGEST_ALT))
    return Card(panel(drawn(made), *below, colour=CALM), pictures=[made])


def stats_words(load: Load, say: Speech, *, most: int) -> str:
    """What the plot shows, for those who can't see it: how it is now."""
    now = load.now.whole
    first = [
        say("stats.alt.span", minutes=f"{span_s(load) / 60:.0f}"),
        say(
            "stats.alt.whole",
            cpu=cpu_words(now, load, say),
            memory=memory_words(now.memory_bytes, load.limits.memory_bytes),
        ),
    ]
    return told(first, list(_containers(load, say)), say, most=most)


def _containers(load: Load, say: Speech) -> Iterator[str]:
    for key in load.busiest:
        use = load.now.containers[key]
        share = None if use.cpus is None else round(use.cpus * 100 / cpu_limit(load, key))
        yield say(
            "stats.alt.container",
            name=name_for_alt(load.name_of(key)),
            cpu=say("stats.unknown") if share is None else f"{share} %",
            memory=memory_words(use.memory_bytes, load.memory_limit(key)),
        )
    if not load.busiest:
        yield say("stats.alt.none")
