"""A folder that another user keeps for themselves, and that other user."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65_534


@contextmanager
def as_nobody() -> Generator[None]:
    """Root becomes somebody without rights for the length of the block; others have none anyway."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def closed_folder() -> Generator[Path]:
    """A folder that can't be looked into as `as_nobody`."""
    outer = Path(tempfile.mkdtemp(prefix="docent-closed-", dir="/tmp"))
    outer.chmod(0o755)
    folder = outer / "home"
    folder.mkdir()
    (folder / "run").mkdir()
    folder.chmod(0o700 if os.geteuid() == 0 else 0)
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(outer)
