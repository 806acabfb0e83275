"""The real catalogues of texts."""

from __future__ import annotations

import pytest

from bot.texts import Texts


@pytest.fixture(scope="session")
def texts() -> Texts:
    """What the bot says."""
    return Texts.load()
