"""Mends what phones and Korean keyboards do to a command, and nothing else.

Phones turn `--` into a long dash and straight quotes into curly ones; Korean keyboards leave the
Hangul layout or full-width characters on; copied text brings invisible characters. What stands in
quotes is the learner's own text and stays, down to the last dash: only the marks around it change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.terminal import hangul
from bot.terminal.quoting import Kind, Run, read_quotes
from bot.terminal.vocabulary import (
    DOCKER,
    DOCKER_COMMANDS,
    DOCKER_GROUPS,
    DOCKER_NESTED,
    ENGLISH_HELPERS,
    HELPERS,
    TEXT_PRINTERS,
    words,
)

_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    r"[\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u202a-\u202e"
    r"\u2060-\u2069\u3164\ufeff\uffa0]"
    r"|(?<![^\x00-\x7f])\u200d|\u200d(?![^\x00-\x7f])"  # between others it joins an emoji
)
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

_WON_AT_LINE_END = re.compile(r"[₩￦](?=\n)")
"""The key of the backslash on a Korean keyboard; at a line's end it means that the line goes on."""

_LONG_DASHES = "–—―‒⸺﹘"
_HYPHEN_TWINS = "‐‑−﹣"
_DASHES = re.compile(rf"[-{_LONG_DASHES}{_HYPHEN_TWINS}]+")
_NAME_CHARACTER = re.compile(r"[A-Za-z0-9_./:@}\])$]")
_WORD_START = re.compile(r"[\s;|&(=`]")

SHORT_FLAG_CLUSTERS = words(
    "it ti dit dti itd idt tdi tid id di aq qa af fa al la lh hl lah alh rf fr af fv vf "
    "sf fs sS sL fsS fsSL sSL sSf fsSl czf xzf xvf tvf cvf zxvf xzvf czvf tf cf xf"
)
"""Bundles of one-letter flags: after these words a long dash was one hyphen, not two."""

_TOKENS = re.compile(r"\s+|[|;&]+|[^\s|;&]+")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A line as it was typed and as we read it."""

    typed: str
    line: str

    @property
    def changed(self) -> bool:
        """Whether we read it differently from how it was typed."""
        return self.line != self.typed


def repair(typed: str) -> Repaired:
    """Mend a command line. A line that needs no help comes back the same, to the character."""
    if typed.isascii():
        return Repaired(typed, typed)
    runs, _ = read_quotes(typed, smart=True)
    runs = [_with_plain_characters(run) for run in runs]
    runs = _with_latin_layout(runs)
    return Repaired(typed, _with_hyphens(runs))


def _with_plain_characters(run: Run) -> Run:
    if run.kind is not Kind.PLAIN:
        return run
    text = _SPACES.sub(" ", run.text).translate(_FULL_WIDTH)
    text = _INVISIBLE.sub("", text).replace("…", "...")
    return Run(run.kind, _WON_AT_LINE_END.sub(r"\\", text))


# --- the Hangul layout ---------------------------------------------------------------------------


def _with_latin_layout(runs: list[Run]) -> list[Run]:
    """Words of a command typed with the Hangul layout on; Korean words stay."""
    if not any(run.kind is Kind.PLAIN and hangul.has_hangul(run.text) for run in runs):
        return runs
    reader = _LayoutReader(_next_word_after_first(runs))
    return [
        Run(run.kind, reader.read(run.text)) if run.kind is Kind.PLAIN else reader.skip(run)
        for run in runs
    ]


def _next_word_after_first(runs: list[Run]) -> str:
    words = "".join(run.text for run in runs).split(maxsplit=2)
    return words[1] if len(words) > 1 else ""


class _LayoutReader:
    """Reads the words of one command in order and decides for each whether the layout was wrong."""

    def __init__(self, second_word: str) -> None:
        self._second_word = second_word
        self._words: list[str] = []
        self._typed_in_hangul = False
        self._latin_letters_seen = False
        self._glued = False

    def skip(self, run: Run) -> Run:
        """Pass something that stands in quotes; a word before or after it goes on through it."""
        self._glued = True
        return run

    def read(self, text: str) -> str:
        return "".join(self._token(token) for token in _TOKENS.findall(text))

    def _token(self, token: str) -> str:
        if token.isspace() or token[0] in "|;&":
            self._glued = False
            if token.isspace() and "\n" not in token:
                return token
            self._words.clear()
            return token
        latin = hangul.keys_pressed(token)
        if hangul.has_hangul(token) and self._was_meant_as(latin, token):
            self._typed_in_hangul = self._typed_in_hangul or not self._words
            token = latin
        elif re.search(r"[A-Za-z]", token):
            self._latin_letters_seen = True
        self._words.append(token)
        self._glued = True
        return token

    def _was_meant_as(self, latin: str, token: str) -> bool:
        if not latin.isascii() or self._glued:
            return False
        if not self._words:
            return self._is_first_word(latin, token)
        known = self._words[0] in DOCKER | HELPERS | ENGLISH_HELPERS
        if not known or not TEXT_PRINTERS.isdisjoint(self._words):
            return False
        return self._is_docker_word(latin) or self._is_mistyped(token)

    def _is_mistyped(self, token: str) -> bool:
        if hangul.is_broken_hangul(token):
            return token.startswith("-") or not re.search(r"[A-Za-z]", token)
        # Latin letters typed further left: the layout was right by then, so this is a Korean word.
        return self._typed_in_hangul and not self._latin_letters_seen

    def _is_first_word(self, latin: str, token: str) -> bool:
        if latin in DOCKER:
            return True
        if latin not in HELPERS | ENGLISH_HELPERS:
            return False
        # 그 is the keys of `rm` and a Korean word: only a flag after it tells them apart.
        return hangul.is_broken_hangul(token) or bool(re.match(r"-[A-Za-z]", self._second_word))

    def _is_docker_word(self, latin: str) -> bool:
        if self._words[0] != "docker":
            return False
        if len(self._words) == 1:
            return latin in DOCKER_COMMANDS
        return len(self._words) == 2 and self._words[1] in DOCKER_GROUPS and latin in DOCKER_NESTED  # noqa: PLR2004 - docker, group


# --- dashes --------------------------------------------------------------------------------------


def _with_hyphens(runs: list[Run]) -> str:
    text = "".join(run.text for run in runs)
    pieces: list[str] = []
    at = 0
    for run in runs:
        end = at + len(run.text)
        pieces.append(_mend_dashes(text, at, end) if run.kind is Kind.PLAIN else run.text)
        at = end
    return "".join(pieces)


def _mend_dashes(text: str, start: int, end: int) -> str:
    """The part of `text` from `start` to `end` with hyphens for dashes; the rest is its context."""
    return re.sub(
        _DASHES,
        lambda found: _hyphens_for(
            found[0], _before(text, start, found), _after(text, start, found)
        ),
        text[start:end],
    )


def _before(text: str, start: int, found: re.Match[str]) -> str:
    at = start + found.start()
    return text[at - 1] if at else " "


def _after(text: str, start: int, found: re.Match[str]) -> str:
    return text[start + found.end() :][:40]


def _hyphens_for(dashes: str, before: str, after: str) -> str:
    if dashes.isascii():
        return dashes
    if _WORD_START.match(before):
        return _at_word_start(dashes, after)
    follows = after[:1] or " "
    if not _NAME_CHARACTER.match(before) or not (follows.isspace() or follows.isascii()):
        return dashes
    return "".join("--" if dash in "—―" else "-" for dash in dashes)


def _at_word_start(dashes: str, after: str) -> str:
    if not after.lstrip()[:1].isascii():
        return dashes  # a dash between Korean words is prose
    if len(dashes) > 1:
        return "--"
    if dashes in _HYPHEN_TWINS:
        return "-"
    word = re.match(r"[A-Za-z]*", after)
    letters = word[0] if word else ""
    if not letters:
        return "--" if dashes == "—" and (not after or after[0].isspace()) else "-"
    return "-" if len(letters) == 1 or letters in SHORT_FLAG_CLUSTERS else "--"
