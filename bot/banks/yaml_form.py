"""YAML of an author → raw questions.

The form is that of a lesson's questions.yaml, with the words of each question below it:

questions:
  - id: two-versions
    kind: single
    options: [client, server, both]
    answer: [both]
    en:
      title: What does `docker version` show?
      options:
        client: { text: The client's version, why: The server's is below it. }
        server: The server's version
        both: Both versions
  - id: list-all
    kind: command
    answer: [docker ps -a]
    ko: { title: 모든 컨테이너를 보는 명령을 입력해 보세요., why: "`-a`는 멈춘 것도 보여 줘요." }
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from bot.banks.raw import Cell, Complaints, RawQuestion, RawWords
from bot.texts import LANGUAGES
from lessons.yaml_file import LOADER

DEEPEST: Final = 8
_FIELDS: Final = ("id", "kind", "options", "answer", "setup", "run", *LANGUAGES)
_WORDS: Final = ("title", "body", "options", "why")
_OPTION: Final = ("text", "why")


def read_yaml(text: str, complaints: Complaints) -> tuple[RawQuestion, ...]:
    """Every question that can be made out."""
    root = _root(text, complaints)
    if root is None:
        return ()
    reading = _Reading(complaints)
    fields = reading.fields(root, ("questions",))
    nodes = reading.items(fields.get("questions"), "questions")
    if fields and "questions" not in fields:
        complaints.add(0, "no_questions")
    return tuple(reading.question(node) for node in nodes)


def _root(text: str, complaints: Complaints) -> yaml.Node | None:
    """What is in the file, made sure that it is no more than it looks like."""
    depth = 0
    try:
        # Events come one after the other: what is too deep is found before anybody climbs down.
        for event in yaml.parse(text, Loader=LOADER):
            line = 1 if event.start_mark is None else event.start_mark.line + 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                complaints.add(line, "yaml.alias")
                return None
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                complaints.add(line, "yaml.deep")
                return None
        root: yaml.Node | None = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        complaints.add(0 if mark is None else mark.line + 1, "yaml.syntax")
    except yaml.YAMLError:
        complaints.add(0, "yaml.syntax")
    else:
        if root is None:
            complaints.add(0, "no_questions")
        return root
    return None


@dataclass(frozen=True, slots=True)
class _Reading:
    complaints: Complaints

    def fields(self, node: yaml.Node, known: Sequence[str]) -> dict[str, yaml.Node]:
        """What a mapping holds; what nobody knows is complained about and left out."""
        if not isinstance(node, yaml.MappingNode):
            self.complaints.add(_line(node), "yaml.mapping")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if name not in known:
                self.unknown(key, name, known)
            elif name in found:
                self.complaints.add(_line(key), "twice", name=name)
            else:
                found[name] = value
        return found

    def unknown(self, node: yaml.Node, name: str, known: Iterable[str]) -> None:
        """Name what nobody knows, and what may have been meant."""
        say_unknown(self.complaints, _line(node), name, known)

    def items(self, node: yaml.Node | None, name: str) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.complaints.add(_line(node), "yaml.list", name=name)
            return []
        return list(node.value)

    def cell(self, node: yaml.Node | None, name: str) -> Cell:
        if node is None:
            return Cell()
        if not isinstance(node, yaml.ScalarNode):
            self.complaints.add(_line(node), "yaml.value", name=name)
            return Cell("", _line(node))
        # A tilde or nothing is nothing; every other value is the text that was written.
        text = "" if node.value in {"", "~"} and node.style is None else str(node.value)
        return Cell(text, _line(node))

    def cells(self, node: yaml.Node | None, name: str) -> tuple[Cell, ...]:
        """A list of values; a single one may stand without its brackets."""
        if isinstance(node, yaml.ScalarNode):
            return (self.cell(node, name),)
        return tuple(self.cell(item, name) for item in self.items(node, name))

    def question(self, node: yaml.Node) -> RawQuestion:
        fields = self.fields(node, _FIELDS)
        options, patterns = self.options(fields.get("options"))
        return RawQuestion(
            line=_line(node),
            id=self.cell(fields.get("id"), "id"),
            kind=self.cell(fields.get("kind"), "kind"),
            options=options,
            answers=self.cells(fields.get("answer"), "answer"),
            patterns=patterns,
            setup=self.cells(fields.get("setup"), "setup"),
            run=self.cell(fields.get("run"), "run"),
            words={
                language: self.words(fields[language])
                for language in LANGUAGES
                if language in fields
            },
        )

    def options(self, node: yaml.Node | None) -> tuple[tuple[Cell, ...], Mapping[str, Cell]]:
        """Names of options; with patterns where the engine answers."""
        if not isinstance(node, yaml.MappingNode):
            return self.cells(node, "options"), {}
        named = [(self.cell(key, "options"), value) for key, value in node.value]
        patterns = {name.text: self.cell(value, name.text) for name, value in named}
        return tuple(name for name, _ in named), patterns

    def words(self, node: yaml.Node) -> RawWords:
        fields = self.fields(node, _WORDS)
        return RawWords(
            line=_line(node),
            title=self.cell(fields.get("title"), "title"),
            body=self.cell(fields.get("body"), "body"),
            options=self.option_words(fields.get("options")),
            why=self.cell(fields.get("why"), "why"),
        )

    def option_words(self, node: yaml.Node | None) -> dict[str, tuple[Cell, Cell]]:
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.complaints.add(_line(node), "yaml.mapping")
            return {}
        found: dict[str, tuple[Cell, Cell]] = {}
        for key, value in node.value:
            name = self.cell(key, "options").text
            if name in found:
                self.complaints.add(_line(key), "twice", name=name)
            if isinstance(value, yaml.MappingNode):
                fields = self.fields(value, _OPTION)
                words = (self.cell(fields.get("text"), "text"), self.cell(fields.get("why"), "why"))
            else:
                words = (self.cell(value, name), Cell())
            found[name] = words if words[0].line else (Cell("", _line(key)), words[1])
        return found


def say_unknown(complaints: Complaints, line: int, name: str, known: Iterable[str]) -> None:
    """A name that nobody knows, with the one that may have been meant."""
    near = difflib.get_close_matches(name, list(known), n=1)
    if near:
        complaints.add(line, "unknown_near", name=name[:60], near=near[0])
    else:
        complaints.add(line, "unknown", name=name[:60], known=", ".join(known))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
