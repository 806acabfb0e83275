"""Prose as plain lines and as words, with their places in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

import yaml
from babel.messages.pofile import read_po

CODE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
DRAWN: Final = "\N{REPLACEMENT CHARACTER}"
"""What stands in plain lines for code, and for what is drawn for each attempt."""

HANGUL: Final = re.compile("[가-힣]+")
_LATIN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_OPENING = "([{<“‘「"
_JOINERS = "/·→~,:;.…+=-–—|"
"""A word may follow them without a space."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the prose. `before` is what a Korean ending is joined to: `(IPC)` in `(IPC)를`."""

    text: str
    line: int
    before: str = ""


def plain_lines(markdown: str) -> Iterator[tuple[int, str, bool]]:
    """Line numbers, lines without marks and code, and whether it is a line of a code block."""
    block = False
    for number, line in enumerate(markdown.splitlines(), start=1):
        if line.lstrip().startswith("```"):
            block = not block
            continue
        if block:
            yield number, line, True
            continue
        text = re.sub(r"(`+).+?\1", CODE, line)
        text = re.sub(r"\{#[^}]*\}|\]\([^)]*\)|\*+|^ *#+ |^ *-# |^ *(-|\d+\.) ", "", text)
        yield number, re.sub(r"\{\{[a-z]+\}\}", DRAWN, text), False


def words_of(markdown: str, language: str) -> Iterator[Word]:
    """The words that a dictionary of this language should know."""
    letters = HANGUL if language == "ko" else _LATIN
    for number, line, is_block in plain_lines(markdown):
        if is_block and language == "en":
            continue  # commands and what they print
        for found in letters.finditer(line):
            before = _last_word(line[: found.start()])
            text = found[0] if language == "ko" else found[0].replace("’", "'").removesuffix("'s")
            yield Word(text, number, before if _is_joined(before) else "")


def _last_word(text: str) -> str:
    """With what stands in brackets behind it: 스레드(비공개 스레드)."""
    in_brackets = re.search(r"\([^()]*\)$", text)
    outside = text[: in_brackets.start()] if in_brackets else text
    return outside.rpartition(" ")[2] + (in_brackets[0] if in_brackets else "")


def _is_joined(before: str) -> bool:
    """Whether a word goes on what stands before it without a space."""
    if not before:
        return False
    if before[-1] in "'\"":
        return before[:-1].strip(_OPENING) != ""  # one that closes has something before it
    return before[-1] not in _OPENING + _JOINERS


def prose_of_yaml(text: str, language: str) -> str:
    """The texts of this language in `{ ko: …, en: … }`, each on the line of the file."""
    lines = [""] * (text.count("\n") + 1)
    waiting = [yaml.compose(text)]
    while waiting:
        match waiting.pop():
            case yaml.MappingNode(value=pairs):
                for key, value in pairs:
                    waiting.append(value)
                    if key.value == language and isinstance(value, yaml.ScalarNode):
                        lines[value.start_mark.line] += f" {value.value}"
            case yaml.SequenceNode(value=items):
                waiting += items
    return "\n".join(lines)


def prose_of_entries(text: str) -> str:
    """The names and texts of a glossary's file, each on the line where it begins."""
    lines = [""] * (text.count("\n") + 1)
    waiting = [yaml.compose(text)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            waiting += [value for _, value in node.value]
        elif isinstance(node, yaml.ScalarNode):
            lines[node.start_mark.line] += f" {node.value}".replace("\n", " ")
    return "\n".join(lines)


def prose_of_catalogue(file: BinaryIO, language: str) -> str:
    """The messages of a catalogue, each on the line of its id; `{name}` as what is drawn."""
    lines: dict[int, str] = {}
    for message in read_po(file, locale=language):
        if message.id and message.lineno is not None:
            said = message.string or ()
            text = said if isinstance(said, str) else " ; ".join(said)
            text = re.sub(r"\{([a-z_]+)\}", "{{x}}", text)
            lines[message.lineno] = text.replace("\n", " ; ")
    return "\n".join(lines.get(number, "") for number in range(1, max(lines, default=0) + 1))
