"""A tier held by merit through the days: reached at once, kept or lowered at reviews."""

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from cagnotte.domain.tiers.counting import YEAR, counted, holds, is_enough, later, window_start
from cagnotte.domain.tiers.holdings import NO_POSITION, floor_of, position_of
from cagnotte.domain.tiers.reviews import Seen, kept_by, kept_on, next_review, would_keep
from cagnotte.domain.tiers.terms import Drop, Reach, Review, Tier, TierHeld


def merit_now(tiers: Sequence[Tier], merit: TierHeld | None, seen: Seen) -> TierHeld | None:
    """The tier by merit on `seen.today`, given the one held until then; the same again when asked again."""
    reached = highest_reached(tiers, seen)
    if merit is None:
        return _risen(tiers, reached, "", seen.today)
    at = position_of(tiers, merit.tier)
    if at is None:
        left = position_of(tiers, merit.floor)
        return _risen(tiers, max(reached, NO_POSITION if left is None else left), merit.floor, seen.today)
    if reached > at:
        return _risen(tiers, reached, merit.floor, seen.today)
    floor = floor_of(tiers, merit.floor, at)
    merit = _as_the_programme_has_it(tiers, merit, at, floor)
    kept = merit if at == floor else kept_on(tiers[at], merit, seen, is_reached=reached == at)
    return kept or _after_a_loss(tiers, merit, at, seen, floor=floor, reached=reached)


def highest_reached(tiers: Sequence[Tier], seen: Seen) -> int:
    """Position of the highest tier whose threshold is met today, whatever those below it ask for."""
    known: Reach | None = None
    reached = 0
    for position in range(len(tiers) - 1, NO_POSITION, -1):
        reach = tiers[position].reach
        if reach is None:
            continue
        if known is None or not _counts_the_same(reach, known):
            reached = counted(reach, seen.days, window_start(reach, seen.today, seen.joined_on), seen.today)
            known = reach
        if is_enough(reach, reached) and holds(reach, seen.facts):
            return position
    return NO_POSITION


def _counts_the_same(one: Reach, other: Reach) -> bool:
    return (
        one.counts == other.counts
        and one.wallet == other.wallet
        and one.window is other.window
        and one.within == other.within
    )


def _risen(tiers: Sequence[Tier], to: int, floor: str, today: date) -> TierHeld | None:
    if to == NO_POSITION:
        return None
    tier = tiers[to]
    return TierHeld(tier.family, tier.code, today, floor=_floor_code(tiers, floor, floor_of(tiers, floor, to)))


def _as_the_programme_has_it(tiers: Sequence[Tier], merit: TierHeld, at: int, floor: int) -> TierHeld:
    """By its code of today and with the floor of today; what is never lost has neither grace nor guarantee."""
    code, floor_code = tiers[at].code, _floor_code(tiers, merit.floor, floor)
    if at == floor and (merit.until or merit.grace_until):
        merit = replace(merit, until=None, grace_until=None)
    if merit.tier == code and merit.floor == floor_code:
        return merit
    return replace(merit, tier=code, floor=floor_code)


def _floor_code(tiers: Sequence[Tier], known: str, floor: int) -> str:
    """A floor that the programme took away stays in mind, for it may come back."""
    return known if floor == NO_POSITION else tiers[floor].code


def _after_a_loss(
    tiers: Sequence[Tier], merit: TierHeld, at: int, seen: Seen, *, floor: int, reached: int
) -> TierHeld | None:
    fallen = max(_fall(tiers, merit, at, seen), floor)
    if reached > fallen:
        return _risen(tiers, reached, merit.floor, seen.today)
    return _lowered(tiers, merit, fallen, seen, is_reached=reached == fallen)


def _fall(tiers: Sequence[Tier], merit: TierHeld, at: int, seen: Seen) -> int:
    """Where a member who loses the tier at `at` today comes to, before floors and what is reached anew."""
    below = [position for position in range(at - 1, NO_POSITION, -1) if tiers[position].reach is not None]
    match tiers[at].keep.drop:
        case Drop.FULL:
            return NO_POSITION
        case Drop.ONE_LEVEL:
            return next(iter(below), NO_POSITION)
        case Drop.REACHED:
            return next((p for p in below if would_keep(tiers[p], merit, seen)), NO_POSITION)


def _lowered(tiers: Sequence[Tier], merit: TierHeld, to: int, seen: Seen, *, is_reached: bool) -> TierHeld | None:
    """The lower tier. One that is not reached is held for the length of its window, or to its yearly review;
    that of 1 January comes as if the tier had been held all the while.
    """
    lower = _risen(tiers, to, merit.floor, seen.today)
    if lower is None or lower.floor == lower.tier:
        return lower
    tier = tiers[to]
    match tier.keep.review:
        case Review.CALENDAR_YEAR:
            return replace(lower, until=next_review(tier, replace(merit, until=None), seen.today))
        case Review.ROLLING if not is_reached and not would_keep(tier, merit, seen):
            reach = kept_by(tier)
            return replace(lower, until=later(seen.today, reach.within if reach and reach.within else YEAR))
        case _:
            return lower
