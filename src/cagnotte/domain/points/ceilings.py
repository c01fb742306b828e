"""How many points a person of the staff may move by hand before a second person must approve."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from cagnotte.domain.kernel import Period, PeriodUnit


class Ceiling(msgspec.Struct, frozen=True):
    """Points by hand that a role may give or take; None: no such limit.

    `role` "": who has none of the roles that other ceilings name. `wallet` "": each wallet for itself.
    """

    role: str = ""
    wallet: str = ""
    most: int | None = None
    most_per_day: int | None = None


class Adjustments(msgspec.Struct, frozen=True):
    """The `[adjustments]` table. Without ceilings nobody is limited."""

    ceilings: tuple[Ceiling, ...] = ()
    answered_within: Period = Period(7, PeriodUnit.DAYS)


class Allowance(msgspec.Struct, frozen=True):
    """What one person may do in one wallet without a second one: at a time, and on one day; None: no limit."""

    most: int | None = None
    most_per_day: int | None = None


class Above(StrEnum):
    GESTURE = "gesture"
    DAY = "day"


class AboveCeiling(msgspec.Struct, frozen=True):
    """Which ceiling an act by hand is above, and how many points that is."""

    above: Above
    most: int


def allowance(terms: Adjustments, roles: Iterable[str], wallet: str) -> Allowance:
    """Of several roles the most generous one, each limit for itself; what a role says of the wallet goes first.

    Roles are compared without regard to capitals. Who has no role with a ceiling has that of no role; without one,
    nothing at all.
    """
    if not terms.ceilings:
        return Allowance()
    own = {role.casefold() for role in roles}
    found = _of_roles(terms, own, wallet) or _of_roles(terms, {""}, wallet)
    if not found:
        return Allowance(0, 0)
    return Allowance(_highest(each.most for each in found), _highest(each.most_per_day for each in found))


def above_ceiling(allowed: Allowance, points: int, used: int) -> AboveCeiling | None:
    """The ceiling that so many points (> 0) are above, when `used` were moved on the day; None: within."""
    if allowed.most is not None and points > allowed.most:
        return AboveCeiling(Above.GESTURE, allowed.most)
    if allowed.most_per_day is not None and used + points > allowed.most_per_day:
        return AboveCeiling(Above.DAY, allowed.most_per_day)
    return None


def _of_roles(terms: Adjustments, roles: set[str], wallet: str) -> list[Ceiling]:
    """The ceiling of each of these roles in the wallet."""
    found: dict[str, Ceiling] = {}
    for ceiling in terms.ceilings:
        role = ceiling.role.casefold()
        if role in roles and ceiling.wallet in {wallet, ""} and (ceiling.wallet or role not in found):
            found[role] = ceiling
    return list(found.values())


def _highest(limits: Iterable[int | None]) -> int | None:
    known = list(limits)
    return None if None in known else max(limit for limit in known if limit is not None)
