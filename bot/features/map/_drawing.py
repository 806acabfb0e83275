"""From a learner to the card with their map."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.features.map._card import map_card
from bot.pictures.engine_map import map_layout
from bot.pictures.theme import ThemeName
from bot.texts import Speech
from bot.ui.layout import Card

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def draw_map(bot: DocentBot, learner_id: int, say: Speech, theme: ThemeName) -> Card:
    """The card, as the engine is now."""
    engine = await bot.classroom.maps.of(learner_id)
    png = None
    if engine is not None:
        png = await bot.studio.draw(partial(map_layout, engine, say), theme)
    return map_card(engine, png, say, owner=learner_id, theme=theme)
