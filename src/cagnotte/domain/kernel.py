"""The values every room of the domain shares: ids, points, days and periods. Whole numbers only."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NewType

import msgspec

Points = NewType("Points", int)
Minor = NewType("Minor", int)  # an amount in the smallest unit of the programme's currency
MemberId = NewType("MemberId", int)  # negative: the account of one guest sale, see `guest_account`
EventId = NewType("EventId", int)  # sorts by time of creation; the low bits number what the event made
TransferId = NewType("TransferId", int)
LotId = NewType("LotId", int)  # equals the id of the transfer that gave the lot

POINTS_MOST = 2**53 - 1  # of one rule for one sale: every JSON reader holds it exactly
VOUCHERS_MOST = 10_000  # of one conversion at one time
TRANSFERS_PER_EVENT = 256  # an event may make this many transfers; ids of events are this far apart


class PeriodUnit(StrEnum):
    DAYS = "days"
    MONTHS = "months"


class Period(msgspec.Struct, frozen=True):
    """A length of time in whole local days or calendar months; always at least one."""

    count: int
    unit: PeriodUnit

    def __str__(self) -> str:
        unit = self.unit.value if self.count > 1 else self.unit.value.removesuffix("s")
        return f"{self.count} {unit}"


def nearest(numerator: int, denominator: int) -> int:
    """The integer nearest to the quotient, halves away from 0; `denominator` is above 0."""
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


@lru_cache(maxsize=16_384)
def day_after(day: date, period: Period) -> date:
    """The day that lies `period` after `day`; the 31st becomes the last day of a shorter month.

    Raises OverflowError past the year 9999.
    """
    if period.unit is PeriodUnit.DAYS:
        return day + timedelta(days=period.count)
    months = day.year * 12 + day.month - 1 + period.count
    year, month = divmod(months, 12)
    if year > date.max.year:
        raise OverflowError(f"{day} + {period} lies past the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def first_day_counted(today: date, period: Period) -> date:
    """The oldest day that still counts on `today`: a day counts until the day before `day_after(day, period)`.

    The same boundary as expiry: what happened on that day is inside the period up to, and without,
    00:00 of the day that lies `period` later.
    """
    approximate = period.count if period.unit is PeriodUnit.DAYS else period.count * 31
    day = today - timedelta(days=min(approximate, (today - date.min).days))
    while day_after(day, period) <= today:
        day += timedelta(days=1)
    return day
