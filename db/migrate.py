"""Bringing a database up to date, by the migrations in `db/migrations`."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.backup import sqlite_file
from db.engine import database_errors, make_engine
from db.errors import DatabaseDown, SchemaMismatch

MIGRATIONS = Path(__file__).parent / "migrations"

# Two set-ups at once on one PostgreSQL: the second waits here, then finds nothing left to do.
_POSTGRES_LOCK = 0x646F63656E74


def migrate(url: str) -> None:
    """Upgrade the database at this URL to the newest schema, all of it or nothing.

    A SQLite file that will change is copied first to `<name>.<UTC time>.bak` beside itself. Inside
    a running event loop call it by `asyncio.to_thread`.

    Raises:
        SchemaMismatch: The database was made by a newer Docent.
        DatabaseError: It is busy or down; nothing has changed.
    """
    asyncio.run(_migrate(url))


def make_migration(url: str, message: str) -> None:
    """Write a new migration: what the models have and the database at this URL lacks."""
    asyncio.run(_make_migration(url, message))


def config_for(connection: Connection | None) -> Config:
    """Alembic's configuration, in place of an alembic.ini: `python -m db` is the only way in."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def _migrate(url: str) -> None:
    file = sqlite_file(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    # A batch migration rebuilds tables on SQLite; with foreign keys on, that would empty others.
    engine = make_engine(url, foreign_keys=False)
    try:
        with database_errors():
            await _upgrade(engine, file)
    except OSError as error:
        raise DatabaseDown(str(error)) from error
    finally:
        await engine.dispose()


async def _upgrade(engine: AsyncEngine, file: Path | None) -> None:
    async with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_POSTGRES_LOCK})"))
        await connection.run_sync(_upgrade_to_head, file)


def _upgrade_to_head(connection: Connection, file: Path | None) -> None:
    config = config_for(connection)
    scripts = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return
    if current is not None:
        if current not in {script.revision for script in scripts.walk_revisions()}:
            raise SchemaMismatch(f"the database is newer ({current}): update Docent")
        if file is not None:
            _back_up(file)
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        _check_references(connection)


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise DatabaseDown(f"rows that refer to nothing in {tables}; nothing was changed")


def _back_up(file: Path) -> None:
    """Copy the file with SQLite's own means: a plain copy would miss what is still in the WAL."""
    copy = file.with_name(f"{file.name}.{datetime.now(UTC):%Y%m%dT%H%M%SZ}.bak")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


async def _make_migration(url: str, message: str) -> None:
    engine = make_engine(url)
    revision = f"{datetime.now(UTC):%Y_%m_%d}_{_slug(message)}"
    try:
        async with engine.connect() as connection:
            await connection.run_sync(
                lambda sync: command.revision(
                    config_for(sync), message, autogenerate=True, rev_id=revision
                )
            )
    finally:
        await engine.dispose()


def _slug(message: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in message.lower()).split())
