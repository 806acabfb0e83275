"""What tests of explanations share: both languages."""

from __future__ import annotations

import pytest

from bot.texts import Texts


@pytest.fixture(scope="session")
def texts() -> Texts:
    """The catalogues, read once."""
    return Texts.load()
