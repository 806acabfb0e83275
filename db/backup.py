"""A copy of a SQLite database, made while others use it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from db.engine import async_url
from db.errors import DatabaseDown

BUSY_LIMIT_S = 30


def back_up(url: str, folder: Path) -> Path:
    """Copy the database at this URL into a folder; gives the path of the copy.

    Raises:
        DatabaseDown: There is no such file, or it can't be read or copied.
        ValueError: It is not SQLite.
    """
    source = sqlite_file(url)
    if source is None:
        raise ValueError("the database is not SQLite: use its own tool, such as pg_dump")
    if not source.is_file():
        raise DatabaseDown(f"there is no database {source}: nothing to copy yet")
    target = folder / f"docent-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.sqlite3"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _copy(source, target)
    except (OSError, sqlite3.Error) as exc:
        target.unlink(missing_ok=True)
        raise DatabaseDown(f"{source} could not be copied: {exc}") from exc
    return target


def sqlite_file(url: str) -> Path | None:
    """The file of the database at this URL; None when it is in no file of ours."""
    parsed = async_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(str(parsed.database))


def _copy(source: Path, target: Path) -> None:
    """SQLite's own backup sees one moment of the database, whoever writes meanwhile."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target, timeout=BUSY_LIMIT_S)) as new,
    ):
        old.backup(new)
        verdict = new.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged: {verdict}")
