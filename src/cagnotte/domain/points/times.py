"""When points begin and end: from the terms of a wallet or rule to days."""

from calendar import monthrange
from datetime import date, timedelta

from cagnotte.domain.kernel import day_after
from cagnotte.domain.points.terms import Expiry, ExpiryStart, Pending, RoundedTo

_DECEMBER = 12


def usable_from(earned_on: date, pending: Pending | None) -> date | None:
    """First day the points can be used, from 00:00; None: at once, or when an awaited event comes."""
    if pending is None or pending.event:
        return None
    if pending.period is not None:
        return day_after(earned_on, pending.period)
    return pending.until if pending.until is not None and pending.until > earned_on else None


def expires_on(expiry: Expiry, earned_on: date, usable: date | None, tier: str | None) -> date | None:
    """First day the points cannot be used, from 00:00 local time; None: never, or by inactivity alone.

    Points with `after` live that long and then to the end of the rounding period of their last day. With
    `on` they end on that day of the year: the first one after they were earned, or, with `after` too, the
    first one that leaves them their time.
    """
    begins = usable if expiry.counts_from is ExpiryStart.USABLE and usable is not None else earned_on
    after = dict(expiry.by_tier).get(tier or "", expiry.after) if expiry.by_tier else expiry.after
    if after is not None:
        day = rounded_up(day_after(begins, after), expiry.rounded_to)
        return day if expiry.on is None else _yearly(expiry.on, day)
    return None if expiry.on is None else _yearly(expiry.on, begins + timedelta(days=1))


def rounded_up(day: date, to: RoundedTo) -> date:
    """The first day of the next month, quarter or year, unless `day` is such a first day itself."""
    months = {RoundedTo.DAY: 0, RoundedTo.MONTH: 1, RoundedTo.QUARTER: 3, RoundedTo.YEAR: 12}[to]
    if months == 0:
        return day
    first_month = (day.month - 1) // months * months + 1
    first = date(day.year, first_month, 1)
    if first == day:
        return day
    year, month = divmod(first_month - 1 + months, _DECEMBER)
    return date(day.year + year, month + 1, 1)


def _yearly(on: tuple[int, int], not_before: date) -> date:
    """The first such day of a year from `not_before` on; 29 February in other years is 28 February."""
    for year in (not_before.year, not_before.year + 1):
        month, number = on
        day = date(year, month, min(number, monthrange(year, month)[1]))
        if day >= not_before:
            return day
    raise AssertionError(on)
