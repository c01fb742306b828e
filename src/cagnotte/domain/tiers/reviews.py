"""Whether a tier held by merit is kept: the days of its reviews, what counts at one, and its grace.

A review takes place at 00:00 of its day. What is judged is told in docs/algorithms/tiers.md.
"""

from datetime import date

import msgspec
from msgspec.structs import replace

from cagnotte.domain.kernel import first_day_counted
from cagnotte.domain.tiers.counting import (
    OF_A_YEAR,
    ONE_DAY,
    YEAR,
    counted,
    holds,
    in_year,
    is_enough,
    later,
    window_start,
)
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.terms import Reach, Review, Tier, TierHeld


class Seen(msgspec.Struct, frozen=True):
    """A member as tiers look at one on the local day `today`.

    `days` stand oldest first, one per day. `facts`: what conditions of tiers are asked about.
    """

    days: tuple[DayTotal, ...]
    today: date
    joined_on: date | None = None
    facts: object = None


def kept_on(tier: Tier, merit: TierHeld, seen: Seen, *, is_reached: bool) -> TierHeld | None:
    """The holding on `seen.today`: as it was, free of its grace or beginning one. None: lost on this day."""
    if merit.grace_until is not None:
        if not _is_made_up_for(tier, merit, seen, is_reached=is_reached):
            return merit if seen.today < merit.grace_until else None
        merit = replace(merit, grace_until=None)
    if not is_due(tier, merit, seen.today) or _passes(tier, merit, seen, is_reached=is_reached):
        return without_guarantee(merit, seen.today)
    if tier.keep.grace is None:
        return None
    if _is_made_up_for(tier, merit, seen, is_reached=is_reached):  # by what was bought on the very day
        return without_guarantee(merit, seen.today)
    return replace(merit, until=None, grace_until=later(seen.today, tier.keep.grace))


def would_keep(tier: Tier, merit: TierHeld, seen: Seen) -> bool:
    """Whether who loses the higher tier `merit` today keeps this lower one, held all the while with it."""
    if tier.keep.review is Review.ROLLING:
        return _passes(tier, merit, seen, is_reached=False)
    if merit.grace_until is not None:
        return _is_made_up_for(tier, merit, seen, is_reached=False)
    if merit.until is None and not is_due(tier, merit, seen.today):
        return True
    return _passes(tier, merit, seen, is_reached=False)


def is_due(tier: Tier, merit: TierHeld, today: date) -> bool:
    """Whether the tier is reviewed today; one with a rolling review is on each day."""
    if merit.until is not None:
        return today >= merit.until
    since = merit.since
    match tier.keep.review:
        case Review.ROLLING:
            return True
        case Review.ANNIVERSARY:
            return since < today and in_year(since, today.year) == today
        case Review.CALENDAR_YEAR:
            return (today.month, today.day) == (1, 1) and today.year >= since.year + 2
        case Review.NEVER:
            return False


def next_review(tier: Tier, merit: TierHeld, after: date) -> date | None:
    """The first day after `after` on which the tier is reviewed; None: no day is set for it."""
    if merit.until is not None:
        return merit.until if merit.until > after else None
    match tier.keep.review:
        case Review.ANNIVERSARY:
            year = max(merit.since, after).year
            days = [in_year(merit.since, year + number) for number in (0, 1)]
            return next((day for day in days if day > after and day > merit.since), None)
        case Review.CALENDAR_YEAR:
            return in_year(date(1, 1, 1), max(merit.since.year + 2, after.year + 1))
        case Review.ROLLING | Review.NEVER:
            return None


def without_guarantee(merit: TierHeld, today: date) -> TierHeld:
    return replace(merit, until=None) if merit.until is not None and merit.until <= today else merit


def kept_by(tier: Tier) -> Reach | None:
    """The threshold for keeping the tier; None: the tier is only given."""
    return tier.keep.reach or tier.reach


def first_day_of_review(tier: Tier, reach: Reach, merit: TierHeld, seen: Seen) -> date:
    """The first day that counts at a review on `seen.today`, or in the grace that followed one.

    A threshold per year is judged on the year that ends with the review; the grace prolongs that year.
    """
    if tier.keep.review is Review.ROLLING or reach.window not in OF_A_YEAR:
        return window_start(reach, seen.today, seen.joined_on)
    reviewed = seen.today if merit.grace_until is None else _missed_review(tier, merit.since, merit.grace_until)
    if tier.keep.review is Review.CALENDAR_YEAR:
        return date(max(reviewed.year - 1, 1), 1, 1)
    return first_day_counted(reviewed, YEAR)


def _passes(tier: Tier, merit: TierHeld, seen: Seen, *, is_reached: bool) -> bool:
    """Whether the threshold for keeping is met at 00:00; of a rolling review, now."""
    if tier.keep.review is Review.ROLLING:
        return is_reached or _is_met(tier, merit, seen, seen.today)
    return _is_met(tier, merit, seen, seen.today - ONE_DAY)


def _is_made_up_for(tier: Tier, merit: TierHeld, seen: Seen, *, is_reached: bool) -> bool:
    """Whether what a review missed is there now; at the end of a grace, at 00:00."""
    if tier.keep.review is Review.ROLLING:
        return is_reached or _is_met(tier, merit, seen, seen.today)
    is_over = merit.grace_until is not None and seen.today >= merit.grace_until
    return _is_met(tier, merit, seen, seen.today - ONE_DAY if is_over else seen.today)


def _is_met(tier: Tier, merit: TierHeld, seen: Seen, last: date) -> bool:
    reach = kept_by(tier)
    if reach is None:
        return False
    reached = counted(reach, seen.days, first_day_of_review(tier, reach, merit, seen), last)
    return is_enough(reach, reached) and holds(reach, seen.facts)


def _missed_review(tier: Tier, since: date, grace_until: date) -> date:
    """The last review before the grace ends: the one that was missed, as no grace is longer than a year."""
    last = grace_until - ONE_DAY
    if tier.keep.review is Review.CALENDAR_YEAR:
        return date(last.year, 1, 1)
    day = in_year(since, last.year)
    return day if day <= last else in_year(since, max(last.year - 1, 1))
