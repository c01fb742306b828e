"""A holding of one family taken apart and put together: the tier by merit, and the tiers given."""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from cagnotte.domain.tiers.terms import HeldBy, Review, Tier, TierHeld

NO_POSITION = -1  # below the lowest tier


def position_of(tiers: Sequence[Tier], code: str | None) -> int | None:
    """Where the tier stands, 0 the lowest; also by a code that a tier replaces. None: the programme has it not."""
    for position, tier in enumerate(tiers):
        if tier.code == code:
            return position
    for position, tier in enumerate(tiers):
        if code in tier.replaces:
            return position
    return None


def taken_apart(held: TierHeld | None) -> tuple[TierHeld | None, tuple[TierHeld, ...]]:
    """The tier held by merit, and the tiers given."""
    if held is None:
        return None, ()
    if not held.beneath:
        return (held, ()) if held.by is HeldBy.REACHED else (None, (held,))
    parts = (replace(held, beneath=()), *held.beneath)
    merit = next((part for part in parts if part.by is HeldBy.REACHED), None)
    return merit, tuple(part for part in parts if part.by is not HeldBy.REACHED)


def put_together(tiers: Sequence[Tier], merit: TierHeld | None, given: Iterable[TierHeld]) -> TierHeld | None:
    """The highest is what the member holds; of equal ones that by merit, then the one that lasts longest."""
    parts = sorted(
        [*([merit] if merit else []), *given],
        key=lambda part: (
            -_position(tiers, part.tier),
            part.by is not HeldBy.REACHED,
            -(part.until or date.max).toordinal(),
            part.by,
        ),
    )
    if not parts:
        return None
    return replace(parts[0], beneath=tuple(parts[1:])) if parts[1:] else parts[0]


def still_given(tiers: Sequence[Tier], given: Iterable[TierHeld], today: date) -> list[TierHeld]:
    """The gifts and paid tiers that have not ended and that the programme still has, by their codes of today."""
    kept = []
    for part in given:
        position = position_of(tiers, part.tier)
        if position is not None and (part.until is None or today < part.until):
            code = tiers[position].code
            kept.append(part if part.tier == code else replace(part, tier=code))
    return kept


def with_gift(tiers: Sequence[Tier], given: Iterable[TierHeld], gift: TierHeld) -> list[TierHeld]:
    """`given` with one more; what was given the same way, no higher and no longer, adds nothing and goes."""
    others = list(given)
    same = next((part for part in others if part.by is gift.by and part.tier == gift.tier), None)
    if same is not None:
        gift = replace(gift, since=min(same.since, gift.since))
    if any(_covers(tiers, other, gift) for other in others):
        return others
    return [*(other for other in others if not _covers(tiers, gift, other)), gift]


def floor_of(tiers: Sequence[Tier], known: str, at: int) -> int:
    """The position below which a holder by merit of the tier at `at` never falls; NO_POSITION: none.

    Who holds a tier holds those below it, so a floor that was jumped over counts. `known`: the floor that the
    member has already.
    """
    for position in range(at, NO_POSITION, -1):
        tier = tiers[position]
        if tier.reach is not None and (tier.floor or tier.keep.review is Review.NEVER):
            return position
    stored = position_of(tiers, known) if known else None
    return NO_POSITION if stored is None else min(stored, at)


def _position(tiers: Sequence[Tier], code: str) -> int:
    position = position_of(tiers, code)
    return NO_POSITION if position is None else position


def _covers(tiers: Sequence[Tier], one: TierHeld, other: TierHeld) -> bool:
    """Whether `other` gives nothing that `one` does not give."""
    return (
        one.by is other.by
        and _position(tiers, one.tier) >= _position(tiers, other.tier)
        and (one.until or date.max) >= (other.until or date.max)
    )
