"""The next day on which a holding may change by itself."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date

from cagnotte.domain.tiers.counting import (
    BY_DAY,
    ONE_DAY,
    counted,
    is_enough,
    is_ever_taken,
    loses_by,
    next_turn,
    reads_the_day,
    window_start,
)
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.holdings import floor_of, position_of, taken_apart
from cagnotte.domain.tiers.reviews import kept_by, next_review
from cagnotte.domain.tiers.terms import MeasuredIn, Reach, Review, Tier, TierHeld


def next_look(
    tiers: Sequence[Tier],
    held: TierHeld | None,
    days: Sequence[DayTotal],
    joined_on: date | None,
    today: date,
    *,
    upto: date = date.max,
) -> date | None:
    """The first day after `today` on which `tier_now` may answer otherwise without a new sale; None: never.

    `held` is what `tier_now` gave today for these tiers. A condition that reads the day, where all else is
    met, makes it tomorrow; other facts of conditions do not change by themselves. A day after `upto` may be
    left out.
    """
    merit, given = taken_apart(held)
    at = position_of(tiers, merit.tier) if merit else None
    due = [part.until for part in given] if given else []
    if merit is not None:
        due += _own(tiers, merit, at, days, joined_on, today, upto=upto)
    if at is None or at + 1 < len(tiers):
        due += _rises(tiers[0 if at is None else at + 1 :], days, joined_on, today, upto=upto)
    if days and days[-1].day > today:
        due.append(days[bisect_right(days, today, key=BY_DAY)].day)
    return min([day for day in due if day is not None and today < day < date.max], default=None)


def next_loss(
    tier: Tier,
    merit: TierHeld,
    days: Sequence[DayTotal],
    joined_on: date | None,
    today: date,
    *,
    upto: date = date.max,
) -> Iterator[date | None]:
    """The days on which a tier held by merit, above any floor, may be lost, kept for good or fall into grace."""
    if merit.until is not None:
        yield merit.until
        return
    is_rolling = tier.keep.review is Review.ROLLING
    if merit.grace_until is not None:
        yield merit.grace_until
    elif not is_rolling:
        yield next_review(tier, merit, today)
        return
    keep = kept_by(tier)
    also = tier.reach if is_rolling and tier.reach is not keep else None
    for reach in (keep, also):
        if reach is None:
            continue
        if reads_the_day(reach):
            yield today + ONE_DAY
        if is_rolling or reach.window is MeasuredIn.ROLLING:
            yield next_turn(reach, days, joined_on, today, upto)


def _own(  # noqa: PLR0917 - as `next_loss`
    tiers: Sequence[Tier],
    merit: TierHeld,
    at: int | None,
    days: Sequence[DayTotal],
    joined_on: date | None,
    today: date,
    *,
    upto: date,
) -> Iterator[date | None]:
    if at is None:
        yield today + ONE_DAY
    elif at > floor_of(tiers, merit.floor, at):
        yield from next_loss(tiers[at], merit, days, joined_on, today, upto=upto)


def _rises(
    higher: Sequence[Tier], days: Sequence[DayTotal], joined_on: date | None, today: date, *, upto: date
) -> Iterator[date | None]:
    """When a higher tier may be reached: a day of returns leaves the window, or a condition comes to hold."""
    takes: dict[tuple[str, str], bool] = {}  # whether a day took from what is counted
    for tier in higher:
        reach = tier.reach
        if reach is None:
            continue
        if reach.when is None and not loses_by(reach, days, joined_on, today, upto):
            continue
        counts = (reach.counts, reach.wallet)
        if counts not in takes:
            takes[counts] = is_ever_taken(reach, days)
        if takes[counts] or reach.when is not None:
            yield _rise(reach, days, joined_on, today, upto)


def _rise(reach: Reach, days: Sequence[DayTotal], joined_on: date | None, today: date, upto: date) -> date | None:
    if reach.when is None:
        return next_turn(reach, days, joined_on, today, upto)
    reached = counted(reach, days, window_start(reach, today, joined_on), today)
    if not is_enough(reach, reached):
        return next_turn(reach, days, joined_on, today, upto)
    return today + ONE_DAY if reads_the_day(reach) else None
