"""One Docent and one browser for all stories that leave both in order."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.e2e.chat import CHROMIUM, chromium
from tests.e2e.running import Docent, free_port


@pytest.fixture(scope="session")
def docent() -> Generator[Docent, None, None]:
    """Docent, started as a newcomer starts it, in a home that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="docent-e2e-", dir="/tmp"))
    docent = Docent(home=folder / "home", port=free_port(), arguments=("--source", "catalogue"))
    try:
        docent.up()
        yield docent
    finally:
        docent.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def browser() -> AsyncGenerator[Browser, None]:
    """Chromium; `./docent test` installs it."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is missing: ./docent test installs it")
    async with chromium() as running:
        yield running
