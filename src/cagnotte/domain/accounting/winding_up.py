"""What a closing of the programme would do to the accounts, from where the portfolios stand and how points end."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from cagnotte.domain.accounting.portfolios import Portfolio, earned
from cagnotte.domain.accounting.values import WHOLE
from cagnotte.domain.baskets.basket import shares
from cagnotte.domain.breakage.winding_up import MonthAhead
from cagnotte.domain.points.terms import UnitValue

_FINE = 1_000


class Standing(msgspec.Struct, frozen=True):
    """A portfolio at the end of the last closed month, with the breakage that it was closed with."""

    given_in: date
    portfolio: Portfolio
    breakage: int


class Released(msgspec.Struct, frozen=True):
    """In minor units. `catch_up`: earned at once, or taken back (below 0), when the closing makes another use of
    the open points probable (IFRS 15.B46, a cumulative catch-up as in Example 52). `months`: what of the balance
    is earned in each; with the catch-up it is the balance. `goods`: what the points used in each save their users.
    """

    balance: int
    catch_up: int
    months: tuple[int, ...]
    goods: tuple[int, ...]


def released(
    standings: Sequence[Standing], ahead: Sequence[MonthAhead], value: UnitValue, *, first: date
) -> Released:
    """`first`: the first month ever closed, whose portfolio holds all cohorts before it too.

    Each portfolio's balance is earned with the use of its own points; what nothing is used of, at the end. Points
    that are given in these months are not in it: they bring their own amount and earn it.
    """
    used = [_by_portfolio(month.used_of, first) for month in ahead]
    balance = catch_up = 0
    months = [0] * len(ahead)
    for given_in in sorted({each.given_in for each in standings}):
        own = [each for each in standings if each.given_in == given_in]
        points = [month.get(given_in, 0.0) for month in used]
        whole_left = sum(max(each.portfolio.left, 0) for each in own)
        for each in own:
            share = max(each.portfolio.left, 0) / whole_left if whole_left else 0.0
            owed, moved = _caught_up(each, min(sum(points), whole_left) * share)
            balance, catch_up = balance + owed, catch_up + moved
            months = [before + part for before, part in zip(months, _spread(owed - moved, points), strict=True)]
    goods = tuple((2 * each.used * value.amount_minor + value.points) // (2 * value.points) for each in ahead)
    return Released(balance, catch_up, tuple(months), goods)


def _caught_up(standing: Standing, to_come: float) -> tuple[int, int]:
    """What is owed for a portfolio, and what of it is earned at once when so many of its points are used yet."""
    state = standing.portfolio
    before = earned(state, standing.breakage)
    now = earned(state, _breakage(state, to_come)) if state.left > 0 else state.amount
    return state.amount - before, now - before


def _spread(minor: int, used: Sequence[float]) -> list[int]:
    """By month, in proportion to use (largest remainder); in the last one where nothing is used."""
    weights = [int(points * _FINE) for points in used]
    return shares(minor, weights) if any(weights) else [0] * (len(used) - 1) + [minor]


def _by_portfolio(used: Mapping[date, float], first: date) -> dict[date, float]:
    found: dict[date, float] = {}
    for cohort, points in used.items():
        given_in = max(cohort, first)
        found[given_in] = found.get(given_in, 0.0) + points
    return found


def _breakage(portfolio: Portfolio, to_come: float) -> int:
    """Basis points of what was given that will not have been used, to the nearest."""
    if portfolio.points <= 0:
        return 0
    use = (max(portfolio.used, 0) + to_come) / portfolio.points
    return min(max(int(WHOLE * (1.0 - use) + 0.5), 0), WHOLE)
