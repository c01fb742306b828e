"""What a decision knows of a member.

Facts are not tracked by the garbage collector (`gc=False`): a load keeps millions of them, and none can refer to
itself, being frozen and made of what was there before. So it is with effects and decisions.
"""

from datetime import date

import msgspec

from cagnotte.domain.earning.tallies import Progress, Tally
from cagnotte.domain.members.profile import Membership, Profile
from cagnotte.domain.points.holds import Hold
from cagnotte.domain.points.lots import Lot
from cagnotte.domain.tiers.days import DayTotal, HouseholdDays
from cagnotte.domain.tiers.terms import MAIN, TierHeld


class Facts(msgspec.Struct, frozen=True, gc=False):
    """A member as the database or the till's snapshot knows it.

    `lots`: open lots of all wallets, usable or pending, in burn order. `days`: day totals, oldest first; days
    that nothing counts any more may be missing. `as_of`: the last local day up to which expiry, tiers and the
    days of the member's life are done. `held`: the tiers held, one per family. `tallies`: what caps counted
    for this member; `shared`: for the household, stores and the programme, as read for this event;
    `households`: what those that the event is about have measured, each household once.
    `debts`: wallet -> points owed (> 0). `purchases`: sales so far, returned ones with them. `referred`:
    whether the friend's purchase that a referral waits for has been. `holds`: points set aside, by id; their
    lots hold them no longer.
    """

    as_of: date
    lots: tuple[Lot, ...] = ()
    days: tuple[DayTotal, ...] = ()
    held: tuple[TierHeld, ...] = ()
    tallies: tuple[Tally, ...] = ()
    shared: tuple[Tally, ...] = ()
    progress: tuple[Progress, ...] = ()
    debts: tuple[tuple[str, int], ...] = ()
    profile: Profile = Profile()
    membership: Membership | None = None
    purchases: int = 0
    last_active: date | None = None
    referred: bool = False
    households: tuple[HouseholdDays, ...] = ()
    holds: tuple[Hold, ...] = ()

    @property
    def tier(self) -> str | None:
        """The tier held in the main family."""
        return self.tier_in(MAIN)

    def tier_in(self, family: str) -> str | None:
        for held in self.held:
            if held.family == family:
                return held.tier
        return None

    @property
    def household_days(self) -> tuple[DayTotal, ...]:
        """What the household that the member belongs to has measured."""
        for each in self.households:
            if each.household == self.profile.household:
                return each.days
        return ()
