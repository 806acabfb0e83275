"""Bringing a database up to date."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.exc import OperationalError

import db.migrate
from db import learners
from db.__main__ import main
from db.engine import Database, make_engine
from db.errors import SchemaMismatch
from db.migrate import config_for, migrate
from db.models import SCHEMA_REVISION, Base, LessonRow
from db.models.base import UtcDateTime
from tests.databases import fresh_database

SECOND = f"""
from alembic import op
import sqlalchemy as sa
revision = "2099_01_01_add_badges"
down_revision = "{SCHEMA_REVISION}"
def upgrade():
    with op.batch_alter_table("learners") as batch:
        batch.add_column(sa.Column("badges", sa.Integer(), nullable=True))
"""
BROKEN = SECOND + '    op.execute("SELECT * FROM nowhere")\n'


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/docent.sqlite3"
        return
    with fresh_database(request.param, tmp_path) as url:
        yield url


def on_connection(url: str, question: object) -> object:
    """Ask something of a connection."""
    assert callable(question)

    async def ask() -> object:
        engine = make_engine(url)
        async with engine.begin() as connection:
            answer = await connection.run_sync(question)
        await engine.dispose()
        return answer

    return asyncio.run(ask())


def add_migration(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str) -> None:
    """Let Docent have one migration more, as its next release would."""
    copy = folder / "migrations"
    shutil.copytree(db.migrate.MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / "2099_01_01_add_badges.py").write_text(source)
    monkeypatch.setattr(db.migrate, "MIGRATIONS", copy)


def enrol_someone(url: str) -> None:
    async def enrol() -> None:
        async with Database.open(url) as database, database.transaction() as session:
            await learners.enrol(session, 7, language="ko", name="Yuna")

    asyncio.run(enrol())


def names_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM learners")]


def test_migrations_and_models_agree(empty_url: str) -> None:
    """Alembic finds no drift between what the migrations make and what the models say."""
    migrate(empty_url)

    def drift(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    assert on_connection(empty_url, drift) == []


def test_the_models_name_the_newest_migration() -> None:
    """The bot compares with this name at its start, without loading Alembic."""
    scripts = ScriptDirectory.from_config(config_for(None))
    assert scripts.get_current_head() == SCHEMA_REVISION


def test_migrating_again_changes_nothing(empty_url: str, tmp_path: Path) -> None:
    """Every start may migrate; a database that is up to date is not even copied."""
    migrate(empty_url)
    migrate(empty_url)
    assert list(tmp_path.glob("*.bak")) == []


def test_every_migration_can_be_undone(empty_url: str) -> None:
    """Down to nothing and up again."""
    migrate(empty_url)
    on_connection(empty_url, lambda connection: command.downgrade(config_for(connection), "base"))
    migrate(empty_url)


def test_a_file_is_copied_before_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy holds what was there before the upgrade; the upgraded file keeps it too."""
    file = tmp_path / "docent.sqlite3"
    url = f"sqlite:///{file}"
    migrate(url)
    enrol_someone(url)
    add_migration(monkeypatch, tmp_path, SECOND)

    migrate(url)

    (copy,) = tmp_path.glob("docent.sqlite3.*.bak")
    assert names_in(copy) == names_in(file) == ["Yuna"]
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT badges FROM learners").fetchall() == [(None,)]


def test_an_upgrade_keeps_what_refers_to_a_rebuilt_table(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite rebuilds a table to change it; rows of other tables must not go with the old one."""
    migrate(empty_url)
    enrol_someone(empty_url)
    history_row = (
        "INSERT INTO history (learner_id, kind, line, took_ms, at)"
        " VALUES (7, 'command', 'docker ps', 1, '2026-11-24 12:00:00')"
    )
    on_connection(empty_url, lambda connection: connection.execute(text(history_row)))
    add_migration(monkeypatch, tmp_path, SECOND)

    migrate(empty_url)

    count = "SELECT count(*) FROM history"
    assert on_connection(empty_url, lambda c: c.execute(text(count)).scalar()) == 1


def test_what_was_finished_before_is_known_to_have_been(empty_url: str) -> None:
    """When it was first finished: as far as that could be known of earlier attempts."""
    before = "2026_11_30_pauses"
    on_connection(empty_url, lambda connection: command.upgrade(config_for(connection), before))
    person = (
        "INSERT INTO learners (id, name, language, language_chosen, created_at)"
        " VALUES (7, 'Yuna', 'ko', false, '2026-11-24 12:00:00')"
    )
    lesson = (
        "INSERT INTO lesson_progress"
        " (learner_id, lesson_id, version, opened_at, finished_at, best_score)"
        " VALUES (7, :lesson, 1, :opened, :finished, :best)"
    )
    opened, finished = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (24, 25))
    rows: list[dict[str, object]] = [
        {"lesson": "anew", "opened": opened, "finished": None, "best": 640},
        {"lesson": "done", "opened": opened, "finished": finished, "best": None},
        {"lesson": "open", "opened": opened, "finished": None, "best": None},
    ]
    moments = [bindparam(name, type_=UtcDateTime) for name in ("opened", "finished")]

    def fill(connection: Connection) -> None:
        connection.execute(text(person))
        connection.execute(text(lesson).bindparams(*moments), rows)

    on_connection(empty_url, fill)

    migrate(empty_url)

    question = select(LessonRow.lesson_id, LessonRow.first_finished_at).order_by("lesson_id")
    assert on_connection(empty_url, lambda c: [tuple(row) for row in c.execute(question)]) == [
        ("anew", opened),
        ("done", finished),
        ("open", None),
    ]


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All or nothing: the old Docent still works with the database afterwards."""
    url = f"sqlite:///{tmp_path}/docent.sqlite3"
    migrate(url)
    add_migration(monkeypatch, tmp_path, BROKEN)

    with pytest.raises(OperationalError, match="nowhere"):
        migrate(url)

    def columns(connection: Connection) -> list[str]:
        rows = connection.exec_driver_sql("PRAGMA table_info(learners)")
        return [str(row[1]) for row in rows]

    found = on_connection(url, columns)
    assert isinstance(found, list)
    assert "badges" not in found


def test_a_database_of_a_newer_docent_is_left_alone(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Going back a release says what to do instead of guessing."""
    with monkeypatch.context() as newer:
        add_migration(newer, tmp_path, SECOND)
        migrate(empty_url)
    with pytest.raises(SchemaMismatch, match="update Docent"):
        migrate(empty_url)


def test_the_command_migrates_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m db migrate` makes the home and the database in it, `backup` a copy; else usage."""
    monkeypatch.delenv("DOCENT_DATABASE_URL", raising=False)
    monkeypatch.setenv("DOCENT_HOME", str(tmp_path / "home"))
    assert main(["migrate"]) == 0
    assert (tmp_path / "home" / "docent.sqlite3").is_file()
    assert main(["backup"]) == 0
    copy = Path(capsys.readouterr().out.strip())
    assert copy.parent == tmp_path / "home" / "backup"
    assert copy.stat().st_size > 0
    assert main(["frobnicate"]) == 2
    assert "python -m db migrate" in capsys.readouterr().err


def test_the_command_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line for the operator, and an exit code for the script."""
    monkeypatch.setenv("DOCENT_DATABASE_URL", "mysql://localhost/docent")
    assert main(["migrate"]) == 1
    assert "SQLite or PostgreSQL" in capsys.readouterr().err
