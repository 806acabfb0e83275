"""Opening the database, and transactions whose failures are ours to name."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from types import TracebackType
from typing import Any, Self

from sqlalchemy import URL, Connection, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, MissingGreenlet
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from db.errors import DatabaseBusy, DatabaseDown, DatabaseError, SchemaMismatch
from db.models import SCHEMA_REVISION

LOCK_TIMEOUT_S = 3.0
"""How long a transaction waits for another one: a learner waits for the answer meanwhile."""

CONNECT_TIMEOUT_S = 5.0
STATEMENT_TIMEOUT_S = 10.0

READERS_AT_ONCE = 3
"""Long questions at the same time: the other connections are for those who write."""
READ_WAIT_S = 15.0
"""How long a reader waits for its turn: nobody is kept waiting by it."""

_READING = "docent_reading"
_READ_ONLY: dict[str, dict[str, object]] = {
    "sqlite": {_READING: True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}

_ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}

_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_DOWN = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES_BUSY = {"40001", "40P01", "55P03", "57014"}
_POSTGRES_DOWN_CLASSES = {"08", "28", "3D", "53", "57", "58"}


def async_url(url: str) -> URL:
    """The URL with the driver that we use: `postgresql://…` means asyncpg, `sqlite:///…` aiosqlite.

    Raises:
        ValueError: Neither SQLite nor PostgreSQL.
    """
    parsed = make_url(url)
    name = parsed.get_backend_name()
    if name not in _ASYNC_DRIVERS:
        raise ValueError(f"the database must be SQLite or PostgreSQL, not {name}")
    return parsed.set(drivername=_ASYNC_DRIVERS[name])


def make_engine(
    url: str, *, lock_timeout_s: float = LOCK_TIMEOUT_S, foreign_keys: bool = True
) -> AsyncEngine:
    """An engine with our time-outs; on SQLite also our pragmas. Nothing is connected yet."""
    parsed = async_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_async_engine(parsed, pool_timeout=CONNECT_TIMEOUT_S)
        _prepare_sqlite(engine, lock_timeout_s, foreign_keys=foreign_keys)
        return engine
    return create_async_engine(
        parsed,
        pool_pre_ping=True,
        pool_timeout=CONNECT_TIMEOUT_S,
        connect_args={
            "timeout": CONNECT_TIMEOUT_S,
            "command_timeout": STATEMENT_TIMEOUT_S + CONNECT_TIMEOUT_S,
            "server_settings": {
                "application_name": "docent",
                "lock_timeout": f"{lock_timeout_s * 1000:.0f}",
                "statement_timeout": f"{STATEMENT_TIMEOUT_S * 1000:.0f}",
            },
        },
    )


def _prepare_sqlite(engine: AsyncEngine, lock_timeout_s: float, *, foreign_keys: bool) -> None:
    pragmas = {
        "busy_timeout": f"{lock_timeout_s * 1000:.0f}",
        "journal_mode": "WAL",
        "synchronous": "NORMAL",
        "foreign_keys": "ON" if foreign_keys else "OFF",
    }

    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        # The driver must not begin transactions behind our back: see begin() below.
        connection.isolation_level = None
        try:
            cursor = connection.cursor()
            for name, value in pragmas.items():
                cursor.execute(f"PRAGMA {name} = {value}")
            cursor.close()
        except sqlite3.Error:
            # The pool forgets a connection whose listener fails; its thread would live on.
            connection.close()
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        only_reads = bool(connection.get_execution_options().get(_READING, False))
        if connection.info.get(_READING, False) != only_reads:
            connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if only_reads else 'OFF'}")
            connection.info[_READING] = only_reads
        # A transaction that reads first and writes later can't wait for the lock: SQLite refuses it
        # at once when someone else wrote in between. Taking the lock at the start lets it wait.
        # One that only reads sees everything as it was at its first question, and keeps nobody.
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")

    @event.listens_for(engine.sync_engine, "invalidate")
    def roll_back(connection: Any, _record: object, _error: object) -> None:
        # Closing is not enough: a statement in whose middle a task was cancelled keeps the
        # transaction, and the lock, until somebody collects the garbage.
        with suppress(sqlite3.Error, MissingGreenlet):
            connection.rollback()


class Database:
    """The open database. One short transaction per use case; never hold one over the network."""

    def __init__(self, engine: AsyncEngine, *, lock_timeout_s: float = LOCK_TIMEOUT_S) -> None:
        self._engine = engine
        self._lock_timeout_s = lock_timeout_s
        # SQLite has one writer at a time, and those who wait for it look again and again, whoever
        # came first; here they stand in line. PostgreSQL knows better by itself.
        self._one_at_a_time = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self._readers = asyncio.Semaphore(READERS_AT_ONCE)
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    @classmethod
    def open(cls, url: str, *, lock_timeout_s: float = LOCK_TIMEOUT_S) -> Self:
        """A database at this URL; it connects when the first transaction begins.

        Raises:
            ValueError: The URL is of neither SQLite nor PostgreSQL.
        """
        engine = make_engine(url, lock_timeout_s=lock_timeout_s)
        return cls(engine, lock_timeout_s=lock_timeout_s)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; safe to repeat."""
        await self._engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session that commits at the end, or rolls everything back when the block raises.

        Raises:
            DatabaseBusy: Somebody else held the lock for too long.
            DatabaseDown: The database can't be used at all.
        """
        with database_errors():
            async with self._turn(), self._sessions() as session, session.begin():
                await _connect(session)
                yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for long questions: it sees one moment, and nobody who writes waits for it.

        What would write in there is refused.

        Raises:
            DatabaseBusy: Too many read already, for too long.
            DatabaseDown: The database can't be used at all.
        """
        options = _READ_ONLY[self._engine.dialect.name]
        with database_errors():
            readers = _held(self._readers, READ_WAIT_S, "others of this program read")
            async with readers, self._sessions() as session, session.begin():
                await _connect(session, options)
                yield session

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._one_at_a_time is None:
            yield
            return
        why = "others of this program come first"
        async with _held(self._one_at_a_time, self._lock_timeout_s, why):
            yield

    async def check_schema(self) -> None:
        """Make sure that the tables are those of this version.

        Raises:
            SchemaMismatch: They are older (migrate) or newer (update Docent).
            DatabaseError: It could not be read.
        """
        async with self.transaction() as session:
            connection = await session.connection()
            found = await connection.run_sync(_revision)
        if found != SCHEMA_REVISION:
            raise SchemaMismatch(f"the tables are {found or 'missing'}, not {SCHEMA_REVISION}")


@asynccontextmanager
async def _held(
    turns: asyncio.Lock | asyncio.Semaphore, within_s: float, why: str
) -> AsyncIterator[None]:
    """Hold one of these; raises `DatabaseBusy` when that takes longer, and says why."""
    try:
        # Not `wait_for`: before Python 3.12 it loses a cancel that comes with the lock.
        async with asyncio.timeout(within_s):
            await turns.acquire()
    except TimeoutError as error:
        raise DatabaseBusy(why) from error
    try:
        yield
    finally:
        turns.release()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


async def _connect(session: AsyncSession, options: dict[str, object] | None = None) -> None:
    """Connect and begin now, so that a refusal comes before any work and under our name."""
    try:
        await session.connection(execution_options=options)
    except (OSError, TimeoutError) as error:
        # asyncpg lets the socket's own errors through while it connects.
        raise DatabaseDown(str(error)) from error


@contextmanager
def database_errors() -> Generator[None, None, None]:
    """Give the driver's failures our names; what is neither busy nor down rises as it is."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseBusy("every connection is in use") from error
    except DBAPIError as error:
        ours = _named(error)
        if ours is None:
            raise
        raise ours from error


def _named(error: DBAPIError) -> DatabaseError | None:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _named_sqlite(cause)
    code = str(getattr(cause, "sqlstate", None) or "")
    if code in _POSTGRES_BUSY:
        return DatabaseBusy(str(cause))
    if error.connection_invalidated or code[:2] in _POSTGRES_DOWN_CLASSES:
        return DatabaseDown(str(cause))
    return None


def _named_sqlite(cause: sqlite3.Error) -> DatabaseError | None:
    # The low byte is the kind; the rest says more closely what happened.
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in _SQLITE_BUSY:
        return DatabaseBusy(str(cause))
    if code in _SQLITE_DOWN:
        return DatabaseDown(str(cause))
    return None
