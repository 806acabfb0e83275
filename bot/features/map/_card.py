"""What /map looks like: a picture, a row of buttons, and words where there can be no picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from discord import ui

from bot.classroom.engine_map import MOST_EMPTY_NETWORKS, EngineMap
from bot.features.map._words import map_words
from bot.pictures.alt import LONGEST_ALT
from bot.pictures.theme import ThemeName
from bot.texts import Speech
from bot.ui.backgrounds import picture_buttons
from bot.ui.layout import Card, Drawn, drawn, note, panel, text
from bot.ui.plain import plain
from bot.ui.theme import CALM, WARN

FILE: Final = "map.png"
LONGEST_WORDS: Final = 1_800


def map_card(
    engine: EngineMap | None, png: bytes | None, say: Speech, *, owner: int, theme: ThemeName
) -> Card:
    """The map; `engine` is None for who has no sandbox, `png` where there are no fonts."""
    if engine is None:
        return note(say("map.none"))
    buttons = picture_buttons(say, "map", owner, theme, again=say("map.again"), emoji="🔄")
    if png is None:
        return Card(panel(*_in_words(engine, say), buttons, colour=WARN))
    made = Drawn(FILE, png, map_words(engine, say, most=LONGEST_ALT))
    parts: list[ui.Item[Card]] = [drawn(made)]
    if rest := "\n".join(_left_out(engine, say)):
        parts.append(text(rest))
    return Card(panel(*parts, buttons, colour=CALM), pictures=[made])


def _left_out(engine: EngineMap, say: Speech) -> Iterator[str]:
    """What the picture has no room for, and where it can be seen."""
    if left := engine.left_out:
        yield f"-# {say('map.left_out', n=len(engine.containers), left=left)}"
    if left := engine.networks_left_out:
        yield f"-# {say('map.networks_left_out', n=MOST_EMPTY_NETWORKS, left=left)}"


def _in_words(engine: EngineMap, say: Speech) -> list[ui.Item[Card]]:
    # Escaping makes a text longer, at most twice.
    words = plain(map_words(engine, say, most=LONGEST_WORDS), most=LONGEST_WORDS)
    return [text(say("picture.no_fonts")), text(words)]
