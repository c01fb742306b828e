"""What would become of the points of a wallet if the programme were closed on a day, month by month until then.

Floats, from the estimated hazards; each figure of a month is rounded to the nearest point, and what is open at its
end is the sum of the others, so that the months join.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from math import floor

import msgspec

from cagnotte.domain.breakage.estimate import Estimate
from cagnotte.domain.breakage.hazards import Hazards
from cagnotte.domain.breakage.triangle import Column, age_at, left, month_after, totals

WHOLE = 10_000


class Plan(msgspec.Struct, frozen=True):
    """`last_earn`, `last_burn`: the last days on which points are given and used; what is open after it is lost.

    `uplift`: basis points by which use is higher from the month of `announced` on. `given`: points given in a
    month, less those taken back; None: as in the last twelve months on average, or in as many as there are.
    """

    last_earn: date
    last_burn: date
    announced: date
    uplift: int = 0
    given: int | None = None


class MonthAhead(msgspec.Struct, frozen=True):
    """`opening + given - used - expired - lost = closing`; `lost`: what is open when points can be used no more.

    `used_of`: cohort -> how many of its points are used, not rounded.
    """

    month: date
    opening: int
    given: int
    used: int
    expired: int
    lost: int
    closing: int
    used_of: dict[date, float]


def given_in_a_month(columns: Mapping[date, Column], month: date) -> int:
    """What is given in a month on average, less what was taken back: the last twelve, or as many as there are."""
    recent = {cohort: totals(column) for cohort, column in columns.items() if cohort > month_after(month, -12)}
    if not recent:
        return 0
    months = age_at(min(recent), month) + 1
    return max(sum(each.given - each.taken for each in recent.values()), 0) // months


def wind_up(made: Estimate, columns: Mapping[date, Column], plan: Plan) -> Iterator[MonthAhead]:
    """From the month after the estimate's up to that of the last day of use, which is not before it."""
    factors = {each.cohort: each.factor for each in made.cohorts}
    is_open = {cohort: float(max(left(column), 0)) for cohort, column in columns.items()}
    monthly = plan.given if plan.given is not None else given_in_a_month(columns, made.month)
    month, opening = month_after(made.month), sum(map(round, is_open.values()))
    while month <= plan.last_burn:
        came = floor(monthly * _part(month, plan.last_earn) + 0.5)
        is_open[month] = is_open.get(month, 0.0) + came
        used, expired = {}, 0.0
        for cohort, points in is_open.items():
            use, expiry = _ends(made.hazards, age_at(cohort, month), factors.get(cohort, 1.0), month, plan)
            used[cohort] = points * use
            expired += points * expiry
            is_open[cohort] = points * (1.0 - use - expiry)
        is_last = month_after(month) > plan.last_burn
        yield (found := _month(month, opening, came, used, expired, is_last=is_last))
        month, opening = month_after(month), found.closing


def _month(
    month: date, opening: int, came: int, used: dict[date, float], expired: float, *, is_last: bool
) -> MonthAhead:
    use = min(floor(sum(used.values()) + 0.5), opening + came)
    gone = min(floor(expired + 0.5), opening + came - use)
    rest = opening + came - use - gone
    return MonthAhead(month, opening, came, use, gone, rest if is_last else 0, 0 if is_last else rest, used)


def _ends(known: Hazards, age: int, factor: float, month: date, plan: Plan) -> tuple[float, float]:
    """Use and expiry in the month, of what is open: use as long as it can be, and more once it is announced."""
    more = 1.0 + plan.uplift / WHOLE if month_after(month) > plan.announced else 1.0
    _, expiry = known.at(age)
    use, _ = known.at(age, factor=factor)
    return min(use * more * _part(month, plan.last_burn), 1.0 - expiry), expiry


def _part(month: date, last: date) -> float:
    """Of a month, the share of its days up to the last one."""
    days = monthrange(month.year, month.month)[1]
    return min(max((last - month).days + 1, 0), days) / days
