"""Tiers: which one is held on a day, what lacks to the next, and when one may be lost."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cagnotte.domain.kernel import Period, PeriodUnit, day_after
from cagnotte.domain.tiers.qualification import (
    DayTotal,
    Missing,
    Reach,
    Tier,
    missing_to_next,
    next_day_out,
    tier_on,
    with_day,
)

START = date(2024, 1, 1)
YEAR = Period(12, PeriodUnit.MONTHS)
SILVER, GOLD = Tier("silver", Reach(None, 10_000, YEAR)), Tier("gold", Reach("points", 300, YEAR))
_DAYS = st.integers(0, 500).map(lambda days: START + timedelta(days=days))
_TOTALS = st.lists(
    st.builds(
        DayTotal,
        _DAYS,
        st.integers(-300, 300),
        st.dictionaries(st.sampled_from(["points", "stars"]), st.integers(1, 50)).map(
            lambda earned: tuple(sorted(earned.items()))
        ),
    ),
    max_size=12,
)
_REACHES = st.builds(
    Reach,
    st.sampled_from([None, "points", "stars"]),
    st.integers(0, 400),
    st.none() | st.builds(Period, st.integers(1, 14), st.sampled_from(PeriodUnit)),
)
_TIERS = st.lists(_REACHES, max_size=4).map(
    lambda reaches: [Tier(f"t{number}", reach) for number, reach in enumerate(reaches)]
)


def _folded(totals: list[DayTotal]) -> tuple[DayTotal, ...]:
    days: tuple[DayTotal, ...] = ()
    for total in totals:
        days = with_day(days, total)
    return days


def _naive_tier(tiers: list[Tier], totals: list[DayTotal], today: date) -> str | None:
    held = None
    for tier in tiers:
        within = tier.reach.within
        counted = [
            total
            for total in totals
            if total.day <= today and (within is None or today < day_after(total.day, within))
        ]
        reached = sum(
            total.paid if tier.reach.wallet is None else dict(total.earned).get(tier.reach.wallet, 0)
            for total in counted
        )
        if reached >= tier.reach.at_least or tier.reach.at_least == 0:
            held = tier.code
    return held


@given(_TIERS, _TOTALS, _DAYS)
def test_the_tier_held_is_the_highest_whose_threshold_is_met(
    tiers: list[Tier], totals: list[DayTotal], today: date
) -> None:
    assert tier_on(tiers, _folded(totals), today) == _naive_tier(tiers, totals, today)


@given(_TOTALS)
def test_days_stand_once_each_oldest_first_whatever_the_order_in_which_they_came(totals: list[DayTotal]) -> None:
    days = _folded(totals)

    assert days == _folded(totals[::-1])
    assert [total.day for total in days] == sorted({total.day for total in totals})
    assert sum(total.paid for total in days) == sum(total.paid for total in totals)


@given(_TIERS, _TOTALS, _DAYS)
def test_between_two_days_out_no_tier_changes_by_itself(
    tiers: list[Tier], totals: list[DayTotal], today: date
) -> None:
    days = tuple(total for total in _folded(totals) if total.day <= today)

    leaving = next_day_out(tiers, days, today)

    quiet_until = leaving or today + timedelta(days=600)
    assert quiet_until > today
    held = tier_on(tiers, days, today)
    for ahead in range((quiet_until - today).days):
        assert tier_on(tiers, days, today + timedelta(days=ahead)) == held


def test_a_day_counts_until_midnight_of_the_day_that_lies_the_period_later() -> None:
    days = (DayTotal(date(2024, 2, 29), 10_000),)

    assert tier_on([SILVER], days, date(2025, 2, 27)) == "silver"
    assert tier_on([SILVER], days, date(2025, 2, 28)) is None
    assert next_day_out([SILVER], days, date(2024, 3, 1)) == date(2025, 2, 28)
    assert next_day_out([SILVER], days, date(2025, 2, 28)) is None


def test_a_tier_that_asks_for_nothing_is_held_also_after_more_returns_than_purchases() -> None:
    assert tier_on([Tier("member", Reach(None, 0, None))], (DayTotal(START, -500),), START) == "member"


def test_what_is_missing_is_counted_to_the_tier_above_the_one_held() -> None:
    days = (DayTotal(START, 9_500, (("points", 95),)),)

    assert missing_to_next([SILVER, GOLD], days, START, None) == Missing(
        "silver", "spend", 9_500, 10_000, 500, YEAR
    )
    assert missing_to_next([SILVER, GOLD], days, START, "silver") == Missing("gold", "points", 95, 300, 205, YEAR)
    assert missing_to_next([SILVER, GOLD], days, START, "gold") is None
    assert missing_to_next([], days, START, None) is None


@given(_TIERS, _TOTALS, _DAYS)
def test_spending_what_is_missing_today_reaches_the_next_tier(
    tiers: list[Tier], totals: list[DayTotal], today: date
) -> None:
    days = _folded([total for total in totals if total.day <= today])
    held = tier_on(tiers, days, today)
    missing = missing_to_next(tiers, days, today, held)
    if missing is None or missing.missing == 0:
        return

    more = (
        DayTotal(today, missing.missing)
        if missing.measure == "spend"
        else DayTotal(today, 0, ((missing.measure, missing.missing),))
    )
    after = tier_on(tiers, with_day(days, more), today)

    codes = [tier.code for tier in tiers]
    assert after is not None
    assert codes.index(after) >= codes.index(missing.tier)
