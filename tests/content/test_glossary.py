"""The glossary: both languages, links that lead somewhere, sentences that end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lessons.glossary_file import Entry, dead_links, load_glossary
from lessons.languages import LANGUAGES
from lessons.loader import load_catalogue
from lessons.mistakes import AuthoringErrors

ENTRIES = load_glossary()

KO = "terms:\n  one:\n    name: 하나\n    text: 하나예요.\ncommands: {}\nerrors: {}\n"
EN = "terms:\n  one:\n    name: one\n    text: It is one.\ncommands: {}\nerrors: {}\n"
LINKS = "terms:\n  one: sample/first\ncommands: {}\nerrors: {}\n"
ASKED = "terms:\n  one: [first, 첫째]\ncommands: {}\nerrors: {}\n"


def write(folder: Path, **files: str) -> Path:
    """A glossary of one word; the files that are named are another one's."""
    whole = {"ko": KO, "en": EN, "links": LINKS, "asked": ASKED} | files
    for name, text in whole.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_there_are_words_commands_and_errors() -> None:
    """About seventy words of virtualization and Docker at least, and what is asked most."""
    counted = {sort: sum(entry.sort == sort for entry in ENTRIES) for sort in ("terms", "commands")}
    assert counted["terms"] >= 70
    assert counted["commands"] >= 40


def test_every_link_leads_to_a_step() -> None:
    """And none to the lesson against the clock, which a look must not start."""
    assert list(dead_links(ENTRIES, load_catalogue())) == []
    assert "incident-night" not in {entry.lesson_id for entry in ENTRIES}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.sort}-{entry.id}")
def test_texts_are_short_and_whole(entry: Entry) -> None:
    """Each stands by itself: whole sentences, or a line to type at the end; polite in Korean."""
    for language in LANGUAGES:
        text = entry.texts[language].text
        assert re.search(r"([.!?]|`)$", text), text
        assert text.count("`") % 2 == 0, text
        assert not re.search(r"[^`]\n", text), text
    assert re.search(r"(요|세요)\.", entry.texts["ko"].text), entry.texts["ko"].text


def test_names_do_not_repeat() -> None:
    """Two entries of a sort with one name could not be told apart."""
    for language in LANGUAGES:
        names = [(entry.sort, entry.texts[language].name) for entry in ENTRIES]
        assert len(names) == len(set(names))


def test_a_small_glossary_is_read(tmp_path: Path) -> None:
    """Texts by language, the link, and how learners ask for it."""
    (entry,) = load_glossary(write(tmp_path))

    assert (entry.sort, entry.id) == ("terms", "one")
    assert (entry.lesson_id, entry.step_id) == ("sample", "first")
    assert entry.texts["ko"].name == "하나"
    assert entry.asked == ("first", "첫째")


@pytest.mark.parametrize(
    ("files", "mistake"),
    [
        ({"en": "terms: {}\ncommands: {}\nerrors: {}\n"}, "terms/one is missing"),
        ({"links": "terms: {}\ncommands: {}\nerrors: {}\n"}, "terms/one has no link"),
        ({"en": EN.replace("    text: It is one.\n", "")}, "'text' is missing"),
        ({"en": EN.replace("name: one", "name: " + "o" * 81)}, "more than 80 letters"),
        ({"en": EN.replace("It is one.", "o" * 601)}, "more than 600 letters"),
        ({"en": EN.replace("errors: {}\n", "")}, "'errors' is missing"),
        ({"en": "terms: ["}, "it can't be read"),
        ({"ko": ""}, "nothing in it"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, files: dict[str, str], mistake: str) -> None:
    """With the file, so that a translator finds it."""
    with pytest.raises(AuthoringErrors, match=mistake):
        load_glossary(write(tmp_path, **files))


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    """Not a crash at the bot's start."""
    write(tmp_path)
    (tmp_path / "asked.yaml").unlink()

    with pytest.raises(AuthoringErrors, match="can't be read"):
        load_glossary(tmp_path)
