"""What unit tests of the service share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.sandbox.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A service on fakes."""
    return Stage(tmp_path)
