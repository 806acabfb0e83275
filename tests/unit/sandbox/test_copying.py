"""Copies of disk files: whole or not at all, and never bigger than what is in them."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sandbox import copying
from sandbox.copying import Changed, copy_disk

MIB = 1024 * 1024


def go_on() -> None:
    """There is room enough."""


@pytest.fixture(params=["shared blocks where possible", "pieces"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to copy; which one the test's own file system has is not ours to choose."""
    if request.param == "pieces":
        monkeypatch.setattr(copying, "_shares_blocks", lambda read, written: False)
    return str(request.param)


def make_disk(path: Path) -> Path:
    """A sparse file with something at the start, in the middle, and a hole at the end."""
    with path.open("wb") as file:
        file.write(b"start")
        file.seek(40 * MIB)
        file.write(os.urandom(3 * MIB))
        file.truncate(64 * MIB)
    return path


def test_a_copy_is_the_same_and_as_sparse(tmp_path: Path, way: str) -> None:
    """Byte by byte, hole by hole, and for root's eyes only."""
    source, target = make_disk(tmp_path / "1.img"), tmp_path / "copy.img"
    copy_disk(source, target, may_go_on=go_on)

    assert target.read_bytes() == source.read_bytes()
    assert target.stat().st_blocks <= source.stat().st_blocks + 64
    assert target.stat().st_mode & 0o777 == 0o600
    assert not target.with_suffix(".new").exists()


def test_an_empty_disk_is_all_hole(tmp_path: Path, way: str) -> None:
    """There is not a byte of data to find in it."""
    source = tmp_path / "1.img"
    with source.open("wb") as file:
        file.truncate(MIB)
    copy_disk(source, tmp_path / "copy.img", may_go_on=go_on)

    assert (tmp_path / "copy.img").stat().st_size == MIB


def test_a_copy_replaces_an_older_one_when_it_is_whole(tmp_path: Path, way: str) -> None:
    """What was there stays there when the copy fails."""
    source, target = make_disk(tmp_path / "1.img"), tmp_path / "copy.img"
    target.write_bytes(b"older")

    def no_room() -> None:
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        copy_disk(source, target, may_go_on=no_room)
    assert target.read_bytes() == b"older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.img", "copy.img"]
    copy_disk(source, target, may_go_on=go_on)

    assert target.stat().st_size == 64 * MIB


def test_a_disk_that_is_written_meanwhile_is_no_copy(tmp_path: Path, way: str) -> None:
    """It would be a mixture of two moments, which no journal can mend."""
    source, target = make_disk(tmp_path / "1.img"), tmp_path / "copy.img"

    def write() -> None:
        os.utime(source)

    with pytest.raises(Changed):
        copy_disk(source, target, may_go_on=write)
    assert not target.exists()


def test_no_link_is_followed(tmp_path: Path, way: str) -> None:
    """Only root can write in these folders; should that ever fail, this still holds."""
    disk, precious = make_disk(tmp_path / "1.img"), tmp_path / "precious"
    precious.write_bytes(b"precious")
    (tmp_path / "link.img").symlink_to(precious)
    (tmp_path / "copy.new").symlink_to(precious)
    with pytest.raises(OSError, match="symbolic"):
        copy_disk(tmp_path / "link.img", tmp_path / "copy.img", may_go_on=go_on)
    copy_disk(disk, tmp_path / "copy.img", may_go_on=go_on)

    assert precious.read_bytes() == b"precious"
