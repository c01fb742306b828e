"""Returns: every effect of the lines that come back is undone, whatever the order of the parts."""

from datetime import date, datetime, time

import pytest

from cagnotte.domain.baskets.basket import PointsPayment
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.evaluator.effects import LinesReturned, PointsForgiven
from cagnotte.domain.evaluator.events import Burn, PointsGiven
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import LotId, Points
from cagnotte.domain.points.lots import Lot
from domain.evaluator.lives import MONDAY, Life, a_line, a_programme, by_rule

TUESDAY = date(2026, 3, 3)
BASE = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
PAYING = "[wallets.points]\nvalue = { points = 100, amount = 100 }\n"


def refund(decision: object) -> int:
    return sum(e.refund_minor for e in decision.effects if isinstance(e, LinesReturned))  # type: ignore[attr-defined]


def test_a_whole_return_takes_back_what_the_sale_earned() -> None:
    life = Life(a_programme(BASE))
    life.buy(15_000)

    back = life.bring_back(on=TUESDAY)

    assert by_rule(back) == {"base": -150}
    assert (life.balance(), refund(back), life.facts.purchases) == (0, 15_000, 0)
    assert [(total.paid, total.visits) for total in life.facts.days] == [(0, 0)]


def test_a_part_takes_back_what_its_lines_earned_with_the_rules_of_the_sale() -> None:
    bonus = '[[earn]]\ncode = "big"\nwhen = "eligible.paid >= 10000"\npoints = 100\n'
    life = Life(a_programme(BASE + bonus))
    life.buy(6_000, 5_000)

    back = life.bring_back(lines=((1, 1),))

    assert by_rule(back) == {"base": -50, "big": -100}
    assert life.balance() == 60


def test_in_proportion_a_bonus_for_a_large_sale_is_kept_in_part() -> None:
    bonus = '[[earn]]\ncode = "big"\nwhen = "eligible.paid >= 10000"\npoints = 100\n'
    life = Life(a_programme('[returns]\npoints = "in_proportion"\n' + BASE + bonus))
    life.buy(6_000, 6_000)

    back = life.bring_back(lines=((1, 1),))

    assert by_rule(back) == {"base": -60, "big": -50}


@pytest.mark.parametrize(
    ("negative", "balance", "debt", "forgiven"), [("never", 0, 0, 80), ("clawback_only", 0, 80, 0)]
)
def test_points_spent_meanwhile_are_forgiven_or_owed(
    negative: str, balance: int, debt: int, forgiven: int
) -> None:
    life = Life(a_programme(BASE, f'[wallets.points]\nnegative = "{negative}"\n'))
    life.buy(10_000)
    life.take(Burn(life.next_id(), datetime.combine(MONDAY, time(13)), "points", 80))

    back = life.bring_back(on=TUESDAY)

    assert life.balance() == balance
    assert dict(life.facts.debts).get("points", 0) == debt
    assert sum(e.points for e in back.effects if isinstance(e, PointsForgiven)) == forgiven


def test_the_next_earn_pays_the_debt() -> None:
    life = Life(a_programme(BASE, '[wallets.points]\nnegative = "clawback_only"\n'))
    life.buy(10_000)
    life.take(Burn(life.next_id(), datetime.combine(MONDAY, time(13)), "points", 80))
    life.bring_back(on=TUESDAY)

    life.buy(20_000, on=TUESDAY, sale="next")

    assert (life.balance(), life.facts.debts) == (120, ())


def test_points_that_paid_go_back_to_the_very_lots_with_their_dates() -> None:
    lots = (
        Lot(LotId(1), "points", Points(300), MONDAY, date(2026, 6, 1)),
        Lot(LotId(2), "points", Points(500), MONDAY, date(2026, 9, 1)),
    )
    life = Life(a_programme("", PAYING), Facts(MONDAY, lots))
    life.buy(2_000, 2_000, pay=(PointsPayment("points", 600),))
    assert life.balance() == 200

    part = life.bring_back(lines=((0, 1),), on=TUESDAY)
    assert (life.balance(), refund(part)) == (500, 1_700)
    rest = life.bring_back(on=TUESDAY)

    assert refund(rest) == 1_700
    assert life.facts.lots == lots


@pytest.mark.parametrize(
    ("lines", "refusal", "missing"),
    [
        (((0, 3),), RefusalCode.MORE_THAN_SOLD, 1),
        (((5, 1),), RefusalCode.UNKNOWN_LINE, 0),
        (((0, 0),), RefusalCode.QUANTITY_MUST_BE_POSITIVE, 0),
    ],
)
def test_a_return_that_cannot_be_says_why_and_changes_nothing(
    lines: tuple[tuple[int, int], ...], refusal: RefusalCode, missing: int
) -> None:
    life = Life(a_programme(BASE))
    life.buy(a_line(2_000, quantity=2))
    before = life.facts

    back = life.bring_back(lines=lines)

    assert [(each.code, each.missing) for each in back.refusals] == [(refusal, missing)]
    assert (back.effects, life.facts) == ((), before)


def test_nothing_can_be_returned_twice_or_before_it_was_sold() -> None:
    life = Life(a_programme(BASE))
    life.buy(2_000, on=TUESDAY)

    early = life.bring_back(on=MONDAY)
    life.bring_back(on=TUESDAY)
    again = life.bring_back(on=TUESDAY)

    assert [each.code for each in early.refusals] == [RefusalCode.RETURN_BEFORE_SALE]
    assert [each.code for each in again.refusals] == [RefusalCode.NOTHING_TO_RETURN]


def test_uses_of_a_cap_are_given_back_or_not_as_the_policy_says() -> None:
    rule = '[[earn]]\ncode = "once"\npoints = 50\ncap = { times = 1 }\n'
    points = []
    for policy in ("", "[returns]\ngive_back_uses = false\n"):
        life = Life(a_programme(policy + rule))
        life.buy(1_000)
        life.bring_back()
        points.append(by_rule(life.buy(1_000, on=TUESDAY, sale="next")))

    assert points == [{"once": 50}, {}]


def test_points_given_by_hand_wait_and_end_as_the_wallet_says() -> None:
    wallet = '[wallets.points]\npending = { for = "14 days" }\nexpiry = { after = "30 days" }\n'
    life = Life(a_programme("", wallet))
    life.take(PointsGiven(life.next_id(), datetime.combine(MONDAY, time(12)), "points", 100))
    assert (life.balance(), life.pending()) == (0, 100)

    life.upto(date(2026, 3, 16))
    assert (life.balance(), life.pending()) == (100, 0)
    life.upto(date(2026, 4, 1))

    assert (life.balance(), life.facts.lots) == (0, ())
