"""Dates, times and the life of things, as TOML writes them: local, without a zone."""

import re
from datetime import date, datetime, time, timedelta

from cagnotte.domain.earning.terms import Life
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.shapes import HOURS_PATTERN, MONTH_DAY_PATTERN, Day, Days, Hours, Moment, MonthDay

_HOURS = re.compile(HOURS_PATTERN)
_MONTH_DAY = re.compile(MONTH_DAY_PATTERN)
_DAY_IN_MINUTES = 24 * 60


def day_of(table: Table, name: str) -> date | None:
    """A TOML date; None when it is absent or something else, which is a fault."""
    value: date | None = table.value(name, Day)
    if value is None or _is_day(value):
        return value
    table.fault(Code.BAD_DATE, name, name=name)
    return None


def days_of(table: Table, name: str) -> tuple[date, ...]:
    found = table.items(name, Days)
    if not all(_is_day(value) for value in found):
        table.fault(Code.BAD_DATE, name, name=name)
    return tuple(value for value in found if _is_day(value))


def life_of(table: Table, *, ends_inclusive: bool) -> Life:
    """From `begins` to `ends`: a date begins at 00:00, and as an end it is the whole of its day.

    `ends_inclusive`: whether the instant `ends` itself still counts, so that an end on a date covers its
    last microsecond, or is 00:00 of the next day.
    """
    begins, ends = _moment(table, "begins"), _moment(table, "ends")
    first = begins if isinstance(begins, datetime | None) else datetime.combine(begins, time.min)
    last = ends if isinstance(ends, datetime | None) else _end_of(ends, inclusive=ends_inclusive)
    if first is not None and last is not None and first >= last:
        table.fault(Code.ENDS_BEFORE_IT_BEGINS, "ends", first="begins", second="ends")
    return Life(first, last)


def hours_of(table: Table, name: str) -> tuple[tuple[int, int], ...]:
    """Ranges as "17:00-19:00", in minutes of the day, the end exclusive; one may pass midnight."""
    ranges = []
    for text in table.texts(name, Hours):
        found = _HOURS.fullmatch(text)
        begins = int(found[1]) * 60 + int(found[2]) if found else 0
        ends = int(found[3]) * 60 + int(found[4]) if found and found[3] else _DAY_IN_MINUTES
        if found is None or begins == ends:
            table.fault(Code.BAD_HOURS, name, found=text)
        else:
            ranges.append((begins, ends))
    return tuple(ranges)


def month_day_of(table: Table, name: str) -> tuple[int, int] | None:
    """A day of every year as "12-31"; 29 February is none."""
    table.value(name, MonthDay)
    text = table.text(name)
    if not text:
        return None
    found = _MONTH_DAY.fullmatch(text)
    month, day = (int(found[1]), int(found[2])) if found else (0, 0)
    if not _is_of_every_year(month, day):
        table.fault(Code.BAD_MONTH_DAY, name, name=name)
        return None
    return month, day


def _moment(table: Table, name: str) -> date | datetime | None:
    value: date | datetime | None = table.value(name, Moment)
    if value is None or _is_day(value):
        return value
    if not isinstance(value, datetime):
        table.fault(Code.BAD_MOMENT, name, name=name)
        return None
    if value.tzinfo is not None:
        table.fault(Code.NOT_LOCAL_TIME, name, name=name)
        return None
    return value


def _end_of(day: date, *, inclusive: bool) -> datetime:
    if inclusive or day == date.max:
        return datetime.combine(day, time.max)
    return datetime.combine(day + timedelta(days=1), time.min)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_of_every_year(month: int, day: int) -> bool:
    try:
        date(2001, month, day)
    except ValueError:
        return False
    return True
