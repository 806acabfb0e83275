"""Whether a line that begins with a command is a sentence about it.

The rule, in the order in which it is looked at. Quotes, comments, paths, `name=value` and flags are
never prose, and everything from a printer (`echo`, `printf`) on is its text.

1. Docker's own command carries a particle or a verb: `docker ps는 …`, `docker run하면 …`.
2. Korean stands where docker's own command should be, and more follows: `docker 명령어 알려줘`.
3. Two Korean words or more, of which the last ends a sentence or asks: `docker ps 하면 돼요?`
4. One Korean word that asks or pleads, at the end: `docker ps 뭐예요`, `ls 알려줘`.
5. An English verb or article after the command, and more after that: `ls is a command`.

Everything else is a command, above all Korean names: `docker run --name 웹서버 nginx`.
"""

from __future__ import annotations

import re
from itertools import takewhile

from bot.terminal.hangul import has_hangul
from bot.terminal.quoting import Kind, read_quotes
from bot.terminal.vocabulary import (
    DOCKER,
    DOCKER_COMMANDS,
    DOCKER_GROUPS,
    DOCKER_NESTED,
    TEXT_PRINTERS,
    words,
)

_QUOTED = '"'
"""Stands for what is in quotes: a word that is no prose."""

_NO_PROSE = re.compile(r"[/=:~$\\" + _QUOTED + r"]|\w\.\w")
_LAUGHTER = re.compile(r"[ㅋㅎㅠㅜㅇ?？.!~^;,]+")
_TRAIL = r"[?？.!~^ㅋㅎㅠㅜ]*$"
_ENDING = re.compile(rf"(?:요|니다|니까|까|죠|네|줘|돼){_TRAIL}")
_CASUAL_ENDING = re.compile(rf"(?:다|지|나|냐|음|어|래|데|해|됨|임|옴|함|야){_TRAIL}")
"""Many names end so, too (사과 바나나): only for docker, whose arguments are seldom Korean."""
_QUESTION = re.compile(rf"[?？]{_TRAIL}")
_ASKS = re.compile(
    r"^(?:뭐|무엇|무슨|뭔|왜|어떻게|언제|어디|알려|설명|해석|가르쳐|모르|몰라|궁금|안되|안돼|안됩|도와|이란)"
)
_WITH_PARTICLE = re.compile(
    r"^(?P<command>-{0,2}[A-Za-z-]+)(?:은|는|이|가|을|를|도|만|의|에|에서|로|으로|와|과|랑|란|이란|처럼|보다|부터|까지"
    r"|하면|하고|해서|했\S*|할|한|하는\S*|해\S*|명령\S*|커맨드\S*|이라\S*|라\S*|인\S*|뭐\S*|써\S*|쓰\S*|치\S*)[,?!.]*$"
)
_ENGLISH = words(
    """
    is are was were isn't aren't wasn't doesn't didn't don't can't does did has looks means says
    shows gives works fails and the an because
    """
)
_SAYS_IT_ALL = words("rocks sucks works worked fails failed hangs crashed")


def is_prose(line: str) -> bool:
    """Whether the line, which begins with a command's name, talks about it instead of using it.

    Of several lines the first one decides.
    """
    line = line.strip().partition("\n")[0].replace("’", "'")
    first, *rest = _words(line) or [""]
    if first in TEXT_PRINTERS:
        return False
    rest = list(takewhile(lambda word: word not in TEXT_PRINTERS, rest))
    return bool(rest) and (_is_korean(first, rest) or _is_english(first, line))


def _words(line: str) -> list[str]:
    """The words outside quotes; what is quoted stays one sign."""
    runs = read_quotes(line)[0]
    plain = (_QUOTED if run.kind is Kind.QUOTED else run.text for run in runs if _counts(run.kind))
    return "".join(plain).split()


def _counts(kind: Kind) -> bool:
    return kind in {Kind.PLAIN, Kind.QUOTED}


def _is_korean(first: str, rest: list[str]) -> bool:
    if first in DOCKER and _carries_a_particle(rest[0]):
        return True
    spoken = [word for word in rest if _is_spoken(word)]
    if not spoken or not _is_spoken(_last_word(rest)):
        return False
    last = spoken[-1]
    asks = bool(_QUESTION.search(rest[-1]))
    ends = asks or _ends_a_sentence(last, casually=first in DOCKER)
    if first in DOCKER and _is_spoken(rest[0]) and (len(rest) > 1 or ends):
        return True
    return ends if len(spoken) > 1 else asks or bool(_ASKS.match(last))


def _carries_a_particle(word: str) -> bool:
    found = _WITH_PARTICLE.match(word)
    command = found["command"] if found else ""
    return command in DOCKER_COMMANDS or command.startswith("-")


def _ends_a_sentence(word: str, *, casually: bool) -> bool:
    return bool(_ENDING.search(word) or (casually and _CASUAL_ENDING.search(word)))


def _last_word(rest: list[str]) -> str:
    """The last one that is not just laughter or a sigh."""
    said = [word for word in rest if not _LAUGHTER.fullmatch(word)]
    return said[-1] if said else ""


def _is_spoken(word: str) -> bool:
    return (
        has_hangul(word)
        and not word.startswith("-")
        and not _NO_PROSE.search(word)
        and not _LAUGHTER.fullmatch(word)
    )


def _is_english(first: str, line: str) -> bool:
    # By the line itself: the apostrophe of "doesn't" is a quote left open.
    said = line.lower().split()[1:]
    if first in DOCKER and said and said[0] not in DOCKER_COMMANDS:
        return said[0] in _ENGLISH or said[0].rstrip(".!") in _SAYS_IT_ALL
    if first in DOCKER:
        said = _after_docker_command(said)
    return bool(said) and said[0] in _ENGLISH and ("'" in said[0] or len(said) > 1)


def _after_docker_command(said: list[str]) -> list[str]:
    if not said:
        return said
    nested = said[0] in DOCKER_GROUPS and len(said) > 1 and said[1] in DOCKER_NESTED
    return said[2:] if nested else said[1:]
