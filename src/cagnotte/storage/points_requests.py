"""Acts by hand that wait for a second person, and how each ended: only ever added."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.domain.kernel import MemberId
from cagnotte.domain.points.requests import Ending
from cagnotte.storage.writing import add_rows

_COLUMNS = (
    "member_id", "request_id", "kind", "wallet", "points", "command", "reason", "person", "asked_by", "above",
    "most", "asked_at", "open_until",
)  # fmt: skip
_READ = """
SELECT r.member_id, r.request_id, r.kind, r.wallet, r.points, r.command::text, r.reason, r.person, r.asked_by,
       r.above, r.most, r.asked_at, r.open_until, m.external_id, e.how, e.ended_by, e.reason, e.ended_at
  FROM points_request r
  JOIN member m USING (member_id)
  LEFT JOIN points_request_end e USING (member_id, request_id)
"""
_FIND = f"{_READ} WHERE r.request_id = %s"
_OPEN = f"""{_READ}
 WHERE e.request_id IS NULL AND r.open_until > %(now)s AND r.request_id > %(after)s
 ORDER BY r.request_id LIMIT %(most)s"""
_OVER = f"""{_READ}
 WHERE e.request_id IS NOT NULL AND r.request_id < %(before)s
 ORDER BY r.request_id DESC LIMIT %(most)s"""
_END = """
INSERT INTO points_request_end (member_id, request_id, how, ended_by, reason, ended_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (member_id, request_id) DO NOTHING
"""
_TIME_OUT = """
INSERT INTO points_request_end (member_id, request_id, how, ended_at)
SELECT r.member_id, r.request_id, 'timed_out', r.open_until
  FROM points_request r LEFT JOIN points_request_end e USING (member_id, request_id)
 WHERE e.request_id IS NULL AND r.open_until <= %s
    ON CONFLICT (member_id, request_id) DO NOTHING
"""
LAST_ID = 2**63 - 1


class End(msgspec.Struct, frozen=True):
    """`by` "": the clock."""

    how: Ending
    by: str
    reason: str
    at: datetime


class PointsRequest(msgspec.Struct, frozen=True):
    """What was asked. `command`: JSON. `person`: who asked, as `person_of` writes names. `end` None: not yet."""

    member_id: MemberId
    request_id: int
    kind: str
    wallet: str
    points: int
    command: str
    reason: str
    person: str
    asked_by: str
    above: str
    most: int
    asked_at: datetime
    open_until: datetime
    member: str = ""
    end: End | None = None


def add_request(conn: psycopg.Connection, request: PointsRequest) -> None:
    row = tuple(getattr(request, name) for name in _COLUMNS)
    add_rows(conn, "points_request", _COLUMNS, [row])


def find_request(conn: psycopg.Connection, request_id: int) -> PointsRequest | None:
    row = conn.execute(_FIND.encode(), (request_id,)).fetchone()
    return None if row is None else _request(row)


def open_requests(
    conn: psycopg.Connection, now: datetime, *, after: int = 0, most: int = 100
) -> list[PointsRequest]:
    """Those that can still be approved, the oldest first, from after an id on."""
    return [_request(row) for row in conn.execute(_OPEN.encode(), {"now": now, "after": after, "most": most})]


def ended_requests(conn: psycopg.Connection, *, before: int = LAST_ID, most: int = 100) -> list[PointsRequest]:
    """Those that are over, the newest first, from before an id on."""
    return [_request(row) for row in conn.execute(_OVER.encode(), {"before": before, "most": most})]


def end_request(conn: psycopg.Connection, request: PointsRequest, end: End) -> bool:
    """Whether it is this that ended it; whoever else ends it at the same time waits for this transaction."""
    values = (request.member_id, request.request_id, end.how.value, end.by, end.reason, end.at)
    return conn.execute(_END, values).rowcount == 1


def time_out_requests(conn: psycopg.Connection, now: datetime) -> int:
    """End those whose time is over, at the time it was over; how many."""
    return conn.execute(_TIME_OUT, (now,)).rowcount


def _request(row: tuple[object, ...]) -> PointsRequest:
    values = dict(zip((*_COLUMNS, "member"), row[:14], strict=True))
    how, by, reason, at = row[14:]
    end = None if how is None else {"how": how, "by": by, "reason": reason, "at": at}
    return msgspec.convert({**values, "end": end}, PointsRequest)
