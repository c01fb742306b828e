"""What the members of a household do together: counted for it, and seen by each of them."""

from msgspec.structs import replace

from cagnotte.domain.evaluator.effects import DayCounted, HouseholdCounted
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.prepared import Prepared
from cagnotte.domain.tiers.days import DayTotal, with_day


def count_day(making: Making, total: DayTotal, household: str, *, active: bool = False) -> None:
    """Add to a day of the member, and what measures of the household count to that of the household.

    `household`: the one to which the member belonged when it happened; "": none, then all is the member's own.
    """
    names = making.ready.household_measures
    together = tuple(pair for pair in total.measured if pair[0] in names) if names and household else ()
    if together:
        total = replace(total, measured=_others(total.measured, names))
    making.add(DayCounted(total, active))
    if together:
        making.add(HouseholdCounted(household, DayTotal(total.day, 0, (), 0, together)))


def days_for_tiers(ready: Prepared, facts: Facts) -> tuple[DayTotal, ...]:
    """The member's days as tiers count them: in measures of the household, what all its members did.

    What the member did before belonging to the household is not among it.
    """
    if not ready.shares_tiers or not facts.profile.household:
        return facts.days
    names = ready.household_measures
    days = tuple(
        replace(total, measured=_others(total.measured, names)) if total.measured else total
        for total in facts.days
    )
    for total in facts.household_days:
        days = with_day(days, total)
    return days


def _others(measured: tuple[tuple[str, int], ...], names: frozenset[str]) -> tuple[tuple[str, int], ...]:
    return tuple([pair for pair in measured if pair[0] not in names])
