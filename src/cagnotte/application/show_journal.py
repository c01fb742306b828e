"""The entries of closed months: what is exported once is the same for ever."""

from datetime import date, datetime
from typing import Any

import msgspec
import psycopg

from cagnotte.application.lots_owed import closed_period
from cagnotte.domain.accounting.entries import Kind
from cagnotte.domain.accounting.portfolios import Nature
from cagnotte.domain.kernel import Period as Length
from cagnotte.domain.kernel import PeriodUnit, day_after
from cagnotte.ledger.accounts import Period, periods

__all__ = ["Journal", "JournalLine", "Kind", "Nature", "Period", "closed_periods", "show_journal"]

_LINES = """
SELECT e.entry_no, e.line_no, p.month, p.closed_at, e.day, e.wallet, coalesce(s.external_id, ''), e.kind, e.nature,
       e.late, e.account, e.account_name, e.debit_minor, e.credit_minor, e.partner, coalesce(r.name, '{}'::jsonb),
       e.role = 'receivable'
  FROM accounting_entry e
  JOIN accounting_period p USING (month)
  LEFT JOIN store s ON s.store_id = e.store_id
  LEFT JOIN accounting_receivable r ON r.month = e.month AND r.partner = e.partner
 WHERE e.month = ANY (%s)
 ORDER BY e.entry_no, e.line_no
"""
_YEAR = Length(12, PeriodUnit.MONTHS)


class JournalLine(msgspec.Struct, frozen=True):
    """One side of an entry, in minor units. `store`: the caller's id, "" for all; `account_name` by language.

    `partner`: who pays for the points ("": members, or nobody); `owed`: the side that says what it owes.
    """

    entry_no: int
    line_no: int
    month: date
    closed_at: datetime
    day: date
    wallet: str
    store: str
    kind: Kind
    nature: Nature
    late: bool
    account: int
    account_name: dict[str, str]
    debit_minor: int
    credit_minor: int
    partner: str = ""
    partner_name: dict[str, str] = {}
    owed: bool = False


class Journal(msgspec.Struct, frozen=True):
    """`year_end`: the last day of the company's year that the month is in."""

    periods: tuple[Period, ...]
    currency: str
    year_end: date
    lines: tuple[JournalLine, ...]


def show_journal(conn: psycopg.Connection, month: date, *, whole_year: bool = False) -> Journal:
    """The entries of the closed month that holds the day, or of all closed months of its company's year up to it.

    Raises PeriodOpen.
    """
    asked = closed_period(conn, month)
    known = periods(conn)
    months = [each for each in known if each.fiscal_year == asked.fiscal_year and each.month <= asked.month]
    shown = tuple(months) if whole_year else (asked,)
    rows = conn.execute(_LINES, ([each.month for each in shown],)).fetchall()
    end = date.fromordinal(day_after(asked.fiscal_year, _YEAR).toordinal() - 1)
    return Journal(shown, asked.currency, end, tuple(_line(row) for row in rows))


def closed_periods(conn: psycopg.Connection) -> list[Period]:
    """The closed months, in order, and who closed them when."""
    return periods(conn)


def _line(row: tuple[Any, ...]) -> JournalLine:
    return msgspec.convert(dict(zip(JournalLine.__struct_fields__, row, strict=True)), JournalLine)
