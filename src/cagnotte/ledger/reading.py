"""What the books say of some members, as the evaluator wants to know it."""

from collections.abc import Iterable

import psycopg

from cagnotte.domain.kernel import LotId, MemberId, Points
from cagnotte.domain.points.lots import Lot
from cagnotte.storage.sql import sql


def ask_open_lots(conn: psycopg.Connection, members: Iterable[MemberId]) -> psycopg.Cursor:
    """Ask for the open lots, for a caller who asks for more in the same round trip."""
    return conn.execute(sql("cagnotte.ledger", "open_lots"), {"members": list(members)})


def read_open_lots(rows: psycopg.Cursor) -> dict[MemberId, tuple[Lot, ...]]:
    """member_id -> open lots in burn order; members without open lots are absent."""
    found: dict[MemberId, list[Lot]] = {}
    for member_id, lot_id, wallet, points, *dates in rows.fetchall():
        found.setdefault(MemberId(member_id), []).append(Lot(LotId(lot_id), wallet, Points(points), *dates))
    return {member_id: tuple(lots) for member_id, lots in found.items()}
