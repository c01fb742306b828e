"""What a threshold counts on a day, and the day on which that changes by itself."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import MAXYEAR, date, timedelta
from operator import attrgetter

from cagnotte.domain.kernel import Period, PeriodUnit, day_after, first_day_counted
from cagnotte.domain.rules import names_used
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.terms import MeasuredIn, Reach

SPEND, VISITS, POINTS = "spend", "visits", "points"  # what `Reach.counts` says, besides a measure's code
YEAR = Period(12, PeriodUnit.MONTHS)
ONE_DAY = timedelta(days=1)
OF_A_YEAR = (MeasuredIn.CALENDAR_YEAR, MeasuredIn.ANNIVERSARY)

BY_DAY = attrgetter("day")
_READ_FROM_THE_DAY = frozenset(
    {"day", "weekday", "day_of_month", "month", "year", "hour", "minute", "during", "measures"}
)
_READ_FROM_THE_MEMBERS_DAY = frozenset(
    {
        "member.age",
        "member.is_birthday",
        "member.is_birthday_month",
        "member.is_anniversary",
        "member.days_enrolled",
        "member.plan",
    }
)


def window_start(reach: Reach, today: date, joined_on: date | None) -> date:
    """The first day that `reach` counts on `today`.

    A day counts in a rolling window until 00:00 of `day_after(day, within)`. Whose joining day is not
    known has years of membership that begin on 1 January.
    """
    if reach.window is MeasuredIn.ROLLING:
        assert reach.within is not None, reach
        return first_day_counted(today, reach.within)
    if reach.window is MeasuredIn.EVER:
        return date.min
    return _year_began(reach, today, joined_on)


def counted(reach: Reach, days: Sequence[DayTotal], first: date, last: date) -> int:
    """What `reach` counts of the days from `first` to `last`, both with them; days stand oldest first."""
    if not days:
        return 0
    return sum(_values(reach, _between(days, first, last)))


def value_of(counts: str, wallet: str, total: DayTotal) -> int:
    """What one day adds to what a threshold counts."""
    match counts:
        case "spend":
            return total.paid
        case "visits":
            return total.visits
        case "points":
            return _named(total.earned, wallet)
        case "":
            return 0
        case measure:
            return _named(total.measured, measure)


def is_ever_taken(reach: Reach, days: Sequence[DayTotal]) -> bool:
    """Whether on some day more was returned than bought of what `reach` counts: alone such a day can raise a
    sum by leaving it.
    """
    return min(_values(reach, days), default=0) < 0


def is_enough(reach: Reach, reached: int) -> bool:
    """A threshold of 0 is met by everybody, also by who returned more than was bought."""
    return max(reached, 0) >= reach.at_least


def holds(reach: Reach, facts: object) -> bool:
    return reach.when is None or bool(reach.when.evaluate(facts))


def reads_the_day(reach: Reach) -> bool:
    """Whether the condition may hold on one day and not on the next although nothing happened between."""
    if reach.when is None:
        return False
    names = names_used(reach.when)
    return not _READ_FROM_THE_MEMBERS_DAY.isdisjoint(names) or any(
        name.partition(".")[0] in _READ_FROM_THE_DAY for name in names
    )


def next_turn(
    reach: Reach, days: Sequence[DayTotal], joined_on: date | None, today: date, upto: date = date.max
) -> date | None:
    """The first day after `today` on which the sum alone, without a new sale, is met no longer, or again.

    A day after `upto` may be left out.
    """
    if reach.at_least <= 0 or not loses_by(reach, days, joined_on, today, upto):
        return None
    window = _between(days, window_start(reach, today, joined_on), today)
    values = _values(reach, window)
    left = sum(values)
    is_met = left >= reach.at_least
    if reach.window is not MeasuredIn.ROLLING:
        return year_ends(reach, today, joined_on) if is_met else None
    if not is_met and (not values or min(values) >= 0):
        return None
    assert reach.within is not None, reach
    return _turn_in(reach.at_least, reach.within, window, values)


def loses_by(reach: Reach, days: Sequence[DayTotal], joined_on: date | None, today: date, upto: date) -> bool:
    """Whether a day up to today leaves what `reach` counts by then. Cheap: nothing is summed.

    Most sales of a life follow soon on the one before, and no day leaves between the two.
    """
    if not days or reach.window is MeasuredIn.EVER:
        return False
    if upto == date.max:
        return True
    match reach.window:
        case MeasuredIn.ROLLING:
            assert reach.within is not None, reach
            first = window_start(reach, today, joined_on)
            begin = 0 if days[0].day >= first else bisect_left(days, first, key=BY_DAY)
            return begin < len(days) and later(days[begin].day, reach.within) <= upto
        case _:
            return year_ends(reach, today, joined_on) <= upto


def year_ends(reach: Reach, today: date, joined_on: date | None) -> date:
    """The day on which the calendar year or the year of membership that holds `today` is over, at 00:00."""
    began = _year_began(reach, today, joined_on)
    if reach.window is MeasuredIn.ANNIVERSARY and joined_on is not None:
        return in_year(joined_on, began.year + 1)
    return in_year(began, began.year + 1)


def in_year(day: date, year: int) -> date:
    """The yearly day of `day` in `year`: 29 February is kept on 28 February of other years.

    Past the year 9999: the last day of the calendar.
    """
    if year > MAXYEAR:
        return date.max
    if day.month == 2 and day.day == 29:  # noqa: PLR2004 - 29 February
        return day_after(date(year, 1, 31), Period(1, PeriodUnit.MONTHS))
    return day.replace(year=year)


def later(day: date, period: Period) -> date:
    """`day_after`, but the last day of the calendar where that lies past the year 9999."""
    try:
        return day_after(day, period)
    except OverflowError:
        return date.max


def _year_began(reach: Reach, today: date, joined_on: date | None) -> date:
    if reach.window is MeasuredIn.CALENDAR_YEAR or joined_on is None:
        return date(today.year, 1, 1)
    began = in_year(joined_on, today.year)
    return began if began <= today else in_year(joined_on, max(today.year - 1, 1))


def _between(days: Sequence[DayTotal], first: date, last: date) -> Sequence[DayTotal]:
    begin = 0 if days[0].day >= first else bisect_left(days, first, key=BY_DAY)
    if days[-1].day <= last:
        return days[begin:] if begin else days
    return days[begin : bisect_right(days, last, key=BY_DAY)]


def _values(reach: Reach, window: Sequence[DayTotal]) -> list[int]:
    """What each of the days adds."""
    match reach.counts:
        case "spend":
            return [total.paid for total in window]
        case "visits":
            return [total.visits for total in window]
        case "points":
            return [_named(total.earned, reach.wallet) if total.earned else 0 for total in window]
        case "":
            return []
        case measure:
            return [_named(total.measured, measure) if total.measured else 0 for total in window]


def _named(pairs: tuple[tuple[str, int], ...], code: str) -> int:
    for name, value in pairs:
        if name == code:
            return value
    return 0


def _turn_in(at_least: int, within: Period, window: Sequence[DayTotal], values: Sequence[int]) -> date | None:
    """Days that leave the window together, as the last ones of a month may, leave at once."""
    left = sum(values)
    was_met = left >= at_least
    for position, value in enumerate(values):
        left -= value
        if (left >= at_least) != was_met:
            leaves = later(window[position].day, within)
            is_last = position + 1 == len(window) or later(window[position + 1].day, within) != leaves
            if is_last:
                return leaves
    return None
