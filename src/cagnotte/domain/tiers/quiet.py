"""How long tiers stay as they are, and how much may be added to their days until then."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from cagnotte.domain.tiers.counting import counted, is_ever_taken, value_of, window_start
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.holdings import NO_POSITION, position_of, taken_apart
from cagnotte.domain.tiers.looks import next_look
from cagnotte.domain.tiers.terms import Reach, Tier, TierHeld

_UNBOUNDED = 2**63

type Family = tuple[Sequence[Tier], TierHeld | None]


class Room(msgspec.Struct, gc=False):
    """As long as less than `left` is added of what `counts` names, nobody rises by it."""

    counts: str
    wallet: str
    left: int


class Quiet(msgspec.Struct):
    """Before `until`, `tier_now` of each family answers what it answered, as long as nothing is taken back and
    every room has something left: docs/decisions/0013 says why."""

    until: date
    rooms: list[Room]

    def add(self, total: DayTotal) -> bool:
        """Count what was added to a day, today's or an earlier one; False: now tiers must be looked at."""
        is_quiet = True
        for room in self.rooms:
            value = value_of(room.counts, room.wallet, total)
            room.left -= value
            if value < 0 or room.left <= 0:
                is_quiet = False
        return is_quiet


def quiet_from(
    families: Iterable[Family], days: Sequence[DayTotal], joined_on: date | None, today: date
) -> Quiet | None:
    """What can be relied on after `tier_now` was asked on `today`, and gave what is held.

    None where more than sums decides: a condition, a grace, a day on which more was returned than bought, a
    tier that the programme gave up.
    """
    until = date.max
    left: dict[tuple[str, str], int] = {}
    for tiers, held in families:
        merit, _ = taken_apart(held)
        at = position_of(tiers, merit.tier) if merit else NO_POSITION
        if at is None or (merit is not None and merit.grace_until is not None):
            return None
        for position, reach in _reaches(tiers):
            if reach.when is not None or is_ever_taken(reach, days):
                return None
            key = (reach.counts, reach.wallet)
            missing = _missing(reach, days, joined_on, today) if position > at else _UNBOUNDED
            left[key] = min(left.get(key, _UNBOUNDED), missing)
        until = min(until, next_look(tiers, held, days, joined_on, today) or date.max)
    return Quiet(until, [Room(counts, wallet, missing) for (counts, wallet), missing in left.items()])


def _reaches(tiers: Sequence[Tier]) -> Iterator[tuple[int, Reach]]:
    """Every threshold of the family with the position of its tier; what keeps a tier raises nobody."""
    for position, tier in enumerate(tiers):
        if tier.reach is not None:
            yield position, tier.reach
        if tier.keep.reach is not None:
            yield NO_POSITION, tier.keep.reach


def _missing(reach: Reach, days: Sequence[DayTotal], joined_on: date | None, today: date) -> int:
    return reach.at_least - counted(reach, days, window_start(reach, today, joined_on), today)
