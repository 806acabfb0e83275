"""What stands in quotes in a shell line, and which quote was left open.

A small reader of POSIX shell quoting: single and double quotes, backslashes, backticks, `$(…)` also
within double quotes, comments, and the bodies of here-documents. It decides two things for us:
where typing help must keep its hands off, and whether a line can be complete at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

DOUBLE_MARKS = '"“”„‟〝〞＂'
SINGLE_MARKS = "'‘’‚‛＇"
APOSTROPHE = "’"

_HERE_DOCUMENT = re.compile(r"<<(?P<tabs>-?)[ \t]*(?P<quote>['\"]?)(?P<word>[\w.]+)(?P=quote)")
_WORD_BREAKS = " \t\n;|&(<>"


class Kind(Enum):
    """How the shell reads a run of characters."""

    PLAIN = auto()
    QUOTED = auto()
    MARK = auto()
    """A quote mark itself."""
    VERBATIM = auto()
    """A comment, an escaped character or the body of a here-document."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters of one kind."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class OpenQuote:
    """A quote that nothing closes: its mark and its place, counted from 1, in line `line`."""

    mark: str
    line: int
    column: int
    excerpt: str


@dataclass(slots=True)
class _Context:
    """One level of quoting: `mark` is `"`, `'`, a backtick or `(`; empty for the line itself."""

    mark: str
    at: int = 0
    smart: bool = False
    parentheses: int = 0


class _Reader:
    """Reads a text once, from left to right, with a stack of open contexts."""

    def __init__(self, text: str, *, smart: bool) -> None:
        self._text = text
        self._smart = smart
        self._at = 0
        self._stack = [_Context("")]
        self._here_documents: list[tuple[str, bool]] = []
        self._runs: list[tuple[Kind, list[str]]] = []

    def read(self) -> tuple[list[Run], OpenQuote | None]:
        while self._at < len(self._text):
            self._step()
        runs = [Run(kind, "".join(pieces)) for kind, pieces in self._runs]
        return runs, self._open_quote()

    def _step(self) -> None:
        match self._stack[-1].mark:
            case "'":
                self._in_single_quotes()
            case '"':
                self._in_double_quotes()
            case _:
                self._in_plain_text()

    def _emit(self, kind: Kind, text: str, *, length: int | None = None) -> None:
        if self._runs and self._runs[-1][0] is kind:
            self._runs[-1][1].append(text)
        else:
            self._runs.append((kind, [text]))
        self._at += len(text) if length is None else length

    def _in_plain_text(self) -> None:
        character = self._text[self._at]
        if character == "\\":
            self._emit(Kind.VERBATIM, self._text[self._at : self._at + 2])
        elif character == "\n":
            self._emit(Kind.PLAIN, character)
            self._pass_here_documents()
        elif character == "#" and self._begins_a_word():
            self._emit(Kind.VERBATIM, self._text[self._at :].partition("\n")[0])
        elif character == "<" and (found := _HERE_DOCUMENT.match(self._text, self._at)):
            self._here_documents.append((found["word"], bool(found["tabs"])))
            self._emit(Kind.VERBATIM, found[0])
        elif not self._opens_or_closes(character):
            self._emit(Kind.PLAIN, character)

    def _opens_or_closes(self, character: str) -> bool:
        context = self._stack[-1]
        if self._opens(character, DOUBLE_MARKS):
            self._open('"', character)
        elif self._opens(character, SINGLE_MARKS) and not self._is_apostrophe():
            self._open("'", character)
        elif character == "`":
            self._backtick(context)
        elif character in "()" and context.mark == "(":
            self._parenthesis(character, context)
        elif self._text.startswith("$(", self._at):
            self._stack.append(_Context("(", self._at))
            self._emit(Kind.PLAIN, "$(")
        else:
            return False
        return True

    def _opens(self, character: str, marks: str) -> bool:
        return character == marks[0] or (self._smart and character in marks)

    def _open(self, mark: str, typed: str) -> None:
        self._stack.append(_Context(mark, self._at, smart=typed != mark))
        self._emit(Kind.MARK, mark)

    def _backtick(self, context: _Context) -> None:
        if context.mark == "`":
            self._stack.pop()
        else:
            self._stack.append(_Context("`", self._at))
        self._emit(Kind.PLAIN, "`")

    def _parenthesis(self, character: str, context: _Context) -> None:
        context.parentheses += 1 if character == "(" else -1
        if context.parentheses < 0:
            self._stack.pop()
        self._emit(Kind.PLAIN, character)

    def _in_double_quotes(self) -> None:
        character = self._text[self._at]
        context = self._stack[-1]
        if character == "\\":
            self._emit(Kind.QUOTED, self._text[self._at : self._at + 2])
        elif self._closes(character, DOUBLE_MARKS, context):
            self._stack.pop()
            self._emit(Kind.MARK, '"')
        elif self._text.startswith("$(", self._at):
            self._stack.append(_Context("(", self._at))
            self._emit(Kind.PLAIN, "$(")
        elif context.smart and character in SINGLE_MARKS:
            # Smart punctuation made the outer quotes, so it made the inner ones too.
            self._emit(Kind.QUOTED, "'")
        else:
            self._emit(Kind.QUOTED, character)

    def _in_single_quotes(self) -> None:
        character = self._text[self._at]
        context = self._stack[-1]
        if self._closes(character, SINGLE_MARKS, context):
            self._stack.pop()
            self._emit(Kind.MARK, "'")
        else:
            self._emit(Kind.QUOTED, character)

    def _closes(self, character: str, marks: str, context: _Context) -> bool:
        if character == marks[0]:
            return True
        if not self._smart or character not in marks:
            return False
        if character == APOSTROPHE and self._between_letters():
            return False
        # A quote opened on the keyboard is closed by a smart one only when nothing else closes it.
        return context.smart or marks[0] not in self._text[self._at :]

    def _is_apostrophe(self) -> bool:
        return self._text[self._at] == APOSTROPHE and self._between_letters()

    def _between_letters(self) -> bool:
        around = self._text[max(0, self._at - 1) : self._at + 2]
        return len(around) == 3 and around[0].isalpha() and around[2].isalpha()  # noqa: PLR2004 - both neighbours

    def _begins_a_word(self) -> bool:
        return self._at == 0 or self._text[self._at - 1] in _WORD_BREAKS

    def _pass_here_documents(self) -> None:
        for word, tabs in self._here_documents:
            self._pass_here_document(word, tabs=tabs)
        self._here_documents.clear()

    def _pass_here_document(self, word: str, *, tabs: bool) -> None:
        while self._at < len(self._text):
            line, newline, _ = self._text[self._at :].partition("\n")
            self._emit(Kind.VERBATIM, line + newline)
            if (line.lstrip("\t") if tabs else line) == word:
                return

    def _open_quote(self) -> OpenQuote | None:
        for context in reversed(self._stack):
            if context.mark in {'"', "'", "`"}:
                return self._describe(context)
        return None

    def _describe(self, context: _Context) -> OpenQuote:
        before = self._text[: context.at]
        line = before.count("\n") + 1
        column = context.at - (before.rfind("\n") + 1) + 1
        excerpt = self._text[context.at : context.at + 20].partition("\n")[0]
        return OpenQuote(context.mark, line, column, excerpt)


def read_quotes(text: str, *, smart: bool = False) -> tuple[list[Run], OpenQuote | None]:
    """Take a shell text apart by quoting.

    With `smart`, typographic quote marks count as the marks they stand for; the runs hold those.
    """
    return _Reader(text, smart=smart).read()


def open_quote(text: str) -> OpenQuote | None:
    """The innermost quote that nothing closes, or None when the line can be complete."""
    return read_quotes(text)[1]
