"""`./docent backup`: a copy of everything Docent remembers, made while it runs."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from ops.errors import OpsError

BUSY_LIMIT_S = 30


def back_up(home: Path) -> Path:
    """Copy the SQLite database of a home beside itself, into `backup/`; gives the copy's path.

    Raises:
        OpsError: there is no SQLite database, or it can't be read or copied.
    """
    url = os.environ.get("DOCENT_DATABASE_URL", "")
    if url and not url.startswith("sqlite"):
        raise OpsError("The database is not SQLite: use its own tool, such as pg_dump.")
    source = Path(url.split("///", 1)[1]) if url else home / "docent.sqlite3"
    if not source.is_file():
        raise OpsError(f"There is no database {source}: nothing to copy yet.")
    folder = home / "backup"
    target = folder / f"docent-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.sqlite3"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _copy(source, target)
    except (OSError, sqlite3.Error) as exc:
        target.unlink(missing_ok=True)
        raise OpsError(f"{source} could not be copied: {exc}") from exc
    return target


def _copy(source: Path, target: Path) -> None:
    """SQLite's own backup sees one moment of the database, whoever writes meanwhile."""
    with (
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        contextlib.closing(sqlite3.connect(target, timeout=BUSY_LIMIT_S)) as new,
    ):
        old.backup(new)
        verdict = new.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged: {verdict}")
