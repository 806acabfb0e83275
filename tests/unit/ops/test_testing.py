"""How `./docent test` reads its arguments."""

from __future__ import annotations

import pytest

from ops.errors import OpsError
from ops.testing import APART, BESIDE, LAST, folders, split_arguments, targets


def test_a_folder_is_taken_off_the_arguments() -> None:
    """`./docent test unit -k word` runs tests/unit with `-k word`."""
    name, rest = split_arguments(["unit", "-k", "word"])
    assert (name, rest) == ("unit", ["-k", "word"])
    assert targets(name, rest) == ["tests/unit"]


def test_without_a_name_all_tests_run() -> None:
    """`./docent test -x` means all of them."""
    name, rest = split_arguments(["-x"])
    assert (name, rest) == (None, ["-x"])
    everything = {f"tests/{folder}" for folder in folders()}
    assert everything - set(targets(name, rest)) == {"tests/vm"}


def test_a_named_file_is_left_to_pytest() -> None:
    """`./docent test tests/unit/ops/test_home.py` runs that file alone."""
    name, rest = split_arguments(["tests/unit/ops/test_home.py"])
    assert name is None
    assert targets(name, rest) == []


def test_an_unknown_folder_is_refused_with_those_there_are() -> None:
    """A typing mistake shows the names that exist."""
    with pytest.raises(OpsError, match="unit"):
        split_arguments(["unti"])
    assert "unit" in folders()


def test_every_run_has_folders_of_its_own() -> None:
    """A folder that was renamed is missed by none of the runs, and by none played twice."""
    chosen = [*APART, *BESIDE, *LAST]
    assert len(chosen) == len(set(chosen))
    assert set(chosen) < set(folders())
