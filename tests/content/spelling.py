"""Asks hunspell which words of the prose are in no dictionary.

It knows the words of a language and, for Korean, which particle fits a noun that it knows. Our
terms are in `words.en.txt` and `words.ko.txt`.

What nobody sees, neither here nor in `prose_rules`: spaces between two words that are both right
(한 번, 한번); the particle after a name in Latin letters or in `code`, which depends on how that is
read aloud; a right word in the wrong place.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.content.prose_words import CODE, DRAWN, HANGUL, Word

HERE: Final = Path(__file__).parent
DICTIONARIES: Final = {"en": "en_GB", "ko": "ko"}

_NO_FINAL, _FINAL_RIEUL = 0, 8
"""The number of a Hangul syllable's final consonant: none, ㄹ."""

_STAND_INS = {_NO_FINAL: "표", _FINAL_RIEUL: "연필"}
_OTHER_STAND_IN = "책"
_DIGITS_FINALS = {"0": 21, "1": 8, "3": 16, "6": 1, "7": 8, "8": 8}
"""영 일 삼 육 칠 팔; the other digits have none."""

_PARTICLES = frozenset("은는이가을를과와로")
"""Words, too, as in 은 or 이: behind a number they are particles."""

_COUNTERS = frozenset("개번분초")

_SUFFIXES = re.compile(
    "(?P<noun>[가-힣]+?)(?P<suffix>씩|쯤|뿐|짜리|마다|까지|부터|만|끼리)(?P<rest>[가-힣]*)"
)
"""What the dictionary does not let stand behind each noun, or not before another particle."""

_VERB_STEMS = ("하다", "하여", "한", "할", "해", "되다", "되어", "된", "될", "돼")
"""Of a noun with 하다, as the dictionary has them one by one."""

_VERB_MODEL = "실행"
"""A noun of the dictionary that has them all."""


def unknown(words: Iterable[Word], language: str) -> set[Word]:
    """Those of the words that are in no dictionary."""
    every = set(words)
    readings = {word: _readings(word) if language == "ko" else [word.text] for word in every}
    asked = {part for ways in readings.values() for way in ways for part in way.split()}
    wrong = _not_in_dictionary(asked, language)
    return {
        word
        for word, ways in readings.items()
        if not any(wrong.isdisjoint(way.split()) for way in ways)
    }


def _readings(word: Word) -> list[str]:
    """Ways to read a Korean word, as words to look up: all of one way have to be right."""
    ways = [f"{stand_in}{word.text}" for stand_in in _stand_ins(word.before)] if word.before else []
    if not word.before or _counts(word):
        ways.append(word.text)
    split = filter(None, map(_SUFFIXES.fullmatch, tuple(ways)))
    return ways + [f"{w['noun']} {_stand_in(w['suffix'][-1])}{w['rest']}" for w in split]


def _counts(word: Word) -> bool:
    """Whether it is a word behind a number, as in 80번; code may be a number."""
    behind_number = bool(re.search(rf"[0-9{DRAWN}]$", word.before))
    behind_code = word.before.endswith(CODE) and word.text[0] in _COUNTERS
    return behind_code or (behind_number and word.text not in _PARTICLES)


def _stand_ins(before: str) -> list[str]:
    """Nouns that take the particles which fit what stands before."""
    spoken = re.sub(r"\([^)]*\)$", "", before) or before
    spoken = spoken.rstrip("'\"”’」)]")
    if spoken and HANGUL.fullmatch(spoken[-1]):
        return [_stand_in(spoken[-1])]
    if spoken and spoken[-1].isdecimal():
        return [_stand_in_for(_DIGITS_FINALS.get(spoken[-1], _NO_FINAL))]
    return [*_STAND_INS.values(), _OTHER_STAND_IN]


def _stand_in(syllable: str) -> str:
    return _stand_in_for((ord(syllable) - ord("가")) % 28)


def _stand_in_for(final: int) -> str:
    return _STAND_INS.get(final, _OTHER_STAND_IN)


def _not_in_dictionary(words: set[str], language: str) -> set[str]:
    """Those of the words that neither hunspell nor our own list knows."""
    own = _own_words(language)
    asked = sorted(words - {word.removeprefix("=") for word in own})
    with TemporaryDirectory() as folder:
        personal = Path(folder) / "personal"
        personal.write_text("\n".join(_entries(own, language)) + "\n", encoding="utf-8")
        done = subprocess.run(
            ["hunspell", "-d", DICTIONARIES[language], "-i", "utf-8", "-p", str(personal), "-l"],
            input="\n".join(asked) + "\n",
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    return set(done.stdout.split())


def is_installed() -> bool:
    """Whether hunspell and both dictionaries are there."""
    if shutil.which("hunspell") is None:
        return False
    shown = subprocess.run(
        ["hunspell", "-D"], input="", capture_output=True, text=True, check=False
    )
    names = {Path(line).name for line in (shown.stdout + shown.stderr).splitlines()}
    return names >= set(DICTIONARIES.values())


def _own_words(language: str) -> frozenset[str]:
    text = (HERE / f"words.{language}.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _entries(own: Iterable[str], language: str) -> Iterator[str]:
    """Lines of a personal dictionary: a word, and one of the dictionary's that it behaves like."""
    for word in own:
        if language == "en":
            yield word
            continue
        if word.startswith("="):
            continue  # nothing may follow it
        noun = word.removesuffix("하다")
        if noun != word:
            yield from (_decomposed(f"{noun}{stem}/{_VERB_MODEL}{stem}") for stem in _VERB_STEMS)
        final = (ord(noun[-1]) - ord("가")) % 28
        model = {_NO_FINAL: "서버", _FINAL_RIEUL: "연필"}.get(final, "버튼")
        yield _decomposed(f"{noun}/{model}")


def _decomposed(text: str) -> str:
    """As the Korean dictionary has it: letters, not syllables."""
    return unicodedata.normalize("NFD", text)
