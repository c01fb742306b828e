"""A naive model of what counts towards measures and tiers: days added up, windows by definition."""

from collections.abc import Iterable
from datetime import date

from cagnotte.domain.earning.terms import Measure
from cagnotte.domain.kernel import day_after
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.terms import MeasuredIn, Reach


def measured(days: Iterable[DayTotal], measure: Measure, today: date) -> int:
    """A day counts until, and without, 00:00 of the day that lies `within` later."""
    return sum(
        dict(total.measured).get(measure.code, 0)
        for total in days
        if total.day <= today and (measure.within is None or today < day_after(total.day, measure.within))
    )


def reached(programme: Programme, days: tuple[DayTotal, ...], today: date, joined: date | None) -> dict[str, str]:
    """Family -> the highest tier whose threshold is met today; for tiers with rolling review and no condition."""
    found = {}
    for family in programme.families():
        for tier in programme.tiers_of(family):
            reach = tier.reach
            if reach is None:
                continue
            if reach.at_least == 0 or _counted(programme, reach, days, today, joined) >= reach.at_least:
                found[family] = tier.code
    return found


def _counted(
    programme: Programme, reach: Reach, days: tuple[DayTotal, ...], today: date, joined: date | None
) -> int:
    sum_ = 0
    for total in days:
        if _inside(reach, total.day, today, joined):
            sum_ += _figure(programme, reach, total, today)
    return sum_


def _inside(reach: Reach, day: date, today: date, joined: date | None) -> bool:
    match reach.window:
        case MeasuredIn.ROLLING:
            assert reach.within is not None
            return today < day_after(day, reach.within)
        case MeasuredIn.CALENDAR_YEAR:
            return day.year == today.year
        case MeasuredIn.ANNIVERSARY:
            return day >= _last_anniversary(joined, today)
        case MeasuredIn.EVER:
            return True


def _last_anniversary(joined: date | None, today: date) -> date:
    begun = joined or date(today.year, 1, 1)
    for year in (today.year, today.year - 1):
        try:
            day = begun.replace(year=year)
        except ValueError:
            day = date(year, 2, 28)
        if day <= today:
            return day
    raise AssertionError(joined)


def _figure(programme: Programme, reach: Reach, total: DayTotal, today: date) -> int:
    match reach.counts:
        case "spend":
            return total.paid
        case "visits":
            return total.visits
        case "points":
            return dict(total.earned).get(reach.wallet, 0)
        case measure:
            own = next(each for each in programme.measures if each.code == measure)
            return measured((total,), own, today)
