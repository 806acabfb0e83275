"""Every finding that a check can give has its words in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from lessons.checks import KINDS, Command, ContainerGone, ContainerRunning, ImagePresent, PageSeen
from lessons.facts import CommandDone, EngineFacts, Image, Situation
from lessons.facts import PageSeen as Seen
from lessons.model import LANGUAGES, Check, Finding
from tests.factories import make_container, make_facts

LOCALE = Path(__file__).parents[2] / "bot" / "locale"
CHECKS: tuple[Check, ...] = (
    ContainerRunning("hellonginx", "nginx", (80, 80)),
    ContainerRunning("hellonginx", "nginx", (8080, 80)),
    ContainerGone("hellonginx", after="run"),
    PageSeen(80, container="hellonginx"),
    ImagePresent("nginx:1"),
    Command.from_fields({"is": "docker version"}),
    Command.from_fields({"is": "docker version --help"}),
    Command.from_fields({"is": "docker version -f x"}),
)
"""Examples of every kind."""

ALL_KEYS = sorted({key for check in CHECKS for key in check.finding_keys})


def texts(language: str) -> dict[str, str]:
    with (LOCALE / language / "LC_MESSAGES" / "findings.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


def situations() -> Iterator[Situation]:
    """Enough different situations for every kind of finding."""
    done = frozenset({"run"})
    for container in (
        make_container(),
        make_container(image="httpd"),
        make_container("other"),
        make_container("db", image="redis"),
        make_container(publishes=[]),
        make_container(publishes=[(8080, 80)]),
        make_container(publishes=[(80, 8080)]),
        *(make_container(status=s) for s in ("created", "exited", "paused", "restarting")),
        make_container(status="exited", oom_killed=True),
    ):
        for page in (Seen(80, 200), Seen(80, 404), Seen(80, None), Seen(81, 200)):
            yield Situation(make_facts(container), pages=(page,), done=done)
    yield Situation(EngineFacts(), done=done)
    yield Situation(EngineFacts())
    yield Situation(make_facts(images=[Image("1", ("nginx:1",))]))
    yield Situation(make_facts(images=[Image("1", ("nginx:2",))]))
    for line in ("docker version", "docker version --help", "docker --version"):
        for exit_code in (0, 1, None):
            yield Situation(EngineFacts(), (CommandDone(line, exit_code),))


def findings() -> Iterator[Finding]:
    for situation in situations():
        for check in CHECKS:
            yield from check.judge(situation)


FINDINGS = {found.key: found for found in findings()}


def test_every_key_is_tried_here() -> None:
    """The examples leave no kind of check and no finding out."""
    assert {check.kind for check in CHECKS} == KINDS.keys()
    assert sorted(FINDINGS) == ALL_KEYS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ALL_KEYS)
def test_a_finding_can_be_said(language: str, key: str) -> None:
    """Expected and actual for all, a hint for what does not hold; every placeholder has a value."""
    found, catalogue = FINDINGS[key], texts(language)
    for part in ("expected", "actual", *(() if found.ok else ("hint",))):
        text = catalogue[f"finding.{key}.{part}"]
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        assert names <= found.values.keys()
        assert text.format(**found.values).strip()


def test_both_languages_have_the_same_keys_and_no_others() -> None:
    """No text is missing, and none is left over from a check that is gone."""
    korean, english = (texts(language) for language in LANGUAGES)
    assert korean.keys() == english.keys()
    assert {key.split(".")[1] for key in korean} == set(ALL_KEYS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_expected_and_actual_are_phrases_and_hints_are_sentences(language: str) -> None:
    """They stand after a label; hints stand alone."""
    for key, text in texts(language).items():
        assert text.endswith(".") is key.endswith(".hint"), key
