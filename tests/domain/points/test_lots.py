"""Lots: which are usable, which are drawn first, and when they end."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cagnotte.domain.kernel import LotId, Period, PeriodUnit, Points, day_after
from cagnotte.domain.points.lots import (
    BurnPlan,
    BurnRefusal,
    BurnRefused,
    Draw,
    Lot,
    plan_burn,
    points_usable,
    without_draws,
)
from cagnotte.domain.points.terms import Expiry, RoundedTo
from cagnotte.domain.points.times import expires_on

TODAY = date(2026, 3, 15)
TOMORROW = TODAY + timedelta(days=1)
_DAYS = st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days))
_PERIODS = st.builds(Period, st.integers(1, 30), st.sampled_from(PeriodUnit))


def a_lot(
    lot_id: int = 1, *, points: int = 10, earned_on: date = date(2026, 1, 1), expires_on: date | None = None
) -> Lot:
    return Lot(LotId(lot_id), "points", Points(points), earned_on, expires_on)


def lots_of_one_member() -> st.SearchStrategy[list[Lot]]:
    lots = st.builds(
        lambda lot_id, points, earned_on, expires_on: a_lot(
            lot_id, points=points, earned_on=earned_on, expires_on=expires_on
        ),
        st.integers(1, 1000),
        st.integers(1, 500),
        _DAYS,
        st.none() | _DAYS,
    )
    return st.lists(lots, max_size=8, unique_by=lambda lot: lot.lot_id)


def test_points_are_gone_on_their_expiry_day() -> None:
    refused = plan_burn([a_lot(points=80, expires_on=TODAY)], Points(1), on=TODAY)

    assert refused == BurnRefused(BurnRefusal.INSUFFICIENT_POINTS, Points(0))


def test_points_are_usable_on_the_day_before_their_expiry_day() -> None:
    plan = plan_burn([a_lot(points=80, expires_on=TOMORROW)], Points(80), on=TODAY)

    assert plan == BurnPlan((Draw(LotId(1), Points(80)),))


@pytest.mark.parametrize("wanted", [0, -5])
def test_a_burn_of_nothing_is_refused(wanted: int) -> None:
    refused = plan_burn([a_lot()], Points(wanted), on=TODAY)

    assert refused == BurnRefused(BurnRefusal.POINTS_MUST_BE_POSITIVE, Points(10))


def test_lots_are_drawn_soonest_to_expire_first_then_oldest_then_by_id_and_never_expiring_ones_last() -> None:
    lots = [
        a_lot(1),
        a_lot(2, earned_on=date(2025, 1, 1)),
        a_lot(6, expires_on=TOMORROW),
        a_lot(5, expires_on=TOMORROW),
        a_lot(9, expires_on=TOMORROW, earned_on=date(2025, 6, 1)),
        a_lot(3, expires_on=date(2026, 12, 1), earned_on=date(2020, 1, 1)),
    ]

    plan = plan_burn(lots, Points(55), on=TODAY)

    assert isinstance(plan, BurnPlan)
    assert [(draw.lot_id, draw.points) for draw in plan.draws] == [
        (9, 10), (5, 10), (6, 10), (3, 10), (2, 10), (1, 5),
    ]  # fmt: skip


@given(lots_of_one_member(), st.integers(1, 3000), st.randoms())
def test_a_plan_takes_exactly_what_was_asked_in_any_order_of_lots(
    lots: list[Lot], wanted: int, dice: random.Random
) -> None:
    shuffled = lots.copy()
    dice.shuffle(shuffled)

    plan = plan_burn(lots, Points(wanted), on=TODAY)

    assert plan == plan_burn(shuffled, Points(wanted), on=TODAY)
    if isinstance(plan, BurnPlan):
        assert sum(draw.points for draw in plan.draws) == wanted
        left = without_draws(tuple(lots), plan.draws)
        assert points_usable(left, "points", TODAY) == points_usable(lots, "points", TODAY) - wanted
        assert all(lot.points_open > 0 for lot in left)
    else:
        assert plan == BurnRefused(BurnRefusal.INSUFFICIENT_POINTS, points_usable(lots, "points", TODAY))
        assert plan.points_available < wanted


@given(lots_of_one_member(), st.integers(1, 3000))
def test_a_lot_is_touched_only_when_every_usable_one_before_it_is_empty(lots: list[Lot], wanted: int) -> None:
    plan = plan_burn(lots, Points(wanted), on=TODAY)

    draws = plan.draws if isinstance(plan, BurnPlan) else ()
    usable = {lot.lot_id: lot for lot in lots if lot.expires_on is None or lot.expires_on > TODAY}
    assert all(draw.points == usable[draw.lot_id].points_open for draw in draws[:-1])
    drawn = {draw.lot_id for draw in draws}
    for lot in usable.values():
        for later in (usable[draw.lot_id] for draw in draws if lot.lot_id not in drawn):
            assert (later.expires_on or date.max) <= (lot.expires_on or date.max)


def ends(earned_on: date, after: Period | None, *, to_month_end: bool = False) -> date | None:
    rounded_to = RoundedTo.MONTH if to_month_end else RoundedTo.DAY
    return expires_on(Expiry(after, rounded_to), earned_on, None, None)


@pytest.mark.parametrize(
    ("earned_on", "after", "rounded", "gone_on"),
    [
        (date(2026, 1, 31), "12 months", False, date(2027, 1, 31)),
        (date(2026, 1, 31), "1 months", False, date(2026, 2, 28)),
        (date(2024, 2, 29), "12 months", False, date(2025, 2, 28)),
        (date(2026, 3, 1), "30 days", False, date(2026, 3, 31)),
        (date(2026, 3, 15), "12 months", True, date(2027, 4, 1)),
        (date(2026, 3, 1), "12 months", True, date(2027, 3, 1)),
        (date(2026, 12, 20), "12 months", True, date(2028, 1, 1)),
        (date(2026, 1, 30), "1 months", True, date(2026, 3, 1)),
    ],
)
def test_a_lot_is_gone_from_the_day_that_lies_the_period_later(
    earned_on: date, after: str, rounded: bool, gone_on: date
) -> None:
    count, unit = after.split()

    assert ends(earned_on, Period(int(count), PeriodUnit(unit)), to_month_end=rounded) == gone_on


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), _PERIODS)
def test_rounding_to_the_month_ends_with_a_month_and_never_shortens(earned_on: date, after: Period) -> None:
    gone_on = ends(earned_on, after, to_month_end=True)

    assert gone_on is not None
    assert gone_on.day == 1
    assert timedelta(0) <= gone_on - day_after(earned_on, after) < timedelta(days=31)


def test_a_lot_without_a_period_never_ends() -> None:
    assert ends(TODAY, None, to_month_end=True) is None
