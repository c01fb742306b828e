"""Acts by hand that were done, and on whose authority: only ever added."""

from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.domain.kernel import MemberId
from cagnotte.storage.writing import add_rows

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('gestures:' || %s, 0))"
_USED = """
SELECT coalesce(sum(abs(points)), 0)::bigint FROM gesture WHERE day = %s AND allowed_by = %s AND wallet = %s
"""
_OF_DAYS = """
SELECT day, person, wallet, count(*), coalesce(sum(points) FILTER (WHERE points > 0), 0)::bigint,
       coalesce(-sum(points) FILTER (WHERE points < 0), 0)::bigint, count(request_id), count(DISTINCT member_id)
  FROM gesture
 WHERE day BETWEEN %s AND %s
 GROUP BY day, person, wallet
 ORDER BY day DESC, sum(abs(points)) DESC, person, wallet
"""


class Gesture(msgspec.Struct, frozen=True):
    """`points` below 0 were taken. `allowed_by`: whose ceiling it counts for. `request_id` None: none."""

    member_id: MemberId
    gesture_id: int
    kind: str
    wallet: str
    points: int
    reason: str
    person: str
    allowed_by: str
    day: date
    done_at: datetime
    request_id: int | None = None


class GesturesOfDay(msgspec.Struct, frozen=True):
    """What one person did by hand in one wallet on one day. `approved`: how many a second person approved."""

    day: date
    person: str
    wallet: str
    gestures: int
    given: int
    taken: int
    approved: int
    members: int


def points_used(conn: psycopg.Connection, person: str, wallet: str, day: date) -> int:
    """Points given and taken on the person's authority on that day.

    Until the transaction ends nobody else's act on that person's authority is counted: it waits here. Ask after
    the members are locked, always: two acts cannot deadlock.
    """
    conn.execute(_LOCK, (person,))
    row = conn.execute(_USED, (day, person, wallet)).fetchone()  # sees what the lock waited for
    assert row is not None
    return int(row[0])


def add_gesture(conn: psycopg.Connection, gesture: Gesture) -> None:
    add_rows(conn, "gesture", Gesture.__struct_fields__, [msgspec.structs.astuple(gesture)])


def gestures_of_days(conn: psycopg.Connection, first: date, last: date) -> list[GesturesOfDay]:
    """By day, person and wallet, the newest day and the most points first."""
    return [GesturesOfDay(*row) for row in conn.execute(_OF_DAYS, (first, last))]
