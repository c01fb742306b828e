"""Decisions one by one: what a sale, a day and a request give."""

from datetime import date, datetime

import pytest

from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.evaluator import apply, decide, decide_days
from cagnotte.domain.evaluator.decide import next_day_due
from cagnotte.domain.evaluator.decision import Refusal, RefusalCode, UsedFacts
from cagnotte.domain.evaluator.effects import (
    DayCounted,
    DrawReason,
    Effect,
    LotOpened,
    LotsDrawn,
    RuleEarned,
    TierChanged,
    VouchersIssued,
)
from cagnotte.domain.evaluator.events import ConversionAsked, DayBegun, Sale
from cagnotte.domain.evaluator.explain import RuleOutcome, explain_rules
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import EventId, LotId, Points, TransferId
from cagnotte.domain.points.lots import Draw, Lot
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.terms import TierCause, TierHeld
from domain.evaluator.invented_histories import event_ids
from domain.programmes import FULL, HEAD, PLAIN, SPEND_TIERS, programme_of

SATURDAY = datetime(2024, 1, 20, 18, 30)
DAY = SATURDAY.date()
EVENT = EventId(64)


def a_sale(*paid: int, category: str = "bread", at: datetime = SATURDAY) -> Sale:
    return Sale(EVENT, Basket(at, "store-1", tuple(Line("sku", 1, amount, category) for amount in paid)))


def a_lot(lot_id: int, points: int, expires_on: date | None = None, *, wallet: str = "points") -> Lot:
    return Lot(LotId(lot_id), wallet, Points(points), date(2024, 1, 1), expires_on)


def a_member(
    as_of: date, tier: str | None = None, lots: tuple[Lot, ...] = (), days: tuple[DayTotal, ...] = ()
) -> Facts:
    held = (TierHeld("main", tier, as_of),) if tier else ()
    return Facts(as_of, lots, days, held)


def changed(effect: Effect) -> tuple[date, str | None, str | None] | None:
    return (effect.on, effect.before, effect.after) if isinstance(effect, TierChanged) else None


def test_a_sale_gives_points_by_rule_one_lot_per_wallet_its_day_and_its_tier() -> None:
    facts = a_member(DAY, "member", (a_lot(1, 45),))

    decision = decide(programme_of(FULL), facts, a_sale(2_599, category="wine"))

    lots: list[Effect] = [
        LotOpened(Lot(LotId(64), "points", Points(76), DAY, date(2024, 5, 1))),
        LotOpened(Lot(LotId(65), "stars", Points(7), DAY, date(2024, 2, 19))),
    ]
    assert decision.effects == (
        RuleEarned("base", "points", Points(25)),
        RuleEarned("wine", "points", Points(51)),
        RuleEarned("loyal", "stars", Points(7)),
        *lots,
        DayCounted(DayTotal(DAY, 2_599, (("points", 76), ("stars", 7)), 1), active=True),
        LotsDrawn(
            TransferId(66),
            "points",
            DrawReason.CONVERSION,
            DAY,
            (Draw(LotId(64), Points(76)), Draw(LotId(1), Points(24))),
            "voucher",
        ),
        VouchersIssued("voucher", TransferId(66), 1, 500, DAY, date(2024, 3, 20)),
    )
    assert decision.used == UsedFacts("member", 45)
    assert apply(facts, decision).lots == (
        Lot(LotId(65), "stars", Points(7), DAY, date(2024, 2, 19)),
        a_lot(1, 21),
    )


@pytest.mark.parametrize("paid", [0, -500])
def test_a_sale_of_nothing_or_less_earns_nothing_but_counts_in_its_day(paid: int) -> None:
    programme = programme_of(f"{PLAIN}[[earn]]\ncode = 'visit'\npoints = 5\n")

    decision = decide(programme, Facts(DAY), a_sale(2_000, paid - 2_000))

    assert decision.effects == (DayCounted(DayTotal(DAY, paid)),)
    assert decision.refusals == (Refusal(RefusalCode.NOTHING_PAID),)


def test_a_rule_that_comes_out_below_zero_gives_nothing_and_takes_nothing_from_the_others() -> None:
    programme = programme_of(f"{PLAIN}[[earn]]\ncode = 'less'\npoints = 'paid - 100000'\n")

    decision = decide(programme, Facts(DAY), a_sale(1_000))

    assert [e for e in decision.effects if isinstance(e, RuleEarned)] == [
        RuleEarned("base", "points", Points(25)),
    ]


def test_conversions_run_in_the_order_of_the_document_each_as_often_as_it_fits() -> None:
    decision = decide(programme_of(PLAIN), Facts(DAY), a_sale(6_000))

    issued = [(e.conversion, e.count, e.expires_on) for e in decision.effects if isinstance(e, VouchersIssued)]
    assert issued == [("small", 2, date(2024, 1, 30)), ("large", 1, None)]
    assert sum(lot.points_open for lot in apply(Facts(DAY), decision).lots) == 10


def test_a_request_gives_what_was_asked_from_the_lots_that_end_first() -> None:
    lots = (a_lot(2, 4, date(2024, 2, 1), wallet="stars"), a_lot(1, 9, wallet="stars"))

    decision = decide(
        programme_of(FULL), a_member(DAY, "member", lots), ConversionAsked(EVENT, SATURDAY, "treat", times=2)
    )

    draws = (Draw(LotId(2), Points(4)), Draw(LotId(1), Points(6)))
    assert decision.effects == (
        LotsDrawn(TransferId(64), "stars", DrawReason.CONVERSION, DAY, draws, "treat"),
        VouchersIssued("treat", TransferId(64), 2, 100, DAY, None),
    )


@pytest.mark.parametrize(
    ("conversion", "times", "refusal"),
    [
        ("gift", 1, Refusal(RefusalCode.UNKNOWN_CONVERSION, "gift")),
        ("treat", 0, Refusal(RefusalCode.COUNT_MUST_BE_POSITIVE, "treat")),
        ("treat", -2, Refusal(RefusalCode.COUNT_MUST_BE_POSITIVE, "treat")),
        ("treat", 3, Refusal(RefusalCode.INSUFFICIENT_POINTS, "treat", missing=6)),
    ],
)
def test_a_request_that_cannot_be_met_says_why_and_changes_nothing(
    conversion: str, times: int, refusal: Refusal
) -> None:
    facts = a_member(DAY, "member", (a_lot(1, 9, wallet="stars"), a_lot(3, 50)))

    decision = decide(programme_of(FULL), facts, ConversionAsked(EVENT, SATURDAY, conversion, times))

    assert (decision.effects, decision.refusals) == ((), (refusal,))
    assert apply(facts, decision) == facts


def test_points_that_expire_today_cannot_be_turned_into_vouchers() -> None:
    facts = a_member(DAY, "member", (a_lot(1, 9, DAY, wallet="stars"),))

    decision = decide(programme_of(FULL), facts, ConversionAsked(EVENT, SATURDAY, "treat"))

    assert decision.refusals == (Refusal(RefusalCode.INSUFFICIENT_POINTS, "treat", missing=5),)


def test_on_a_day_the_lots_that_end_are_drawn_by_wallet() -> None:
    lots = (a_lot(1, 9, DAY), a_lot(2, 3, DAY, wallet="stars"), a_lot(4, 2, DAY), a_lot(5, 1, date(2024, 1, 21)))

    decision = decide(programme_of(FULL), a_member(date(2024, 1, 19), "member", lots), DayBegun(EVENT, DAY))

    points = (Draw(LotId(1), Points(9)), Draw(LotId(4), Points(2)))
    assert decision.effects == (
        LotsDrawn(TransferId(64), "points", DrawReason.EXPIRY, DAY, points),
        LotsDrawn(TransferId(65), "stars", DrawReason.EXPIRY, DAY, (Draw(LotId(2), Points(3)),)),
    )


def test_lots_of_a_wallet_that_the_programme_no_longer_has_still_expire() -> None:
    facts = a_member(date(2024, 1, 1), None, (a_lot(1, 9, DAY, wallet="retired"),))

    [(decision, after)] = decide_days(programme_of(PLAIN), facts, date(2024, 12, 31), event_ids().__next__)

    assert decision.day == DAY
    assert after.lots == ()


def test_a_tier_is_lost_when_the_programme_no_longer_has_tiers() -> None:
    facts = a_member(date(2024, 1, 1), "gold", (), (DayTotal(date(2024, 1, 1), 50_000),))

    decision = decide(programme_of(PLAIN), facts, DayBegun(EVENT, DAY))

    assert decision.effects == (TierChanged(DAY, "gold", None, cause=TierCause.REMOVED),)


def test_a_tier_comes_with_the_sale_and_goes_at_midnight_after_its_period() -> None:
    programme = programme_of(SPEND_TIERS)
    decision = decide(programme, Facts(DAY), a_sale(9_000))
    assert (DAY, None, "gold") in [changed(effect) for effect in decision.effects]

    days = decide_days(programme, apply(Facts(DAY), decision), date(2024, 12, 31), event_ids().__next__)

    changes = [effect for day, _ in days for effect in day.effects if isinstance(effect, TierChanged)]
    assert changes == [
        TierChanged(date(2024, 2, 20), "gold", None, cause=TierCause.REVIEWED),
    ]


def test_nothing_is_due_for_a_member_without_lots_that_end_and_without_tier() -> None:
    facts = a_member(DAY, None, (a_lot(1, 5),), (DayTotal(DAY, 100),))

    assert next_day_due(programme_of(SPEND_TIERS), facts) is None


def test_a_return_that_leaves_the_period_can_give_a_tier_and_is_therefore_due() -> None:
    programme = programme_of(SPEND_TIERS)
    facts = a_member(DAY, None, (), (DayTotal(date(2024, 1, 10), -3_000), DayTotal(DAY, 6_000)))

    [(decision, _), *_] = decide_days(programme, facts, date(2024, 2, 11), event_ids().__next__)

    assert [changed(effect) for effect in decision.effects] == [(date(2024, 2, 9), None, "silver")]


def test_a_late_sale_is_judged_at_its_own_time_with_the_member_as_it_is_now() -> None:
    programme = programme_of(SPEND_TIERS)
    now = a_member(date(2024, 6, 1), None, (a_lot(1, 30),))

    decision = decide(programme, now, a_sale(6_000))
    after = apply(now, decision)

    assert decision.day == DAY
    assert decision.used == UsedFacts(None, 30)
    assert [e.lot.expires_on for e in decision.effects if isinstance(e, LotOpened)] == [date(2024, 2, 9)]
    assert after.as_of == date(2024, 6, 1)
    assert after.tier is None
    [(expiry, gone)] = decide_days(programme, after, after.as_of, event_ids().__next__)
    assert expiry.day == date(2024, 2, 9)
    assert gone.lots == (a_lot(1, 30),)


def test_the_explanation_says_of_each_rule_why_it_gave_or_did_not_give() -> None:
    basket = a_sale(2_599, category="wine").basket

    said = explain_rules(programme_of(FULL), basket, UsedFacts("member", 12))

    assert [(rule.rule, rule.outcome, rule.points, rule.lines) for rule in said] == [
        ("base", RuleOutcome.EARNED, 25, None),
        ("wine", RuleOutcome.EARNED, 51, (1,)),
        ("loyal", RuleOutcome.NOT_MET, 0, None),
    ]
    assert [(clause.text, clause.holds) for clause in said[2].clauses] == [
        ('tier == "gold" || balance > 40', False),
    ]


def test_the_most_wallets_and_conversions_fit_in_one_event() -> None:
    wallets = "".join(f"[wallets.w{n}]\nexpiry = {{ after = '1 day' }}\n" for n in range(16))
    rules = "".join(f"[[earn]]\ncode = 'r{n}'\nwallet = 'w{n}'\npoints = 3\n" for n in range(16))
    conversion = "[[conversions]]\ncode = 'c{0}'\nwallet = 'w{0}'\npoints = 2\nvoucher = {{ amount = 1 }}\n"
    conversions = "".join(conversion.format(n) for n in range(16))
    programme = programme_of(f"{HEAD}{wallets}{rules}{conversions}")

    sale = decide(programme, Facts(DAY), a_sale(100))
    day = decide(programme, apply(Facts(DAY), sale), DayBegun(EventId(128), date(2024, 1, 21)))

    assert sum(isinstance(effect, LotOpened | LotsDrawn) for effect in sale.effects) == 32
    assert len(day.effects) == 16
