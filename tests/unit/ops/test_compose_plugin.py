"""Where `docker compose` comes from, by distribution."""

from __future__ import annotations

import pytest

from ops import compose_plugin
from ops.compose_plugin import ELSEWHERE, package, what_is_missing


@pytest.mark.parametrize(
    ("os_release", "found"),
    [
        ('ID=debian\nVERSION_ID="13"\n', "docker-compose"),
        ('PRETTY_NAME="Debian GNU/Linux forky/sid"\nID=debian\n', "docker-compose"),
        ('ID=debian\nVERSION_ID="12"\n', ELSEWHERE),
        ('NAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n', "docker-compose-v2"),
        ('ID="rocky"\nVERSION_ID="9.4"\n', ELSEWHERE),
        ("", ELSEWHERE),
    ],
)
def test_each_distribution_has_a_package_of_its_own(os_release: str, found: str) -> None:
    """Debian 12 has none: its docker-compose is another program."""
    assert package(os_release) == found


@pytest.mark.parametrize("answer", ["Docker Compose version 2.26.1-4", None])
def test_only_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, answer: str | None) -> None:
    """A machine that has it hears nothing of it."""
    asked = []

    def docker(arguments: list[str]) -> str | None:
        asked.append(arguments)
        return answer

    monkeypatch.setattr(compose_plugin, "try_docker", docker)
    said = what_is_missing()

    assert (said is None) == (answer is not None)
    assert asked == [["compose", "version"]]
