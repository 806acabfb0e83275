"""What integration tests share: the service on a real engine, and the story of a failure."""

from __future__ import annotations

from tests.docker_fixtures import client, home, images_home, learner, service
from tests.failure_story import pytest_runtest_makereport

__all__ = ["client", "home", "images_home", "learner", "pytest_runtest_makereport", "service"]
