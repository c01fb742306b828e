"""How open lots are kept: a draw writes no index, and closed lots cost a reader nothing."""

import psycopg

from cagnotte.domain.kernel import MemberId
from cagnotte.ledger.reading import ask_open_lots, read_open_lots
from cagnotte.storage.sql import sql

MEMBER = MemberId(1)
LOTS = """
INSERT INTO ledger_lot (member_id, lot_id, wallet, points, points_open, earned_on, awaits)
SELECT %s, n, 'points', 100, CASE WHEN n <= %s THEN 100 ELSE 0 END, '2026-03-01', ''
  FROM generate_series(1, %s) AS n
"""
DRAW = "UPDATE ledger_lot SET points_open = points_open - %s WHERE member_id = %s AND lot_id = 1"
HOT = "SELECT pg_stat_get_xact_tuples_hot_updated('ledger_lot'::regclass)"


def _one(conn: psycopg.Connection, query: str) -> object:
    row = conn.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_a_draw_that_leaves_points_writes_no_index(conn: psycopg.Connection) -> None:
    conn.execute(LOTS, (MEMBER, 1, 1))
    before = _one(conn, HOT)

    conn.execute(DRAW, (30, MEMBER))

    assert _one(conn, HOT) == int(str(before)) + 1


def test_a_lot_is_read_until_it_is_empty_and_again_when_points_return(conn: psycopg.Connection) -> None:
    conn.execute(LOTS, (MEMBER, 1, 1))

    conn.execute(DRAW, (99, MEMBER))
    assert _open(conn) == [1]
    conn.execute(DRAW, (1, MEMBER))
    assert _open(conn) == []
    conn.execute(DRAW, (-40, MEMBER))
    assert _open(conn) == [40]


def test_open_lots_are_found_without_reading_the_closed_ones(conn: psycopg.Connection) -> None:
    conn.execute(LOTS, (MEMBER, 3, 5_000))
    conn.execute("ANALYZE ledger_lot")
    query = b"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) " + sql("cagnotte.ledger", "open_lots")

    plan = "\n".join(row[0] for row in conn.execute(query, {"members": [MEMBER]}))

    assert "ledger_lot_open" in plan
    assert "Rows Removed" not in plan


def _open(conn: psycopg.Connection) -> list[int]:
    return [lot.points_open for lot in read_open_lots(ask_open_lots(conn, [MEMBER])).get(MEMBER, ())]
