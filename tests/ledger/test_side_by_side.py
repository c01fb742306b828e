"""Several readings at once see one state of the books, keep their order, and end together."""

from collections.abc import Iterator
from threading import Event

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from cagnotte.ledger.side_by_side import one_snapshot, side_by_side
from cagnotte.storage.database import as_program

_SLEEPING = "SELECT count(*) FROM pg_stat_activity WHERE query = %s AND state = 'active'"
_LONG = "SELECT pg_sleep(900)"
_COUNT = "SELECT count(*) FROM store"


@pytest.fixture
def reading(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database, autocommit=True) as conn:
        as_program(conn)
        yield conn


def test_what_is_posted_meanwhile_is_seen_by_none_of_them(reading: psycopg.Connection, database: str) -> None:
    with one_snapshot(reading, connections=3) as connections:
        with psycopg.connect(database) as till:
            till.execute("INSERT INTO store VALUES (1, 's1', 's1')")

        seen = [conn.execute(_COUNT).fetchone() for conn in connections]

    assert seen == [(0,), (0,), (0,)]
    assert reading.execute(_COUNT).fetchone() == (1,)


def test_each_of_them_reads_in_the_same_role_and_can_change_nothing(reading: psycopg.Connection) -> None:
    with one_snapshot(reading, connections=2) as connections:
        roles = {
            conn.execute("SELECT current_user, current_setting('timezone')").fetchone() for conn in connections
        }

        for conn in connections:
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), conn.transaction():
                conn.execute("INSERT INTO store VALUES (1, 's1', 's1')")

    assert len(connections) == 2
    assert roles == {("cagnotte_app", "UTC")}


def test_where_the_server_has_no_room_the_one_there_is_does_it_all(reading: psycopg.Connection) -> None:
    name = sql.Identifier(reading.info.dbname)
    elsewhere = make_conninfo(reading.info.dsn, dbname="postgres")
    with psycopg.connect(elsewhere, autocommit=True) as owner:
        owner.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        with one_snapshot(reading, connections=2) as connections:
            found = list(side_by_side(connections, dict.fromkeys("abc", _one), first="c"))
        owner.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))

    assert (len(connections), found) == (1, [1, 1, 1])


def test_results_come_in_order_however_long_each_takes(reading: psycopg.Connection) -> None:
    later_is_done = Event()

    def first(conn: psycopg.Connection) -> int:
        assert later_is_done.wait(30)
        return 1

    def second(conn: psycopg.Connection) -> int:
        later_is_done.set()
        return 2

    with one_snapshot(reading, connections=2) as connections:
        assert list(side_by_side(connections, {"first": first, "second": second}, first=[])) == [1, 2]


def test_what_fails_ends_those_under_way_and_is_told(reading: psycopg.Connection, database: str) -> None:
    def fails(conn: psycopg.Connection) -> int:
        with psycopg.connect(database, autocommit=True) as looking:
            while looking.execute(_SLEEPING, (_LONG,)).fetchone() == (0,):
                looking.execute("SELECT pg_stat_clear_snapshot()")
        conn.execute("SELECT 1 / 0")
        return 1

    def long(conn: psycopg.Connection) -> int:
        conn.execute(_LONG)
        return 2

    with (
        pytest.raises(psycopg.errors.DivisionByZero),
        one_snapshot(reading, connections=2) as connections,
    ):
        list(side_by_side(connections, {"fails": fails, "long": long}, first=[]))

    assert reading.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_who_stops_listening_ends_those_under_way(reading: psycopg.Connection) -> None:
    def long(conn: psycopg.Connection) -> int:
        conn.execute(_LONG)
        return 2

    with one_snapshot(reading, connections=2) as connections:
        results = side_by_side(connections, {"short": _one, "long": long}, first=[])
        assert next(results) == 1
        results.close()

        with psycopg.connect(reading.info.dsn) as looking:
            assert looking.execute(_SLEEPING, (_LONG,)).fetchone() == (0,)


def _one(conn: psycopg.Connection) -> int:
    row = conn.execute("SELECT 1").fetchone()
    assert row is not None
    return int(row[0])
