"""`./docent backup` and `migrate`: which database, and what is said where there is none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ops.__main__ import main
from ops.backup import back_up
from ops.errors import OpsError
from tests.factories import make_database_url


@pytest.fixture(autouse=True)
def no_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCENT_TEST_ENV_FILE", "/dev/null")
    monkeypatch.delenv("DOCENT_DATABASE_URL", raising=False)


def test_the_copy_holds_what_the_database_holds(tmp_path: Path) -> None:
    """It is made while somebody has the database open."""
    make_database_url(tmp_path)
    with closing(sqlite3.connect(tmp_path / "docent.sqlite3")) as used:
        used.execute("CREATE TABLE kept (word TEXT)")
        used.execute("INSERT INTO kept VALUES ('yes')")
        used.commit()
        copy = back_up(tmp_path)

    assert copy.parent == tmp_path / "backup"
    with closing(sqlite3.connect(copy)) as copied:
        assert copied.execute("SELECT word FROM kept").fetchall() == [("yes",)]


@pytest.mark.parametrize(
    ("command", "composed"),
    [
        ("backup", "docker compose exec bot python -m db backup"),
        ("migrate", "docker compose run --rm migrate"),
    ],
)
def test_without_a_database_it_says_where_one_may_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, composed: str
) -> None:
    """Under compose.yaml it is in a volume; none is made that nobody uses."""
    assert main([command, "--home", str(tmp_path)]) == 1
    assert composed in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_server_has_tools_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL is not copied as a file."""
    monkeypatch.setenv("DOCENT_DATABASE_URL", "postgresql://docent@db/docent")
    with pytest.raises(OpsError, match="pg_dump"):
        back_up(tmp_path)


def test_migrate_brings_the_database_of_a_home_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says which."""
    make_database_url(tmp_path)

    assert main(["migrate", "--home", str(tmp_path)]) == 0
    assert str(tmp_path) in capsys.readouterr().out
