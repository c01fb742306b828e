"""From the balance before a closed month to the one at its end, by why it changed: all of it from the entries."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any

import msgspec
import psycopg

from cagnotte.application.lots_owed import closed_period
from cagnotte.domain.accounting.portfolios import Nature
from cagnotte.domain.points.accounts import Role
from cagnotte.ledger.accounts import Period
from cagnotte.ledger.receivables import receivables
from cagnotte.storage.sql import sql

__all__ = ["Column", "Role", "RolledOf", "Rollforward", "show_rollforward"]


class Column(StrEnum):
    """Why a balance changed, as a table shows it."""

    GIVEN = "given"
    TAKEN_BACK = "taken_back"
    MOVED = "moved"  # to and from other members and wallets
    ESTIMATE = "estimate"
    USED = "used"
    EXPIRED = "expired"
    CREDITED = "credited"  # to a partner for points that members had spent, or paid by it for points in no account


_COLUMNS = {
    Nature.TAKEN_BACK: Column.TAKEN_BACK,
    Nature.RECEIVED: Column.MOVED,
    Nature.SENT: Column.MOVED,
    Nature.ESTIMATE: Column.ESTIMATE,
    Nature.USED: Column.USED,
    Nature.EXPIRED: Column.EXPIRED,
    Nature.CREDITED: Column.CREDITED,
}


class Rollforward(msgspec.Struct, frozen=True):
    """In minor units; `changes` of every column. Of a liability (`role` DEFERRED or PROVISION) or of what a
    partner owes (RECEIVABLE).

    `partner`: who paid for the points ("": members, or nobody); `name` by language.
    """

    role: Role
    partner: str
    name: dict[str, str]
    opening: int
    changes: dict[Column, int]
    closing: int


class RolledOf(msgspec.Struct, frozen=True):
    period: Period
    rows: tuple[Rollforward, ...]

    def of(self, *roles: Role) -> list[Rollforward]:
        return [row for row in self.rows if row.role in roles]


def show_rollforward(conn: psycopg.Connection, day: date) -> RolledOf:
    """Of the closed month that holds the day. Raises PeriodOpen."""
    period = closed_period(conn, day)
    found = conn.execute(sql("cagnotte.ledger", "rollforward"), {"month": period.month}).fetchall()
    names = {each.partner: dict(each.name) for each in receivables(conn, period.month)}
    return RolledOf(period, tuple(_rows(found, names)))


def _rows(found: Sequence[Sequence[Any]], names: dict[str, dict[str, str]]) -> Iterator[Rollforward]:
    """One for each role and partner that has, had or moved anything."""
    for (role, partner), group in groupby(found, key=lambda row: (row[0], row[1])):
        sums = {row[2]: row[3] for row in group}
        opening = sums.pop(None, 0)
        changes = dict.fromkeys(Column, 0)
        for nature, minor in sums.items():
            changes[_COLUMNS.get(Nature(nature), Column.GIVEN)] += minor
        if opening or any(changes.values()):
            closing = opening + sum(changes.values())
            yield Rollforward(Role(role), partner, names.get(partner, {}), opening, changes, closing)
