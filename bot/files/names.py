"""Names and paths of files: which are taken from chat, and how each kind of file is called."""

from __future__ import annotations

import posixpath
import re
from typing import Final
from unicodedata import normalize

from bot.errors import LearnerError
from bot.terminal.escape import inline_code, visible

MOST_NAME_BYTES: Final = 255
"""A file system takes no longer names."""
LONGEST_PATH: Final = 400
HOME: Final = "/root"

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_COMPOSE: Final = re.compile(r"(?:docker-)?compose(?:[._-][\w.-]*)?\.ya?ml")


def checked_name(name: str) -> str:
    """The name of a file that comes from outside, as it is written: one name, no folder.

    Raises:
        LearnerError: It is none that we write; the sentence says why.
    """
    name = normalize("NFC", name)
    if "/" in name or "\\" in name:
        raise _refused("folder", name)
    _check_part(name)
    return name


def checked_relative(path: str) -> str:
    """The same for a name with folders: below where the learner is.

    Raises:
        LearnerError: As `checked_name`.
    """
    path = normalize("NFC", path).removeprefix("./")
    if len(path) > LONGEST_PATH:
        raise _refused("long", path)
    if path.startswith(("/", "~")) or "\\" in path:
        raise _refused("outside", path)
    for part in path.split("/"):
        _check_part(part)
    return path


def asked_path(path: str) -> str:
    """A path that a learner typed to find a file of theirs; `~` is their home.

    Raises:
        LearnerError: Nothing can have that name.
    """
    path = path.strip()
    if path in ("", "~"):
        path = path and HOME
    elif path.startswith("~/"):
        path = HOME + path[1:]
    if not path:
        raise _refused("empty", path)
    if len(path) > LONGEST_PATH or any(_is_long(part) for part in path.split("/")):
        raise _refused("long", path)
    if _hides_something(path):
        raise _refused("unseen", path)
    return path


def below(folder: str, path: str) -> str:
    """The path from the root of a path that begins in `folder`."""
    return posixpath.normpath(posixpath.join(folder, path))


def dropped_name(filename: str, title: str | None) -> str:
    """What an attachment was called: Discord mends `filename`, and keeps the rest in `title`."""
    if not title:
        return filename
    ending = posixpath.splitext(filename)[1]
    return title if ending and title.endswith(ending) else title + ending


def attachment_name(path: str) -> str:
    """A name under which Discord takes a file unchanged, so that a card can point to it."""
    stem, ending = posixpath.splitext(posixpath.basename(path))
    stem = _UNSAFE.sub("_", stem).strip("_.-") or "file"
    return stem[:80] + _UNSAFE.sub("", ending)[:20]


def is_dockerfile(path: str) -> bool:
    """Whether Docker would take it for a Dockerfile, or somebody who reads its name."""
    name = posixpath.basename(path)
    return name in ("Dockerfile", "Containerfile") or bool(
        re.fullmatch(r"Dockerfile\..+|.+\.[Dd]ockerfile", name)
    )


def is_compose_file(path: str) -> bool:
    """Whether it is one of those that `docker compose` looks for, or a variant."""
    return bool(_COMPOSE.fullmatch(posixpath.basename(path)))


def _check_part(name: str) -> None:
    if not name.strip():
        raise _refused("empty", name)
    if name in (".", ".."):
        raise _refused("outside", name)
    if name.startswith("-"):
        raise _refused("dash", name)
    if _is_long(name):
        raise _refused("long", name)
    if _hides_something(name) or name != name.strip():
        raise _refused("unseen", name)


def _is_long(name: str) -> bool:
    return len(name.encode("utf-8", "replace")) > MOST_NAME_BYTES


def _hides_something(name: str) -> bool:
    return visible(name) != name or "\n" in name or "\t" in name


def _refused(why: str, name: str) -> LearnerError:
    return LearnerError(f"files.name.{why}", name=inline_code(name, longest=60) or "` `")
