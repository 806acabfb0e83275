"""What the trials of lessons share: the service on a real engine, and the count at the end."""

from __future__ import annotations

import pytest

from tests.docker_fixtures import client, home, images_home, learner, service
from tests.failure_story import pytest_runtest_makereport
from tests.trials.tally import TALLY

__all__ = ["client", "home", "images_home", "learner", "pytest_runtest_makereport", "service"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many variants of the lessons' tasks were tried."""
    if TALLY.tasks:
        terminalreporter.write_line(str(TALLY))
