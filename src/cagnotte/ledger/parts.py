"""What went of the lots that partners pay for, part by part, as the books tell it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

import msgspec
import psycopg

from cagnotte.domain.accounting.entries import Kind
from cagnotte.domain.accounting.parts import How, Parts, running
from cagnotte.ledger.accounts import LotOwed, Period, PortfolioKey, lots_owed
from cagnotte.storage.sql import sql

_CHUNK = 10_000
_ANY = "SELECT EXISTS (SELECT FROM accounting_lot WHERE lot_points IS NOT NULL)"
_OUT = frozenset({How.CLAIMED, How.TAKEN, How.MOVED})  # they take their amount with them


class PartMoved(msgspec.Struct, frozen=True):
    """Points that went of one part of a lot (below 0: came back). `amount_minor`: what went with them, where they
    were taken back or moved; the rest stays with the portfolio, which earns it."""

    key: PortfolioKey
    member_id: int
    lot_id: int
    event_id: int
    how: How
    happened_on: date
    points: int
    amount_minor: int


class _Lot:
    def __init__(self, partners: Sequence[str], points: Sequence[int], amounts: Sequence[int]) -> None:
        self.parts = Parts(list(zip(partners, points, strict=True)))
        self.points, self.amounts = points, amounts
        self.out = [0] * len(points)

    def amounts_of(self, moved: Sequence[int]) -> list[int]:
        found = running(self.amounts, self.points, self.out, moved)
        self.out = [was + part for was, part in zip(self.out, moved, strict=True)]
        return found


def parts_moved(conn: psycopg.Connection, known_at: datetime | None = None) -> Iterator[PartMoved]:
    """All that was posted by `known_at` (None: at all), whenever it happened; inside the caller's transaction.

    How a move is split depends on nothing that is posted after it, so it is the same at each closing.
    """
    if conn.execute(_ANY).fetchone() != (True,):
        return
    with conn.cursor("parts_moved") as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(sql("cagnotte.ledger", "parts_moved"), {"known_at": known_at})
        for _, rows in groupby(cursor, key=lambda row: row[0]):
            yield from _of_member(rows)


def lots_left(conn: psycopg.Connection, period: Period, end_day: date) -> Iterator[LotOwed]:
    """Lots with points left at the end of a closed month, by portfolio, part by part where partners pay for them;
    in a transaction."""
    gone: dict[tuple[int, int, str], tuple[int, int, int]] = {}
    for each in parts_moved(conn, period.known_at):
        if each.happened_on < end_day:
            place = (each.member_id, each.lot_id, each.key.partner)
            points, out, minor = gone.get(place, (0, 0, 0))
            taken = each.points if each.how in _OUT else 0
            gone[place] = (points + each.points, out + taken, minor + each.amount_minor)
    for lot in lots_owed(conn, period, end_day):
        points, out, minor = gone.get((lot.member_id, lot.lot_id, lot.key.partner), (0, 0, 0))
        if lot.left > points:
            left = {"left": lot.left - points, "kept": lot.kept - out, "amount_minor": lot.amount_minor - minor}
            yield msgspec.structs.replace(lot, **left) if points else lot


def _of_member(rows: Iterator[Sequence[Any]]) -> Iterator[PartMoved]:
    lots: dict[int, _Lot] = {}
    dues: dict[tuple[int, str], dict[str, int]] = {}
    for (
        member_id,
        lot_id,
        event_id,
        how,
        points,
        on,
        wallet,
        given_in,
        store_id,
        *parts,
        due_of,
        due_points,
    ) in rows:
        partners, kinds, part_points, amounts = parts
        lot = lots.setdefault(lot_id, _Lot(partners, part_points, amounts))
        due = dues.setdefault((event_id, wallet), dict(zip(due_of or (), due_points or (), strict=True)))
        moved = lot.parts.move(How(how), points, due)
        gone = lot.amounts_of(moved) if How(how) in _OUT else [0] * len(moved)
        for partner, kind, number, amount in zip(partners, kinds, moved, gone, strict=True):
            if how == How.CLAIMED and partner in due:
                due[partner] -= min(number, due[partner])
            if number:
                key = PortfolioKey(wallet, Kind(kind), given_in, store_id, partner)
                yield PartMoved(key, member_id, lot_id, event_id, How(how), on, number, amount)
