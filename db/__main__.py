"""`python -m db migrate` brings the database up to date, `backup` copies it while it is in use.

`python -m db new "add badges"` is for us. The copy of a SQLite file goes to `backup/` in
`DOCENT_HOME`. The database is `DOCENT_DATABASE_URL`, or `docent.sqlite3` in `DOCENT_HOME`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from db.backup import back_up
from db.errors import DatabaseError
from db.migrate import make_migration, migrate

DEFAULT_HOME = "/var/lib/docent"


def main(arguments: list[str]) -> int:
    """Do what the arguments say; the exit code is 0, 1 (failed) or 2 (not understood)."""
    try:
        match arguments:
            case ["migrate"]:
                migrate(database_url())
            case ["backup"]:
                print(back_up(database_url(), _home() / "backup"))  # noqa: T201
            case ["new", message]:
                make_migration(database_url(), message)
            case _:
                print(__doc__, file=sys.stderr)  # noqa: T201 - talks to a person at a terminal
                return 2
    except (DatabaseError, ValueError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def database_url() -> str:
    """Where the database is, by the environment."""
    return os.environ.get("DOCENT_DATABASE_URL") or f"sqlite+aiosqlite:///{_home()}/docent.sqlite3"


def _home() -> Path:
    return Path(os.environ.get("DOCENT_HOME") or DEFAULT_HOME)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
