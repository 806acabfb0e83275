"""Words and patterns of times, in both languages."""

from __future__ import annotations

import re
from typing import Final

NUMBERS: Final = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "열흘": 10, "보름": 15,
    "한": 1, "두": 2, "세": 3, "네": 4, "일": 1, "이": 2, "삼": 3, "사": 4,
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4,
}  # fmt: skip

RELATIVE: Final = re.compile(
    r"(?:"
    r"(?:(?P<number>\d{1,4}|한|두|세|네|일|이|삼|사)\s?(?P<unit>분|시간|일|주일|주)"
    r"|(?P<days>하루|이틀|사흘|나흘|닷새|열흘|보름))"
    r"\s?(?:뒤|후|있다가|이내|안에|안)"
    r"|(?:\bin|\bwithin)\s(?P<english>\d{1,4}|an?|one|two|three|four)\s?"
    r"(?P<english_unit>minutes?|mins?|hours?|hrs?|days?|weeks?)\b"
    r")"
)

DAYS_IN_WORDS: Final = (
    (re.compile(r"내일\s?모레|모레|\b(?:the )?day after tomorrow\b"), 2),
    (re.compile(r"글피"), 3),
    (re.compile(r"내일|\b(?:tomorrow|tmrw?)\b"), 1),
    (re.compile(r"오늘|\btoday\b|\b(?=tonight\b)"), 0),
)

WEEKS: Final = {
    "이번주": 0, "금주": 0, "다음주": 1, "담주": 1, "차주": 1, "다다음주": 2, "this": 0, "next": 1,
    "week": 1,
}  # fmt: skip

_ENGLISH_DAYS: Final = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    "|sat(?:urday)?|sun(?:day)?"
)

WEEKDAYS: Final = re.compile(
    r"(?:(?P<week>이번\s?주|금주|다다음\s?주|다음\s?주|담주|차주)\s?(?P<short>[월화수목금토일])(?:요일)?"
    r"|(?<![\w])(?P<korean>[월화수목금토일])(?:요일|(?=$|\s))"
    rf"|\b(?:(?P<which>this|next)\s)?(?P<english>{_ENGLISH_DAYS})\b(?:\snext\s(?P<of_week>week)\b)?)"
)

MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}

_HALVES: Final = r"(?:(?P<before>오전|오후|아침|저녁|밤|낮|새벽)\s?)?"
_AM_PM: Final = r"(?P<after>[ap]\.?m\.?(?![a-z]))"

TIMES: Final = (
    re.compile(
        rf"{_HALVES}(?<!\d)(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::00)?(?!\d)(?:\s?{_AM_PM})?"
    ),
    re.compile(
        rf"{_HALVES}(?<!\d)(?P<hour>\d{{1,2}})\s?(?P<spoken>시)(?!간)"
        r"(?:\s?(?:(?P<minute>\d{1,2})\s?분|(?P<half>반)))?"
    ),
    re.compile(rf"(?<!\d)(?P<hour>\d{{1,2}})\s?{_AM_PM}"),
    re.compile(r"\b(?P<spoken>at)\s(?P<hour>\d{1,2})(?!\d)(?:\so'?clock)?"),
    re.compile(r"(?P<noon>정오|\bnoon\b)"),
    re.compile(r"(?P<midnight>자정|\bmidnight\b)"),
    re.compile(
        r"(?P<evening>(?<!\w)밤(?!\w)|\btonight\b|\b(?:end of (?:the )?day|eod)\b|하루\s?끝)"
    ),
)

TONIGHT: Final = re.compile(r"\btonight\b")

FILLERS: Final = re.compile(r"(?<!\w)(?:까지|에|전까지|by|at|on|until|till|due|the)(?!\w)")


def weekday_number(weekday: str) -> int:
    """The number of a weekday, Monday is 0, by its Korean letter or three English ones."""
    korean = "월화수목금토일"
    english = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return korean.index(weekday) if weekday in korean else english.index(weekday)
