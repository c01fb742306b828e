"""The figures of IFRS 15, Illustrative Example 52 (IE267 to IE270): a customer loyalty programme."""

from cagnotte.domain.accounting.portfolios import Moved, Nature, Portfolio, balance, earned, steps
from cagnotte.domain.accounting.values import Valued, allocated, stand_alone
from cagnotte.domain.points.terms import UnitValue

# 100,000 of sales give 10,000 points of 1 each, of which 9,500 are expected to be used: 0.95 a point.
POINTS = Valued(10_000, UnitValue(1, 1), breakage=500)


def test_the_price_is_shared_between_goods_and_points() -> None:
    [deferred] = allocated(100_000, [POINTS])

    assert stand_alone(POINTS) == 9_500
    assert (100_000 - deferred, deferred) == (91_324, 8_676)


def test_after_4500_points_of_9500_expected_4110_are_earned() -> None:
    portfolio = Portfolio(points=10_000, amount=8_676, used=4_500)

    assert earned(portfolio, 500) == 4_110
    assert balance(portfolio, 500) == 4_566


def test_with_4000_more_and_9700_expected_3493_more_are_earned() -> None:
    before = Portfolio(points=10_000, amount=8_676, used=4_500)

    changes = dict(steps(before, Moved(used=4_000), breakage_before=500, breakage=300))

    assert changes == {Nature.ESTIMATE: 85, Nature.USED: -3_578, Nature.EXPIRED: 0}
    assert -sum(changes.values()) == 3_493
    assert balance(Portfolio(10_000, 8_676, used=8_500), 300) == 1_073
