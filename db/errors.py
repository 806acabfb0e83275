"""Failures of the database.

DatabaseError
├── DatabaseBusy     locked or overloaded; the same thing a little later may work
├── DatabaseDown     not reachable, not readable, or its disk is full; a person should look
└── SchemaMismatch   reachable, but its tables are not those of this version of Docent

Anything else that SQLAlchemy raises is a bug of ours and rises under its own name.
"""

from __future__ import annotations


class DatabaseError(Exception):
    """Base of all failures of the database."""


class DatabaseBusy(DatabaseError):
    """Another transaction held the lock for too long, or every connection is in use."""


class DatabaseDown(DatabaseError):
    """The database can't be reached or can't read or write its files."""


class SchemaMismatch(DatabaseError):
    """The tables belong to another version of Docent; the message says which way to go."""
