"""glossary/ → entries: words, commands and errors that learners ask about, in every language.

`ko.yaml` and `en.yaml` hold the prose and `links.yaml` the step of a lesson where each is taught;
`asked.yaml` holds how learners ask for it, which is shown nowhere:

    terms:                                terms:
      volume:                               volume: data/volume
        name: volume
        text: Storage that Docker …
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from lessons.languages import LANGUAGES
from lessons.mistakes import AuthoringErrors, Mistake
from lessons.model import Catalogue
from lessons.yaml_file import LOADER, Fields, Report

GLOSSARY: Final = Path(__file__).parent / "glossary"

SORTS: Final = ("terms", "commands", "errors")
LONGEST_NAME: Final = 80
LONGEST_TEXT: Final = 600


@dataclass(frozen=True, slots=True)
class EntryText:
    """An entry in one language, in Discord's Markdown."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A word, a command or an error: `sort` is one of `SORTS`, `texts` are by language.

    `lesson_id` and `step_id` are where it is taught.
    """

    sort: str
    id: str
    lesson_id: str
    step_id: str
    texts: Mapping[str, EntryText]
    asked: tuple[str, ...] = ()


_Found = dict[tuple[str, str], tuple[Fields, str]]
"""By sort and id: the fields around an entry, and its name there."""


def load_glossary(folder: Path | None = None) -> tuple[Entry, ...]:
    """Every entry, in the order of the links.

    Raises:
        AuthoringErrors: Something is wrong with one of them.
    """
    root = GLOSSARY if folder is None else folder
    mistakes: list[Mistake] = []
    links = _read(root / "links.yaml", mistakes)
    prose: dict[str, _Found] = {
        language: _read(root / f"{language}.yaml", mistakes) for language in LANGUAGES
    }
    asked = _read(root / "asked.yaml", mistakes)
    entries = tuple(_entries(root, links, asked, prose, mistakes))
    if mistakes:
        raise AuthoringErrors(tuple(sorted(mistakes)))
    return entries


def dead_links(entries: tuple[Entry, ...], catalogue: Catalogue) -> Iterator[str]:
    """The links that lead to no step of these lessons."""
    steps = {(lesson.id, step.id) for lesson in catalogue.lessons for step in lesson.steps}
    for entry in entries:
        if (entry.lesson_id, entry.step_id) not in steps:
            yield f"{entry.sort}/{entry.id}: {entry.lesson_id}/{entry.step_id}"


def _read(file: Path, mistakes: list[Mistake]) -> _Found:
    found: _Found = {}
    root = _root(file, mistakes)
    sorts = None if root is None else Fields.of(root, Report(file, mistakes))
    if sorts is None:
        return found
    sorts.expect(set(SORTS))
    for sort in SORTS:
        node = sorts.values.get(sort)
        entries = None if node is None else Fields.of(node, sorts.report)
        if entries is not None:
            found.update({(sort, name): (entries, name) for name in entries.values})
    return found


def _root(file: Path, mistakes: list[Mistake]) -> yaml.Node | None:
    try:
        root: yaml.Node | None = yaml.compose(file.read_text(encoding="utf-8"), Loader=LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mistakes.append(Mistake(file, 0, f"it can't be read: {error}"))
        return None
    if root is None:
        mistakes.append(Mistake(file, 0, "there is nothing in it"))
    return root


def _entries(
    root: Path,
    links: _Found,
    asked: _Found,
    prose: Mapping[str, _Found],
    mistakes: list[Mistake],
) -> Iterator[Entry]:
    for file, there in (*prose.items(), ("asked", asked)):
        for sort, name in there.keys() - links.keys():
            where = root / f"{file}.yaml"
            mistakes.append(Mistake(where, 0, f"{sort}/{name} has no link in links.yaml"))
    for (sort, name), (fields, _) in links.items():
        lesson_id, _, step_id = fields.text(name).partition("/")
        texts = {}
        for language, there in prose.items():
            if (sort, name) in there:
                texts[language] = _text(*there[sort, name])
            else:
                where = root / f"{language}.yaml"
                mistakes.append(Mistake(where, 0, f"{sort}/{name} is missing"))
        words = asked[sort, name][0].texts(name) if (sort, name) in asked else ()
        yield Entry(sort, name, lesson_id, step_id, texts, words)


def _text(entries: Fields, name: str) -> EntryText:
    fields = Fields.of(entries.values[name], entries.report)
    if fields is None:
        return EntryText("", "")
    fields.expect({"name", "text"})
    text = EntryText(fields.text("name"), fields.text("text"))
    if len(text.name) > LONGEST_NAME:
        entries.report.add(fields.node, f"the name has more than {LONGEST_NAME} letters")
    if len(text.text) > LONGEST_TEXT:
        entries.report.add(fields.node, f"the text has more than {LONGEST_TEXT} letters")
    return text
