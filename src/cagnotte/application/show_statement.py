"""A member's statement of a month, and balances as of any instant, in the till's time or in the ledger's."""

from datetime import date, datetime, timedelta

import msgspec
import psycopg

from cagnotte.application.errors import UnknownMember
from cagnotte.application.published import Published, day_start
from cagnotte.domain.kernel import Period, PeriodUnit, day_after
from cagnotte.ledger.reading import BalanceAsOf, TransferSeen, balances_as_of, transfers_between
from cagnotte.storage.members import Member, find_member

__all__ = ["BalanceAsOf", "Statement", "TransferSeen", "show_balances", "show_statement"]

_MONTH = Period(1, PeriodUnit.MONTHS)
_MOMENT = timedelta(microseconds=1)


class Statement(msgspec.Struct, frozen=True):
    """One calendar month in local days of the member. Asked with the same `known_at` it is the same for ever.

    `opening`: balances at 00:00 of the first day; `closing`: at 00:00 of the day after the last.
    """

    member: str
    first_day: date
    end_day: date
    known_at: datetime
    opening: tuple[BalanceAsOf, ...]
    transfers: tuple[TransferSeen, ...]
    closing: tuple[BalanceAsOf, ...]


def show_statement(
    conn: psycopg.Connection, published: Published, identifier: str, month: date, *, known_at: datetime
) -> Statement:
    """The month that holds the day `month`. Raises UnknownMember."""
    member = _member(conn, identifier)
    member_id, zone = member.member_id, published.zone_in(member.country)
    first = month.replace(day=1)
    end = day_after(first, _MONTH)
    opens, closes = (day_start(day, zone) - _MOMENT for day in (first, end))
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return Statement(
            member=member.external_id,
            first_day=first,
            end_day=end,
            known_at=known_at,
            opening=tuple(balances_as_of(conn, member_id, happened_at=opens, known_at=known_at)),
            transfers=tuple(transfers_between(conn, member_id, first_day=first, end_day=end, known_at=known_at)),
            closing=tuple(balances_as_of(conn, member_id, happened_at=closes, known_at=known_at)),
        )


def show_balances(
    conn: psycopg.Connection, identifier: str, *, happened_at: datetime, known_at: datetime
) -> list[BalanceAsOf]:
    """Of what happened up to an instant, as it was known at another. Raises UnknownMember."""
    member = _member(conn, identifier)
    return balances_as_of(conn, member.member_id, happened_at=happened_at, known_at=known_at)


def _member(conn: psycopg.Connection, identifier: str) -> Member:
    member = find_member(conn, identifier)
    if member is None:
        raise UnknownMember(member=identifier)
    return member
