"""The home folder: token, path length, one `up` at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.errors import OpsError
from ops.home import only_one, prepare_home


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
