"""Pictures, files and cards that are made of foreign names: they hold whatever these are."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.classroom.early_ends import early_ends, starts
from bot.classroom.engine_map import map_of
from bot.classroom.transcript import Record, Transcript
from bot.classroom.visiting import Visit
from bot.features.map._words import map_words
from bot.features.transcript._markdown import markdown
from bot.pictures.alt import LONGEST_ALT
from bot.pictures.engine_map import map_layout
from bot.pictures.letters import fit, wrap
from bot.pictures.theme import DARK
from bot.terminal.address import Address
from bot.texts import Texts
from bot.ui.visits import visit_card
from sandbox.contract import EventFact, Page
from tests.factories import NOON
from tests.fakes.fonts import FakeFonts
from tests.fakes.sandboxes import make_container, make_facts
from tests.unit.bot.pictures.conftest import assert_tidy
from tests.unit.bot.pictures.engines import many
from tests.unit.fuzz import hostile

_SPEECH = Texts.load().for_language("ko")
_FONTS = FakeFonts()
_TURNS = set("\u202e\u200f\u2066\u200b\ufeff\x1b\x07\x00")
MOST_LETTERS = 4000
_CALLS = re.compile(r"@everyone|<@[!&]?[0-9]")


@given(st.lists(hostile.texts, min_size=1, max_size=6))
@settings(max_examples=25)
def test_a_map_is_drawn_of_any_names(names: list[str]) -> None:
    """Nothing leaves its place, and the words beside it are short enough."""
    engine = map_of(many(7, names=tuple(names)))
    drawing = map_layout(engine, _SPEECH, _FONTS, DARK)
    assert_tidy(drawing, _FONTS)
    assert not set("".join(label.text for label in drawing.labels)) & _TURNS
    words = map_words(engine, _SPEECH, most=LONGEST_ALT)
    assert len(words) <= LONGEST_ALT
    assert not set(words) & _TURNS


@given(hostile.texts, st.integers(8, 60), st.floats(0, 900), st.integers(1, 4))
@settings(max_examples=150)
def test_a_text_fits_its_place_in_a_picture(text: str, size: int, most: float, lines: int) -> None:
    """On one line or on several."""
    for line in (fit(_FONTS, text, size, most), *wrap(_FONTS, text, size, most, lines)):
        assert _FONTS.width(line, size) <= most
        assert not set(line) & _TURNS
    assert len(wrap(_FONTS, text, size, most, lines)) <= lines


@given(st.lists(hostile.lines | hostile.texts, min_size=1, max_size=5), hostile.texts)
@settings(max_examples=100)
def test_a_transcript_is_the_markdown_that_it_should_be(lines: list[str], name: str) -> None:
    """One block for each command; no heading, link or HTML of somebody else's."""
    records = tuple(Record("command", line, 0, 1, NOON) for line in lines)
    written = markdown(Transcript(records), _SPEECH, name=name).decode()
    tokens = MarkdownIt().parse(written)
    assert [t.type for t in tokens].count("fence") == len(lines)
    assert [t.type for t in tokens].count("heading_open") == 2  # its title, and the day
    assert not [t for t in tokens if t.type == "html_block"]
    children = [child.type for t in tokens for child in t.children or ()]
    assert not set(children) & {"link_open", "image", "html_inline"}


@given(hostile.texts, hostile.texts, st.dictionaries(hostile.texts, hostile.texts, max_size=3))
@settings(max_examples=60)
def test_a_page_is_shown_whatever_it_is_called(
    title: str, body: str, headers: dict[str, str]
) -> None:
    """With a picture, and without one; the title calls nobody."""
    page = Page(
        status=200, reason=title, title=title, body=body, content_type="text/html",
        headers=list(headers.items()), location=body,
    )  # fmt: skip
    for picture in (b"png", None):
        visit = Visit(Address(8080, "/"), page, aim=body, picture=picture, why_no_picture="no_page")
        card = visit_card(visit, _SPEECH, owner=1)
        assert card.content_length() <= MOST_LETTERS
        said = "\n".join(getattr(item, "content", "") for item in card.walk_children())
        assert not re.search(
            r"@everyone|<@[!&]?[0-9]{17}", re.sub(r"```.*?```|`[^`]*`", "", said, flags=re.DOTALL)
        )
        assert not set(said) & (_TURNS - {"\u200b"})


@given(hostile.lines, hostile.outputs, st.lists(hostile.texts, min_size=1, max_size=3))
@settings(max_examples=100)
def test_a_second_look_takes_any_output(line: str, printed: str, names: list[str]) -> None:
    """Of any line, and of an engine whose names are hostile."""
    containers = [make_container(name, status="exited", exit_code=1) for name in names]
    events = [EventFact(at=0, type="container", action="die", name=name) for name in names]
    facts = make_facts(containers=containers, events=events)
    told = f"{printed} Container {names[0]}  Started\n{'f' * 64}\n"
    for typed in (line, "docker compose up -d", f"docker start {names[0]}", "docker run -d x"):
        for end in early_ends(starts(typed, told), facts):
            assert end.with_last_words(printed).id
