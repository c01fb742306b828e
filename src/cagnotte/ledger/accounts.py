"""What the accounts read from the books, and what a closing adds to them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import psycopg

from cagnotte.domain.accounting.entries import Kind
from cagnotte.domain.accounting.liability import Cut, Liability
from cagnotte.domain.accounting.portfolios import Nature, Portfolio
from cagnotte.storage.sql import sql
from cagnotte.storage.writing import add_rows

_HERE = "cagnotte.ledger"
_CHUNK = 10_000
_LOT = (
    "member_id", "lot_id", "month", "wallet", "store_id", "kind", "nature", "given_on", "points", "amount_minor",
    "paid_minor", "value_minor", "breakage", "partner", "lot_points",
)  # fmt: skip
_PORTFOLIO = (
    "month", "wallet", "kind", "given_in", "store_id", "partner", "points", "amount_minor", "used", "expired",
    "taken_points", "taken_minor", "sent_points", "sent_minor", "breakage", "balance_minor",
)  # fmt: skip
_ENTRY = (
    "entry_no", "line_no", "month", "day", "wallet", "store_id", "kind", "nature", "late", "role", "account",
    "account_name", "debit_minor", "credit_minor", "partner",
)  # fmt: skip
_PERIOD = (
    "month", "closed_at", "closed_by", "currency", "version", "fiscal_year", "lots", "entries", "first_entry",
    "last_entry", "known_at", "with_partners",
)  # fmt: skip
_GIVEN = """
SELECT wallet, kind, month, coalesce(store_id, 0), partner, given_on, nature, sum(points)::bigint,
       sum(amount_minor)::bigint
  FROM accounting_lot WHERE month = %s GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
_AMOUNTS = """
SELECT amount_minor, points, kind FROM accounting_lot WHERE member_id = %s AND lot_id = %s AND lot_points IS NULL
"""
_STORED = f"SELECT {', '.join(_PORTFOLIO)} FROM accounting_portfolio WHERE month = %s"  # noqa: S608
_PERIODS = f"SELECT {', '.join(_PERIOD)} FROM accounting_period ORDER BY month"  # noqa: S608


_LIABILITY = ("cut", "code", "points", "value_minor", "expected_points", "deferred_minor", "provision_minor")
_LIABILITIES = f"SELECT {', '.join(_LIABILITY)} FROM accounting_liability WHERE month = %s ORDER BY 1, 2"  # noqa: S608


class LotGiven(msgspec.Struct, frozen=True):
    """`paid_minor`: the price of its sale without tax; None: no sale gave it.

    `partners`, `partner_points`: who pays for how many of its points, at the price of `priced_at`; None: nobody.
    """

    member_id: int
    lot_id: int
    kind: str  # of the transfer
    wallet: str
    happened_at: datetime
    given_on: date
    points: int
    key: str
    sale_id: int | None
    store_id: int | None
    paid_minor: int | None
    priced_at: datetime
    partners: Sequence[str] | None
    partner_points: Sequence[int] | None

    @property
    def funded(self) -> list[tuple[str, int]]:
        return list(zip(self.partners or (), self.partner_points or (), strict=True))


class LotValue(msgspec.Struct, frozen=True):
    """What a lot stands for in the accounts, as it is kept for ever; of a lot that partners pay for, the part of
    one `partner` ("": the programme's own) of all its `lot_points`."""

    member_id: int
    lot_id: int
    month: date
    wallet: str
    store_id: int | None
    kind: Kind
    nature: Nature
    given_on: date
    points: int
    amount_minor: int
    paid_minor: int | None
    value_minor: int
    breakage: int
    partner: str = ""
    lot_points: int | None = None


class PortfolioKey(msgspec.Struct, frozen=True, order=True):
    wallet: str
    kind: Kind
    given_in: date
    store_id: int  # 0: all
    partner: str = ""  # who paid for the points; "": the members, or nobody


class Ended(msgspec.Struct, frozen=True):
    """`day` None: before the first day that was asked for."""

    key: PortfolioKey
    day: date | None
    used: int
    expired: int


class Taken(msgspec.Struct, frozen=True):
    """Points taken from one lot, of `lot_points` that stand for `amount_minor`."""

    key: PortfolioKey
    day: date | None
    member_id: int
    lot_id: int
    amount_minor: int
    lot_points: int
    moved: bool
    points: int


class LotOwed(msgspec.Struct, frozen=True):
    """A lot of which points are `left`; of all its `points`, `kept` were not taken back, for `amount_minor`.

    `value_minor`, `breakage`: as it was valued. `store` of its sale, `tier` of its member then; "": none.
    """

    key: PortfolioKey
    member_id: int
    lot_id: int
    given_on: date
    points: int
    left: int
    amount_minor: int
    value_minor: int
    breakage: int
    store: str
    tier: str
    kept: int


class Stored(msgspec.Struct, frozen=True):
    """Where a portfolio stood at the end of a month."""

    portfolio: Portfolio
    taken: tuple[int, int]  # points, amount
    sent: tuple[int, int]
    breakage: int
    balance_minor: int


class Period(msgspec.Struct, frozen=True):
    """A closed month; `month` and `fiscal_year` are first days. `known_at`: on the clock of `posted_at`.

    `with_partners`: what partners owe is in its entries; False: it was closed before they were.
    """

    month: date
    closed_at: datetime
    closed_by: str
    currency: str
    version: int
    fiscal_year: date
    lots: int
    entries: int
    first_entry: int
    last_entry: int
    known_at: datetime
    with_partners: bool = True


def ledger_clock(conn: psycopg.Connection) -> datetime:
    """What is posted in this transaction bears this time."""
    row = conn.execute("SELECT now()").fetchone()
    assert row is not None
    found: datetime = row[0]
    return found


def periods(conn: psycopg.Connection) -> list[Period]:
    """The closed months, in order."""
    return [Period(*row) for row in conn.execute(_PERIODS)]


def lots_to_value(conn: psycopg.Connection, end_day: date) -> Iterator[LotGiven]:
    """Read piece by piece, inside the caller's transaction."""
    with conn.cursor("lots_to_value") as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(sql(_HERE, "lots_to_value"), {"end_day": end_day})
        for row in cursor:
            yield LotGiven(*row)


def add_lot_values(conn: psycopg.Connection, lots: Iterable[LotValue]) -> int:
    """Written in pieces; how many there were."""
    rows: list[Sequence[object]] = []
    written = 0
    for lot in lots:
        rows.append(msgspec.structs.astuple(lot))
        written += 1
        if len(rows) == _CHUNK:
            add_rows(conn, "accounting_lot", _LOT, rows)
            rows = []
    add_rows(conn, "accounting_lot", _LOT, rows)
    return written


def points_moved_away(conn: psycopg.Connection, end_day: date) -> dict[int, list[tuple[int, int, Sequence[int]]]]:
    """event -> (member, lot, points taken from it in order, the last of which the event took)."""
    found: dict[int, list[tuple[int, int, Sequence[int]]]] = {}
    for event, member_id, lot_id, taken, _ in conn.execute(sql(_HERE, "points_moved_away"), {"end_day": end_day}):
        found.setdefault(event, []).append((member_id, lot_id, taken))
    return found


def lot_amount(conn: psycopg.Connection, member_id: int, lot_id: int) -> tuple[int, int, Kind] | None:
    """(amount, points, kind) of a valued lot that no partner pays for."""
    row = conn.execute(_AMOUNTS, (member_id, lot_id)).fetchone()
    return None if row is None else (row[0], row[1], Kind(row[2]))


def given_in(
    conn: psycopg.Connection, month: date
) -> Iterator[tuple[PortfolioKey, date, Nature, tuple[int, int]]]:
    """By portfolio, day and nature: points and amount of the lots that a closing took into account."""
    for row in conn.execute(_GIVEN, (month,)):
        day, nature, points, amount = row[5:]
        yield _key(row), day, Nature(nature), (points, amount)


def points_ended(conn: psycopg.Connection, first_day: date, end_day: date, *, daily: bool) -> list[Ended]:
    asked = {"first_day": first_day, "end_day": end_day, "daily": daily}
    rows = conn.execute(sql(_HERE, "points_ended"), asked)
    return [Ended(_key(row), *row[5:]) for row in rows]


def points_taken(conn: psycopg.Connection, first_day: date, end_day: date, *, daily: bool) -> list[Taken]:
    """Those of one lot beside each other, in the order of the books."""
    asked = {"first_day": first_day, "end_day": end_day, "daily": daily}
    return [Taken(_key(row), *row[5:]) for row in conn.execute(sql(_HERE, "points_taken"), asked)]


def lots_owed(conn: psycopg.Connection, period: "Period", end_day: date) -> Iterator[LotOwed]:
    """Lots with points left at the end of a closed month, by portfolio; read piece by piece, in a transaction."""
    asked = {"month": period.month, "end_day": end_day, "known_at": period.known_at}
    with conn.cursor("lots_owed") as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(sql(_HERE, "lots_owed"), asked)
        for row in cursor:
            yield LotOwed(_key(row), *row[5:])


def add_liabilities(conn: psycopg.Connection, month: date, rows: Sequence[Liability]) -> None:
    add_rows(
        conn,
        "accounting_liability",
        ("month", *_LIABILITY),
        [(month, *msgspec.structs.astuple(row)) for row in rows],
    )


def kept_liabilities(conn: psycopg.Connection, month: date) -> list[Liability]:
    """Those of a closed month, in order; none where it was closed before they were kept."""
    return [Liability(Cut(row[0]), *row[1:]) for row in conn.execute(_LIABILITIES, (month,))]


def stored(conn: psycopg.Connection, month: date) -> dict[PortfolioKey, Stored]:
    """Where every portfolio stood at the end of a closed month."""
    return {_key(row[1:]): _stored(row) for row in conn.execute(_STORED, (month,))}


def add_closing(
    conn: psycopg.Connection,
    period: Period,
    portfolios: dict[PortfolioKey, Stored],
    rows: Sequence[Sequence[object]],
) -> None:
    """The month, where its portfolios stand, and the lines of its entries."""
    add_rows(conn, "accounting_period", _PERIOD, [msgspec.structs.astuple(period)])
    states = [
        (period.month, *msgspec.structs.astuple(key), *msgspec.structs.astuple(each.portfolio), *each.taken,
         *each.sent, each.breakage, each.balance_minor)
        for key, each in sorted(portfolios.items())
    ]  # fmt: skip
    add_rows(conn, "accounting_portfolio", _PORTFOLIO, states)
    add_rows(conn, "accounting_entry", _ENTRY, rows)


def _key(row: Sequence[Any]) -> PortfolioKey:
    return PortfolioKey(row[0], Kind(row[1]), row[2], row[3], row[4])


def _stored(row: Sequence[Any]) -> Stored:
    points, amount, used, expired, taken, taken_minor, sent, sent_minor, breakage, balance_minor = row[6:]
    state = Portfolio(points, amount, used, expired)
    return Stored(state, (taken, taken_minor), (sent, sent_minor), breakage, balance_minor)
