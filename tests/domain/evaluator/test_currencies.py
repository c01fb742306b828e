"""Sales in other currencies: offers on their own prices, everything that is counted in the programme's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cagnotte.application.recurrences import days_of_recurrence
from cagnotte.domain.baskets.basket import AMOUNT_MOST, Basket, Line, PointsPayment
from cagnotte.domain.baskets.exchange import Exchange, basket_at_home, exchange_of
from cagnotte.domain.evaluator import apply, decide
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import (
    DayCounted,
    DiscountGiven,
    LinesReturned,
    PaidWithPoints,
    RuleEarned,
    Tallied,
    VoucherGiven,
)
from cagnotte.domain.evaluator.events import Return, Sale, SaleTaken
from cagnotte.domain.evaluator.explain import explain_rules
from cagnotte.domain.evaluator.explain_offers import explain_offers
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.prepared import exchange_in
from cagnotte.domain.kernel import EventId, LotId, Points
from cagnotte.domain.points.lots import Lot
from cagnotte.domain.programme.check import check_programme
from cagnotte.domain.programme.document import Programme

AT = datetime(2026, 3, 10, 12)
HEAD = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"
[countries.CH]
currency = "CHF"
worth = "1.05"
[countries.LI]
currency = "CHF"
worth = "1.05"
[countries.JP]
currency = "JPY"
worth = "0.0062"
[countries.KW]
currency = "KWD"
worth = "3"
[countries.GB]
currency = "GBP"
worth = "1"
[wallets.points]
value = { points = 100, amount = 500 }
[[earn]]
code = "base"
points = 1
per = 100
[[earn]]
code = "swiss"
when = 'currency == "CHF"'
points = 5
[[measures]]
"""
RULES = HEAD.replace("[[measures]]\n", "")
OFFERS = """
[[offers]]
code = "ten"
coupon = "TEN"
effect = { kind = "percent_off", percent = 10, on = "all" }
[[offers]]
code = "five"
coupon = "FIVE"
spend = 5000
effect = { kind = "amount_off", amount = 500, on = "basket" }
[[offers]]
code = "nine"
coupon = "NINE"
lines = 'line.sku == "a"'
effect = { kind = "fixed_price", price = 900, per = "unit" }
[[offers]]
code = "budget"
coupon = "BUDGET"
effect = { kind = "percent_off", percent = 50, on = "all" }
limit = { money = 1000, per = "programme" }
[[offers]]
code = "voucher"
coupon = "VOUCHER"
effect = { kind = "voucher", amount = 1000 }
[[offers]]
code = "per-ten"
coupon = "PER"
effect = { kind = "points_bonus", points = 3, per_amount = 1000 }
"""


def programme_of(text: str) -> Programme:
    return check_programme(text, timezones=frozenset({"Europe/Paris"}), calendar_days=days_of_recurrence)


@pytest.fixture(scope="module")
def maison() -> Programme:
    return programme_of(RULES + OFFERS)


def sale(currency: str, *paid: int, coupons: Sequence[str] = (), **more: object) -> Sale:
    lines = tuple(Line("abcdefgh"[number], 1, minor) for number, minor in enumerate(paid))
    basket = Basket(AT, "s1", lines, coupons=tuple(coupons), currency=currency)
    return Sale(EventId(4096), msgspec.structs.replace(basket, **more))


def member(points: int = 0) -> Facts:
    lots = (Lot(LotId(1), "points", Points(points), date(2026, 1, 1)),) if points else ()
    return Facts(as_of=AT.date(), lots=lots)


def rules(decision: Decision) -> dict[str, int]:
    return {each.rule: each.points for each in decision.effects if isinstance(each, RuleEarned)}


def off(decision: Decision) -> dict[str, int]:
    given = [each for each in decision.effects if isinstance(each, DiscountGiven)]
    return {each.offer: sum(minor for _, minor in each.lines) for each in given}


def spent(decision: Decision) -> int:
    return sum(each.total.paid for each in decision.effects if isinstance(each, DayCounted))


@pytest.mark.parametrize(
    ("currency", "paid", "points", "counted"),
    [
        ("", 10_000, {"base": 100}, 10_000),
        ("CHF", 10_000, {"base": 105, "swiss": 5}, 10_500),
        ("CHF", 1_990, {"base": 20, "swiss": 5}, 2_090),  # 19.90 CHF are 20.895 EUR
        ("JPY", 10_000, {"base": 62}, 6_200),  # the yen has no smaller unit
        ("KWD", 10_000, {"base": 30}, 3_000),  # the dinar has a thousand
        ("GBP", 10_000, {"base": 100}, 10_000),
    ],
)
def test_points_are_one_worth_everywhere(
    maison: Programme, currency: str, paid: int, points: dict[str, int], counted: int
) -> None:
    decision = decide(maison, member(), sale(currency, paid))

    assert rules(decision) == points
    assert spent(decision) == counted


def test_a_share_of_a_price_is_of_the_price_that_is_asked(maison: Programme) -> None:
    decision = decide(maison, member(), sale("CHF", 1990, coupons=["TEN"]))

    assert off(decision) == {"ten": 199}
    assert decision.totals is not None
    assert (decision.totals.goods, decision.totals.payable) == (1990, 1791)
    assert spent(decision) == 1881  # 20.90 less 2.09 EUR: 17.91 CHF are 18.8055, and the parts are rounded


@pytest.mark.parametrize(
    ("currency", "paid", "code", "expected"),
    [
        ("CHF", 4761, "FIVE", {}),  # 50.00 EUR are 47.62 CHF
        ("CHF", 4762, "FIVE", {"five": 476}),
        ("JPY", 8064, "FIVE", {}),
        ("JPY", 8065, "FIVE", {"five": 806}),
        ("KWD", 16_667, "FIVE", {"five": 1667}),
        ("CHF", 2000, "NINE", {"nine": 2000 - 857}),
        ("JPY", 2000, "NINE", {"nine": 2000 - 1452}),
    ],
)
def test_fixed_amounts_are_exchanged_to_the_smallest_unit_of_the_sale(
    maison: Programme, currency: str, paid: int, code: str, expected: dict[str, int]
) -> None:
    assert off(decide(maison, member(), sale(currency, paid, coupons=[code]))) == expected


def test_a_budget_is_counted_in_the_programmes_currency_and_never_passed(maison: Programme) -> None:
    first = decide(maison, member(), sale("CHF", 1000, coupons=["BUDGET"]))
    facts = apply(member(), first)
    facts = msgspec.structs.replace(
        facts, shared=tuple(t for e in first.effects if isinstance(e, Tallied) for t in e.tallies if t.subject)
    )
    second = decide(maison, facts, sale("JPY", 10_000, coupons=["BUDGET"]))

    assert off(first) == {"budget": 500}
    counted = [tally.value for each in first.effects if isinstance(each, Tallied) for tally in each.tallies]
    assert counted == [525]
    assert off(second) == {"budget": 766}  # 4.75 EUR are left: 766.1 yen
    assert [t.value for e in second.effects if isinstance(e, Tallied) for t in e.tallies] == [475]


def test_vouchers_and_points_of_an_offer(maison: Programme) -> None:
    decision = decide(maison, member(), sale("CHF", 10_000, coupons=["VOUCHER", "PER"]))

    assert [each.amount_minor for each in decision.effects if isinstance(each, VoucherGiven)] == [952]
    assert rules(decision)["per-ten"] == 30  # 105.00 EUR


def test_points_pay_what_they_are_worth_in_the_sales_currency(maison: Programme) -> None:
    paying = sale("CHF", 10_000, payments=(PointsPayment("points", 200),))
    decision = decide(maison, member(500), paying)

    paid = [each for each in decision.effects if isinstance(each, PaidWithPoints)]
    assert [(each.points, each.amount_minor) for each in paid] == [(200, 952)]  # 10.00 EUR
    assert decision.totals is not None
    assert decision.totals.payable == 9048
    assert spent(decision) == 10_500


def test_what_lacks_is_told_in_the_sales_currency(maison: Programme) -> None:
    told = {
        each.offer: each
        for each in explain_offers(
            maison, sale("CHF", 4000, coupons=["FIVE"]).basket, decide(maison, member(), sale("CHF", 4000)).used
        )
    }  # type: ignore[arg-type]

    assert told["five"].missing == 762


def test_rules_read_the_programmes_currency_line_by_line(maison: Programme) -> None:
    text = RULES.replace(
        'code = "base"\npoints = 1\nper = 100', 'code = "base"\npoints = "lines.map(l, l.paid).sum()"'
    )
    three = decide(programme_of(text), member(), sale("CHF", 333, 333, 333))

    assert rules(three)["base"] == 1049  # 9.99 CHF are 10.4895 EUR, and each line alone would be 3.50


def test_a_rule_that_compares_with_a_currency_of_no_country_is_a_fault() -> None:
    with pytest.raises(Exception, match="unknown_reference"):
        programme_of(RULES.replace('"CHF"\'', '"USD"\''))


def test_a_return_undoes_what_the_sale_counted_in_both_currencies(maison: Programme) -> None:
    bought = sale("CHF", 1999, 333, coupons=["TEN"])
    first = decide(maison, member(), bought)
    facts = apply(member(), first)
    taken = SaleTaken(bought, (first,))
    one = decide(maison, facts, Return(EventId(8192), AT, taken, ((0, 1),)))
    facts = apply(facts, one)
    rest = decide(maison, facts, Return(EventId(12288), AT, SaleTaken(bought, (first, one))))
    facts = apply(facts, rest)

    refunds = [each.refund_minor for d in (one, rest) for each in d.effects if isinstance(each, LinesReturned)]
    assert first.totals is not None
    assert sum(refunds) == first.totals.payable
    assert spent(first) + spent(one) + spent(rest) == 0
    assert sum(lot.points_open for lot in facts.lots) == 0


AMOUNTS = st.integers(-20_000, 200_000)
BASKETS = st.lists(st.tuples(AMOUNTS, st.integers(0, 3), st.integers(0, 5_000)), min_size=1, max_size=6)
CODES = st.lists(st.sampled_from(["TEN", "FIVE", "NINE", "BUDGET", "VOUCHER", "PER"]), unique=True)


def invented(currency: str, lines: list[tuple[int, int, int]], codes: Sequence[str], order: int) -> Sale:
    made = tuple(
        Line("abc"[n % 3], max(count, 1), paid, listed=None if count == 0 else paid + more, tax=max(paid, 0) // 6)
        for n, (paid, count, more) in enumerate(lines)
    )
    basket = Basket(
        AT, "s1", made, coupons=tuple(codes), order_discount=order, delivery=order * 2,
        payments=(PointsPayment("points", 100),), currency=currency,
    )  # fmt: skip
    return Sale(EventId(4096), basket)


@given(BASKETS, CODES, st.integers(0, 3_000))
def test_a_currency_worth_one_gives_what_the_programmes_own_gives(
    lines: list[tuple[int, int, int]], codes: list[str], order: int
) -> None:
    programme = programme_of(RULES + OFFERS)
    at_home = decide(programme, member(1_000), invented("", lines, codes, order))
    abroad = decide(programme, member(1_000), invented("GBP", lines, codes, order))

    assert abroad == at_home


@given(BASKETS, CODES, st.integers(0, 3_000), st.sampled_from(["CHF", "JPY", "KWD"]))
def test_the_parts_of_a_sale_add_up_in_both_currencies(
    lines: list[tuple[int, int, int]], codes: list[str], order: int, currency: str
) -> None:
    programme = programme_of(RULES + OFFERS)
    made = invented(currency, lines, codes, order)
    exchange = exchange_in(programme, currency)
    home = basket_at_home(made.basket, exchange)
    decision = decide(programme, member(1_000), made)

    whole = sum(line.paid for line in made.basket.lines)
    assert sum(line.paid for line in home.lines) == exchange.home(whole)
    for line, counted in zip(made.basket.lines, home.lines, strict=True):
        assert abs(counted.paid - Fraction(line.paid * exchange.numerator, exchange.denominator)) < 1
    if decision.totals is not None:
        totals = decision.totals
        assert totals.goods + totals.delivery - totals.discount - totals.points_paid == totals.payable
        assert sum(totals.line_discounts) == totals.discount - totals.delivery_discount
        if whole > 0 and min(line.paid for line in made.basket.lines) >= 0:
            assert 0 <= spent(decision) <= exchange.home(whole)
    assert decision.used is not None
    explained = explain_rules(
        programme, made.basket, decision.used, points_paid=decision.totals.points_paid if decision.totals else 0
    )
    told = {each.rule: each.points for each in explained if each.points}
    assert told == {code: points for code, points in rules(decision).items() if code in {"base", "swiss"}}


@given(
    st.lists(st.integers(-(10**9), 10**9), max_size=12),
    st.fractions(min_value=Fraction(1, 10**6), max_value=10**6, max_denominator=10**10),
)
def test_parts_add_up_to_what_the_whole_is_worth(amounts: list[int], worth: Fraction) -> None:
    exchange = Exchange("CHF", worth.numerator, worth.denominator)

    parts = exchange.home_parts(amounts)

    assert sum(parts) == exchange.home(sum(amounts))
    assert all(abs(part - amount * worth) < 1 for part, amount in zip(parts, amounts, strict=True))


@given(st.integers(0, 10**12), st.fractions(min_value=Fraction(1, 10**6), max_value=10**6, max_denominator=10**10))
def test_what_is_left_of_a_limit_is_never_passed(left: int, worth: Fraction) -> None:
    exchange = Exchange("CHF", worth.numerator, worth.denominator)

    assert exchange.home(exchange.own_left(left)) <= left


@pytest.mark.parametrize(
    ("worth", "decimals", "numerator", "denominator"),
    [("1.05", 2, 21, 20), ("0.0062", 0, 31, 50), ("3", 3, 3, 10), ("1", 2, 1, 1), ("0.000001", 2, 1, 10**6)],
)
def test_a_worth_is_exact(worth: str, decimals: int, numerator: int, denominator: int) -> None:
    exchange = exchange_of(worth, "CHF", decimals, 2)

    assert (exchange.numerator, exchange.denominator) == (numerator, denominator)
    assert exchange.home(exchange.most) <= AMOUNT_MOST


@given(st.integers(1, 200_000), st.integers(1, 500), st.integers(1, 500), st.sampled_from(["CHF", "JPY", "KWD"]))
def test_points_that_are_cut_to_what_is_due_pay_as_much_of_it_as_they_can(
    paid: int, points: int, amount: int, currency: str
) -> None:
    value = f'burn = {{ over_asked = "cut" }}\nvalue = {{ points = {points}, amount = {amount} }}'
    programme = programme_of(RULES.replace("value = { points = 100, amount = 500 }", value))
    asked = 10**9
    decision = decide(programme, member(asked), sale(currency, paid, payments=(PointsPayment("points", asked),)))

    used = [(each.points, each.amount_minor) for each in decision.effects if isinstance(each, PaidWithPoints)]
    exchange = exchange_in(programme, currency)
    worth = [exchange.own(each * amount // points) for each in (used[0][0] + 1, used[0][0])] if used else [0, 0]
    if used:
        assert used[0][1] == worth[1] <= paid
        assert worth[0] > paid or worth[1] == paid
    else:
        assert exchange.own(max(amount // points, 1)) > paid  # the least that points can pay is more than is due
