"""diagrams.yaml: drawings of a lesson, each an SVG whose words come in every language.

    diagrams:
      - id: stacks              # stacks.svg; drawn as stacks.ko.png and stacks.en.png
        step: compare           # the step whose card shows it
        alt: { ko: 서버 위에 …, en: Above the server … }
        words:
          host: { ko: 호스트 OS, en: Host OS }

`%host%` in the SVG stands for a word. Discord shows no SVG, so the pictures are made beforehand
(`./docent lessons draw`) and kept beside it; each remembers what it was drawn from.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from lessons.languages import LANGUAGES
from lessons.mistakes import Mistake
from lessons.yaml_file import Fields, Report, read_root

LONGEST_ALT = 1_000
"""Discord keeps 1,024 characters."""
SOURCE_KEY = b"Source"
"""Keyword of the PNG's text that says what it was drawn from."""
_WORD = re.compile(r"%([a-z][a-z0-9-]*)%")


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing of a lesson; `alt` and `words` by language."""

    id: str
    step: str
    svg: Path
    alt: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]

    def image(self, language: str) -> Path:
        """The picture."""
        return self.svg.with_name(f"{self.id}.{language}.png")

    def drawing(self, language: str) -> str:
        """The SVG with the words of this language."""
        words = self.words[language]
        source = self.svg.read_text(encoding="utf-8")
        return _WORD.sub(lambda place: escape(words.get(place[1], place[0])), source)

    def source(self, language: str) -> bytes:
        """What its picture has to remember, so that an outdated one is noticed."""
        return hashlib.sha256(self.drawing(language).encode()).hexdigest()[:16].encode()

    def is_up_to_date(self, language: str) -> bool:
        """Whether the picture was drawn from what the SVG and the words are now."""
        try:
            head = self.image(language).read_bytes()[:4096]
        except FileNotFoundError:
            return False
        return SOURCE_KEY + b"\0" + self.source(language) in head


def read_diagrams(folder: Path, steps: set[str], mistakes: list[Mistake]) -> dict[str, Diagram]:
    """The lesson's diagrams by step; mistakes are added to the list. The file may lack."""
    file = folder / "diagrams.yaml"
    if not file.exists():
        return {}
    root = read_root(file, mistakes)
    fields = None if root is None else Fields.of(root, Report(file, mistakes))
    if fields is None:
        return {}
    fields.expect({"diagrams"})
    found: dict[str, Diagram] = {}
    for diagram, entry in fields.each("diagrams", lambda entry: (_diagram(entry, folder), entry)):
        for mistake in _mistakes(diagram, steps, found):
            entry.report.add(entry.node, mistake)
        found[diagram.step] = diagram
    return found


def _diagram(fields: Fields, folder: Path) -> Diagram:
    fields.expect({"id", "step", "alt"}, {"words"})
    name = fields.id()
    words = _mapping(fields, "words")
    entries = {} if words is None else {word: _mapping(words, word) for word in words.values}
    return Diagram(
        id=name,
        step=fields.text("step"),
        svg=folder / f"{name}.svg",
        alt=_in_languages(_mapping(fields, "alt")),
        words={
            language: {word: _in_languages(entry)[language] for word, entry in entries.items()}
            for language in LANGUAGES
        },
    )


def _mapping(fields: Fields, name: str) -> Fields | None:
    node = fields.values.get(name)
    return None if node is None else Fields.of(node, fields.report)


def _in_languages(fields: Fields | None) -> dict[str, str]:
    if fields is None:
        return dict.fromkeys(LANGUAGES, "")
    fields.expect(set(LANGUAGES))
    return {language: fields.text(language) for language in LANGUAGES}


def _mistakes(diagram: Diagram, steps: set[str], found: Mapping[str, Diagram]) -> list[str]:
    mistakes = []
    if diagram.step not in steps:
        mistakes.append(f"there is no step {diagram.step!r}")
    if diagram.step in found:
        mistakes.append(f"the step {diagram.step!r} has a diagram already")
    if any(len(alt) > LONGEST_ALT for alt in diagram.alt.values()):
        mistakes.append(f"an alt text has at most {LONGEST_ALT} characters")
    if not diagram.svg.is_file():
        return [*mistakes, f"there is no {diagram.svg.name}"]
    used = set(_WORD.findall(diagram.svg.read_text(encoding="utf-8")))
    known = diagram.words[LANGUAGES[0]].keys()
    mistakes += [f"%{word}% in {diagram.svg.name} is not here" for word in used - known]
    mistakes += [f"the word {word!r} is not in {diagram.svg.name}" for word in known - used]
    return sorted(mistakes)
