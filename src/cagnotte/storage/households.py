"""Households whose members are to be looked at, because one of them did what tiers count."""

from collections.abc import Mapping
from datetime import date

import psycopg

from cagnotte.domain.kernel import MemberId
from cagnotte.storage.members import Member
from cagnotte.storage.sql import sql

_DUE = "SELECT household, changes FROM household_due WHERE due_on <= %s ORDER BY household"


def others_of_household(conn: psycopg.Connection, member_id: MemberId, *, most: int) -> list[Member]:
    """The other members of the member's household, by id, and no more than `most` of them; none without one.

    Nothing is locked: who locks them looks again at who belongs to it.
    """
    parameters = {"member_id": member_id, "most": most}
    rows = conn.execute(sql("cagnotte.storage", "others_of_household"), parameters)
    return [Member(*row) for row in rows]


def mark_households(conn: psycopg.Connection, days: Mapping[str, date]) -> None:
    """Household -> the day of what was done; in the transaction that locked their measures."""
    if days:
        parameters = {"households": list(days), "days": list(days.values())}
        conn.execute(sql("cagnotte.storage", "mark_households"), parameters)


def households_due(conn: psycopg.Connection, on: date) -> dict[str, int]:
    """Household -> how often it was marked, of those that are due on that local day or before."""
    rows = conn.execute(_DUE, (on,)).fetchall()
    return dict(rows)


def forget_households(conn: psycopg.Connection, seen: Mapping[str, int]) -> None:
    """All their members were looked at, after `seen` was read; what was marked since is kept."""
    if seen:
        parameters = {"households": list(seen), "changes": list(seen.values())}
        conn.execute(sql("cagnotte.storage", "forget_households"), parameters)
