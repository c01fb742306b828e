"""Lots and balances rebuilt from what is never changed: entries, transfers that opened lots, changes of days."""

from collections.abc import Sequence
from datetime import date

import msgspec
import psycopg

from cagnotte.storage.sql import sql

_LOT = """
INSERT INTO ledger_lot (member_id, lot_id, wallet, points, points_open, earned_on, expires_on, usable_from, awaits)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (member_id, lot_id) DO UPDATE
       SET points_open = excluded.points_open, expires_on = excluded.expires_on,
           usable_from = excluded.usable_from, awaits = excluded.awaits
"""
_BALANCE = """
INSERT INTO ledger_balance (member_id, wallet, points, version)
SELECT %(member_id)s, %(wallet)s, %(points)s, greatest(version, 1)
  FROM member_standing WHERE member_id = %(member_id)s
    ON CONFLICT (member_id, wallet) DO UPDATE SET points = excluded.points, version = excluded.version
"""
_LOCK = "SELECT 1 FROM member_standing WHERE member_id = ANY (%s) ORDER BY member_id FOR UPDATE"


class Difference(msgspec.Struct, frozen=True):
    """A lot or a balance (`lot_id` 0) that is not what the entries say, with what it should be."""

    what: str
    member_id: int
    lot_id: int
    wallet: str
    points: int
    points_open: int | None
    earned_on: date | None
    expires_on: date | None
    usable_from: date | None
    awaits: str | None


def differences(conn: psycopg.Connection, *, most: int) -> list[Difference]:
    rows = conn.execute(sql("cagnotte.ledger", "rebuilt_lots"), {"most": most}).fetchall()
    return [Difference(*row) for row in rows]


def lock_members(conn: psycopg.Connection, found: Sequence[Difference]) -> None:
    """Nobody else changes these members until the transaction ends."""
    conn.execute(_LOCK, (sorted({each.member_id for each in found}),))


def put_right(conn: psycopg.Connection, found: Sequence[Difference]) -> None:
    """Write what should be; what a lot was given, and when, is never changed in a lot that is there."""
    for each in found:
        if each.what == "balance":
            conn.execute(_BALANCE, {"member_id": each.member_id, "wallet": each.wallet, "points": each.points})
        else:
            days = (each.earned_on, each.expires_on, each.usable_from, each.awaits)
            conn.execute(_LOT, (each.member_id, each.lot_id, each.wallet, each.points, each.points_open, *days))
