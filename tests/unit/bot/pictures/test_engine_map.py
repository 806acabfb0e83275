"""The map: what it takes from an engine, and that whatever is on it can be read."""

from __future__ import annotations

import re
import time

import pytest

from bot.classroom.engine_map import MOST_CONTAINERS, EngineMap, map_of
from bot.features.map._words import map_words
from bot.pictures.alt import LONGEST_ALT
from bot.pictures.engine_map import map_layout
from bot.pictures.fonts import TrueFonts
from bot.pictures.letters import Fonts
from bot.pictures.paint import HIGHEST, paint
from bot.pictures.theme import DARK, LIGHT, Theme
from bot.texts import LANGUAGES, Language, Texts
from tests.fakes.sandboxes import make_facts
from tests.unit.bot.pictures.conftest import assert_tidy
from tests.unit.bot.pictures.engines import HOSTILE, many, shop

EMPTY = map_of(make_facts())


def outline(engine: EngineMap) -> list[tuple[str, list[str]]]:
    """Networks with the containers drawn in them."""
    return [(net.name, [each.name for each in net.containers]) for net in engine.networks]


def test_every_container_is_in_one_network() -> None:
    """Its own before the engine's; networks of the learner's are there without any, too."""
    engine = map_of(shop())

    assert outline(engine) == [
        ("back", ["app", "db"]),
        ("front", ["web"]),
        ("bridge", ["old"]),
        ("unused", []),
    ]
    assert [each.name for each in engine.apart] == ["lonely"]
    assert (engine.count, engine.running, engine.left_out) == (5, 3, 0)


def test_what_a_container_has_is_on_the_map() -> None:
    """Ports once, published ones only; limits; what is mounted; the networks besides."""
    web, app, db, old = (
        next(each for each in map_of(shop()).containers if each.name == name)
        for name in ("web", "app", "db", "old")
    )

    assert [str(port) for port in web.ports] == ["8080→80"]
    assert [str(port) for port in app.ports] == ["127.0.0.1:5353→53/udp"]
    assert db.ports == ()
    assert (web.memory_bytes, app.cpus) == (128 * 2**20, 0.5)
    assert app.networks == ("back", "front")
    assert db.mounts[0].volume == "pgdata"
    assert (old.mounts[0].volume, old.mounts[0].source, old.mounts[0].writable) == (
        None, "/root/site", False,
    )  # fmt: skip


def test_volumes_and_images_say_who_uses_them() -> None:
    """Used ones first; what has no name has the beginning of its id."""
    engine = map_of(shop())

    assert [(each.name, each.used_by) for each in engine.volumes] == [
        ("pgdata", ("db",)),
        ("a0" * 32, ()),
    ]
    assert [(each.name, each.containers) for each in engine.images] == [
        ("nginx:1.27", 1), ("localhost:5000/shop/app:2", 1), ("postgres:17", 1),
        ("busybox:latest", 2), ("0123456789ab", 0),
    ]  # fmt: skip


def test_more_than_fits_is_counted() -> None:
    """Those that run come first; nobody is drawn in a network that is left out."""
    engine = map_of(many(60))

    assert len(engine.containers) == MOST_CONTAINERS
    assert engine.left_out == 20
    assert engine.count == 60
    states = [each.runs for each in sorted(engine.containers, key=lambda c: not c.runs)]
    assert sum(states) == engine.running
    assert engine.networks_left_out == 24


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("count", [0, 1, 2, 15, 16, 40, 60])
def test_whatever_there_is_fits(
    texts: Texts, fonts: Fonts, language: Language, theme: Theme, count: int
) -> None:
    """No text runs into another; containers are in the frames of their networks."""
    engine = map_of(many(count))
    drawing = map_layout(engine, texts.for_language(language), fonts, theme)

    assert_tidy(drawing, fonts)
    assert len(drawing.boxes("container")) == min(count, MOST_CONTAINERS)
    assert drawing.height < HIGHEST
    frames = drawing.boxes("network")
    for card in drawing.boxes("container"):
        assert any(
            net.x <= card.x and net.y <= card.y and card.right <= net.right
            and card.bottom <= net.bottom
            for net in frames
        )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_break_nothing(texts: Texts, fonts: Fonts, language: Language) -> None:
    """Names may hold anything; what can't be drawn is a box, and nothing is turned around."""
    drawing = map_layout(map_of(many(40, names=HOSTILE)), texts.for_language(language), fonts, DARK)

    assert_tidy(drawing, fonts)
    written = "".join(label.text for label in drawing.labels)
    assert not set(written) & set("\u202e\u200b\u200d\ufeff\x1b\n\ud800")


def test_a_phone_shows_the_names_of_fifteen(texts: Texts, true_fonts: TrueFonts) -> None:
    """No print is smaller than a third of a centimetre's worth, and ordinary names are whole."""
    engine = map_of(many(15))
    drawing = map_layout(engine, texts.for_language("ko"), true_fonts, DARK)
    written = {label.text for label in drawing.labels}

    assert {each.name for each in engine.containers} <= written
    assert min(label.size for label in drawing.labels) >= 20


def test_a_map_takes_less_than_a_second(texts: Texts, true_fonts: TrueFonts) -> None:
    """With as many containers as there can be; in time of the processor, others may want it too."""
    engine, say = map_of(many(40, names=HOSTILE)), texts.for_language("ko")
    before = time.thread_time()
    png = paint(map_layout(engine, say, true_fonts, DARK), true_fonts)

    assert time.thread_time() - before < 1.0
    assert png.startswith(b"\x89PNG")
    assert len(png) < 2_000_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_say_the_same(texts: Texts, language: Language) -> None:
    """Names, states, ports, networks, mounts, limits: all of it within an alt text."""
    words = map_words(map_of(shop()), texts.for_language(language), most=LONGEST_ALT)

    for told in ("web", "8080→80", "127.0.0.1:5353→53/udp", "back, front", "pgdata→/var", "128 MiB",
                 "0.5", "postgres:17", "1 GiB", "4.1 MiB"):  # fmt: skip
        assert told in words
    assert len(words) <= LONGEST_ALT


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_words_than_fit_are_counted(texts: Texts, language: Language) -> None:
    """The end says how much is not told; names turn nothing around here, either."""
    say = texts.for_language(language)
    words = map_words(map_of(many(40, names=HOSTILE)), say, most=LONGEST_ALT)

    assert len(words) <= LONGEST_ALT
    left = int(re.findall(r"\d+", words)[-1])
    assert 30 < left < 43
    assert words.endswith(say("picture.more", n=left))
    assert not set(words) & set("\u202e\u200b\u200d\ufeff\x1b\n\ud800")


def test_an_empty_engine_says_what_to_do(texts: Texts, fonts: Fonts) -> None:
    """Instead of nothing."""
    drawing = map_layout(EMPTY, texts.for_language("en"), fonts, DARK)

    assert_tidy(drawing, fonts)
    assert any("docker run" in label.text for label in drawing.labels)
