"""What a programme says of its tiers, and how a member holds one."""

from datetime import date
from enum import StrEnum

import msgspec

from cagnotte.domain.kernel import Period
from cagnotte.domain.points.terms import Name
from cagnotte.domain.rules import Rule

NO_TIER = "none"  # how members without a tier are counted; not the code of a tier
MAIN = "main"  # the family of tiers that name none; what `tier` means in rules


class MeasuredIn(StrEnum):
    """The days that count towards a threshold, in the programme's time zone."""

    ROLLING = "rolling"  # the last `within`, day by day
    CALENDAR_YEAR = "calendar_year"  # since 1 January
    ANNIVERSARY = "anniversary"  # since the last anniversary of joining
    EVER = "ever"  # since the member joined


class Reach(msgspec.Struct, frozen=True):
    """A threshold: at least `at_least` of what `counts` names, in `window`; and `when`, if it is said.

    `counts`: "spend" (minor units), "visits" (sales), "points" (earned in `wallet`), or the code of a
    measure. "" with a `when` alone: the condition decides.
    """

    counts: str
    at_least: int
    window: MeasuredIn = MeasuredIn.EVER
    within: Period | None = None  # of a rolling window
    wallet: str = ""  # of "points"
    when: Rule | None = None


class Review(StrEnum):
    """When a tier that is no longer reached may be lost."""

    ROLLING = "rolling"  # on the day on which the threshold is missed
    ANNIVERSARY = "anniversary"  # on the day of the year on which the tier was reached
    CALENDAR_YEAR = "calendar_year"  # on 1 January; a tier reached in a year is held to the end of the next
    NEVER = "never"  # a lifetime status


class Drop(StrEnum):
    """How far a member falls at a review: to the tier still reached, by one level at most, or to none."""

    REACHED = "reached"
    ONE_LEVEL = "one_level"
    FULL = "full"


class Keep(msgspec.Struct, frozen=True):
    """How a tier is kept. `reach`: another threshold for keeping than for reaching. `grace`: it is held that
    long after a missed review, and kept for good when the threshold is met meanwhile."""

    review: Review = Review.ROLLING
    reach: Reach | None = None
    grace: Period | None = None
    drop: Drop = Drop.REACHED


class Tier(msgspec.Struct, frozen=True):
    """One status of a family; those of a family stand from the lowest to the highest.

    `floor`: once this tier was held by merit, the member never falls below it. `reach` None: only given, as
    a gift or with a paid membership. `replaces`: codes of tiers that the programme had before; who holds one
    of them holds this tier.
    """

    code: str
    reach: Reach | None
    family: str = MAIN
    keep: Keep = Keep()
    floor: bool = False
    name: Name = {}
    replaces: tuple[str, ...] = ()


class HeldBy(StrEnum):
    REACHED = "reached"
    GIFT = "gift"
    PAID = "paid"


class TierHeld(msgspec.Struct, frozen=True, omit_defaults=True):
    """A tier that a member holds in one family since `since`.

    `until`: first day on which a gift, a paid tier, or one that the member fell to at a review, is no longer
    guaranteed (None: as the tier's terms say; of a gift: no end). `grace_until`: first day without the tier,
    when its review was missed. `floor`: the tier below which this member never falls. `beneath`: what else
    the member holds, best first: a tier by merit under a gift, a gift under a higher tier.
    """

    family: str
    tier: str
    since: date
    by: HeldBy = HeldBy.REACHED
    until: date | None = None
    grace_until: date | None = None
    floor: str = ""
    beneath: "tuple[TierHeld, ...]" = ()


class TierCause(StrEnum):
    REACHED = "reached"
    REVIEWED = "reviewed"  # lost, or lowered, at a review or at the end of its grace
    GRANTED = "granted"
    ENDED = "ended"  # a gift or a membership came to its end
    RETURNED = "returned"  # a return took back what had reached it
    CORRECTED = "corrected"  # an event that arrived late led to another one
    REMOVED = "removed"  # the programme no longer has the tier
