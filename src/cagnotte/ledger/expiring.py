"""Expiry in sets: what the evaluator's fold would post for members to whom nothing is due but the end of lots."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.domain.kernel import EventId, MemberId
from cagnotte.storage.sql import sql


class DueMember(msgspec.Struct, frozen=True):
    """A member whose standing is locked, the place of their clock, and the local day up to which lots end."""

    member_id: MemberId
    clock: int
    upto: date


class Morning(msgspec.Struct, frozen=True):
    """00:00 of a local day on a clock, and the id of the events of that day: ids grow with the day."""

    clock: int
    day: date
    at: datetime
    event_id: EventId


class Expired(msgspec.Struct, frozen=True):
    lots: int = 0
    points: int = 0
    transfers: int = 0


def expire_set(conn: psycopg.Connection, members: Sequence[DueMember], mornings: Sequence[Morning]) -> Expired:
    """Post the expiry of all, inside the caller's transaction, which has locked the members' standings.

    `mornings`: every day of every clock on which one of these lots may end.
    Raises psycopg.errors.UniqueViolation when a lot's expiry was posted before: nothing is written then.
    """
    row = conn.execute(
        sql("cagnotte.ledger", "expire_set"),
        {
            "members": [each.member_id for each in members],
            "clocks": [each.clock for each in members],
            "uptos": [each.upto for each in members],
            "calendar_clocks": [each.clock for each in mornings],
            "calendar_days": [each.day for each in mornings],
            "mornings": [each.at for each in mornings],
            "events": [each.event_id for each in mornings],
        },
    ).fetchone()
    assert row is not None
    return Expired(*row)
