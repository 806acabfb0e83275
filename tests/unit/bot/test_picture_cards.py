"""Cards with pictures fit what Discord takes, in both languages, with the picture and without."""

from __future__ import annotations

import discord
import pytest

from bot.classroom.engine_map import map_of
from bot.classroom.lessons import LessonDesk
from bot.classroom.library import Library
from bot.classroom.progress import Overview
from bot.features.map import _buttons as map_buttons
from bot.features.map._card import map_card
from bot.features.progress._card import progress_card
from bot.features.stats import _buttons as stats_buttons
from bot.features.stats._card import stats_card
from bot.texts import Speech
from bot.ui.layout import Card
from db.engine import Database
from lessons.loader import load_catalogue
from tests.unit.bot.conftest import FakeClock
from tests.unit.bot.pictures.engines import HOSTILE, many
from tests.unit.bot.pictures.test_load_plot import load_of
from tests.unit.bot.test_cards import LONGEST_NAME, NOWHERE, OWNER

PNG = b"\x89PNG"
LONGEST_DESCRIPTION = 1024
ANSWERED = (*map_buttons.BUTTONS, *stats_buttons.BUTTONS)


def texts_of(card: Card) -> list[str]:
    """Everything that is written on it."""
    parts = card.walk_children()
    return [part.content for part in parts if isinstance(part, discord.ui.TextDisplay)]


def assert_fits(card: Card, *, pictures: int) -> None:
    """Texts, labels and alt texts are not too long; what is shown is sent along."""
    parts = list(card.walk_children())
    texts = texts_of(card)
    assert sum(map(len, texts)) <= 4000
    assert all(texts)
    galleries = [part for part in parts if isinstance(part, discord.ui.MediaGallery)]
    shown = {item.media.url: item.description for gallery in galleries for item in gallery.items}
    files = {f"attachment://{file.filename}": file.description for file in card.files()}
    assert shown == files
    assert len(files) == pictures
    assert all(1 <= len(alt or "") <= LONGEST_DESCRIPTION for alt in files.values())
    for part in parts:
        if (
            isinstance(part, discord.ui.Button)
            and part.custom_id
            and ":open:" not in part.custom_id
        ):
            patterns = [item.__discord_ui_compiled_template__ for item in ANSWERED]
            assert len([p for p in patterns if p.fullmatch(part.custom_id)]) == 1


@pytest.mark.parametrize("count", [0, 1, 40, 60])
def test_maps_fit(speech: Speech, count: int) -> None:
    """However much there is, whatever it is called."""
    for names in ((), HOSTILE):
        engine = map_of(many(count, names=names))
        card = map_card(engine, PNG, speech, owner=OWNER, theme="dark")
        assert_fits(card, pictures=1)
        in_words = map_card(engine, None, speech, owner=OWNER, theme="light")
        assert_fits(in_words, pictures=0)
        assert any("fonts-nanum" in said for said in texts_of(in_words))
    assert_fits(map_card(None, None, speech, owner=OWNER, theme="dark"), pictures=0)


def test_what_a_map_leaves_out_is_told(speech: Speech) -> None:
    """Containers and networks that are not drawn, and where they are seen; else nothing."""
    crowded, small = (
        texts_of(map_card(map_of(many(count)), PNG, speech, owner=OWNER, theme="dark"))
        for count in (60, 1)
    )
    commands = ("docker ps -a", "docker network ls")
    for command, left in zip(commands, ("20", "24"), strict=True):
        (said,) = [line for text in crowded for line in text.split("\n") if command in line]
        assert left in said
    assert not any(command in text for text in small for command in commands)


@pytest.mark.parametrize("count", [0, 1, 40])
def test_plots_fit(speech: Speech, count: int) -> None:
    """While it is measured and when it rests."""
    load = load_of(count, names=HOSTILE)
    for until in (None, 1_800_000_000.5):
        card = stats_card(load, PNG, speech, owner=OWNER, theme="dark", live_until=until)
        assert_fits(card, pictures=1)
        in_words = stats_card(load, None, speech, owner=OWNER, theme="dark", live_until=until)
        assert_fits(in_words, pictures=0)


@pytest.mark.parametrize("begun", [False, True])
def test_progress_fits(speech: Speech, begun: bool) -> None:
    """The text stays what it was beside the picture."""
    nowhere = Database.open(NOWHERE)
    desk = LessonDesk(database=nowhere, library=Library(load_catalogue()), clock=FakeClock())
    rows = [desk.row(lesson, None) for lesson in desk.catalogue.lessons]
    overview = Overview(rows, current_id=rows[0].lesson.id if begun else None)
    card = progress_card(overview, desk, speech, owner=OWNER, name=LONGEST_NAME, png=PNG)

    assert_fits(card, pictures=1)
