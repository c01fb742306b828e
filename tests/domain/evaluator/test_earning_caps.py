"""Caps: which window counts, how long it is remembered, what a cap in money lets through, and undoing."""

from datetime import date, datetime

import pytest

from cagnotte.domain.earning.caps import Counting, with_tallies
from cagnotte.domain.earning.tallies import Tally
from cagnotte.domain.earning.terms import Cap, CapUnit, Every
from cagnotte.domain.kernel import Period, PeriodUnit
from domain.evaluator.lives import Life, a_line, a_programme, by_rule

ONCE = '[[earn]]\ncode = "bonus"\npoints = 5\ncap = {{ times = 1, {} }}\n'
RATE = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'


@pytest.mark.parametrize("every", ["year", "quarter", "month"])
def test_a_late_sale_finds_the_window_that_closed_before_the_last_sale(every: str) -> None:
    life = Life(a_programme(ONCE.format(f'every = "{every}"')))

    points = [by_rule(life.buy(100, on=day)) for day in (date(2026, 12, 30), date(2027, 1, 2), date(2026, 12, 31))]

    assert points == [{"bonus": 5}, {"bonus": 5}, {}]


@pytest.mark.parametrize(
    ("every", "closes"),
    [
        (Every.HOUR, datetime(2026, 2, 1)),
        (Every.DAY, datetime(2026, 2, 1)),
        (Every.WEEK, datetime(2026, 2, 2)),
        (Every.MONTH, datetime(2026, 2, 1)),
        (Every.QUARTER, datetime(2026, 4, 1)),
        (Every.YEAR, datetime(2027, 1, 1)),
        (Every.ROLLING, datetime(2026, 2, 10)),
    ],
)
def test_a_window_is_forgotten_62_days_after_its_end(every: Every, closes: datetime) -> None:
    within = Period(10, PeriodUnit.DAYS) if every is Every.ROLLING else None
    cap = Cap("cap", CapUnit.TIMES, 1, every=every, within=within)
    first = _added(cap, datetime(2026, 1, 31, 23), ())

    eve = _added(cap, datetime.fromordinal(closes.toordinal() + 61), first)
    day = _added(cap, datetime.fromordinal(closes.toordinal() + 62), first)

    assert (len(eve), len(day)) == (2, 1)


def _added(cap: Cap, at: datetime, known: tuple[Tally, ...]) -> tuple[Tally, ...]:
    """What the tallies are after one more use."""
    counting = Counting(known, (), at=at, store="", household="")
    counting.add(cap, 1)
    return with_tallies(known, counting.added())


def test_windows_are_counted_from_the_first_day_there_is() -> None:
    cap = Cap("cap", CapUnit.TIMES, 1, every=Every.YEAR)

    assert [each.value for each in _added(cap, datetime(1, 1, 5), ())] == [1]


def test_a_return_takes_off_a_tally_what_it_still_holds() -> None:
    life = Life(a_programme(ONCE.format('every = "week"')))
    life.buy(100, sale="old")
    life.buy(100, on=date(2026, 6, 2))
    held = life.facts.tallies

    life.bring_back("old", on=date(2026, 6, 3))

    assert [each.value for each in held] == [1]
    assert life.facts.tallies == held


def test_a_cap_in_money_limits_what_the_rate_is_about_whatever_that_is() -> None:
    text = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\nof = "paid"\ncap = { money = 5000 }\n'
    life = Life(a_programme(text))

    assert [by_rule(life.buy(9_000)) for _ in range(2)] == [{"base": 50}, {}]
    assert [each.value for each in life.facts.tallies] == [5_000]


def test_rules_that_name_the_same_cap_in_money_share_what_is_left() -> None:
    rules = "".join(
        f'[[earn]]\ncode = "{code}"\npoints = {points}\nper = 100\ncaps = ["m"]\n'
        for code, points in (("a", 1), ("b", 2))
    )
    life = Life(a_programme(f"[caps.m]\nmoney = 5000\n{rules}"))

    assert [by_rule(life.buy(4_000)) for _ in range(2)] == [{"a": 40, "b": 20}, {}]
    assert [each.value for each in life.facts.tallies] == [5_000]


def test_a_rule_that_gives_nothing_leaves_a_shared_cap_in_money_to_the_others() -> None:
    text = (
        "[caps.m]\nmoney = 5000\n"
        '[[earn]]\ncode = "once"\npoints = 1\nper = 100\ncaps = ["m"]\ncap = { times = 1 }\n'
        '[[earn]]\ncode = "small"\npoints = 1\nper = 9000\ncaps = ["m"]\n'
        '[[earn]]\ncode = "base"\npoints = 1\nper = 100\ncaps = ["m"]\n'
    )
    life = Life(a_programme(text))

    assert [by_rule(life.buy(1_000)), by_rule(life.buy(4_500))] == [{"once": 10, "base": 10}, {"base": 30}]


def test_of_a_group_that_shares_a_cap_in_money_the_best_rule_alone_uses_it() -> None:
    rules = "".join(
        f'[[earn]]\ncode = "{code}"\npoints = {points}\nper = 100\ncaps = ["m"]\ngroup = "best"\n'
        for code, points in (("a", 1), ("b", 2))
    )

    assert by_rule(Life(a_programme(f"[caps.m]\nmoney = 5000\n{rules}")).buy(9_000)) == {"b": 100}


@pytest.mark.parametrize(("most", "points"), [(5_000, 10), (500, 5), (333, 3)])
def test_a_cap_in_money_counts_of_a_formula_the_amount_of_its_own_lines(most: int, points: int) -> None:
    text = (
        "[[earn]]\ncode = \"wine\"\npoints = 'eligible.paid / 100'\nlines = 'line.category == \"wine\"'\n"
        f"cap = {{ money = {most} }}\n"
    )
    life = Life(a_programme(text))

    assert by_rule(life.buy(a_line(1_000, "wine"), a_line(9_000))) == {"wine": points}
    assert [each.value for each in life.facts.tallies] == [min(most, 1_000)]


def test_a_multiplier_with_a_cap_in_money_multiplies_the_share_of_that_amount() -> None:
    life = Life(a_programme(RATE + '[[earn]]\ncode = "double"\nmultiply = 2\ncap = { money = 5000 }\n'))

    points = [by_rule(life.buy(4_000)) for _ in range(3)]

    assert points == [{"base": 40, "double": 40}, {"base": 40, "double": 10}, {"base": 40}]
