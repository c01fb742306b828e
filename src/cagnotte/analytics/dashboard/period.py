"""The twelve months that a dashboard shows."""

from datetime import date, timedelta

import msgspec
import psycopg

from cagnotte.domain.kernel import Period, PeriodUnit, first_day_counted
from cagnotte.storage.sql import sql

YEAR = Period(12, PeriodUnit.MONTHS)


class History(msgspec.Struct, frozen=True):
    """First and last local day with a sale."""

    first_day: date
    last_day: date

    def months(self) -> list[date]:
        """The 1st of each month of the history, newest first."""
        months, month = [], self.first_day.replace(day=1)
        while month <= self.last_day:
            months.append(month)
            month = _next_month(month)
        return months[::-1]


class Shown(msgspec.Struct, frozen=True):
    """Twelve months to the day: `last_day` is the day the figures stand for."""

    first_day: date
    last_day: date

    @property
    def end_day(self) -> date:
        """The day after the last."""
        return self.last_day + timedelta(days=1)

    @property
    def is_of_whole_months(self) -> bool:
        return self.first_day.day == 1


def history(conn: psycopg.Connection) -> History | None:
    """None when there is no sale yet."""
    row = conn.execute(sql(__package__, "history")).fetchone()
    return None if row is None or row[0] is None else History(*row)


def shown(known: History, month: date | None) -> Shown:
    """The twelve months up to the end of `month`, brought inside the history; None: up to its last day.

    The last month ends on its last day, or on the last day with a sale when that comes first.
    """
    chosen = min(max(month or known.last_day, known.first_day.replace(day=1)), known.last_day)
    last_day = min(_next_month(chosen.replace(day=1)) - timedelta(days=1), known.last_day)
    return Shown(year_before(last_day), last_day)


def year_before(last_day: date) -> date:
    """First of the twelve months' days that end with `last_day`."""
    return first_day_counted(last_day, YEAR)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
