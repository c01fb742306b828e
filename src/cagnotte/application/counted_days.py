"""How far back programmes count what a member did."""

from collections.abc import Iterable, Iterator

from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.terms import MeasuredIn, Reach

_OF_YEARS = 3 * 366  # a calendar year that ended, judged at a review that began a grace of up to a year
_MONTH = 31


def days_counted(programmes: Iterable[Programme]) -> int | None:
    """How many days before a day still count on it in any of the programmes, at most; None: all of them.

    A version that no longer rules has set the tiers that are held, and may yet judge a late sale.
    """
    spans = [span for programme in programmes for span in _spans(programme)]
    if any(span is None for span in spans):
        return None
    return max((span for span in spans if span is not None), default=0)


def _spans(programme: Programme) -> Iterator[int | None]:
    for tier in programme.tiers:
        for reach in (tier.reach, tier.keep.reach):
            if reach is not None and reach.counts:
                yield _span(reach)
    for measure in programme.measures:
        yield None if measure.within is None else most_days(measure.within)


def _span(reach: Reach) -> int | None:
    match reach.window:
        case MeasuredIn.EVER:
            return None
        case MeasuredIn.ROLLING:
            assert reach.within is not None, reach
            return most_days(reach.within)
        case MeasuredIn.CALENDAR_YEAR | MeasuredIn.ANNIVERSARY:
            return _OF_YEARS


def most_days(period: Period) -> int:
    """No fewer days than the period has, whenever it begins."""
    return period.count if period.unit is PeriodUnit.DAYS else period.count * _MONTH
