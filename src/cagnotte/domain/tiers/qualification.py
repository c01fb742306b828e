"""Tiers: which status a member holds on a given day, from what was bought and earned in a period."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from cagnotte.domain.kernel import Period, day_after, first_day_counted

NO_TIER = "none"  # how members without a tier are counted; not the code of a tier


class DayTotal(msgspec.Struct, frozen=True, gc=False):
    """What one member did on one local day: paid in minor units, and points earned by wallet."""

    day: date
    paid: int
    earned: tuple[tuple[str, int], ...] = ()


class Reach(msgspec.Struct, frozen=True):
    """What a tier asks for: at least `at_least` spent (wallet None, minor units) or earned in the wallet."""

    wallet: str | None
    at_least: int
    within: Period | None  # None: since the member joined


class Tier(msgspec.Struct, frozen=True):
    code: str
    reach: Reach
    name: dict[str, str] = {}


class Missing(msgspec.Struct, frozen=True):
    """What a member still lacks for a tier on a given day."""

    tier: str
    measure: str  # "spend" or the code of a wallet
    reached: int
    needed: int
    missing: int
    within: Period | None


def tier_on(tiers: Sequence[Tier], days: Sequence[DayTotal], today: date) -> str | None:
    """Code of the highest tier whose threshold is met on `today`; tiers stand in ascending order.

    A function of the history alone (INV-26): a day counts until 00:00 of `day_after(day, within)`.
    A tier that asks for 0 is held from the start, also by who returned more than was bought.
    """
    sums: dict[tuple[str | None, Period | None], int] = {}
    for tier in reversed(tiers):
        key = (tier.reach.wallet, tier.reach.within)
        if key not in sums:
            sums[key] = measured(tier.reach, days, today)
        if max(sums[key], 0) >= tier.reach.at_least:
            return tier.code
    return None


def measured(reach: Reach, days: Sequence[DayTotal], today: date) -> int:
    """What `reach` counts on `today`: money spent in minor units, or points earned."""
    after_today = bisect_right(days, today, key=lambda total: total.day)
    counted = days[_first_counted(reach.within, days, today) : after_today]
    if reach.wallet is None:
        return sum([total.paid for total in counted])
    return sum(points for total in counted for wallet, points in total.earned if wallet == reach.wallet)


def missing_to_next(
    tiers: Sequence[Tier], days: Sequence[DayTotal], today: date, held: str | None
) -> Missing | None:
    """What is missing to the next tier above the one held; None at the top."""
    codes = [tier.code for tier in tiers]
    position = codes.index(held) + 1 if held in codes else 0
    if position == len(tiers):
        return None
    reach = tiers[position].reach
    reached = measured(reach, days, today)
    needed = max(reach.at_least - reached, 0)
    return Missing(codes[position], reach.wallet or "spend", reached, reach.at_least, needed, reach.within)


def next_day_out(tiers: Iterable[Tier], days: Sequence[DayTotal], today: date) -> date | None:
    """The next day after `today` on which a counted day leaves a period, so that a tier may be lost."""
    leaving = []
    for period in {tier.reach.within for tier in tiers}:
        first = _first_counted(period, days, today)
        if period is not None and first < len(days):
            leaving.append(day_after(days[first].day, period))
    return min(leaving, default=None)


def with_day(days: tuple[DayTotal, ...], added: DayTotal) -> tuple[DayTotal, ...]:
    """`days` with one more total, oldest first, one entry per day also when the day came late."""
    position = bisect_left(days, added.day, key=lambda total: total.day)
    if position < len(days) and days[position].day == added.day:
        return (*days[:position], _merged(days[position], added), *days[position + 1 :])
    return (*days[:position], added, *days[position:])


def _merged(left: DayTotal, right: DayTotal) -> DayTotal:
    earned = dict(left.earned)
    for wallet, points in right.earned:
        earned[wallet] = earned.get(wallet, 0) + points
    return DayTotal(left.day, left.paid + right.paid, tuple(sorted(earned.items())))


def _first_counted(period: Period | None, days: Sequence[DayTotal], today: date) -> int:
    if period is None:
        return 0
    return bisect_left(days, first_day_counted(today, period), key=lambda total: total.day)
