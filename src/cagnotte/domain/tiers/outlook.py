"""What lies ahead of a member: what is missing to rise or to keep the tier held, and what comes otherwise."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from cagnotte.domain.kernel import Period
from cagnotte.domain.tiers.counting import (
    OF_A_YEAR,
    POINTS,
    counted,
    holds,
    is_enough,
    next_turn,
    window_start,
    year_ends,
)
from cagnotte.domain.tiers.holdings import floor_of, position_of, taken_apart
from cagnotte.domain.tiers.looks import next_look
from cagnotte.domain.tiers.qualification import tier_now
from cagnotte.domain.tiers.reviews import Seen, first_day_of_review, is_due, kept_by, next_review
from cagnotte.domain.tiers.terms import HeldBy, MeasuredIn, Reach, Review, Tier, TierHeld

_AHEAD = timedelta(days=3653)  # how far a projection looks


class Missing(msgspec.Struct, frozen=True):
    """What a member still lacks for a tier on a given day.

    `measure`: "spend", "visits", the code of a wallet or of a measure, or "" when the condition alone
    decides. `unmet`: the text of the tier's condition, when it does not hold. `before`: the first day on which
    what is bought no longer helps (None: no such day).
    """

    tier: str
    measure: str
    reached: int
    needed: int
    missing: int
    within: Period | None
    window: MeasuredIn = MeasuredIn.ROLLING
    unmet: str = ""
    before: date | None = None


class Projected(msgspec.Struct, frozen=True):
    """The tier a member will hold from 00:00 of `on` when nothing more is bought; None: no tier."""

    tier: str | None
    on: date


def missing_to_next(tiers: Sequence[Tier], seen: Seen, held: str | None) -> Missing | None:
    """What is missing to the next tier above `held` that can be reached; None at the top."""
    position = position_of(tiers, held)
    above = tiers[0 if position is None else position + 1 :]
    tier = next((tier for tier in above if tier.reach is not None), None)
    if tier is None or tier.reach is None:
        return None
    reach = tier.reach
    first = window_start(reach, seen.today, seen.joined_on)
    reached = counted(reach, seen.days, first, seen.today)
    return _missing(tier, reach, reached, _year_ends(reach, seen), seen.facts)


def missing_to_keep(tiers: Sequence[Tier], held: TierHeld | None, seen: Seen) -> Missing | None:
    """What is missing to hold the same tier after it is next judged, if nothing more is bought; 0: enough.

    None when the tier is never judged, stays as long as nothing is returned, or goes whatever is bought before
    that day. Of a gift: what is missing to reach the tier by merit before its end.
    """
    if held is None:
        return None
    at = position_of(tiers, held.tier)
    if at is None:
        return None
    tier = tiers[at]
    if held.by is not HeldBy.REACHED:
        return _missing_after_gift(tier, held, seen)
    merit, _ = taken_apart(held)
    assert merit is not None, held
    if at == floor_of(tiers, merit.floor, at):
        return None
    return _missing_at_review(tier, merit, seen)


def projected(tiers: Sequence[Tier], held: TierHeld | None, seen: Seen) -> Projected | None:
    """The member's next change of tier, or the next review that keeps it, if nothing more is bought.

    None when neither comes within ten years. `held` is what `tier_now` gave today. Conditions are asked about
    today's facts.
    """
    asked = [_without_conditions(tier) for tier in tiers]
    day = next_look(asked, held, seen.days, seen.joined_on, seen.today)
    while day is not None and day <= seen.today + _AHEAD:
        after = tier_now(tiers, held, replace(seen, today=day))
        if _code(after) != _code(held) or _was_kept(tiers, held, after, day):
            return Projected(_code(after), day)
        held = after
        day = next_look(asked, held, seen.days, seen.joined_on, day)
    return None


def _missing_at_review(tier: Tier, merit: TierHeld, seen: Seen) -> Missing | None:
    reach = kept_by(tier)
    if reach is None:
        return None
    on = _judged_on(tier, reach, merit, seen)
    if on is None:
        return None
    first = first_day_of_review(tier, reach, merit, replace(seen, today=on))
    if first >= on:
        return None
    return _missing(tier, reach, counted(reach, seen.days, first, seen.today), on, seen.facts)


def _judged_on(tier: Tier, reach: Reach, merit: TierHeld, seen: Seen) -> date | None:
    if merit.until is not None or merit.grace_until is not None:
        return merit.until or merit.grace_until
    if tier.keep.review is Review.ROLLING:
        return next_turn(reach, seen.days, seen.joined_on, seen.today)
    return next_review(tier, merit, seen.today)


def _missing_after_gift(tier: Tier, held: TierHeld, seen: Seen) -> Missing | None:
    reach = tier.reach
    if reach is None or held.until is None:
        return None
    before = min(held.until, _year_ends(reach, seen) or held.until)
    first = window_start(reach, seen.today, seen.joined_on)
    return _missing(tier, reach, counted(reach, seen.days, first, seen.today), before, seen.facts)


def _missing(tier: Tier, reach: Reach, reached: int, before: date | None, facts: object) -> Missing:
    return Missing(
        tier=tier.code,
        measure=reach.wallet if reach.counts == POINTS else reach.counts,
        reached=reached,
        needed=reach.at_least,
        missing=0 if is_enough(reach, reached) else reach.at_least - reached,
        within=reach.within,
        window=reach.window,
        unmet="" if reach.when is None or holds(reach, facts) else reach.when.source,
        before=before,
    )


def _year_ends(reach: Reach, seen: Seen) -> date | None:
    return year_ends(reach, seen.today, seen.joined_on) if reach.window in OF_A_YEAR else None


def _was_kept(tiers: Sequence[Tier], before: TierHeld | None, after: TierHeld | None, day: date) -> bool:
    """Whether the tier by merit stood a review on that day, or came out of its grace."""
    if before is None or after is None or before.by is not HeldBy.REACHED or after.grace_until is not None:
        return False
    at = position_of(tiers, before.tier)
    assert at is not None, before
    is_set = tiers[at].keep.review is not Review.ROLLING or before.until is not None
    return before.grace_until is not None or (is_set and is_due(tiers[at], before, day))


def _without_conditions(tier: Tier) -> Tier:
    """Of facts that stay as they are, no day decides a condition otherwise."""
    keep = tier.keep
    reach = replace(tier.reach, when=None) if tier.reach else None
    kept = replace(keep.reach, when=None) if keep.reach else None
    return replace(tier, reach=reach, keep=replace(keep, reach=kept))


def _code(held: TierHeld | None) -> str | None:
    return held.tier if held else None
