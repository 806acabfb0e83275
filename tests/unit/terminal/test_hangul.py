"""The Hangul layout: every letter and every syllable leads back to the keys that were pressed."""

from __future__ import annotations

import unicodedata

import pytest

from bot.terminal.hangul import has_hangul, is_broken_hangul, keys_pressed

PLAIN = dict(
    zip(
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ",
        "qwertyuiopasdfghjklzxcvbnm",
        strict=True,
    )
)
SHIFTED = dict(zip("ㅃㅉㄸㄲㅆㅒㅖ", "QWERTOP", strict=True))
TWO_KEYS = {
    "ㄳ": "rt", "ㄵ": "sw", "ㄶ": "sg", "ㄺ": "fr", "ㄻ": "fa", "ㄼ": "fq", "ㄽ": "ft", "ㄾ": "fx",
    "ㄿ": "fv", "ㅀ": "fg", "ㅄ": "qt", "ㅘ": "hk", "ㅙ": "ho", "ㅚ": "hl", "ㅝ": "nj", "ㅞ": "np",
    "ㅟ": "nl", "ㅢ": "ml",
}  # fmt: skip
KEYS = PLAIN | SHIFTED | TWO_KEYS


@pytest.mark.parametrize(("letter", "keys"), KEYS.items())
def test_every_letter_has_its_keys(letter: str, keys: str) -> None:
    """Plain, shifted and two-key letters, as the layout is printed on keyboards."""
    assert keys_pressed(letter) == keys


def test_all_letters_that_unicode_knows_for_modern_korean_are_covered() -> None:
    """None of ㄱ to ㅣ is left out."""
    assert set(KEYS) == {chr(code) for code in range(ord("ㄱ"), ord("ㅣ") + 1)} - {"\u3164"}


def test_every_syllable_leads_back_to_its_keys() -> None:
    """All 11,172, taken apart by Unicode's own decomposition instead of ours."""
    for code in range(ord("가"), ord("힣") + 1):
        syllable = chr(code)
        assert keys_pressed(syllable) == _keys_by_decomposition(syllable), syllable


def _keys_by_decomposition(syllable: str) -> str:
    return "".join(
        KEYS[unicodedata.lookup("HANGUL LETTER " + unicodedata.name(part).split(maxsplit=2)[2])]
        for part in unicodedata.normalize("NFD", syllable)
    )


def test_decomposed_text_is_read_like_composed_text() -> None:
    """A Mac may send the letters of a syllable one by one."""
    assert keys_pressed(unicodedata.normalize("NFD", "애찯ㄱ")) == "docker"
    assert has_hangul(unicodedata.normalize("NFD", "애"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("애찯ㄱ", "docker"),
        ("ㅔㄴ", "ps"),
        ("겨ㅜ", "run"),
        ("ㅑㅡㅁㅎㄷㄴ", "images"),
        ("ㄷㅌㄷㅊ", "exec"),
        ("ㅣㅐㅎㄴ", "logs"),
        ("ㄴ새ㅔ", "stop"),
        ("ㅔㅕㅣㅣ", "pull"),
        ("ㅍㄷㄱ냐ㅐㅜ", "version"),
        ("ㅗ디ㅣㅐㅜ햐ㅜㅌ", "hellonginx"),
        ("-ㅔ 80:80", "-p 80:80"),
    ],
)
def test_commands_are_recognised(typed: str, meant: str) -> None:
    """What comes out when a command is typed with the Hangul layout on."""
    assert keys_pressed(typed) == meant


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("ㅔㄴ", True),
        ("애찯ㄱ", True),
        ("안녕", False),
        ("ㅋㅋㅋ", False),
        ("ㅠㅠ!", False),
        ("ps", False),
    ],
)
def test_lone_letters_betray_a_wrong_layout(text: str, broken: bool) -> None:
    """No Korean word has lone letters; laughing and crying have nothing else."""
    assert is_broken_hangul(text) is broken
