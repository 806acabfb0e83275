"""Names that come from chat: the plain ones are taken, the hostile ones are told why not."""

from __future__ import annotations

import re

import pytest

from bot.errors import LearnerError
from bot.files.names import (
    asked_path,
    attachment_name,
    below,
    checked_name,
    checked_relative,
    dropped_name,
    is_compose_file,
    is_dockerfile,
)

HOSTILE = {
    "../x": "folder", "/etc/passwd": "folder", "a\\b": "folder", "": "empty", "  ": "empty",
    ".": "outside", "..": "outside", "-rf": "dash", "--help": "dash", "a\0b": "unseen",
    "x\u202egnp.exe": "unseen", "a\u200bb": "unseen", "a\nb": "unseen", "a\tb": "unseen",
    "a\x1b[31m": "unseen", " a": "unseen", "x" * 300: "long", "가" * 86: "long",
}  # fmt: skip


@pytest.mark.parametrize(("name", "why"), HOSTILE.items())
def test_hostile_names_are_refused_with_a_reason(name: str, why: str) -> None:
    """Also as the name of a code block."""
    with pytest.raises(LearnerError) as refused:
        checked_name(name)
    assert refused.value.key == f"files.name.{why}"
    if why != "folder":
        with pytest.raises(LearnerError):
            checked_relative(name)


@pytest.mark.parametrize(
    "name",
    ["Dockerfile", ".env", "한글 파일.txt", "a b", "$(id)", "*", "x" * 255, "가" * 85],
)
def test_plain_names_stay_as_they_are(name: str) -> None:
    """What a shell would make of them is no concern: no shell sees them."""
    assert checked_name(name) == name
    assert checked_relative(name) == name


def test_letters_from_a_mac_are_put_together() -> None:
    """It sends Hangul in pieces, which nobody could type again."""
    assert checked_name("\u1112\u1161\u11ab.txt") == "한.txt"


@pytest.mark.parametrize(
    "path", ["/etc/x", "~/x", "../x", "a/../../x", "a//b", "a/-rf", "a\\b", "a/", "y/" * 300 + "x"]
)
def test_blocks_stay_below_the_folder(path: str) -> None:
    """A folder below is fine, and nothing else."""
    with pytest.raises(LearnerError):
        checked_relative(path)
    assert checked_relative("./web/index.html") == "web/index.html"


def test_a_path_that_is_asked_for_may_be_anywhere() -> None:
    """It is the learner's own machine; `~` is their home there."""
    assert asked_path(" ../x ") == "../x"
    assert asked_path("~/a") == "/root/a"
    assert asked_path("~") == "/root"
    assert below("/root/web", "../a") == "/root/a"
    for path in ("", "   ", "a\0b", "a\u202eb", "x" * 401, "x" * 300):
        with pytest.raises(LearnerError):
            asked_path(path)


@pytest.mark.parametrize(
    ("filename", "title", "name"),
    [
        ("Dockerfile", None, "Dockerfile"),
        ("dockerignore", ".dockerignore", ".dockerignore"),
        ("unknown.txt", "한글", "한글.txt"),
        ("my_page.html", "my page", "my page.html"),
        ("x.txt", "x.txt", "x.txt"),
        ("x", "../x", "../x"),
    ],
)
def test_an_attachment_has_its_old_name(filename: str, title: str | None, name: str) -> None:
    """Discord mends the one and keeps the other."""
    assert dropped_name(filename, title) == name


@pytest.mark.parametrize(
    "path",
    ["/root/.env", "한글.txt", "a b'\"`.sh", "-x", "x" * 300 + ".html", "..", "\u202e"],
)
def test_a_file_is_sent_under_a_name_that_discord_leaves_alone(path: str) -> None:
    """So that a card can point to it."""
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", attachment_name(path))


def test_kinds_are_known_by_their_names() -> None:
    """As Docker looks for them."""
    for name in ("Dockerfile", "/a/Dockerfile", "Dockerfile.dev", "web.Dockerfile"):
        assert is_dockerfile(name)
    for name in ("compose.yaml", "docker-compose.yml", "a/compose.override.yaml"):
        assert is_compose_file(name)
    for name in ("dockerfile.md.txt", "Dockerfiles", "mycompose.yaml", "compose.txt"):
        assert not is_dockerfile(name)
        assert not is_compose_file(name)
