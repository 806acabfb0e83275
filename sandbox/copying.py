"""Copies of disk files: shared blocks where the file system can, else only what is in use.

What is in a file is hostile and stays bytes here. Names are opened without following links, in
folders that only root can write.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

FICLONE = 0x40049409
"""ioctl(2): let the whole file share the blocks of another one."""
PIECE_BYTES = 16 * 1024 * 1024
NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL
_NO_MORE_DATA = errno.ENXIO
_CAN_NOT_CLONE = {errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY, errno.ENOSYS}


class Changed(Exception):
    """Somebody wrote to the file while it was copied: the copy is not one moment of it."""


def copy_disk(source: Path, target: Path, *, may_go_on: Callable[[], None]) -> None:
    """Copy a disk file; the target appears with its name when it is whole.

    Args:
        source: The disk file.
        target: The copy; one that is there already is replaced.
        may_go_on: Called before each piece; what it raises ends the copy.

    Raises:
        Changed: the source was written meanwhile.
        OSError: it can't be read or written.
    """
    unfinished = target.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    try:
        with _opened(source, os.O_RDONLY) as read, _opened(unfinished, NEW) as written:
            before = os.fstat(read)
            _copy(read, written, before.st_size, may_go_on)
            os.fsync(written)
            _must_be_unchanged(read, before)
        unfinished.rename(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _must_be_unchanged(file: int, before: os.stat_result) -> None:
    if os.fstat(file).st_mtime_ns != before.st_mtime_ns:
        raise Changed("it was written while it was copied")


def _copy(read: int, written: int, size: int, may_go_on: Callable[[], None]) -> None:
    may_go_on()
    if _shares_blocks(read, written):
        return
    os.ftruncate(written, size)
    for start, end in _data(read, size):
        at = start
        while at < end:
            may_go_on()
            done = os.copy_file_range(read, written, min(PIECE_BYTES, end - at), at, at)
            if not done:
                raise OSError(errno.EIO, "the file got shorter while it was copied")
            at += done


def _shares_blocks(read: int, written: int) -> bool:
    try:
        fcntl.ioctl(written, FICLONE, read)
    except OSError as exc:
        if exc.errno in _CAN_NOT_CLONE:
            return False
        raise
    return True


def _data(file: int, size: int) -> Iterator[tuple[int, int]]:
    """Where the file is no hole, from byte to byte."""
    at = 0
    while at < size:
        try:
            start = os.lseek(file, at, os.SEEK_DATA)
        except OSError as exc:
            if exc.errno == _NO_MORE_DATA:
                return
            raise
        at = os.lseek(file, start, os.SEEK_HOLE)
        yield start, at


@contextmanager
def _opened(path: Path, flags: int) -> Generator[int]:
    file = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        yield file
    finally:
        os.close(file)
