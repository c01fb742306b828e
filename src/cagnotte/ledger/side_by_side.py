"""Several long readings of the books at once, all of one snapshot."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from queue import SimpleQueue

import psycopg
from psycopg import sql

from cagnotte.storage.database import connect_beside

_READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_CANCEL_WITHIN_S = 10.0


@contextmanager
def one_snapshot(conn: psycopg.Connection, *, connections: int) -> Iterator[Sequence[psycopg.Connection]]:
    """That many connections, `conn` the first, each in a transaction that reads the same state of the books.

    Fewer where the server has no room for them. Nothing can be changed in them; `conn` is in autocommit mode.
    """
    with ExitStack() as opened:
        opened.enter_context(conn.transaction())
        conn.execute(_READ_ONLY)
        shared = [conn]
        if connections > 1:
            snapshot = _exported(conn)
            while len(shared) < connections:
                try:
                    beside = opened.enter_context(closing(connect_beside(conn)))
                except psycopg.OperationalError:
                    break  # no room: those that there are do it all
                opened.enter_context(beside.transaction())
                beside.execute(_READ_ONLY)
                beside.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(snapshot))
                shared.append(beside)
        yield shared


def side_by_side[K, R](
    connections: Sequence[psycopg.Connection],
    work: Mapping[K, Callable[[psycopg.Connection], R]],
    *,
    first: Sequence[K],
) -> Iterator[R]:
    """The results in the order of `work`, each as soon as it and those before it are there.

    What is in `first` is begun first; then in order, each on the connection that is free. When the caller stops,
    or a reading fails, those under way are cancelled.
    """
    free: SimpleQueue[psycopg.Connection] = SimpleQueue()
    for conn in connections:
        free.put(conn)

    def on_a_free_one(read: Callable[[psycopg.Connection], R]) -> R:
        conn = free.get()
        try:
            return read(conn)
        finally:
            free.put(conn)

    with ThreadPoolExecutor(len(connections)) as pool:
        begun = {key: pool.submit(on_a_free_one, work[key]) for key in dict.fromkeys([*first, *work])}
        try:
            for key in work:
                yield begun[key].result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            if not all(each.done() for each in begun.values()):
                for conn in connections:
                    conn.cancel_safe(timeout=_CANCEL_WITHIN_S)


def _exported(conn: psycopg.Connection) -> sql.Literal:
    row = conn.execute("SELECT pg_export_snapshot()").fetchone()
    assert row is not None
    return sql.Literal(row[0])
