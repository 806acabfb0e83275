"""The home folder: which it is, token, path length, one `up` at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops import home as ops_home
from ops.errors import OpsError
from ops.home import home_in_use, must_write, only_one, prepare_home
from tests.unit.ops.nobody import as_nobody, closed_folder

__all__ = ["closed_folder"]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a user without root looks: `system` and `own/docent`, neither of which is there."""
    monkeypatch.setattr(ops_home, "SYSTEM_HOME", tmp_path / "system")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    monkeypatch.delenv("DOCENT_HOME", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("there", "found"),
    [
        ([], "own/docent"),
        (["own/docent"], "own/docent"),
        (["system"], "system"),
        (["own/docent", "system"], "own/docent"),
    ],
)
def test_the_home_that_is_there_is_found(machine: Path, there: list[str], found: str) -> None:
    """What `./docent up` made as root is looked at by the user who typed that, too."""
    for name in there:
        (machine / name).mkdir(parents=True)

    assert home_in_use() == machine / found


def test_a_home_that_was_named_is_the_one(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also before it is made."""
    (machine / "system").mkdir()
    monkeypatch.setenv("DOCENT_HOME", str(machine / "named"))

    assert home_in_use() == machine / "named"


def test_another_users_home_is_not_changed(closed_folder: Path) -> None:
    """It is said with which command it works."""
    with as_nobody(), pytest.raises(OpsError, match=f"sudo ./docent backup --home {closed_folder}"):
        must_write(closed_folder, "backup")


def test_a_home_of_ones_own_may_be_changed(tmp_path: Path) -> None:
    """And one that is not there yet is nobody else's."""
    must_write(tmp_path, "backup")
    must_write(tmp_path / "not-yet", "backup")


def test_the_token_is_for_its_owner_alone_and_stays(tmp_path: Path) -> None:
    """The token has mode 0600, is long, and a second set-up keeps it."""
    prepare_home(tmp_path)
    token = tmp_path / "token"
    first = token.read_text()
    prepare_home(tmp_path)
    assert token.stat().st_mode & 0o777 == 0o600
    assert len(first) >= 32
    assert token.read_text() == first


def test_a_path_too_long_for_sockets_is_refused(tmp_path: Path) -> None:
    """A home whose sockets could never be opened is refused before anything starts."""
    with pytest.raises(OpsError, match="too long"):
        prepare_home(tmp_path / ("deep" * 30))


def test_a_second_up_of_one_home_is_refused(tmp_path: Path) -> None:
    """Two of one home would fight over disks; the second one hears why it may not start."""
    prepare_home(tmp_path)
    with only_one(tmp_path), pytest.raises(OpsError, match="runs already"), only_one(tmp_path):
        pass


def test_a_home_is_free_again_afterwards(tmp_path: Path) -> None:
    """When the first `up` has ended, the next may start."""
    prepare_home(tmp_path)
    with only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass
