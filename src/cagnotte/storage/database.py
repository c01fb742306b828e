"""Connections of the running program: in UTC, and as the role that cannot change the books."""

import select
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

APP_ROLE = "cagnotte_app"

CALLERS_WAIT: dict[str, str] = {
    "lock_timeout": "3s",  # above deadlock_timeout (1 s): a deadlock is found and undone before
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "30s",  # a frozen process of ours gives its locks back
}
"""What PostgreSQL ends by itself for connections of callers, who are waiting: never for jobs, loads and proofs."""

GIVES_UP_S = 1.0
"""A server that is away is asked again each second for as long as somebody waits; the pool's own way is to wait
twice as long each time, also once the server is back."""


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


class CallersPool(ConnectionPool):
    """Connections for people and machines that wait for an answer; the caller closes it.

    One that the server has closed is never given out. At most `waiting` callers queue (0: any number), each for
    `patience_s`; then PoolTimeout or TooManyRequests, both OperationalError.
    """

    def __init__(self, dsn: str, *, size: int, waiting: int = 0, patience_s: float = 2.0) -> None:
        self._failed_before = 0  # attempts to connect, before the last one that did not
        super().__init__(
            dsn,
            min_size=1,
            max_size=size,
            max_waiting=waiting,
            timeout=patience_s,
            kwargs={"autocommit": True},
            configure=self._connected,
            check=self._check_open_still,
            reconnect_timeout=GIVES_UP_S,
            open=True,
        )

    @contextmanager
    def connection(self, timeout: float | None = None) -> Iterator[psycopg.Connection]:
        """Raises OperationalError alone, not PoolTimeout, where there was none because the server takes none."""
        try:
            with super().connection(timeout) as conn:
                yield conn
        except PoolTimeout as error:
            if self._failed() > self._failed_before:
                raise psycopg.OperationalError("the database takes no connections") from error
            raise

    def _connected(self, conn: psycopg.Connection) -> None:
        _for_callers(conn)
        self._failed_before = self._failed()

    def _failed(self) -> int:
        return self.get_stats().get("connections_errors", 0)

    def _check_open_still(self, conn: psycopg.Connection) -> None:
        check_open_still(conn, self)


def check_open_still(conn: psycopg.Connection, pool: ConnectionPool) -> None:
    """Raises OperationalError when the server has closed a connection of the pool, and so probably others.

    Costs no round trip: what the server says at the end is there to be read.
    """
    poller = select.poll()
    poller.register(conn.fileno(), select.POLLIN)
    if poller.poll(0):
        try:
            pool.check_connection(conn)
        except psycopg.OperationalError:
            pool.check()  # of the rest each would cost a caller a wait
            raise


def make_pool(dsn: str, *, size: int, waiting: int = 0, patience_s: float = 2.0) -> CallersPool:
    """A pool that opens connections when they are first needed; see CallersPool."""
    return CallersPool(dsn, size=size, waiting=waiting, patience_s=patience_s)


def connect_beside(conn: psycopg.Connection) -> psycopg.Connection:
    """Another connection to the same database, in the same role and time zone. Raises OperationalError."""
    told = conn.execute("SELECT current_setting('role'), current_setting('timezone')").fetchone()
    beside = psycopg.connect(conn.info.dsn, password=conn.info.password or None, autocommit=True)
    beside.execute("SELECT set_config('role', %s, false), set_config('timezone', %s, false)", told)
    return beside


def as_program(conn: psycopg.Connection) -> None:
    """Drop to the program's role where the migration could make it.

    Statements are not compiled: where the server would, that takes seconds of what takes milliseconds.
    """
    conn.execute("SET timezone = 'UTC'; SET jit = off")
    known = conn.execute("SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = %s", (APP_ROLE,))
    if known.fetchone() == (True,):
        conn.execute(f"SET ROLE {APP_ROLE}")


def _for_callers(conn: psycopg.Connection) -> None:
    as_program(conn)
    for name, value in CALLERS_WAIT.items():
        conn.execute("SELECT set_config(%s, %s, false)", (name, value))
