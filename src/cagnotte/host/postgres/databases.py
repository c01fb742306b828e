"""Make a database that behaves alike on every server: UTF-8, sorted by code point."""

from __future__ import annotations

import psycopg
from psycopg import Connection, sql

from cagnotte.host.postgres.unavailable import ServerUnreachable

BUILTIN_LOCALE_SINCE = 170000


def create_database(admin_dsn: str, name: str) -> None:
    """Create `name` unless it is there; two processes may try at once. Raises ServerUnreachable."""
    try:
        with psycopg.connect(admin_dsn, autocommit=True) as conn:
            if not _exists(conn, name):
                _create(conn, name)
    except psycopg.OperationalError as fault:
        raise ServerUnreachable(f"The database {name} could not be made: {fault}") from fault
    except psycopg.errors.InsufficientPrivilege as fault:
        raise ServerUnreachable(
            f"The database {name} does not exist and this account may not make it: create it "
            "(UTF8), or give the account CREATEDB."
        ) from fault


def _exists(conn: Connection, name: str) -> bool:
    return conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _create(conn: Connection, name: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' {}")
    try:
        conn.execute(statement.format(sql.Identifier(name), _locale(conn)))
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        return  # another process was faster


def _locale(conn: Connection) -> sql.SQL:
    if conn.info.server_version >= BUILTIN_LOCALE_SINCE:
        return sql.SQL("LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")
    known = conn.execute("SELECT 1 FROM pg_collation WHERE collname IN ('C.utf8', 'C.UTF-8')").fetchone()
    return sql.SQL("LOCALE 'C.UTF-8' LOCALE_PROVIDER libc") if known else sql.SQL("LOCALE 'C'")
