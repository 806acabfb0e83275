"""Tests of `db`, on SQLite and, where a server is available, on PostgreSQL."""
