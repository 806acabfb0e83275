"""What all tests share: which of them may be tried twice, and how inputs are searched for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent
TRIED_TWICE = tuple(ROOT / name for name in ("contract", "crowd", "e2e", "integration", "trials"))
"""Real engines and browsers, whose time a busy machine stretches. Attacks and faults have to be
right every time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The closing line counts whatever needed its second try."""
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in TRIED_TWICE):
            item.add_marker(pytest.mark.flaky(reruns=1, reruns_delay=2))


# The same inputs on every machine, however busy: a failure in CI is one that anybody can repeat.
settings.register_profile(
    "docent",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],  # it measures the machine, too
)
settings.load_profile("docent")
