"""`./docent backup`: a copy of everything Docent remembers, made while it runs."""

from __future__ import annotations

import os
from pathlib import Path

from db import backup
from db.errors import DatabaseError
from ops.errors import OpsError


def database_of(home: Path, composed: str) -> str:
    """The URL of the database that belongs to a home.

    Args:
        home: The folder.
        composed: The command that does under compose.yaml what is asked for here.

    Raises:
        OpsError: its file is not there.
    """
    url = os.environ.get("DOCENT_DATABASE_URL") or f"sqlite+aiosqlite:///{home}/docent.sqlite3"
    try:
        file = backup.sqlite_file(url)
    except ValueError as exc:
        raise OpsError(f"DOCENT_DATABASE_URL: {exc}") from exc
    if file is not None and not file.is_file():
        raise OpsError(
            f"There is no database {file} yet. "
            f"Under compose.yaml it is in a volume: docker compose {composed}"
        )
    return url


def back_up(home: Path) -> Path:
    """Copy the SQLite database of a home beside itself, into `backup/`; gives the copy's path.

    Raises:
        OpsError: there is no SQLite database, or it can't be read or copied.
    """
    url = database_of(home, composed="exec bot python -m db backup")
    try:
        return backup.back_up(url, home / "backup")
    except (DatabaseError, ValueError) as exc:
        raise OpsError(f"No copy was made: {exc}.") from exc
