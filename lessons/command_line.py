"""What a typed line runs: the simple commands in it, as words.

A small reader of shell syntax that is enough to tell what a learner did: quotes, escapes, pipes and
lists, comments, redirections, here-documents, command substitution and `sh -c`. It expands nothing
and never fails: what it can't read it leaves out, so that a doubtful line counts as not done.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_KEYWORDS = {"!", "{", "}", "if", "then", "elif", "else", "fi", "while", "until", "do", "done"}
_RUNS_THE_REST = {"sudo", "time", "command", "exec", "nohup", "env"}
_SHELLS = {"sh", "bash", "dash", "ash"}
_REDIRECTION = re.compile(r"(<<<|<<-?|>>|>&|<&|<>|>\||[<>])([ \t]*[^\s;&|()<>]*)")
_MAX_DEPTH = 4
_BLANK = " \t\r"


@dataclass(slots=True)
class _Reading:
    """The state of reading one line: the words of the current command, the commands so far."""

    text: str
    depth: int
    at: int = 0
    word: str | None = None
    words: list[str] = field(default_factory=list)
    unsure: bool = False
    commands: list[tuple[str, ...]] = field(default_factory=list)
    inner: list[tuple[str, ...]] = field(default_factory=list)
    here_ends: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.word = (self.word or "") + text

    def end_word(self) -> None:
        if self.word is not None:
            self.words.append(self.word)
            self.word = None

    def end_command(self, *, unsure_next: bool = False) -> None:
        self.end_word()
        if self.words and not self.unsure:
            self.commands.append(tuple(self.words))
            self.commands.extend(self.inner)
        self.words, self.inner = [], []
        self.unsure = unsure_next


@lru_cache(maxsize=512)  # every check reads the same few lines again after each command
def simple_commands(line: str) -> tuple[tuple[str, ...], ...]:
    """The commands that a line runs for sure, each as its words, program first.

    What follows `||` is left out, since it runs only when something failed. Prefixes that run the
    rest (`sudo`, `time`, assignments) are stripped.
    """
    return tuple(_read(line, depth=0))


def _read(text: str, *, depth: int) -> list[tuple[str, ...]]:
    if depth > _MAX_DEPTH:
        return []
    reading = _Reading(text.replace("\\\n", ""), depth)
    while reading.at < len(reading.text):
        _read_next(reading)
    reading.end_command()
    return [
        command for words in reading.commands for command in _stripped(list(words), depth=depth)
    ]


def _read_next(r: _Reading) -> None:
    char = r.text[r.at]
    if char == "\\":
        r.add(r.text[r.at + 1 : r.at + 2])
        r.at += 2
    elif char == "'":
        _read_single_quoted(r)
    elif char == '"':
        _read_double_quoted(r)
    elif char in "$`" and _read_substitution(r):
        pass
    elif char == "#" and r.word is None:
        end = r.text.find("\n", r.at)
        r.at = len(r.text) if end < 0 else end
    elif char in _BLANK:
        r.end_word()
        r.at += 1
    elif char in "<>":
        _skip_redirection(r)
    elif char in ";&|()\n":
        _read_operator(r)
    else:
        r.add(char)
        r.at += 1


def _read_single_quoted(r: _Reading) -> None:
    end = r.text.find("'", r.at + 1)
    if end < 0:
        _give_up(r)
        return
    r.add(r.text[r.at + 1 : end])
    r.at = end + 1


def _read_double_quoted(r: _Reading) -> None:
    r.at += 1
    r.add("")
    while r.at < len(r.text) and r.text[r.at] != '"':
        char = r.text[r.at]
        if char == "\\" and r.text[r.at + 1 : r.at + 2] in {'"', "\\", "$", "`"}:
            r.add(r.text[r.at + 1])
            r.at += 2
        elif char in "$`" and _read_substitution(r):
            pass
        else:
            r.add(char)
            r.at += 1
    if r.at >= len(r.text):
        _give_up(r)
    r.at += 1


def _give_up(r: _Reading) -> None:
    """A quote that is never closed: the shell runs nothing of such a line."""
    r.at = len(r.text)
    r.commands, r.inner, r.words, r.word = [], [], [], None


def _read_substitution(r: _Reading) -> bool:
    """Read `$(…)` or `` `…` `` if one begins here; its commands run too, its output is unknown."""
    if r.text[r.at] == "`":
        end = r.text.find("`", r.at + 1)
        start = r.at + 1
    elif r.text.startswith("$(", r.at) and not r.text.startswith("$((", r.at):
        start = r.at + 2
        end = _closing_bracket(r.text, start)
    else:
        return False
    if end < 0:
        _give_up(r)
        return True
    r.inner.extend(_read(r.text[start:end], depth=r.depth + 1))
    r.add(r.text[r.at : end + 1])
    r.at = end + 1
    return True


def _closing_bracket(text: str, start: int) -> int:
    depth, quote = 1, ""
    for at in range(start, len(text)):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return at
    return -1


def _skip_redirection(r: _Reading) -> None:
    if r.word is not None and r.word.isdigit():
        r.word = None  # the number of a file, as in 2>
    r.end_word()
    found = _REDIRECTION.match(r.text, r.at)
    operator, target = found.groups() if found else (r.text[r.at], "")
    r.at += len(operator) + len(target)
    if operator in {"<<", "<<-"}:
        r.here_ends.append(target.strip(" \t'\"\\"))


def _read_operator(r: _Reading) -> None:
    if r.text.startswith("||", r.at):
        r.end_command(unsure_next=True)
        r.at += 2
        return
    unsure_stays = r.unsure and r.text[r.at] in "|&" and not _ends_list(r)
    r.end_command(unsure_next=unsure_stays)
    if r.text[r.at] == "\n":
        r.at += 1
        _skip_here_documents(r)
    else:
        r.at += 2 if r.text[r.at : r.at + 2] in {"&&", ";;", "|&"} else 1


def _ends_list(r: _Reading) -> bool:
    """A single & ends a list as ; does; && and | go on with what may not have run."""
    return r.text[r.at] == "&" and not r.text.startswith("&&", r.at)


def _skip_here_documents(r: _Reading) -> None:
    for end_word in r.here_ends:
        while r.at < len(r.text):
            line, _, _ = r.text[r.at :].partition("\n")
            r.at += len(line) + 1
            if line.strip("\t") == end_word:
                break
    r.here_ends = []


def _stripped(words: list[str], *, depth: int) -> list[tuple[str, ...]]:
    while words:
        if words[0] in _KEYWORDS or _ASSIGNMENT.match(words[0]):
            words = words[1:]
        elif words[0] in _RUNS_THE_REST:
            words = words[1:]
            while words and words[0].startswith("-"):
                words = words[1:]
        else:
            break
    if not words:
        return []
    if words[0] in _SHELLS and "-c" in words[1:-1]:
        return _read(words[words.index("-c") + 1], depth=depth + 1)
    return [(words[0].rpartition("/")[2], *words[1:])]
