"""What the books say of some members, as the evaluator wants to know it."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec
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


def expired_lots(conn: psycopg.Connection, member_id: MemberId) -> tuple[Lot, ...]:
    """What of the member's lots expired and was not given again, as lots that hold just that."""
    rows = conn.execute(sql("cagnotte.ledger", "expired_lots"), {"member_id": member_id}).fetchall()
    return tuple(Lot(LotId(lot_id), wallet, Points(points), *dates) for lot_id, wallet, points, *dates in rows)


class TransferSeen(msgspec.Struct, frozen=True):
    """One transfer: what it moved into (above 0) or out of the member's points, and of those set aside.

    `version` None: posted before the books were numbered. `sale`: the caller's id of the sale that caused it.
    `partners`: partner -> points of the same act that it pays for.
    """

    transfer_id: int
    version: int | None
    kind: str
    wallet: str
    happened_at: datetime
    happened_on: date
    posted_at: datetime
    sale: str | None
    note: str
    points: int
    held: int
    partners: dict[str, int] = {}


class BalanceAsOf(msgspec.Struct, frozen=True):
    wallet: str
    points: int
    held: int
    owed: int


def transfers_between(
    conn: psycopg.Connection, member_id: MemberId, *, first_day: date, end_day: date, known_at: datetime
) -> list[TransferSeen]:
    """What happened on local days from the first one up to, without, the last one, as known at an instant."""
    given = {"member_id": member_id, "first_day": first_day, "end_day": end_day, "known_at": known_at}
    return [TransferSeen(*row) for row in conn.execute(sql("cagnotte.ledger", "statement"), given)]


def balances_as_of(
    conn: psycopg.Connection, member_id: MemberId, *, happened_at: datetime, known_at: datetime
) -> list[BalanceAsOf]:
    """What happened up to the one instant, as it was known at the other; wallets without an entry are absent."""
    given = {"member_id": member_id, "happened_at": happened_at, "known_at": known_at}
    return [BalanceAsOf(*row) for row in conn.execute(sql("cagnotte.ledger", "balances_as_of"), given)]
