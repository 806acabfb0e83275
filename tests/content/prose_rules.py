"""Rules for what is made of right words and still is probably not meant: 되요, 않되, "a image"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tests.content.prose_words import CODE, plain_lines

_OPEN = "".join(chr(code) for code in range(ord("가"), ord("힣") + 1, 28))
"""Every syllable without a final consonant."""

_PASSIVE = "보여|쓰여|되어|나뉘어|놓여|담겨|닫혀|열려|불려|잊혀|읽혀"

_RULES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "ko": (
        (r"(?<!않)되요", "돼요"),
        (r"돼(?=고|면|는|니|며|던|게)", "되"),
        (r"않[되돼]", "안 되, 안 돼"),
        (r"바램", "바람"),
        (r"(?<![가-힣])구지(?![가-힣])", "굳이"),
        (r"들어[나났난날]", "드러나다"),
        (r"뒤[쳐쳤]", "뒤처지다"),
        (rf"(?<=[{_OPEN}])(?<![이니])에요", "예요"),
        (r"(?<![가-힣])이예요", "이에요"),
        (r"[가-힣]던지(?![가-힣])", "든지 (고르는 뜻일 때)"),
        (r"수 밖에", "수밖에"),
        (r"뿐 만", "뿐만"),
        (rf"({_PASSIVE})(지|진|질|져|졌)", "이중 피동: 보이다, 쓰이다"),
        (r"(?<![가-힣])([가-힣]{2,}) \1(?![가-힣])", "같은 말이 두 번"),
    ),
    "en": (
        (r"(?i)\b(?!that|had)([a-z]+) \1\b", "the same word twice"),
        (r"\b[Aa] (?!one|once|eu)[aeio][a-z]+", "an"),
        (r"\b[Aa] u(?!n[aeiou]|s[aeiou]|t[aeiou]|r[aeiou])[a-z]+", "an"),
        (r"\b[Aa]n (?!hour|honest|heir|nginx)[bcdfghjklmnpqrstvwxyz][a-z]+", "a"),
    ),
}
_RULES_FOR_ALL = (
    (r"[A-Za-z가-힣] [,.!?](?= |$)", "a space before the mark"),
    (r"(?<=[\w.,])  +(?=\w)", "two spaces"),
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that is probably a mistake, and what is the matter with it."""

    line: int
    text: str
    why: str


def broken_rules(markdown: str, language: str) -> Iterator[Doubt]:
    """What is made of right words and still is probably not meant."""
    for number, line, is_block in plain_lines(markdown):
        if is_block:
            continue
        for pattern, right in (*_RULES[language], *_RULES_FOR_ALL):
            for found in re.finditer(pattern, line):
                yield Doubt(number, found[0].replace(CODE, "`…`"), right)
