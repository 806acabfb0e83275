"""How `./docent test` reads its arguments, and what tests and benchmarks see of the operator's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ops import ROOT, benchmark
from ops.__main__ import main
from ops.env_file import INSTEAD_VARIABLE
from ops.errors import OpsError
from ops.testing import (
    APART,
    BESIDE,
    LAST,
    clean_environment,
    folders,
    folders_of,
    split_arguments,
    targets,
)
from tests.e2e import running

OPERATORS = {
    "DISCORD_TOKEN": "the-real-one",
    "DOCENT_DATABASE_URL": "postgresql://production/docent",
    "DOCENT_HOME": "/srv/docent",
    "DOCENT_SANDBOX_TOKEN_FILE": "/srv/token",
    "DOCENT_SANDBOX_CAPACITY": "1",
    "DOCENT_SOURCE": "catalogue",
}
SHOW_ENVIRONMENT = """
import os, sys
from pathlib import Path
from ops import env_file
env_file.ROOT = Path(sys.argv[1])
env_file.load(env_file.place())
print(os.environ.get("DISCORD_TOKEN"), os.environ.get("DOCENT_DATABASE_URL"))
"""


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    """A file `.env` as operators have it."""
    file = tmp_path / ".env"
    file.write_text("".join(f"{name}={value}\n" for name, value in OPERATORS.items()))
    return file


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


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["security", "-x"], {"security"}),
        (["tests/e2e/test_ask.py::test_it", "-x"], {"e2e"}),
        (["tests/content", "tests/trials", "-k", "images"], {"content", "trials"}),
    ],
)
def test_what_is_prepared_depends_on_the_folders(arguments: list[str], found: set[str]) -> None:
    """Attacks need no browser, and lessons no PostgreSQL."""
    assert folders_of(*split_arguments(arguments)) == found


def test_everything_is_prepared_for_all_tests() -> None:
    """Whether arguments for pytest follow or not."""
    assert folders_of(*split_arguments([])) == folders_of(*split_arguments(["-x"])) == {*folders()}


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


def test_tests_take_over_how_images_are_made_and_nothing_else() -> None:
    """Neither the real bot's token nor the database of the real learners."""
    kept = clean_environment({**OPERATORS, "PATH": "/bin", "DOCENT_TEST_RUNTIME": "runc"})

    assert kept.pop(INSTEAD_VARIABLE) == "/dev/null"
    assert kept == {"PATH": "/bin", "DOCENT_TEST_RUNTIME": "runc", "DOCENT_SOURCE": "catalogue"}


@pytest.mark.parametrize("clean", [True, False])
def test_what_tests_start_does_not_read_the_operators_file(env_file: Path, clean: bool) -> None:
    """A variable that was taken away would come back from there, and with it the real bot."""
    environment = clean_environment({}) if clean else {}
    done = subprocess.run(
        [sys.executable, "-c", SHOW_ENVIRONMENT, str(env_file.parent)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    assert done.stdout.split() == (
        ["None", "None"]
        if clean
        else [OPERATORS["DISCORD_TOKEN"], OPERATORS["DOCENT_DATABASE_URL"]]
    )


def test_docent_of_the_stories_starts_without_the_operators_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `./docent test e2e` starts is told so, however pytest itself was started."""
    for name, value in OPERATORS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(INSTEAD_VARIABLE, raising=False)
    script = tmp_path / "docent"
    script.write_text("#!/bin/sh\nenv\necho Docent is ready: http://127.0.0.1:$3\nexec sleep 60\n")
    script.chmod(0o755)
    monkeypatch.setattr(running, "ROOT", tmp_path)
    docent = running.Docent(home=tmp_path / "home", port=1)

    docent.up()
    docent.stop()

    seen = dict(line.split("=", 1) for line in docent.words().splitlines() if "=" in line)
    assert seen[INSTEAD_VARIABLE] == "/dev/null"
    assert OPERATORS.keys() & seen.keys() == {"DOCENT_SOURCE"}


def test_benchmarks_know_of_the_operators_settings_only_the_images(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would otherwise write made-up learners into the real database."""
    given: list[Mapping[str, str]] = []

    def run(_command: Sequence[str], environment: Mapping[str, str]) -> int:
        given.append(environment)
        return 0

    for name in OPERATORS:
        monkeypatch.setenv(name, "")  # it is as it was after the test
        monkeypatch.delenv(name)
    monkeypatch.setenv(INSTEAD_VARIABLE, str(env_file))
    monkeypatch.setattr(benchmark, "run_in_foreground", run)

    assert main(["bench", "start"]) == 0
    assert OPERATORS.keys() & given[0].keys() == {"DOCENT_HOME", "DOCENT_SOURCE"}
    assert given[0][INSTEAD_VARIABLE] == "/dev/null"
