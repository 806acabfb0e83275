"""Which packages tests need, and what comes of one that a distribution lacks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ops import surroundings
from ops.errors import OpsError
from ops.progress import Progress
from ops.surroundings import OF_FOLDER, packages_of, prepared
from ops.testing import folders
from tests.docker_fixtures import QuietProgress


def test_attacks_need_neither_a_browser_nor_a_database() -> None:
    """Only what makes learners' disks."""
    assert packages_of({"security"}) == ["e2fsprogs"]
    assert {"chromium", "postgresql"} & set(packages_of({"trials", "content"})) == set()


def test_all_tests_need_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each package once; folders that were renamed are not forgotten."""
    monkeypatch.delenv(surroundings.POSTGRES_VARIABLE, raising=False)
    wanted = packages_of({*folders()})

    assert OF_FOLDER.keys() <= {*folders()}
    assert len(wanted) == len(set(wanted))
    assert {"e2fsprogs", "postgresql", "chromium", "hunspell-ko", "fonts-nanum"} <= set(wanted)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is installed on an Ubuntu 24.04 that has nothing yet and no engine to come to."""
    found: list[str] = []

    def install(packages: Sequence[str], _progress: Progress) -> None:
        found.extend(packages)

    def no_engine(*_: object) -> None:
        raise OpsError("this far")

    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(surroundings, "can_install", lambda: True)
    monkeypatch.setattr(surroundings, "missing", list)
    monkeypatch.setattr(surroundings, "is_known", lambda package: package != "chromium")
    monkeypatch.setattr(surroundings, "ensure_packages", install)
    monkeypatch.setattr(surroundings, "ensure_engine", no_engine)
    return found


def _prepare(*names: str) -> None:
    with pytest.raises(OpsError, match="this far"), prepared({*names}, QuietProgress()):
        pass


def test_what_the_distribution_lacks_is_left_out(installed: list[str]) -> None:
    """On Ubuntu there is no package chromium: the stories in the page skip, all else runs."""
    _prepare("e2e")

    assert "chromium" not in installed
    assert {"e2fsprogs", "fonts-nanum"} <= {*installed}


def test_in_ci_nothing_is_left_out(installed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """There it fails instead of skipping."""
    monkeypatch.setenv("CI", "true")
    _prepare("e2e")

    assert "chromium" in installed
