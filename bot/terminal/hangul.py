"""Letters typed with the Hangul layout (두벌식) on → the Latin keys that were pressed.

A syllable such as 애 is ㅇ+ㅐ, the keys d and o; compound vowels and finals are two keys each.
"""

from __future__ import annotations

import re
import unicodedata

_KEYS = {
    "ㄱ": "r", "ㄲ": "R", "ㄴ": "s", "ㄷ": "e", "ㄸ": "E", "ㄹ": "f", "ㅁ": "a", "ㅂ": "q",
    "ㅃ": "Q", "ㅅ": "t", "ㅆ": "T", "ㅇ": "d", "ㅈ": "w", "ㅉ": "W", "ㅊ": "c", "ㅋ": "z",
    "ㅌ": "x", "ㅍ": "v", "ㅎ": "g",
    "ㅏ": "k", "ㅐ": "o", "ㅑ": "i", "ㅒ": "O", "ㅓ": "j", "ㅔ": "p", "ㅕ": "u", "ㅖ": "P",
    "ㅗ": "h", "ㅛ": "y", "ㅜ": "n", "ㅠ": "b", "ㅡ": "m", "ㅣ": "l",
}  # fmt: skip

_COMPOUNDS = {
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ",
    "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
    "ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ",
    "ㅢ": "ㅡㅣ",
}  # fmt: skip

# The order of Unicode's syllable block: 19 initials × 21 vowels × 28 finals (the first: none).
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS: tuple[str, ...] = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_FIRST_SYLLABLE = 0xAC00

_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_LONE_LETTER = re.compile(r"[ㄱ-ㅎㅏ-ㅣ]")
_INTERJECTION = re.compile(r"[ㅋㅎㅠㅜㅇㅡ^~.!?]+")


def keys_pressed(text: str) -> str:
    """The Latin keys behind Hangul letters; everything else stays as it is."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(_keys_of(character) for character in composed)


def has_hangul(text: str) -> bool:
    """Whether there is any Hangul in it."""
    return bool(_HANGUL.search(unicodedata.normalize("NFC", text)))


def is_broken_hangul(text: str) -> bool:
    """Whether lone letters stand in it, as in ㅔㄴ: no word has those, save ㅋㅋ and its like."""
    composed = unicodedata.normalize("NFC", text)
    return bool(_LONE_LETTER.search(composed)) and not _INTERJECTION.fullmatch(composed)


def _keys_of(character: str) -> str:
    letters = _letters_of(character)
    simple = "".join(_COMPOUNDS.get(letter, letter) for letter in letters)
    return "".join(_KEYS.get(letter, letter) for letter in simple)


def _letters_of(character: str) -> str:
    if not "가" <= character <= "힣":
        return character
    rest, final = divmod(ord(character) - _FIRST_SYLLABLE, len(_FINALS))
    initial, vowel = divmod(rest, len(_VOWELS))
    return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]
