"""What the books say of some members, as the evaluator wants to know it."""

from collections.abc import Sequence
from datetime import date

import psycopg

from cagnotte.domain.kernel import LotId, MemberId, Points
from cagnotte.domain.points.lots import Lot
from cagnotte.storage.sql import sql


def open_lots(conn: psycopg.Connection, members: Sequence[MemberId]) -> dict[MemberId, tuple[Lot, ...]]:
    """member_id -> open lots in burn order; members without open lots are absent."""
    rows = conn.execute(sql("cagnotte.ledger", "open_lots"), {"members": list(members)})
    found: dict[MemberId, list[Lot]] = {}
    for member_id, lot_id, wallet, points, earned_on, expires_on in rows:
        lot = Lot(LotId(lot_id), wallet, Points(points), earned_on, expires_on)
        found.setdefault(MemberId(member_id), []).append(lot)
    return {member_id: tuple(lots) for member_id, lots in found.items()}


def earned_by_day(
    conn: psycopg.Connection, members: Sequence[MemberId], since: date | None
) -> dict[tuple[MemberId, date], dict[str, int]]:
    """(member_id, local day) -> wallet -> points earned that day; `since` None: all days."""
    parameters = {"members": list(members), "from": since}
    found: dict[tuple[MemberId, date], dict[str, int]] = {}
    for member_id, day, wallet, points in conn.execute(sql("cagnotte.ledger", "earned_by_day"), parameters):
        found.setdefault((MemberId(member_id), day), {})[wallet] = points
    return found
