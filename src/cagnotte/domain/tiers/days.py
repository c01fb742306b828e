"""What a member did, day by day: what tiers and measures count."""

from bisect import bisect_left
from datetime import date

import msgspec


class DayTotal(msgspec.Struct, frozen=True, gc=False):
    """What one member did on one local day: paid in minor units, points earned by wallet, the number of sales,
    and what the day adds to each measure of the programme."""

    day: date
    paid: int
    earned: tuple[tuple[str, int], ...] = ()
    visits: int = 0
    measured: tuple[tuple[str, int], ...] = ()


class HouseholdDays(msgspec.Struct, frozen=True, gc=False):
    """What the members of one household did together, by local day, oldest first: its measures, nothing else."""

    household: str
    days: tuple[DayTotal, ...]


def with_day(days: tuple[DayTotal, ...], added: DayTotal) -> tuple[DayTotal, ...]:
    """`days` with one more total, oldest first, one entry per day also when the day came late."""
    # Most sales come in the order of their days: no place is looked for among the hundreds of a long life.
    # `+` copies the days in half the time of `*`.
    if not days or days[-1].day < added.day:
        return days + (added,)  # noqa: RUF005 - see above
    if days[-1].day == added.day:
        return days[:-1] + (_merged(days[-1], added),)  # noqa: RUF005
    position = bisect_left(days, added.day, key=lambda total: total.day)
    if position < len(days) and days[position].day == added.day:
        return (*days[:position], _merged(days[position], added), *days[position + 1 :])
    return (*days[:position], added, *days[position:])


def _merged(left: DayTotal, right: DayTotal) -> DayTotal:
    return DayTotal(
        left.day,
        left.paid + right.paid,
        _added(left.earned, right.earned),
        left.visits + right.visits,
        _added(left.measured, right.measured),
    )


def _added(left: tuple[tuple[str, int], ...], right: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    if not left or not right:
        return left or right
    if len(left) == len(right) == 1 and left[0][0] == right[0][0]:  # one wallet, as most programmes have
        both = left[0][1] + right[0][1]
        return ((left[0][0], both),) if both else ()
    sums = dict(left)
    for name, value in right:
        sums[name] = sums.get(name, 0) + value
    return tuple(sorted(item for item in sums.items() if item[1]))
