"""Days as whole numbers: 0 is 1970-01-01, one more for each day after it."""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from cagnotte.domain.rules.limits import DAY_NUMBER_MOST

_EPOCH = date(1970, 1, 1).toordinal()
DAY_FIRST = date.min.toordinal() - _EPOCH
DAY_LAST = date.max.toordinal() - _EPOCH
assert max(-DAY_FIRST, DAY_LAST) <= DAY_NUMBER_MOST, (DAY_FIRST, DAY_LAST)

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class DayPart(StrEnum):
    """What a calendar says of a day; the values are the names of the functions."""

    YEAR = "year_of"
    MONTH = "month_of"
    DAY_OF_MONTH = "day_of_month_of"
    WEEKDAY = "weekday_of"  # 1 is Monday


def day_number(day: date) -> int:
    return day.toordinal() - _EPOCH


def written_day(text: str) -> int | None:
    """The number of a day written YYYY-MM-DD; None when no calendar has it."""
    if _WRITTEN.fullmatch(text) is None:
        return None
    try:
        return day_number(date.fromisoformat(text))
    except ValueError:
        return None


def _day(number: int) -> date:
    """The day; a number outside the years 1 to 9999 is read as the nearest day within them."""
    return date.fromordinal(min(max(number, DAY_FIRST), DAY_LAST) + _EPOCH)


def _year_of(number: int) -> int:
    return _day(number).year


def _month_of(number: int) -> int:
    return _day(number).month


def _day_of_month_of(number: int) -> int:
    return _day(number).day


def _weekday_of(number: int) -> int:
    return _day(number).isoweekday()


PART_FUNCTIONS: dict[DayPart, Callable[[int], int]] = {
    DayPart.YEAR: _year_of,
    DayPart.MONTH: _month_of,
    DayPart.DAY_OF_MONTH: _day_of_month_of,
    DayPart.WEEKDAY: _weekday_of,
}
PART_RANGES: dict[DayPart, tuple[int, int]] = {
    DayPart.YEAR: (1, 9999),
    DayPart.MONTH: (1, 12),
    DayPart.DAY_OF_MONTH: (1, 31),
    DayPart.WEEKDAY: (1, 7),
}
