"""A typed line taken apart as the shell does it: commands, what joins them, words, redirections.

Unlike `lessons.command_line`, which judges what a line surely ran, this keeps what was typed, so
that each piece can be shown. It expands nothing and reads any text: a quote that nothing closes
ends with the line, and `unclosed` tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

MOST_STEPS: Final = 30
"""A line with more commands is read so far."""

_BLANK: Final = " \t\r"
_REDIRECTION = re.compile(r"<<<|<<-?|>>|>&|<&|<>|>\||&>>?|[<>]")
_SETTING = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_VARIABLE = re.compile(r"\$(?:[A-Za-z_]\w*|\{[^}\n]*\}|[0-9@*#?$!-])")
_JOINTS: Final = ("&&", "||", ";;", "|&", "|", ";", "&", "\n", "(", ")")
_OPENERS: Final = frozenset({"for", "while", "until", "if", "case"})
_KEYWORDS: Final = frozenset(
    {"!", "{", "}", "then", "elif", "else", "fi", "do", "done", "esac", *_OPENERS}
)
_PREFIXES: Final = frozenset({"sudo", "time", "command", "exec", "nohup", "env"})


@dataclass(frozen=True, slots=True)
class Word:
    """`text` as it was typed, `value` as the program gets it.

    `inner` are the lines in `$(…)`; `open` says that only the shell knows the value: a variable, a
    `$(…)` or, without quotes, a pattern of file names. `bare` ones may become several words.
    """

    text: str
    value: str
    inner: tuple[str, ...] = ()
    open: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Redirection:
    """Where input comes from or output goes to: `2>`, `/dev/null`."""

    operator: str
    target: Word | None

    @property
    def text(self) -> str:
        """As it was typed, but for blanks."""
        return self.operator + (f" {self.target.text}" if self.target else "")


@dataclass(frozen=True, slots=True)
class Step:
    """One simple command; `joint` is what stands before it: empty, `|`, `&&`, `;` and the like.

    `opening` are words of the shell's own language before it: `for x in a b`, `do`, `!`.
    `prefixes` run the rest: `sudo`, `time`.
    """

    joint: str
    words: tuple[Word, ...]
    settings: tuple[Word, ...] = ()
    redirections: tuple[Redirection, ...] = ()
    opening: tuple[Word, ...] = ()
    prefixes: tuple[Word, ...] = ()
    background: bool = False

    @property
    def text(self) -> str:
        """The command as it was typed, without what is before it and redirections."""
        return " ".join(word.text for word in (*self.settings, *self.words))


@dataclass(frozen=True, slots=True)
class Line:
    """The commands of a line, and the mark of a quote that nothing closes."""

    steps: tuple[Step, ...]
    unclosed: str | None = None
    complete: bool = True
    """Whether all of its commands are in `steps`."""


def read_line(text: str) -> Line:
    """Take a line apart; reads anything."""
    return _Reader(text.replace("\\\n", "")).read()


@dataclass(slots=True)
class _Unfinished:
    """A word while it is read."""

    start: int
    value: list[str] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    open: bool = False
    bare: bool = False
    quoted: bool = False


class _Reader:
    """Reads a line once, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._unclosed: str | None = None
        self._steps: list[Step] = []
        self._joint = ""
        self._words: list[Word] = []
        self._redirections: list[Redirection] = []
        self._here_ends: list[str] = []
        self._complete = True

    def read(self) -> Line:
        while self._at < len(self._text):
            if len(self._steps) >= MOST_STEPS:
                self._complete = False
                break
            self._read_next()
        else:
            self._end_step("")
        return Line(tuple(self._steps), self._unclosed, self._complete)

    def _read_next(self) -> None:
        char = self._text[self._at]
        if char in _BLANK:
            self._at += 1
        elif char == "#":
            end = self._text.find("\n", self._at)
            self._at = len(self._text) if end < 0 else end
        elif found := _REDIRECTION.match(self._text, self._at):
            self._read_redirection(found[0], found[0])
        elif joint := next((j for j in _JOINTS if self._text.startswith(j, self._at)), None):
            self._at += len(joint)
            self._end_step(joint)
        else:
            self._read_plain_word()

    def _read_plain_word(self) -> None:
        word, whole = self._read_word()
        found = _REDIRECTION.match(self._text, self._at)
        if whole and word.text.isdecimal() and found and not found[0].startswith("&"):
            self._read_redirection(word.text + found[0], found[0])
        else:
            self._words.append(word)

    def _read_redirection(self, shown: str, operator: str) -> None:
        self._at += len(operator)
        while self._text[self._at : self._at + 1] and self._text[self._at] in _BLANK:
            self._at += 1
        target = None
        if self._at < len(self._text) and not self._at_word_end():
            target, _ = self._read_word()
        if operator in {"<<", "<<-"} and target is not None:
            self._here_ends.append(target.value)
        self._redirections.append(Redirection(shown, target))

    def _at_word_end(self) -> bool:
        char = self._text[self._at]
        return char in _BLANK or char in "<>|;&()\n"

    def _read_word(self) -> tuple[Word, bool]:
        """The word that begins here, and whether nothing in it is quoted."""
        word = _Unfinished(self._at)
        while self._at < len(self._text) and not self._at_word_end():
            char = self._text[self._at]
            if char == "\\":
                word.value.append(self._text[self._at + 1 : self._at + 2])
                word.quoted = True
                self._at += 2
            elif char == "'":
                self._read_single_quoted(word)
            elif char == '"':
                self._read_double_quoted(word)
            elif char in "$`" and self._read_expansion(word, quoted=False):
                pass
            else:
                word.open = word.open or char in "*?"
                word.bare = word.bare or char in "*?"
                word.value.append(char)
                self._at += 1
        text = self._text[word.start : self._at]
        value = "".join(word.value)
        return Word(text, value, tuple(word.inner), word.open, word.bare), not word.quoted

    def _read_single_quoted(self, word: _Unfinished) -> None:
        word.quoted = True
        end = self._text.find("'", self._at + 1)
        if end < 0:
            end = self._leave_open("'")
        word.value.append(self._text[self._at + 1 : end])
        self._at = end + 1

    def _read_double_quoted(self, word: _Unfinished) -> None:
        word.quoted = True
        self._at += 1
        while self._at < len(self._text) and self._text[self._at] != '"':
            char = self._text[self._at]
            if char == "\\" and self._text[self._at + 1 : self._at + 2] in {'"', "\\", "$", "`"}:
                word.value.append(self._text[self._at + 1])
                self._at += 2
            elif char in "$`" and self._read_expansion(word, quoted=True):
                pass
            else:
                word.value.append(char)
                self._at += 1
        if self._at >= len(self._text):
            self._leave_open('"')
        self._at += 1

    def _read_expansion(self, word: _Unfinished, *, quoted: bool) -> bool:
        """Read `$(…)`, `` `…` `` or `$name` if one begins here; its value stays as it is typed."""
        start = self._at
        if self._text[start] == "`":
            end = self._text.find("`", start + 1)
            end = self._leave_open("`") if end < 0 else end
            word.inner.append(self._text[start + 1 : end])
            self._at = end + 1
        elif self._text.startswith("$(", start):
            arithmetic = self._text.startswith("$((", start)
            end = self._closing_bracket(start + 2)
            if not arithmetic:
                word.inner.append(self._text[start + 2 : end])
            self._at = end + 1
        elif found := _VARIABLE.match(self._text, start):
            self._at = found.end()
        else:
            return False
        word.value.append(self._text[start : self._at])
        word.open = True
        word.bare = word.bare or not quoted
        return True

    def _closing_bracket(self, start: int) -> int:
        depth, quote, at = 1, "", start
        while at < len(self._text):
            char = self._text[at]
            if char == "\\" and quote != "'":
                at += 1
            elif quote:
                quote = "" if char == quote else quote
            elif char in "'\"":
                quote = char
            elif char in "()":
                depth += 1 if char == "(" else -1
                if depth == 0:
                    return at
            at += 1
        return self._leave_open("$(")

    def _leave_open(self, mark: str) -> int:
        self._unclosed = self._unclosed or mark
        return len(self._text)

    def _end_step(self, joint: str) -> None:
        if self._words or self._redirections:
            self._steps.append(self._step(background=joint == "&"))
            self._words, self._redirections = [], []
            self._joint = joint
        elif joint not in {"\n", "(", ")"} or not self._joint:
            self._joint = joint if joint not in {"(", ")"} else self._joint
        if joint == "\n":
            self._pass_here_documents()

    def _step(self, *, background: bool) -> Step:
        words = self._words
        opening, words = _opening(words)
        prefixes, words = _prefixes(words)
        count = next((n for n, w in enumerate(words) if not _SETTING.match(w.text)), len(words))
        settings, words = words[:count], words[count:]
        more, words = _prefixes(words)
        return Step(
            joint=self._joint,
            words=tuple(words),
            settings=tuple(settings),
            redirections=tuple(self._redirections),
            opening=tuple(opening),
            prefixes=(*prefixes, *more),
            background=background,
        )

    def _pass_here_documents(self) -> None:
        for end_word in self._here_ends:
            while self._at < len(self._text):
                line, _, _ = self._text[self._at :].partition("\n")
                self._at += len(line) + 1
                if line.strip("\t") == end_word:
                    break
        self._here_ends = []


def _opening(words: list[Word]) -> tuple[list[Word], list[Word]]:
    """The shell's own words before a command; those of `for` and `case` reach to the end."""
    count = 0
    while count < len(words) and words[count].text in _KEYWORDS:
        if words[count].text in {"for", "case"}:
            return words, []
        count += 1
    return words[:count], words[count:]


def _prefixes(words: list[Word]) -> tuple[list[Word], list[Word]]:
    """`sudo`, `time` and their like with their options, when a command follows."""
    count = 0
    while count < len(words) and words[count].text in _PREFIXES:
        count += 1
        while count < len(words) and words[count].text.startswith("-"):
            count += 1
    return ([], words) if count >= len(words) else (words[:count], words[count:])
