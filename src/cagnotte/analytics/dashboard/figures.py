"""What a head office looks at every morning, in a fixed number of statements."""

from collections.abc import Iterable
from datetime import date

import msgspec
import psycopg

from cagnotte.analytics.dashboard.period import Shown
from cagnotte.storage.sql import sql

type Span = dict[str, date | str]


class Month(msgspec.Struct, frozen=True):
    """One calendar month, as far as it lies in the period shown.

    Money in minor units, points of all wallets together.
    """

    month: date
    member_sales: int
    member_paid: int
    guest_sales: int
    guest_paid: int
    active_members: int
    new_members: int = 0
    issued: int = 0
    burned: int = 0
    expired: int = 0


class WalletPoints(msgspec.Struct, frozen=True):
    """Points of one wallet over the months shown, and those outstanding at their end."""

    wallet: str
    issued: int
    burned: int
    expired: int
    outstanding: int


class Figures(msgspec.Struct, frozen=True):
    """All figures of the dashboard; sums over the months shown unless their name says otherwise."""

    shown: Shown
    months: tuple[Month, ...]
    members: int  # enrolled up to the last day
    active_members: int  # with a sale in these months
    wallets: tuple[WalletPoints, ...]
    tiers: dict[str | None, int]  # members by tier on the last day; None: no tier
    vouchers: int
    vouchers_minor: int

    def total(self, field: str) -> int:
        return sum(getattr(month, field) for month in self.months)


def figures(conn: psycopg.Connection, period: Shown, zone: str) -> Figures:
    """The figures of a period; `zone` is the programme's, in which days and months are meant."""
    span: Span = {"first_day": period.first_day, "end_day": period.end_day, "zone": zone}
    enrolled: dict[date | None, int] = dict(conn.execute(_statement("members_by_month"), span).fetchall())
    moved = conn.execute(_statement("points_by_month"), span).fetchall()
    outstanding: dict[str, int] = dict(conn.execute(_statement("points_outstanding"), span).fetchall())
    vouchers, vouchers_minor = _row(conn, "vouchers_issued", span)
    (active,) = _row(conn, "active_members", span)
    return Figures(
        shown=period,
        months=_months(conn, span, enrolled, moved),
        members=sum(enrolled.values()),
        active_members=active,
        wallets=_wallets(moved, outstanding),
        tiers=dict(conn.execute(_statement("tier_pyramid"), span).fetchall()),
        vouchers=vouchers,
        vouchers_minor=vouchers_minor,
    )


def _months(
    conn: psycopg.Connection,
    span: Span,
    enrolled: dict[date | None, int],
    moved: list[tuple[date, str, int, int, int]],
) -> tuple[Month, ...]:
    sold = conn.execute(_statement("sales_by_month"), span).fetchall()
    return tuple(
        msgspec.structs.replace(
            Month(*row),
            new_members=enrolled.get(row[0], 0),
            issued=sum(issued for month, _, issued, _, _ in moved if month == row[0]),
            burned=sum(burned for month, _, _, burned, _ in moved if month == row[0]),
            expired=sum(expired for month, _, _, _, expired in moved if month == row[0]),
        )
        for row in sold
    )


def _wallets(
    moved: list[tuple[date, str, int, int, int]], outstanding: dict[str, int]
) -> tuple[WalletPoints, ...]:
    codes = sorted({row[1] for row in moved} | set(outstanding))
    return tuple(
        WalletPoints(
            code,
            issued=sum(row[2] for row in moved if row[1] == code),
            burned=sum(row[3] for row in moved if row[1] == code),
            expired=sum(row[4] for row in moved if row[1] == code),
            outstanding=outstanding.get(code, 0),
        )
        for code in codes
    )


def _statement(name: str) -> bytes:
    return sql(__package__, name)


def _row(conn: psycopg.Connection, name: str, values: Span) -> Iterable[int]:
    row: Iterable[int] | None = conn.execute(_statement(name), values).fetchone()
    assert row is not None, name
    return row
