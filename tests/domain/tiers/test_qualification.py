"""Reaching a tier: which one is held on a day, and what lacks to the next."""

from datetime import date, timedelta

import pytest
from hypothesis import given

from cagnotte.domain.kernel import Period, PeriodUnit, day_after
from cagnotte.domain.rules import BOOL, INT, TEXT, Record, compile_rule
from cagnotte.domain.tiers.days import DayTotal, with_day
from cagnotte.domain.tiers.outlook import Missing, missing_to_next
from cagnotte.domain.tiers.qualification import Seen, cause, next_look, passed, tier_now
from cagnotte.domain.tiers.terms import HeldBy, MeasuredIn, Reach, Tier, TierCause, TierHeld
from domain.tiers.ladders import (
    DAYS,
    FUNCTIONS_OF_DAYS,
    JOINED,
    START,
    TOTALS,
    YEAR,
    bought,
    folded,
    spend,
)

SILVER = Tier("silver", spend(10_000))
GOLD = Tier("gold", Reach("points", 300, MeasuredIn.ROLLING, YEAR, "points"))


def tier_on(tiers: list[Tier] | tuple[Tier, ...], days: tuple[DayTotal, ...], today: date) -> str | None:
    held = tier_now(tiers, None, Seen(days, today))
    return held.tier if held else None


def _naive_sum(reach: Reach, totals: list[DayTotal], joined_on: date | None, today: date) -> int:
    """Counts from each day whether it is in the window."""
    anniversaries = [joined_on or date(2000, 1, 1)]
    while anniversaries[-1] <= today:
        anniversaries.append(day_after(anniversaries[0], Period(12 * len(anniversaries), PeriodUnit.MONTHS)))
    earlier = day_after(anniversaries[0] - timedelta(days=1), Period(1, PeriodUnit.DAYS))
    year_began = anniversaries[-2] if len(anniversaries) > 1 else earlier

    def is_counted(day: date) -> bool:
        match reach.window:
            case MeasuredIn.ROLLING:
                assert reach.within
                return today < day_after(day, reach.within)
            case MeasuredIn.CALENDAR_YEAR:
                return day.year == today.year
            case MeasuredIn.ANNIVERSARY:
                return day >= year_began
            case MeasuredIn.EVER:
                return True

    sums = {"spend": 0, "visits": 0, "points": 0, "miles": 0}
    for total in totals:
        if total.day <= today and is_counted(total.day):
            sums["spend"] += total.paid
            sums["visits"] += total.visits
            sums["points"] += dict(total.earned).get("points", 0)
            sums["miles"] += dict(total.measured).get("miles", 0)
    return sums[reach.counts]


@given(FUNCTIONS_OF_DAYS, TOTALS, JOINED, DAYS)
def test_the_tier_held_is_the_highest_whose_threshold_is_met(
    tiers: tuple[Tier, ...], totals: list[DayTotal], joined_on: date | None, today: date
) -> None:
    today = max(today, joined_on or today)
    met = [
        tier.code
        for tier in tiers
        if tier.reach
        and (_naive_sum(tier.reach, totals, joined_on, today) >= tier.reach.at_least or tier.reach.at_least == 0)
    ]

    held = tier_now(tiers, None, Seen(folded(totals), today, joined_on))

    assert (held.tier if held else None) == (met[-1] if met else None)


@given(TOTALS)
def test_days_stand_once_each_oldest_first_whatever_the_order_in_which_they_came(totals: list[DayTotal]) -> None:
    days = folded(totals)

    assert days == folded(totals[::-1])
    assert [total.day for total in days] == sorted({total.day for total in totals})
    assert sum(total.paid for total in days) == sum(total.paid for total in totals)
    assert sum(total.visits for total in days) == sum(total.visits for total in totals)


def test_a_day_counts_until_midnight_of_the_day_that_lies_the_period_later() -> None:
    days = (bought(date(2024, 2, 29), 10_000),)
    held = tier_now([SILVER], None, Seen(days, date(2024, 2, 29)))

    assert tier_on([SILVER], days, date(2025, 2, 27)) == "silver"
    assert tier_on([SILVER], days, date(2025, 2, 28)) is None
    assert next_look([SILVER], held, days, None, date(2024, 3, 1)) == date(2025, 2, 28)
    assert next_look([SILVER], None, days, None, date(2025, 2, 28)) is None


def test_days_of_the_end_of_a_month_that_leave_together_are_looked_at_once() -> None:
    tiers = [Tier("silver", Reach("spend", 100, MeasuredIn.ROLLING, Period(1, PeriodUnit.MONTHS)))]
    days = (bought(date(2024, 1, 30), 100), bought(date(2024, 1, 31), 100), bought(date(2024, 2, 1), 100))
    held = tier_now(tiers, None, Seen(days, date(2024, 2, 1)))

    assert next_look(tiers, held, days, None, date(2024, 2, 1)) == date(2024, 3, 1)


def test_a_day_that_leaves_without_taking_the_tier_is_not_looked_at() -> None:
    days = tuple(bought(START + timedelta(days=number), 6_000) for number in range(3))
    held = tier_now([SILVER], None, Seen(days, days[-1].day))

    assert next_look([SILVER], held, days, None, days[-1].day) == date(2025, 1, 2)


def test_a_tier_that_asks_for_nothing_is_held_also_after_more_returns_than_purchases() -> None:
    tiers = [Tier("member", Reach("spend", 0))]

    assert tier_on(tiers, (bought(START, -500),), START) == "member"


def test_visits_and_measures_are_thresholds_too() -> None:
    tiers = [Tier("regular", Reach("visits", 3)), Tier("green", Reach("refills", 5))]
    days = (
        DayTotal(START, 0, visits=2),
        DayTotal(START + timedelta(days=1), 0, visits=1, measured=(("bags", 9), ("refills", 4))),
    )

    assert tier_on(tiers, days, START) is None
    assert tier_on(tiers, days, START + timedelta(days=1)) == "regular"
    assert tier_on(tiers, with_day(days, DayTotal(START, 0, measured=(("refills", 1),))), START) is None
    more = with_day(days, DayTotal(START, 0, measured=(("refills", 1),)))
    assert tier_on(tiers, more, START + timedelta(days=1)) == "green"


def test_a_calendar_year_begins_anew_on_the_first_of_january() -> None:
    tiers = [Tier("silver", spend(10_000, MeasuredIn.CALENDAR_YEAR))]
    days = (bought(date(2024, 12, 31), 10_000),)
    held = tier_now(tiers, None, Seen(days, date(2024, 12, 31)))

    assert tier_on(tiers, days, date(2024, 12, 31)) == "silver"
    assert tier_on(tiers, days, date(2025, 1, 1)) is None
    assert next_look(tiers, held, days, None, date(2024, 12, 31)) == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("joined_on", "last_day"),
    [
        (date(2023, 6, 15), date(2024, 6, 14)),
        (date(2024, 2, 29), date(2025, 2, 27)),
        (None, date(2024, 12, 31)),
    ],
    ids=["ordinary day", "29 February is kept on the 28th", "unknown: 1 January"],
)
def test_a_year_of_membership_begins_anew_on_the_day_of_joining(joined_on: date | None, last_day: date) -> None:
    tiers = [Tier("silver", spend(10_000, MeasuredIn.ANNIVERSARY))]
    days = (bought(date(2024, 3, 1), 10_000),)
    after = last_day + timedelta(days=1)

    held = tier_now(tiers, None, Seen(days, last_day, joined_on))

    assert held is not None
    assert next_look(tiers, held, days, joined_on, date(2024, 3, 1)) == after
    assert tier_now(tiers, held, Seen(days, after, joined_on)) is None


class _Member:
    def __init__(self, *, age: int, country: str) -> None:
        self.age = age
        self.country = country


class _Facts:
    def __init__(self, *, day: int = 0, age: int = 0, country: str = "") -> None:
        self.day = day
        self.member = _Member(age=age, country=country)


_SCOPE = {"day": INT, "member": Record("member", {"age": INT, "country": TEXT})}


def _when(source: str) -> Reach:
    return Reach("", 0, when=compile_rule(source, gives=BOOL, scope=_SCOPE))


def test_a_condition_alone_decides_or_joins_the_threshold() -> None:
    french = Tier("french", _when('member.country == "FR"'))
    rule = compile_rule('member.country == "FR"', gives=BOOL, scope=_SCOPE)
    rich = Tier("rich", Reach("spend", 100, when=rule))
    days = (bought(START, 100),)
    here, elsewhere = _Facts(country="FR"), _Facts(country="BE")

    assert tier_now([french, rich], None, Seen((), START, facts=here)) == TierHeld("main", "french", START)
    assert tier_now([french, rich], None, Seen(days, START, facts=here)) == TierHeld("main", "rich", START)
    assert tier_now([french, rich], None, Seen(days, START, facts=elsewhere)) is None


@pytest.mark.parametrize(
    ("condition", "spent", "look"),
    [
        ("member.age >= 18", 100, START + timedelta(days=1)),
        ("day > 20000", 100, START + timedelta(days=1)),
        ('member.country == "FR"', 100, None),
        ("member.age >= 18", 99, None),
    ],
)
def test_only_a_condition_on_the_day_is_looked_at_tomorrow_and_only_where_the_rest_is_met(
    condition: str, spent: int, look: date | None
) -> None:
    tier = Tier("grown", Reach("spend", 100, when=compile_rule(condition, gives=BOOL, scope=_SCOPE)))

    assert next_look([tier], None, (bought(START, spent),), None, START) == look


def test_what_is_missing_is_counted_to_the_tier_above_the_one_held() -> None:
    days = (DayTotal(START, 9_500, (("points", 95),)),)
    seen = Seen(days, START)

    assert missing_to_next([SILVER, GOLD], seen, None) == Missing("silver", "spend", 9_500, 10_000, 500, YEAR)
    assert missing_to_next([SILVER, GOLD], seen, "silver") == Missing("gold", "points", 95, 300, 205, YEAR)
    assert missing_to_next([SILVER, GOLD], seen, "gold") is None
    assert missing_to_next([], seen, None) is None


def test_a_tier_that_is_only_given_is_not_what_comes_next() -> None:
    tiers = [SILVER, Tier("friend", None), GOLD]

    missing = missing_to_next(tiers, Seen((), START), "silver")

    assert missing == Missing("gold", "points", 0, 300, 300, YEAR)


def test_what_is_missing_says_the_condition_that_does_not_hold_and_the_end_of_the_year() -> None:
    rule = compile_rule('member.country == "FR"', gives=BOOL, scope=_SCOPE)
    tier = Tier("rich", Reach("spend", 100, MeasuredIn.CALENDAR_YEAR, when=rule))

    missing = missing_to_next([tier], Seen((bought(START, 100),), START, facts=_Facts()), None)

    assert missing == Missing(
        "rich",
        "spend",
        100,
        100,
        0,
        None,
        MeasuredIn.CALENDAR_YEAR,
        'member.country == "FR"',
        date(2025, 1, 1),
    )


@given(FUNCTIONS_OF_DAYS, TOTALS, DAYS)
def test_buying_what_is_missing_today_reaches_the_next_tier(
    tiers: tuple[Tier, ...], totals: list[DayTotal], today: date
) -> None:
    days = folded([total for total in totals if total.day <= today])
    held = tier_on(tiers, days, today)
    missing = missing_to_next(tiers, Seen(days, today), held)
    if missing is None or missing.missing == 0:
        return
    name, amount = missing.measure, missing.missing
    more = {
        "spend": DayTotal(today, amount),
        "visits": DayTotal(today, 0, visits=amount),
        "points": DayTotal(today, 0, (("points", amount),)),
        "miles": DayTotal(today, 0, measured=(("miles", amount),)),
    }

    after = tier_on(tiers, with_day(days, more[name]), today)

    codes = [tier.code for tier in tiers]
    assert after is not None
    assert codes.index(after) >= codes.index(missing.tier)


def test_every_tier_between_is_passed_but_one_that_is_only_given() -> None:
    tiers = [Tier("bronze", spend(1)), Tier("friend", None), SILVER, GOLD]

    assert passed(tiers, None, "gold") == ("bronze", "silver")
    assert passed(tiers, "bronze", "gold") == ("silver",)
    assert passed(tiers, "silver", "gold") == ()
    assert passed(tiers, "gold", "bronze") == ()
    assert passed(tiers, "gold", None) == ()


def test_the_cause_of_a_change_tells_a_gift_an_end_a_return_and_a_tier_that_was_removed() -> None:
    tiers = [SILVER, GOLD]
    silver, gold = TierHeld("main", "silver", START), TierHeld("main", "gold", START)
    gift = TierHeld("main", "gold", START, HeldBy.GIFT)

    assert cause(tiers, None, silver) is TierCause.REACHED
    assert cause(tiers, silver, gold) is TierCause.REACHED
    assert cause(tiers, silver, gift) is TierCause.GRANTED
    assert cause(tiers, gift, silver) is TierCause.ENDED
    assert cause(tiers, gold, silver) is TierCause.REVIEWED
    assert cause(tiers, gold, None, returned=True) is TierCause.RETURNED
    assert cause([GOLD], silver, gold) is TierCause.REMOVED
    assert cause([], gold, None) is TierCause.REMOVED
