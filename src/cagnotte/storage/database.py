"""Connections of the running program: in UTC, and as the role that cannot change the books."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import ConnectionPool

APP_ROLE = "cagnotte_app"


def connect(dsn: str) -> psycopg.Connection:
    """One connection in autocommit mode: each act opens its own transaction. Raises OperationalError."""
    conn = psycopg.connect(dsn, autocommit=True)
    as_program(conn)
    return conn


@contextmanager
def connected(dsn: str) -> Iterator[psycopg.Connection]:
    conn = connect(dsn)
    try:
        yield conn
    finally:
        conn.close()


def connect_beside(conn: psycopg.Connection) -> psycopg.Connection:
    """Another connection to the same database, in the same role and time zone. Raises OperationalError."""
    told = conn.execute("SELECT current_setting('role'), current_setting('timezone')").fetchone()
    beside = psycopg.connect(conn.info.dsn, password=conn.info.password or None, autocommit=True)
    beside.execute("SELECT set_config('role', %s, false), set_config('timezone', %s, false)", told)
    return beside


def make_pool(dsn: str, *, size: int) -> ConnectionPool:
    """A pool that opens connections when they are first needed; the caller closes it."""
    return ConnectionPool(
        dsn, min_size=1, max_size=size, kwargs={"autocommit": True}, configure=as_program, open=True
    )


def as_program(conn: psycopg.Connection) -> None:
    """Drop to the program's role where the migration could make it."""
    conn.execute("SET timezone = 'UTC'")
    known = conn.execute("SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = %s", (APP_ROLE,))
    if known.fetchone() == (True,):
        conn.execute(f"SET ROLE {APP_ROLE}")
