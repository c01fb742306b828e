"""Any split of a return ends where the return of everything at once ends (INV-10), under every policy."""

import random
from collections import Counter
from datetime import date

import msgspec
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from cagnotte.domain.baskets.basket import PointsPayment
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.evaluator.effects import (
    DiscountGiven,
    GiftGiven,
    LinesReturned,
    PaidWithPoints,
    RuleEarned,
    VoucherGiven,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import LotId, Points
from cagnotte.domain.points.lots import Lot
from cagnotte.domain.programme.document import Programme
from domain.evaluator.lives import MONDAY, Life, a_line, a_programme

RULES = (
    '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
    '[[earn]]\ncode = "double"\nmultiply = "1.5"\n'
    '[[earn]]\ncode = "big"\nwhen = "eligible.paid >= 5000"\npoints = 33\ncap = { points = 33, every = "month" }\n'
    "[measures.articles]\ncounts = 'eligible.quantity'\n"
    '[[achievements]]\ncode = "three"\ncounts = "eligible.quantity"\ntarget = 3\npoints = 7\n'
    '[[achievements]]\ncode = "two"\ncounts = "eligible.quantity"\ntarget = 2\npoints = 1\nrepeats = true\n'
    '[[achievements]]\ncode = "weeks"\nstreak = "week"\ntarget = 1\npoints = 5\n'
    '[[tiers]]\ncode = "gold"\nreach = { spend = 4000 }\n'
)
OFFERS = (
    '[[offers]]\ncode = "percent"\nwhen = "paid < 9000"\neffect = { kind = "percent_off", percent = 7 }\n'
    '[[offers]]\ncode = "three-for-two"\neffect = { kind = "nth_off", every = 3 }\n'
    '[[offers]]\ncode = "off"\nspend = 6000\neffect = { kind = "amount_off", amount = 1000 }\n'
    "limit = { times = 1 }\n"
    '[[offers]]\ncode = "bag"\nspend = 3000\neffect = { kind = "gift", what = "bag" }\n'
    '[[offers]]\ncode = "ticket"\nspend = 2000\nrepeat = true\neffect = { kind = "voucher", amount = 500 }\n'
    '[[offers]]\ncode = "more"\nspend = 2500\neffect = { kind = "points_bonus", points = 20 }\n'
    '[[offers]]\ncode = "twice"\nspend = 3500\neffect = { kind = "points_multiplier", multiply = 2 }\n'
    '[[offers]]\ncode = "delivery"\nspend = 4000\neffect = { kind = "free_delivery" }\n'
)
WALLETS = (
    '[wallets.points]\nvalue = { points = 1, amount = 1 }\nnegative = "clawback_only"\n'
    "[wallets.kitty]\nvalue = { points = 3, amount = 2 }\n"
)
LOTS = (
    Lot(LotId(1), "points", Points(100), MONDAY, date(2026, 6, 1)),
    Lot(LotId(2), "kitty", Points(200), MONDAY, date(2026, 8, 1)),
    Lot(LotId(3), "points", Points(200), MONDAY, date(2027, 1, 1)),
)
PROGRAMMES = {
    (points, discounts, spent): a_programme(
        f'[returns]\npoints = "{points}"\nrounding = "half_up"\ndiscounts = "{discounts}"\nspent = "{spent}"\n'
        + RULES
        + OFFERS,
        WALLETS,
    )
    for points, spent in (
        ("decided_again", "by_line"),
        ("in_proportion", "by_line"),
        ("when_whole", "when_whole"),
    )
    for discounts in ("decided_again", "as_shared")
}


class Bought(msgspec.Struct, frozen=True):
    """Articles of each line, their amount, and what pays."""

    lines: tuple[tuple[int, int], ...]  # (paid, quantity)
    points: int
    kitty: int
    discount: int
    delivery: int


SALES = st.builds(
    Bought,
    st.lists(st.tuples(st.integers(1, 9_999), st.integers(1, 4)), min_size=1, max_size=4).map(tuple),
    st.integers(0, 300),
    st.integers(0, 200),
    st.sampled_from([0, 0, 1, 333]),
    st.sampled_from([0, 0, 490]),
)


def sold(programme: Programme, sale: Bought) -> Life:
    life = Life(programme, Facts(MONDAY, LOTS))
    lines = [a_line(paid, quantity=quantity) for paid, quantity in sale.lines]
    split = (sale.points // 2, sale.points - sale.points // 2)  # two payments of one wallet are one
    asked = [("points", split[0]), ("points", split[1]), ("kitty", sale.kitty)]
    pay = tuple(PointsPayment(wallet, points) for wallet, points in asked if points)
    life.buy(*lines, pay=pay, order_discount=sale.discount, delivery=sale.delivery)
    return life


def given_in_all(life: Life) -> dict[str, Counter[object]]:
    """What the sale and its returns gave together, of everything that a return undoes."""
    found: dict[str, Counter[object]] = {
        "points": Counter(),
        "off": Counter(),
        "gifts": Counter(),
        "paid": Counter(),
    }
    for effect in life.effects:
        match effect:
            case RuleEarned():
                found["points"][effect.rule, effect.wallet] += effect.points
            case DiscountGiven():
                found["off"][effect.offer, -1] += effect.delivery
                for place, minor in effect.lines:
                    found["off"][effect.offer, place] += minor
            case GiftGiven():
                found["gifts"][effect.offer, effect.what] += effect.quantity
            case VoucherGiven():
                found["gifts"][effect.offer, effect.amount_minor] += effect.count
            case PaidWithPoints():
                found["paid"][effect.wallet] += effect.points
                found["paid"][effect.wallet, "amount"] += effect.amount_minor
            case _:
                pass
    return found


def refunds(life: Life) -> int:
    return sum(effect.refund_minor for effect in life.effects if isinstance(effect, LinesReturned))


def payable(life: Life, sale: Bought) -> int:
    totals = life.sales["sale"].decisions[0].totals
    return totals.payable if totals else sum(paid for paid, _ in sale.lines)


@pytest.mark.parametrize("policy", PROGRAMMES, ids="-".join)
@settings(deadline=None, max_examples=50)
@given(sale=SALES, dice=st.randoms(use_true_random=False))
def test_any_split_of_a_return_ends_where_the_whole_return_ends(
    policy: tuple[str, ...], sale: Bought, dice: random.Random
) -> None:
    whole, parts = sold(PROGRAMMES[policy], sale), sold(PROGRAMMES[policy], sale)
    articles = [(place, 1) for place, (_, quantity) in enumerate(sale.lines) for _ in range(quantity)]
    dice.shuffle(articles)

    whole.bring_back()
    for article in articles:
        parts.bring_back(lines=(article,))

    for life in (whole, parts):
        assert refunds(life) == payable(life, sale)
        assert all(not any(counter.values()) for counter in given_in_all(life).values()), given_in_all(life)
        assert life.facts.lots == LOTS
        assert (life.facts.held, life.facts.tallies, life.facts.progress, life.facts.debts) == ((), (), (), ())
        assert [(t.paid, t.earned, t.visits, t.measured) for t in life.facts.days] == [(0, (), 0, ())]
        assert life.facts.purchases == 0


@pytest.mark.parametrize("policy", PROGRAMMES, ids="-".join)
@settings(deadline=None, max_examples=50)
@given(sale=SALES, dice=st.randoms(use_true_random=False))
def test_two_orders_of_the_same_parts_leave_the_same_member(
    policy: tuple[str, ...], sale: Bought, dice: random.Random
) -> None:
    one, two = sold(PROGRAMMES[policy], sale), sold(PROGRAMMES[policy], sale)
    articles = [(place, 1) for place, (_, quantity) in enumerate(sale.lines) for _ in range(quantity)]
    back = dice.sample(articles, len(articles) // 2)
    if not back:
        return

    for life, order in ((one, back), (two, dice.sample(back, len(back)))):
        for article in order:
            life.bring_back(lines=(article,))

    if policy[1] == "as_shared":  # decided again, what was paid back already is never asked for
        assert refunds(one) == refunds(two)
    assert given_in_all(one)["off"] == given_in_all(two)["off"]
    assert (one.facts.purchases, one.facts.tallies) == (two.facts.purchases, two.facts.tallies)
    assert [t.paid for t in one.facts.days] == [t.paid for t in two.facts.days]


@pytest.mark.parametrize("policy", PROGRAMMES, ids="-".join)
@settings(deadline=None, max_examples=50)
@given(sale=SALES, dice=st.randoms(use_true_random=False))
def test_refunds_without_goods_between_the_parts_leave_nothing_when_all_has_come_back(
    policy: tuple[str, ...], sale: Bought, dice: random.Random
) -> None:
    life = sold(PROGRAMMES[policy], sale)
    articles = [(place, 1) for place, (_, quantity) in enumerate(sale.lines) for _ in range(quantity)]
    dice.shuffle(articles)

    refunded = 0
    for article in articles:
        before = refunds(life)
        of_line = dice.choice([None, article[0]])
        life.bring_back(amount=dice.randint(1, 2_000), of_line=of_line)
        refunded += refunds(life) > before
        life.bring_back(lines=(article,))

    assert refunds(life) == payable(life, sale)
    assert all(not any(counter.values()) for counter in given_in_all(life).values()), given_in_all(life)
    assert life.facts.lots == LOTS
    assert (life.facts.held, life.facts.tallies, life.facts.progress, life.facts.debts) == ((), (), (), ())
    assert [(t.paid, t.earned, t.visits, t.measured) for t in life.facts.days] == [(0, (), 0, ())]
    event(f"refunds without goods: {min(refunded, 3)}")


@pytest.mark.parametrize("policy", PROGRAMMES, ids="-".join)
@settings(deadline=None, max_examples=50)
@given(sale=SALES, amount=st.integers(1, 9_999))
def test_a_refund_without_goods_lowers_what_counts_by_just_that_amount(
    policy: tuple[str, ...], sale: Bought, amount: int
) -> None:
    life = sold(PROGRAMMES[policy], sale)
    before = life.facts.days[0].paid

    decision = life.bring_back(amount=amount)

    if decision.refusals:
        assert [each.code for each in decision.refusals] == [RefusalCode.MORE_THAN_PAID]
        assert amount - decision.refusals[0].missing == before
    else:
        (back,) = [effect for effect in decision.effects if isinstance(effect, LinesReturned)]
        assert (before - life.facts.days[0].paid, sum(minor for _, minor in back.amounts)) == (amount, amount)
        assert 0 <= back.refund_minor <= amount
