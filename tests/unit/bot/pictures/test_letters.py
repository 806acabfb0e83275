"""Which letters a text keeps, where it is cut, and which letters a font has."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from bot.pictures.fonts import PROBE, Face, TrueFonts, find_fonts
from bot.pictures.glyphs import NoFont, characters_of
from bot.pictures.letters import ELLIPSIS, LONGEST_TEXT, STRANGE, Fonts, cleaned, fit
from bot.texts import LANGUAGES, Texts


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("web-1", "web-1"),
        ("가나다", "가나다"),
        ("\u1100\u1161", "가"),  # the same syllable in pieces, as macOS writes it
        ("a\u202eb\u2066c", "abc"),
        ("a\u200b\u200d\ufeff b", "a b"),
        ("a\n\tb   c ", "a b c"),
        ("\x1b[31mred", "[31mred"),
        ("🐳🐳🐳", STRANGE),
        ("a🐳b", f"a{STRANGE}b"),
        ("שלום", STRANGE),
        ("e\u0301\u0302\u0303", "é"),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_only_what_can_be_drawn_is_left(text: str, clean: str) -> None:
    """Nothing that turns around, hides, stacks up or has no picture."""
    known = frozenset(map(ord, "abcwredé-1[3m가나다한")) | {ord(STRANGE)}

    assert cleaned(text, known) == clean


def test_very_long_texts_are_cut_before_they_are_looked_at() -> None:
    """A megabyte of letters costs no more than a line."""
    assert len(cleaned("x" * 10**6, None)) == LONGEST_TEXT


def test_a_text_that_fits_is_whole_and_another_is_cut(fonts: Fonts) -> None:
    """Never wider than its room; the ellipsis says that there was more."""
    dice = random.Random(6)
    for _ in range(300):
        text = "".join(dice.choices("iW가 -", k=dice.randrange(1, 60))).strip() or "x"
        most, bold = dice.uniform(30, 500), dice.random() < 0.5
        shown = fit(fonts, text, 20, most, bold=bold)
        assert fonts.width(shown, 20, bold=bold) <= most
        whole = fonts.clean(text)
        assert shown == whole or shown.endswith(ELLIPSIS)
        if shown == whole:
            continue
        longer = whole[: len(shown)].rstrip() + ELLIPSIS
        assert fonts.width(longer, 20, bold=bold) > most or len(longer) <= len(shown)


def test_the_fonts_have_every_letter_that_we_say(true_fonts: TrueFonts, texts: Texts) -> None:
    """No text of a picture becomes a box, in either language."""
    missing = set()
    for language in LANGUAGES:
        say = texts.for_language(language)
        for key in say:
            if key.startswith(("map.", "stats.", "progress.", "picture.")):
                missing |= {
                    letter
                    for form in say.templates(key)
                    for letter in form
                    if ord(letter) not in true_fonts.characters
                }

    assert missing <= set("🖼️⚪🔴⏸✅⬜🔷\n\t\ufe0f⚪")
    assert all(ord(letter) in true_fonts.characters for letter in f"{PROBE}→←+·/%:()…")


def test_a_letter_that_the_font_has_is_drawn(true_fonts: TrueFonts) -> None:
    """What its table says is so: known letters look different from unknown ones."""
    face = true_fonts.face(30, bold=False)
    unknown = face.getmask("\U0010fffd").getbbox()
    for letter in "A가→□":
        assert face.getmask(letter).getbbox() not in (None, unknown)


def test_fonts_that_are_missing_or_broken_are_passed_over(tmp_path: Path) -> None:
    """None, when no family is left."""
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"\0\1\0\0" + b"\xff" * 100)
    nowhere = Face(tmp_path / "nowhere.ttf")

    assert find_fonts([(nowhere, nowhere), (Face(broken), Face(broken))]) is None


def font_with(table: bytes) -> bytes:
    """A font file that has nothing but this cmap."""
    head = struct.pack(">IHHHH", 0x00010000, 1, 16, 0, 0)
    return head + struct.pack(">4sIII", b"cmap", 0, 28, len(table)) + table


def test_both_kinds_of_tables_are_read(tmp_path: Path) -> None:
    """Segments, with deltas and with glyph lists, and runs beyond the first 65,536."""
    # Two segments and the end mark: A-C by delta, 가-각 by a list in which 각 has no glyph.
    segments = struct.pack(
        ">HHHHHHH3HH3H3H3H2H", 4, 0, 0, 6, 0, 0, 0,
        0x43, 0xAC01, 0xFFFF, 0, 0x41, 0xAC00, 0xFFFF, 0, 0, 1, 0, 4, 0, 7, 0,
    )  # fmt: skip
    runs = struct.pack(">HHIIIIII", 12, 0, 28, 0, 1, 0x1F433, 0x1F434, 5)
    tables = struct.pack(">HHHHIHHI", 0, 2, 3, 1, 20, 3, 10, 20 + len(segments))
    file = tmp_path / "small.ttf"
    file.write_bytes(font_with(tables + segments + runs))

    assert characters_of(file) == {*map(ord, "ABC가"), 0x1F433, 0x1F434}


@pytest.mark.parametrize("content", [b"", b"ttcf", b"\0" * 40, font_with(b"\0\0\0\5")])
def test_what_is_no_font_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    """Instead of whatever goes wrong while it is read."""
    file = tmp_path / "none.ttf"
    file.write_bytes(content)
    with pytest.raises(NoFont):
        characters_of(file)
