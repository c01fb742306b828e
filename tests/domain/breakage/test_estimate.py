"""Breakage by cohort: the worked example of docs/algorithms/breakage.md, and populations whose truth is known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example as played
from hypothesis import given
from hypothesis import strategies as st

from cagnotte.domain.breakage.back_test import back_test, verdict
from cagnotte.domain.breakage.estimate import Between, estimate, quantile
from cagnotte.domain.breakage.hazards import Hazards, Tail
from cagnotte.domain.breakage.made import applied, made, together
from cagnotte.domain.breakage.triangle import Cell, CellSeen, Triangle, at_risk, left, month_after, triangles
from cagnotte.domain.points.terms import EstimateTerms
from domain.breakage.populations import AT_ONCE, LIFE, never_used, population

JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
EXAMPLE = {JANUARY: (1_000, 200, 240, 112), FEBRUARY: (1_000, 300, 210), MARCH: (500, 100)}
PERCENT = 10_000


def example(parts: int = 1) -> Triangle:
    """Lots end at the age of three months. `parts`: as many times the same members."""
    cells = []
    for part in range(parts):
        for cohort, (came, *used) in EXAMPLE.items():
            for age, points in enumerate(used):
                cell = Cell(given=0 if age else came, used=points)
                cells.append(CellSeen("points", cohort, part, age, cell, None if age else 3, lots=not age))
    return triangles(cells, MARCH)["points"]


def test_the_worked_example_of_the_page() -> None:
    found = estimate(example())

    assert found.hazards.used == pytest.approx((0.24, 0.30, 0.20))
    assert found.new == Between(4_256, 0, PERCENT)
    assert [(each.open, each.use.value, each.breakage.value) for each in found.cohorts] == [
        (448, 0, 4_480),
        (490, 98, 3_920),
        (400, 176, 4_480),
    ]
    assert found.use.value == 274


def test_with_members_in_fewer_than_five_parts_nothing_is_said_of_how_sure_it_is() -> None:
    few, enough = estimate(example(4)), estimate(example(5))

    assert (few.new.low, few.new.high) == (0, PERCENT)
    assert (few.cohorts[1].use.low, few.cohorts[1].use.high) == (0, 4 * 490)
    assert 0 < enough.new.low <= enough.new.value == few.new.value <= enough.new.high < PERCENT


def test_no_cohort_has_reached_the_third_age_so_its_use_may_be_none_or_as_much_as_the_most() -> None:
    """At age 3 the points end: from none to 30 %, the most of any age, of what is left is used before."""
    found = estimate(example(30))

    left_of_new = 0.76 * 0.7 * 0.8
    assert found.new.low == int(PERCENT * left_of_new * 0.7)
    assert found.cohorts[0].use.high >= 30 * 448 * 0.3


def test_what_was_taken_back_was_never_at_risk() -> None:
    column = (Cell(given=100, used=10), Cell(taken=40, used=5), Cell(given=20, used=5, expired=3))

    assert at_risk(column) == [100, 50, 65]
    assert left(column) == 57


def test_without_an_end_points_go_on_as_in_the_last_ages_and_without_any_sign_they_are_used() -> None:
    for_ever = Hazards((0.5,), (0.0,), 0.3, 0.1, None)
    silent = Hazards((0.5,), (0.0,), 0.0, 0.0, None)

    assert for_ever.use_from(1) == pytest.approx(0.75)
    assert silent.use_from(1) == 1.0
    assert silent.use_from(1, tail=Tail.NONE) == 0.0


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6), st.sampled_from([1.0, 1.7]))
@played([(0.23588962305093286, 0), (1 / 3, 0), (0.1, 0), (1 / 3, 0), (0.17668577611916814, 0)], 1.0)
def test_a_share_is_a_share_also_when_its_parts_add_up_to_more_by_a_bit(
    seen: list[tuple[float, float]], factor: float
) -> None:
    known = Hazards(tuple(use for use, _ in seen), tuple((1 - use) * part for use, part in seen), 0.3, 0.0, 3)

    assert 0.0 <= known.use_from(0, factor=factor) <= 1.0


def test_the_accounts_count_with_the_lower_end_between_floor_and_ceiling() -> None:
    found = Between(2_000, 1_500, 2_600)

    assert applied(found, EstimateTerms()) == 1_500
    assert applied(found, EstimateTerms(constrained=False)) == 2_000
    assert applied(found, EstimateTerms(floor=1_800)) == 1_800
    assert applied(found, EstimateTerms(ceiling=900)) == 900


def test_without_terms_the_accounts_count_with_what_the_programme_says() -> None:
    found = made(example(), None, 500)

    assert (found.applied_new, set(found.applied.values())) == (500, {500})


def test_the_first_portfolio_holds_all_cohorts_before_it_by_what_was_given() -> None:
    found = made(example(), EstimateTerms(constrained=False), 0)

    shares = together(found.applied, found.columns, FEBRUARY)

    assert shares == {FEBRUARY: (1_000 * 4_480 + 1_000 * 3_920) // 2_000, MARCH: 4_480}


@pytest.mark.parametrize(
    ("confidence", "freedom", "expected"), [(90, 29, 1.699), (95, 29, 2.045), (90, 4, 2.132), (80, 9, 1.383)]
)
def test_quantiles_are_those_of_students_tables(confidence: int, freedom: int, expected: float) -> None:
    assert quantile(confidence, freedom) == pytest.approx(expected, abs=0.003)


@given(
    cells=st.lists(
        st.builds(
            CellSeen,
            st.just("points"),
            st.integers(0, 5).map(lambda months: month_after(JANUARY, months)),
            st.integers(0, 6),
            st.integers(0, 6),
            st.builds(Cell, *[st.integers(-50, 500)] * 4),
            st.none() | st.integers(0, 8),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_whatever_the_books_say_an_estimate_stays_within_what_can_be(cells: list[CellSeen]) -> None:
    for triangle in triangles(cells, month_after(JANUARY, 6)).values():
        found = made(triangle, EstimateTerms(), 0).estimate

        for share in (found.new, *(each.breakage for each in found.cohorts)):
            assert 0 <= share.low <= share.value <= share.high <= PERCENT
        for each in found.cohorts:
            assert 0 <= each.use.low <= each.use.value <= each.use.high <= each.open


@pytest.mark.parametrize("all_at_once", [False, True])
def test_of_twenty_populations_with_known_hazards_the_truth_lies_within_the_interval_as_often_as_promised(
    all_at_once: bool,
) -> None:
    """At 90 %, fewer than 15 of 20 are chance once in ninety times. Members who use all they have at once make the
    points of all months move together."""
    truth = PERCENT * ((1 - AT_ONCE) ** LIFE if all_at_once else never_used())
    found, tests = [], []
    for seed in range(20):
        triangle = population(seed, members=150, all_at_once=all_at_once)
        found.append(estimate(triangle).new)
        tests.append(verdict(tuple(back_test(triangle, confidence=90, most=3)), confidence=90))

    within = sum(each.low <= truth <= each.high for each in found)
    bias = sum(each.value for each in found) / len(found) / truth - 1
    assert within >= 15
    assert abs(bias) < 0.03
    assert all(each.high - each.low < 0.35 * truth for each in found)
    assert sum(each.within for each in tests) >= 0.8 * sum(each.months for each in tests)
    assert sum(each.cohorts_within for each in tests) >= 0.85 * sum(each.cohorts for each in tests)


def test_a_back_test_uses_nothing_of_what_came_later() -> None:
    """The estimate as of a month, and the one remade from the longer triangle, are the same."""
    whole = population(7, months=14)
    then = month_after(whole.month, -3)

    assert estimate(whole.at(then)) == estimate(population(7, months=11))
