"""What no programme can make the evaluator do: points or vouchers without bound."""

from datetime import date, datetime

from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.evaluator import decide
from cagnotte.domain.evaluator.decision import Refusal, RefusalCode
from cagnotte.domain.evaluator.effects import LotOpened, VouchersIssued
from cagnotte.domain.evaluator.events import ConversionAsked, Sale
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import POINTS_MOST, VOUCHERS_MOST, EventId, LotId, Points
from cagnotte.domain.points.lots import Lot
from domain.programmes import programme_of

HEAD = """
[programme]
code = "p"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
"""
DAY = date(2026, 3, 2)


def a_sale(paid: int) -> Sale:
    return Sale(EventId(64), Basket(datetime(2026, 3, 2, 12), "Lyon", (Line("A", 1, paid),)))


def test_a_rule_that_gives_more_than_books_hold_gives_nothing_and_says_so():
    programme = programme_of(
        HEAD
        + '[[earn]]\ncode = "mad"\npoints = "paid * 1000000"\n'
        + '[[earn]]\ncode = "base"\npoints = "paid / 100"'
    )

    decision = decide(programme, Facts(DAY), a_sale(10**10))

    assert decision.refusals == (Refusal(RefusalCode.POINTS_TOO_LARGE, "mad"),)
    assert [effect.lot.points_open for effect in decision.effects if isinstance(effect, LotOpened)] == [10**8]


def test_the_largest_number_of_points_is_still_given():
    programme = programme_of(HEAD + f'[[earn]]\ncode = "base"\npoints = {POINTS_MOST}')

    decision = decide(programme, Facts(DAY), a_sale(500))

    assert [effect.lot.points_open for effect in decision.effects if isinstance(effect, LotOpened)] == [
        POINTS_MOST
    ]


def test_a_sale_makes_no_more_vouchers_than_the_bound_and_leaves_the_rest():
    programme = programme_of(
        HEAD
        + '[[earn]]\ncode = "base"\npoints = "paid"\n'
        + '[[conversions]]\ncode = "one"\npoints = 1\nvoucher = { amount = 1 }'
    )

    decision = decide(programme, Facts(DAY), a_sale(VOUCHERS_MOST + 7))

    assert [effect.count for effect in decision.effects if isinstance(effect, VouchersIssued)] == [VOUCHERS_MOST]


def test_a_member_who_asks_for_too_many_vouchers_gets_none():
    programme = programme_of(
        HEAD + '[[conversions]]\ncode = "one"\npoints = 1\nvoucher = { amount = 1 }\ntrigger = "on_request"'
    )
    facts = Facts(DAY, lots=(Lot(LotId(1), "points", Points(VOUCHERS_MOST * 2), DAY),))
    asked = ConversionAsked(EventId(64), datetime(2026, 3, 2, 12), "one", VOUCHERS_MOST + 1)

    decision = decide(programme, facts, asked)

    assert decision.refusals == (Refusal(RefusalCode.COUNT_TOO_LARGE, "one"),)
    assert decision.effects == ()
