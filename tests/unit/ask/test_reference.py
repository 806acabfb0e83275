"""What other parts say of commands and options, as passages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.ask.finding import AnswerBook
from bot.ask.passages import Passage, PassageText
from bot.ask.reference import commands, options
from bot.texts import LANGUAGES, Speech, Texts

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
SAID = {
    "explain.command.container": "Containers.",
    "explain.command.container.run": "Runs.",
    "explain.command.container.attach": "Attaches your terminal.",
    "explain.command.image.rm": "Removes an image.",
    "explain.command.volume.inspect": "Shows a volume.",
    "explain.command.odd": "Has a {value}.",
    "explain.flag.pids-limit": "How many processes.",
    "explain.flag.container.run.dns": "Which DNS server.",
    "explain.flag.docker.debug": "Debugging.",
    "other.key": "Something else.",
}


@pytest.fixture
def speeches(tmp_path: Path) -> dict[str, Speech]:
    """A small catalogue, the same in both languages."""
    entries = [f'msgid "{key}"\nmsgstr "{text}"\n' for key, text in SAID.items()]
    for language in LANGUAGES:
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "a.po").write_text("\n".join([HEADER, *entries]), encoding="utf-8")
    texts = Texts.load(tmp_path)
    return {language: texts.for_language(language) for language in LANGUAGES}


def own(title: str) -> Passage:
    """A command of the glossary."""
    text = PassageText(title, "Mine.")
    return Passage("command:run", {"ko": text, "en": text})


def test_commands_that_nobody_explains_yet_become_passages(speeches: dict[str, Speech]) -> None:
    """As they are typed; groups, and what has a passage of its own, are left out."""
    found = {one.id: one for one in commands(speeches, [own("docker run, docker create")])}

    assert {name: one.texts["en"].title for name, one in found.items()} == {
        "reference:container/attach": "docker attach",
        "reference:image/rm": "docker rmi",
        "reference:volume/inspect": "docker volume inspect",
    }
    assert found["reference:container/attach"].texts["ko"].body == "Attaches your terminal."


def test_options_become_passages(speeches: dict[str, Speech]) -> None:
    """With the command that they belong to, if there is one."""
    assert {one.id: one.texts["en"].title for one in options(speeches)} == {
        "option:pids-limit": "--pids-limit",
        "option:container/run/dns": "docker run --dns",
        "option:docker/debug": "--debug",
    }


def test_an_option_answers_only_who_writes_it(speeches: dict[str, Speech]) -> None:
    """The name of its command alone would find all of them."""
    book = AnswerBook([own("docker run"), *options(speeches)])

    assert book.ask("what does --dns do")[0].passage.id == "option:container/run/dns"
    assert [one.passage.id for one in book.ask("docker run")] == ["command:run"]
    assert [one.passage.id for one in book.nearest("docker dns run")] == ["command:run"]


def test_nothing_said_gives_nothing() -> None:
    """Without such texts there are no such passages."""
    empty = Speech("en", {})
    assert list(commands({"en": empty}, [])) == list(options({"en": empty})) == []
