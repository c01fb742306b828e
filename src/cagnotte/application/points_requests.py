"""An act by hand above a ceiling as people see it while it waits for a second person, and once it is over."""

from datetime import datetime
from typing import Annotated

import msgspec
import psycopg

from cagnotte.application.points_refusals import UnknownRequest
from cagnotte.domain.points.requests import Ending
from cagnotte.storage.points_requests import (
    LAST_ID,
    PointsRequest,
    ended_requests,
    find_request,
    open_requests,
    time_out_requests,
)

type Instant = Annotated[datetime, msgspec.Meta(tz=True)]

_IDS_MOST = 2**63 - 1


class RequestAnswer(msgspec.Struct, frozen=True):
    """An act by hand that nothing was posted of: it waits until a second person approves it, at most until
    `open_until`. `points`: below 0, to be taken. `above`: the ceiling, `most` points, of a "gesture" or a "day".
    `end` null: it is open, or its time is over.
    """

    request: str
    member: str
    kind: str
    wallet: str
    points: int
    reason: str
    asked_by: str
    asked_at: Instant
    open_until: Instant
    above: str
    most: int
    end: "EndView | None" = None


class EndView(msgspec.Struct, frozen=True):
    """How it ended: `approved`, `refused`, `withdrawn`, `timed_out`, or `not_possible`: approved, but refused by
    the programme. `ended_by` "": the clock."""

    how: Ending
    ended_by: str
    reason: str
    ended_at: Instant


class RequestsPage(msgspec.Struct, frozen=True):
    """`next`: what to send as `after` for those that follow; null: there are none."""

    requests: tuple[RequestAnswer, ...]
    next: str | None


def show_requests(
    conn: psycopg.Connection, *, now: datetime, ended: bool = False, after: str = "", most: int = 100
) -> RequestsPage:
    """Open ones, the oldest first, or those that are over, the newest first."""
    place = _number(after)
    if ended:
        found = ended_requests(conn, before=LAST_ID if place is None else place, most=most + 1)
    else:
        found = open_requests(conn, now, after=place or 0, most=most + 1)
    shown = tuple(shown_request(each) for each in found[:most])
    return RequestsPage(shown, shown[-1].request if len(found) > most else None)


def known_request(conn: psycopg.Connection, request: str) -> PointsRequest:
    """Raises UnknownRequest."""
    number = _number(request)
    found = None if number is None else find_request(conn, number)
    if found is None:
        raise UnknownRequest(request=request)
    return found


def shown_request(request: PointsRequest) -> RequestAnswer:
    end = request.end
    return RequestAnswer(
        request=str(request.request_id),
        member=request.member,
        kind=request.kind,
        wallet=request.wallet,
        points=request.points,
        reason=request.reason,
        asked_by=request.asked_by,
        asked_at=request.asked_at,
        open_until=request.open_until,
        above=request.above,
        most=request.most,
        end=None if end is None else EndView(end.how, end.by, end.reason, end.at),
    )


def end_overdue_requests(conn: psycopg.Connection, now: datetime) -> int:
    """Let requests that nobody answered in time end; how many. Doing it twice changes nothing."""
    with conn.transaction():
        return time_out_requests(conn, now)


def _number(text: str) -> int | None:
    """The id of a request as we wrote it; None: it is none."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 20  # noqa: PLR2004 - digits of a 64-bit number
    return int(text) if is_number and int(text) <= _IDS_MOST else None
