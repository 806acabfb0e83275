"""The texts of the bot."""

from __future__ import annotations

import pytest

from bot.texts import Texts


@pytest.fixture(scope="session")
def texts() -> Texts:
    """Both languages."""
    return Texts.load()
