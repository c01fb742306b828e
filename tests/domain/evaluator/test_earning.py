"""Earn mechanics: amounts, rounding, multipliers, groups, caps, and the policies that retailers differ on."""

from datetime import date, time

import pytest

from cagnotte.domain.baskets.basket import PointsPayment
from cagnotte.domain.evaluator.decision import Refusal, RefusalCode
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import LotId, Points
from cagnotte.domain.points.lots import Lot
from domain.evaluator.lives import MONDAY, Life, a_line, a_programme, by_rule

TUESDAY = date(2026, 3, 3)
TWO_RATES = '[[earn]]\ncode = "one"\npoints = 1\nper = 100\n[[earn]]\ncode = "half"\npoints = 1\nper = 200\n'


def earned(text: str, *lines: object, **more: object) -> dict[str, int]:
    return by_rule(Life(a_programme(text)).buy(*lines, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("policy", "total"),
    [
        ("", 28),
        ('[earning]\nrounding = { per = "sale" }\n', 29),
        ('[earning]\nrounding = { mode = "half_up" }\n', 30),
        ('[earning]\nrounding = { mode = "up" }\n', 30),
        ('[earning]\nrounding = { mode = "half_even", per = "sale" }\n', 30),
    ],
)
def test_two_rates_on_19_99_as_the_policy_rounds_them(policy: str, total: int) -> None:
    assert sum(earned(policy + TWO_RATES, 1_999).values()) == total


def test_rounding_by_line_gives_less_than_rounding_the_sale() -> None:
    rule = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
    lines = (a_line(150), a_line(150))

    by_sale, by_line = (
        earned(f'[earning]\nrounding = {{ per = "{per}" }}\n{rule}', *lines) for per in ("rule", "line")
    )

    assert (by_sale, by_line) == ({"base": 3}, {"base": 2})


@pytest.mark.parametrize(
    ("amount", "marginal", "points"), [(5_000, True, 50), (8_000, True, 110), (8_000, False, 160)]
)
def test_bands_give_each_part_its_own_rate_or_the_whole_the_rate_it_lies_in(
    amount: int, marginal: bool, points: int
) -> None:
    rule = (
        '[[earn]]\ncode = "bands"\n'
        "bands = [{ upto = 5000, points = 1, per = 100 }, { points = 2, per = 100 }]\n"
        f"marginal = {str(marginal).lower()}\n"
    )

    assert earned(rule, amount) == {"bands": points}


BASE_AND_FIXED = (
    '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n[[earn]]\ncode = "bonus"\npoints = 10\n'
    '[[earn]]\ncode = "double"\nmultiply = 2\n'
)


@pytest.mark.parametrize(("policy", "extra"), [("", 19), ('[earning]\nmultiply = { fixed = "included" }\n', 29)])
def test_a_multiplier_leaves_fixed_bonuses_alone_unless_the_policy_says_otherwise(policy: str, extra: int) -> None:
    assert earned(policy + BASE_AND_FIXED, 1_950) == {"base": 19, "bonus": 10, "double": extra}


@pytest.mark.parametrize(
    ("on", "factor", "total"),
    [("rounded", "1.5", 28), ("exact", "1.5", 29), ("rounded", "3", 57), ("exact", "3", 59)],
)
def test_a_multiplier_works_on_the_rounded_or_on_the_exact_points(on: str, factor: str, total: int) -> None:
    """19.99 points: 1.5 times 19 are 28, of the exact points 29.985; 3 times 57, of the exact points 59.97."""
    text = (
        f'[earning]\nmultiply = {{ on = "{on}" }}\n'
        f'[[earn]]\ncode = "base"\npoints = 1\nper = 100\n[[earn]]\ncode = "more"\nmultiply = "{factor}"\n'
    )

    found = earned(text, 1_999)

    assert (found["base"], sum(found.values())) == (19, total)


@pytest.mark.parametrize(("combine", "total"), [("add", 40), ("multiply", 60), ("best", 30)])
def test_x2_and_x3_together_give_x4_x6_or_x3(combine: str, total: int) -> None:
    text = (
        f'[earning]\nmultiply = {{ combine = "{combine}" }}\n[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
        '[[earn]]\ncode = "x2"\nmultiply = 2\n[[earn]]\ncode = "x3"\nmultiply = 3\n'
    )

    assert sum(earned(text, 1_000).values()) == total


def test_of_a_group_only_the_rule_that_gives_most_counts() -> None:
    text = (
        '[[earn]]\ncode = "flat"\npoints = 15\ngroup = "welcome"\n'
        '[[earn]]\ncode = "rate"\npoints = 1\nper = 100\ngroup = "welcome"\n'
    )

    assert (earned(text, 1_000), earned(text, 2_000)) == ({"flat": 15}, {"rate": 20})


def test_a_rule_with_lines_of_its_own_counts_only_these() -> None:
    text = '[[earn]]\ncode = "shoes"\nlines = \'line.category == "shoes"\'\npoints = 2\nper = 100\n'

    assert earned(text, a_line(3_000, "shoes"), a_line(5_000, "hats")) == {"shoes": 60}
    assert earned(text, a_line(5_000, "hats")) == {}


def test_excluded_lines_never_earn_and_an_include_list_lets_only_its_lines_earn() -> None:
    rule = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
    lines = (a_line(1_000, "gift-card"), a_line(2_000, "shoes"), a_line(4_000, "hats"))
    exclude = "exclude = 'line.category == \"gift-card\"'\n"
    include = 'include = \'line.category in ["gift-card", "shoes"]\'\n'

    assert earned(f"[earning]\n{exclude}{rule}", *lines) == {"base": 60}
    assert earned(f"[earning]\n{include}{rule}", *lines) == {"base": 30}
    assert earned(f"[earning]\n{exclude}{include}{rule}", *lines) == {"base": 20}
    both = f'[earning]\n{exclude}{include}both_match = "include"\n{rule}'
    assert earned(both, *lines) == {"base": 30}


def test_points_count_the_price_paid_or_the_list_price_with_or_without_tax() -> None:
    rule = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
    line = a_line(12_000, listed=15_000, tax=2_000)

    assert earned(rule, line) == {"base": 120}
    assert earned(f'[earning]\nprice = "list"\n{rule}', line) == {"base": 150}
    assert earned(f'[earning]\ntax = "excluded"\n{rule}', line) == {"base": 100}


def test_a_discount_on_the_whole_order_is_spread_over_the_lines_or_stands_apart() -> None:
    rule = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'

    assert earned(rule, 6_000, 4_000, order_discount=1_000) == {"base": 90}
    assert earned(f'[earning]\norder_discount = "apart"\n{rule}', 6_000, 4_000, order_discount=1_000) == {
        "base": 100
    }


def test_delivery_earns_only_when_the_policy_counts_it() -> None:
    rule = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'

    assert earned(rule, 6_000, delivery=500) == {"base": 60}
    assert earned(f'[earning]\ndelivery = "counted"\n{rule}', 6_000, delivery=500) == {"base": 65}


def test_a_rule_that_needs_a_code_gives_nothing_without_it() -> None:
    text = '[[earn]]\ncode = "promo"\npoints = 10\ncoupon = "PROMO10"\n'

    assert earned(text, 10_000) == {}
    assert earned(text, 10_000, coupons=(" promo-10 ",)) == {"promo": 10}


@pytest.mark.parametrize(("ends", "points"), [("exclusive", {}), ("inclusive", {"late": 5})])
def test_the_instant_of_the_end_counts_only_when_the_policy_says_so(ends: str, points: dict[str, int]) -> None:
    text = f'[earning]\nends = "{ends}"\n[[earn]]\ncode = "late"\npoints = 5\nends = 2026-03-02T12:00:00\n'

    assert earned(text, 1_000) == points
    assert earned(text, 1_000, at=time(11, 59)) == {"late": 5}


def test_a_calendar_says_on_which_days_and_hours_a_rule_gives() -> None:
    text = (
        '[calendars.happy]\nrule = "FREQ=WEEKLY;BYDAY=TU"\nfrom = 2026-01-01\nhours = ["17:00-19:00"]\n'
        '[[earn]]\ncode = "happy-hour"\npoints = 7\nduring = ["happy"]\n'
    )

    assert earned(text, 1_000, on=TUESDAY, at=time(17)) == {"happy-hour": 7}
    assert earned(text, 1_000, on=TUESDAY, at=time(19)) == {}
    assert earned(text, 1_000, on=MONDAY, at=time(17)) == {}


def test_a_cap_by_day_cuts_to_what_is_left_and_begins_anew_at_midnight() -> None:
    life = Life(
        a_programme('[[earn]]\ncode = "base"\npoints = 1\nper = 100\ncap = { points = 50, every = "day" }\n')
    )

    first, second, third = life.buy(3_000), life.buy(4_000), life.buy(1_000)
    next_day = life.buy(4_000, on=TUESDAY)

    assert [by_rule(each) for each in (first, second, third, next_day)] == [
        {"base": 30},
        {"base": 20},
        {},
        {"base": 40},
    ]
    assert second.refusals == (Refusal(RefusalCode.CAP_REACHED, "earn.base", 20),)
    assert third.refusals == (Refusal(RefusalCode.CAP_REACHED, "earn.base", 10),)


def test_a_rolling_cap_counts_the_days_of_its_period() -> None:
    text = '[[earn]]\ncode = "visit"\npoints = 5\ncap = { times = 1, within = "7 days" }\n'
    life = Life(a_programme(text))

    points = [by_rule(life.buy(100, on=date(2026, 3, day))) for day in (2, 8, 9, 15, 16)]

    assert points == [{"visit": 5}, {}, {"visit": 5}, {}, {"visit": 5}]


def test_a_cap_in_money_limits_the_amount_that_is_counted() -> None:
    text = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\ncap = { money = 5000, every = "month" }\n'
    life = Life(a_programme(text))

    assert by_rule(life.buy(3_000)) == {"base": 30}
    assert by_rule(life.buy(3_000)) == {"base": 20}
    assert by_rule(life.buy(3_000)) == {}


def test_rules_that_name_the_same_cap_share_what_is_left() -> None:
    text = (
        '[caps.daily]\npoints = 30\nevery = "day"\n[[earn]]\ncode = "a"\npoints = 20\ncaps = ["daily"]\n'
        '[[earn]]\ncode = "b"\npoints = 20\ncaps = ["daily"]\n'
    )

    assert earned(text, 1_000) == {"a": 20, "b": 10}


def test_a_cap_per_sale_begins_anew_with_each_sale() -> None:
    life = Life(
        a_programme('[[earn]]\ncode = "base"\npoints = 1\nper = 10\ncap = { points = 40, every = "sale" }\n')
    )

    assert [by_rule(life.buy(1_000)) for _ in range(2)] == [{"base": 40}, {"base": 40}]
    assert life.facts.tallies == ()


def test_the_tier_of_before_or_after_the_sale_multiplies_it() -> None:
    text = (
        '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
        '[[earn]]\ncode = "gold"\nwhen = \'tier == "gold"\'\npoints = 50\n'
        '[[tiers]]\ncode = "gold"\nreach = { spend = 10000 }\n'
    )

    assert earned(text, 10_000) == {"base": 100}
    assert earned(f'[earning]\ntier = "after"\n{text}', 10_000) == {"base": 100, "gold": 50}


def test_the_nth_purchase_is_a_name_in_rules() -> None:
    life = Life(a_programme('[[earn]]\ncode = "third"\nwhen = "order_number == 3"\npoints = 30\n'))

    assert [by_rule(life.buy(100)) for _ in range(4)] == [{}, {}, {"third": 30}, {}]


def test_a_rule_gives_while_one_of_its_calendars_holds() -> None:
    text = (
        '[calendars.a]\nrule = "FREQ=WEEKLY;BYDAY=MO"\nfrom = 2026-01-01\n'
        '[calendars.b]\nrule = "FREQ=WEEKLY;BYDAY=TU"\nfrom = 2026-01-01\n'
        '[[earn]]\ncode = "either"\npoints = 5\nduring = ["a", "b"]\n'
    )

    points = [earned(text, 100, on=day) for day in (MONDAY, TUESDAY, date(2026, 3, 4))]

    assert points == [{"either": 5}, {"either": 5}, {}]


BY_LINE = '[earning]\nrounding = { per = "line" }\n'
BASE = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'


def test_delivery_that_counts_is_a_line_of_its_own_where_lines_are_rounded() -> None:
    policy = BY_LINE.replace("rounding", 'delivery = "counted"\nrounding')

    assert earned(policy + BASE, 1_000, delivery=500) == {"base": 15}
    assert earned(policy + BASE, 150, delivery=150) == {"base": 2}


def test_a_line_taken_back_takes_off_what_it_would_give_where_lines_are_rounded() -> None:
    assert earned(BY_LINE + BASE, 1_000, a_line(-900, quantity=-1)) == {"base": 1}
    assert earned(BY_LINE + BASE, 1_950, a_line(-150, quantity=-1), a_line(-150, quantity=-1)) == {"base": 17}
    assert earned(BY_LINE + BASE, a_line(-199, quantity=-1), *[99] * 4) == {}


TEN_OFF = (
    '[[offers]]\ncode = "ten"\nlines = \'line.category == "wine"\'\n'
    'effect = { kind = "amount_off", amount = 1000 }\n'
)
WINE_RATE = '[[earn]]\ncode = "wine"\nlines = \'line.category == "wine"\'\npoints = 1\nper = 100\n'


@pytest.mark.parametrize(
    ("offers", "order_discount", "base", "wine"),
    [
        ("after", "spread", 81, 36),
        ("after", "apart", 90, 40),
        ("before", "spread", 91, 45),
        ("before", "apart", 100, 50),
    ],
)
def test_our_offers_and_the_tills_discount_count_each_as_its_own_key_says(
    offers: str, order_discount: str, base: int, wine: int
) -> None:
    """50.00 of wine less our 10.00, 50.00 of bread, and 9.00 off the order: after our offer 4.00 of it are wine's,
    without it 4.50."""
    text = f'[earning]\noffers = "{offers}"\norder_discount = "{order_discount}"\n{TEN_OFF}{BASE}{WINE_RATE}'

    found = earned(text, a_line(5_000, "wine"), a_line(5_000, "bread"), order_discount=900)

    assert found == {"base": base, "wine": wine}


def test_a_tills_discount_above_the_goods_that_stands_apart_adds_nothing_to_them() -> None:
    policy = '[earning]\norder_discount = "apart"\n'

    assert earned(policy + BASE.replace("per = 100", "per = 10"), 50, 3, order_discount=333) == {"base": 5}


PAYING = "[wallets.points]\nvalue = { points = 1, amount = 1 }\n"


@pytest.mark.parametrize(
    ("when", "paid", "points"), [("after", 1_500, {}), ("after", 1_200, 3), ("before", 1_500, 15)]
)
def test_delivery_counts_what_points_left_of_it(when: str, paid: int, points: object) -> None:
    text = f'[earning]\ndelivery = "counted"\npoints_payment = "{when}"\n{BASE}'
    lots = (Lot(LotId(1), "points", Points(9_000), MONDAY),)
    life = Life(a_programme(text, PAYING), Facts(MONDAY, lots))

    found = by_rule(life.buy(1_000, delivery=500, pay=(PointsPayment("points", paid),)))

    assert found == ({"base": points} if points else {})


def test_a_sale_that_is_reported_late_is_told_the_member_as_it_stands_now() -> None:
    text = (
        '[measures.spent]\ncounts = "paid"\nwithin = "10 days"\n'
        "[[earn]]\ncode = \"told\"\npoints = 'balance + measures.spent'\n"
    )
    pending = Lot(LotId(1), "points", Points(100), MONDAY, None, date(2026, 3, 10))
    life = Life(a_programme(text), Facts(date(2026, 3, 5), (pending,)))

    on_its_day = life.buy(7, on=date(2026, 3, 5))
    life.upto(date(2026, 3, 16))

    late = life.buy(1_000, on=date(2026, 3, 6))

    assert by_rule(on_its_day) == {}
    assert by_rule(late) == {"told": 100}
