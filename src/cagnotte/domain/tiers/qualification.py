"""Which tier a member holds on a day: the room's doors.

    seen = Seen(days, today, joined_on, facts)
    tier_now(tiers, held, seen) -> TierHeld | None          one family, today; as often a day as one likes
    next_look(tiers, held, days, joined_on, today) -> date | None
    passed(tiers, before, after) -> tuple[str, ...]         codes strictly between, for announcing each
    granted(tiers, held, tier, since, until, by) -> TierHeld
    withdrawn(tiers, held, by) -> TierHeld | None           a membership given up; look with `tier_now` after it
    cause(tiers, before, after, returned=...) -> TierCause
    followed(tiers, seen, held=None) -> TierHeld | None     from nothing, through all days up to today (INV-26)
    outlook.py: missing_to_next, missing_to_keep, projected

`tiers` are those of one family, lowest first; a family that the programme dropped is called with ().
`held.beneath` is part of the holding and must be kept with it: what the member falls to when a gift ends.
"""

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from cagnotte.domain.tiers.holdings import (
    NO_POSITION,
    position_of,
    put_together,
    still_given,
    taken_apart,
    with_gift,
)
from cagnotte.domain.tiers.looks import next_look
from cagnotte.domain.tiers.merit import merit_now
from cagnotte.domain.tiers.reviews import Seen
from cagnotte.domain.tiers.terms import HeldBy, Tier, TierCause, TierHeld

__all__ = ["Seen", "cause", "followed", "granted", "next_look", "passed", "tier_now", "withdrawn"]


def tier_now(tiers: Sequence[Tier], held: TierHeld | None, seen: Seen) -> TierHeld | None:
    """What the member holds in one family on `seen.today`, given what was held until then.

    A threshold that is met raises at once. Reviews, graces and gifts take effect at 00:00 of their day, so
    the caller looks on each day that `next_look` names, before that day's sales. The same answer when asked
    again on the same day.
    """
    merit, given = taken_apart(held)
    if not given:
        return merit_now(tiers, merit, seen)
    return put_together(tiers, merit_now(tiers, merit, seen), still_given(tiers, given, seen.today))


def passed(tiers: Sequence[Tier], before: str | None, after: str | None) -> tuple[str, ...]:
    """The tiers between the one before and a higher one after, lowest first; those only given are not passed."""
    low, high = position_of(tiers, before), position_of(tiers, after)
    first = 0 if low is None else low + 1
    return tuple(tier.code for tier in tiers[first : high or 0] if tier.reach is not None)


def granted(  # noqa: PLR0917 - a gift is told in this order
    tiers: Sequence[Tier], held: TierHeld | None, tier: str, since: date, until: date | None, by: HeldBy
) -> TierHeld:
    """The holding with a tier given: as a gift or with a membership, until 00:00 of `until` (None: no end).

    What is held by merit, or was given before, stays beneath it. Of tiers given the same way, one that is no
    higher and ends no later than another is forgotten.
    """
    position = position_of(tiers, tier)
    assert position is not None, tier
    assert by is not HeldBy.REACHED, tier
    merit, given = taken_apart(held)
    gift = TierHeld(tiers[position].family, tiers[position].code, since, by, until)
    together = put_together(tiers, merit, with_gift(tiers, given, gift))
    assert together is not None
    return together


def withdrawn(tiers: Sequence[Tier], held: TierHeld | None, by: HeldBy) -> TierHeld | None:
    """The holding without what was given in this way, as when a membership is given up before its end."""
    merit, given = taken_apart(held)
    return put_together(tiers, merit, [part for part in given if part.by is not by])


def cause(
    tiers: Sequence[Tier], before: TierHeld | None, after: TierHeld | None, *, returned: bool = False
) -> TierCause:
    """Why a member holds another tier than before. `returned`: the look followed a return."""
    was = NO_POSITION
    if before is not None:
        if all(tier.code != before.tier for tier in tiers):
            return TierCause.REMOVED
        was = _position(tiers, before)
    if after is not None and _position(tiers, after) > was:
        return TierCause.REACHED if after.by is HeldBy.REACHED else TierCause.GRANTED
    if before is not None and before.by is not HeldBy.REACHED:
        return TierCause.ENDED
    return TierCause.RETURNED if returned else TierCause.REVIEWED


def followed(tiers: Sequence[Tier], seen: Seen, held: TierHeld | None = None) -> TierHeld | None:
    """What the member holds today when every day up to it is gone through from nothing, or from `held`.

    The answer depends on the history alone, not on the order in which it became known (INV-26). Conditions
    are asked about the facts of today, the only ones there are.
    """
    known = [total for total in seen.days if total.day <= seen.today]
    day = min([seen.today, *(total.day for total in known[:1]), *([seen.joined_on] if seen.joined_on else [])])
    held = tier_now(tiers, held, replace(seen, days=(), today=day))
    for position, total in enumerate(known):
        held = _brought(tiers, held, replace(seen, days=seen.days[:position]), day, total.day)
        day = total.day
        held = tier_now(tiers, held, replace(seen, days=seen.days[: position + 1], today=day))
    held = _brought(tiers, held, replace(seen, days=seen.days[: len(known)]), day, seen.today)
    return tier_now(tiers, held, seen)


def _brought(tiers: Sequence[Tier], held: TierHeld | None, seen: Seen, day: date, upto: date) -> TierHeld | None:
    """The holding at 00:00 of `upto`, from that of `day`, with nothing bought between."""
    due = next_look(tiers, held, seen.days, seen.joined_on, day)
    while due is not None and due <= upto:
        held = tier_now(tiers, held, replace(seen, today=due))
        due = next_look(tiers, held, seen.days, seen.joined_on, due)
    return held


def _position(tiers: Sequence[Tier], held: TierHeld) -> int:
    position = position_of(tiers, held.tier)
    assert position is not None, held
    return position
