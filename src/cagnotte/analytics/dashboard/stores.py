"""Stores side by side, and one store month by month."""

import msgspec
import psycopg

from cagnotte.analytics.dashboard.figures import Month
from cagnotte.analytics.dashboard.period import Shown
from cagnotte.storage.sql import sql


class RankedStore(msgspec.Struct, frozen=True):
    """A store and its sales over the period shown; rank 1 has the highest members' sales. Minor units."""

    rank: int
    store_id: int
    external_id: str
    name: str
    member_sales: int
    member_paid: int
    guest_sales: int
    guest_paid: int

    @property
    def paid(self) -> int:
        return self.member_paid + self.guest_paid

    @property
    def average_basket(self) -> int:
        """Per sale of a member, rounded; 0 when there is none."""
        return round(self.member_paid / self.member_sales) if self.member_sales else 0


class StoreYear(msgspec.Struct, frozen=True):
    """One store over the period shown. `home_members`: members who name it their store, at any time."""

    ranked: RankedStore | None  # None: it sold nothing
    stores: int  # stores that sold something
    months: tuple[Month, ...]
    active_members: int
    home_members: int


def ranking(conn: psycopg.Connection, period: Shown) -> list[RankedStore]:
    """Stores with a sale in the period, best members' sales first."""
    span = {"first_day": period.first_day, "end_day": period.end_day}
    return [RankedStore(*row) for row in conn.execute(sql(__package__, "store_ranking"), span)]


def store_year(conn: psycopg.Connection, store_id: int, period: Shown) -> StoreYear:
    ranked = ranking(conn, period)
    span = {"store_id": store_id, "first_day": period.first_day, "end_day": period.end_day}
    months = conn.execute(sql(__package__, "store_by_month"), span).fetchall()
    members = conn.execute(sql(__package__, "store_members"), span).fetchone()
    assert members is not None, store_id
    return StoreYear(
        ranked=next((store for store in ranked if store.store_id == store_id), None),
        stores=len(ranked),
        months=tuple(Month(*row) for row in months),
        active_members=members[0],
        home_members=members[1],
    )
