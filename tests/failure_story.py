"""What the service and the sandboxes say, added to the report of a test that failed on Docker."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.docker_fixtures import ServiceProcess, docker


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """To a failed test on Docker, add what the service and the sandboxes say."""
    report = yield
    process = getattr(item, "funcargs", {}).get("service")
    if report.when == "call" and report.failed and isinstance(process, ServiceProcess):
        report.sections.append(("sandbox service", process.log()))
        report.sections.append(("containers", _containers(process.home.label)))
    return report


def _containers(label: str) -> str:
    story = docker("ps", "--all", "--filter", f"label=docent.home={label}")
    for container in docker(
        "ps", "--all", "--quiet", "--filter", f"label=docent.home={label}"
    ).split():
        story += f"\n{container}: {docker('logs', '--tail', '5', container)}"
    return story
