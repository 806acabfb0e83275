"""What decides whether an image is built again, and from where images come."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from ops import debian_base, image_source, registry
from ops.builds import build_context, files_below, source_hash
from ops.catalogue import CATALOGUE, Entry, entries
from ops.errors import OpsError
from ops.image_source import ImageSource, chosen_source
from ops.images import engine_browser


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder to build from."""
    folder = tmp_path / "image"
    (folder / "deep").mkdir(parents=True)
    (folder / "Dockerfile").write_text("FROM scratch\n")
    (folder / "deep" / "start").write_text("#!/bin/sh\n")
    return folder


def _hash(folder: Path, base: str = "sha256:1") -> str:
    return source_hash(base, files_below(folder), folder)


def test_the_same_source_has_the_same_hash(source: Path, tmp_path: Path) -> None:
    """Neither the place nor the age of the files counts."""
    other = tmp_path / "elsewhere"
    source.rename(other)
    before = _hash(other)
    (other / "Dockerfile").touch()

    assert _hash(other) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "Dockerfile").write_text("FROM busybox\n"),
        lambda folder: (folder / "deep" / "start").chmod(0o755),
        lambda folder: (folder / "deep" / "start").rename(folder / "start"),
        lambda folder: (folder / "new").write_text(""),
    ],
    ids=["content", "mode", "name", "new file"],
)
def test_a_change_of_the_source_changes_the_hash(
    source: Path, change: Callable[[Path], object]
) -> None:
    """Every difference that could make another image leads to a new build."""
    before = _hash(source)
    change(source)

    assert _hash(source) != before


def test_a_new_base_changes_the_hash(source: Path) -> None:
    """An image on a renewed base is built again."""
    assert _hash(source, "sha256:1") != _hash(source, "sha256:2")


def test_a_context_is_the_same_bytes_for_the_same_files(source: Path) -> None:
    """Docker's build cache compares contents: owners and times stay out of the archive."""
    before = build_context(files_below(source), source)
    (source / "Dockerfile").touch()

    assert build_context(files_below(source), source) == before


@pytest.mark.parametrize(
    ("said", "chosen"), [(None, "on"), ("", "on"), ("on", "on"), ("off", "off")]
)
def test_a_browser_can_be_left_out(
    said: str | None, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the engine image unless the operator wants that small."""
    monkeypatch.delenv("DOCENT_ENGINE_BROWSER", raising=False)
    if said is not None:
        monkeypatch.setenv("DOCENT_ENGINE_BROWSER", said)
    assert engine_browser() == chosen


def test_a_browser_that_is_neither_on_nor_off_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt setting is not guessed at."""
    monkeypatch.setenv("DOCENT_ENGINE_BROWSER", "fasle")
    with pytest.raises(OpsError, match="on or off"):
        engine_browser()


def test_auto_takes_the_hub_where_it_answers_and_stays_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The registry's data are of one kind, so the choice is made once for a home."""
    monkeypatch.setattr(image_source, "hub_answers", lambda: True)
    assert chosen_source(tmp_path, ImageSource.AUTO) is ImageSource.HUB

    monkeypatch.setattr(image_source, "hub_answers", lambda: False)
    assert chosen_source(tmp_path, ImageSource.AUTO) is ImageSource.HUB


def test_auto_takes_the_catalogue_without_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that can't reach Docker Hub serves the images we build."""
    monkeypatch.setattr(image_source, "hub_answers", lambda: False)

    assert chosen_source(tmp_path, ImageSource.AUTO) is ImageSource.CATALOGUE


def test_the_operator_changes_the_choice(tmp_path: Path) -> None:
    """What is asked for by name holds, and the next `auto` keeps to it."""
    chosen_source(tmp_path, ImageSource.CATALOGUE)
    chosen_source(tmp_path, ImageSource.HUB)

    assert chosen_source(tmp_path, ImageSource.AUTO) is ImageSource.HUB


def test_a_cache_of_the_hub_serves_what_it_has_while_the_hub_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A laptop on a train starts all the same; nobody finds other images under the same names."""
    progress = _Said()
    monkeypatch.setattr(registry, "hub_answers", lambda: False)
    assert registry.mirror_kind(ImageSource.HUB, progress) is ImageSource.CATALOGUE
    assert "Docker Hub does not answer" in progress.lines[0]

    monkeypatch.setattr(registry, "hub_answers", lambda: True)
    assert registry.mirror_kind(ImageSource.HUB, progress) is ImageSource.HUB


class _Said:
    """Progress that keeps what was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def step(self, name: str) -> AbstractContextManager[None]:
        return nullcontext()

    def say(self, line: str) -> None:
        self.lines.append(line)


@pytest.mark.parametrize(
    ("name", "content", "mirror"),
    [
        (
            "sources.list",
            "deb http://mirror.example/debian bookworm main",
            "http://mirror.example/debian",
        ),
        (
            "sources.list.d/debian.sources",
            "Types: deb\nURIs: http://mirror.example/debian/\nSuites: trixie\n",
            "http://mirror.example/debian",
        ),
        (
            "sources.list.d/debian.sources",
            "Types: deb\nURIs: https://mirror.example/debian\n",
            debian_base.DEFAULT_MIRROR,
        ),
        (
            "sources.list",
            "deb http://archive.ubuntu.com/ubuntu noble main",
            debian_base.DEFAULT_MIRROR,
        ),
        (
            "sources.list",
            "deb http://snapshot.debian.org/archive/debian bookworm main",
            debian_base.DEFAULT_MIRROR,
        ),
    ],
    ids=["list", "deb822", "https only", "ubuntu", "snapshot"],
)
def test_the_base_comes_from_the_mirror_that_the_host_uses(
    tmp_path: Path, name: str, content: str, mirror: str
) -> None:
    """A plain-HTTP Debian mirror of the host is used for the base, and nothing else of it."""
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(content + "\n")

    assert debian_base.nearest_mirror(tmp_path) == mirror


def test_the_catalogue_has_what_lessons_name() -> None:
    """Where Docker Hub can't be reached, these images are there under their usual names."""
    found = {entry.name: entry for entry in entries("sha256:1")}

    assert set(found) == {
        "busybox",
        "debian",
        "hello-world",
        "httpd",
        "nginx",
        "postgres",
        "python",
        "redis",
        "registry",
    }
    for entry in found.values():
        assert entry.tags[0] == "latest"
        assert len(set(entry.tags)) == len(entry.tags)


def test_a_new_tag_is_brought_into_the_mirror() -> None:
    """The mirror's record of an image names its tags, so that a new one leads to a push."""
    entry = Entry(name="nginx", folder=CATALOGUE / "nginx", tags=("latest",), version="1")
    more = Entry(name="nginx", folder=CATALOGUE / "nginx", tags=("latest", "1"), version="1")

    assert entry.contents != more.contents
