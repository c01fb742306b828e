"""What holds for every member's life that we can invent."""

import random
from collections import Counter
from datetime import timedelta
from functools import reduce

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from cagnotte.domain.baskets.basket import Basket, local_day, total_paid
from cagnotte.domain.evaluator import apply, decide, decide_and_apply
from cagnotte.domain.evaluator.effects import (
    DrawReason,
    Effect,
    LotOpened,
    LotsDrawn,
    RuleEarned,
    TierChanged,
    VouchersIssued,
)
from cagnotte.domain.evaluator.events import Sale
from cagnotte.domain.evaluator.explain import explain_rules
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, TransferId
from cagnotte.domain.points.lots import burn_order, points_usable
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.days import DayTotal, with_day
from cagnotte.domain.tiers.qualification import Seen, followed
from domain.evaluator.invented_histories import FIRST, HISTORIES, PROGRAMMES, Act, Fold, folded, in_order

programmes = st.sampled_from(PROGRAMMES)
LAST = FIRST + timedelta(days=300)


def _happened(fold: Fold) -> list[tuple[object, ...]]:
    """Everything but the ids of events."""
    return [
        (decision.day, [_without_id(effect) for effect in decision.effects])
        for *_, decision, _ in fold.steps
        if decision.effects
    ]


def _without_id(effect: Effect) -> Effect:
    return msgspec.structs.replace(effect, transfer_id=TransferId(0)) if isinstance(effect, LotsDrawn) else effect


def _held(facts: Facts) -> int:
    return sum(lot.points_open for lot in facts.lots)


@given(programmes, HISTORIES)
def test_the_same_programme_facts_and_event_give_the_same_bytes(programme: Programme, acts: list[Act]) -> None:
    for before, event, decision, after in folded(programme, acts).steps:
        if event is not None:
            again = decide(programme, before, event)
            assert msgspec.json.encode(again) == msgspec.json.encode(decision)
            assert apply(before, again) == after
            assert decide_and_apply(programme, before, event) == (decision, after)
            assert msgspec.json.decode(msgspec.json.encode(decision), type=type(decision)) == decision


@given(programmes, HISTORIES)
def test_points_are_neither_lost_nor_made_and_no_lot_is_empty_or_below_zero(
    programme: Programme, acts: list[Act]
) -> None:
    for before, _, decision, after in folded(programme, acts).steps:
        given_points = sum(e.lot.points_open for e in decision.effects if isinstance(e, LotOpened))
        earned = sum(e.points for e in decision.effects if isinstance(e, RuleEarned))
        drawn = sum(d.points for e in decision.effects if isinstance(e, LotsDrawn) for d in e.draws)
        assert given_points == earned
        assert _held(after) == _held(before) + given_points - drawn
        assert all(lot.points_open > 0 for lot in after.lots)
        assert list(after.lots) == sorted(after.lots, key=burn_order)


@given(programmes, HISTORIES)
def test_each_transfer_of_an_event_has_its_own_number(programme: Programme, acts: list[Act]) -> None:
    for _, _, decision, _ in folded(programme, acts).steps:
        transfers = [int(e.lot.lot_id) for e in decision.effects if isinstance(e, LotOpened)]
        transfers += [int(e.transfer_id) for e in decision.effects if isinstance(e, LotsDrawn)]
        assert sorted(transfers) == [decision.event_id + number for number in range(len(transfers))]
        assert len(transfers) < TRANSFERS_PER_EVENT


@given(programmes, HISTORIES)
def test_a_sale_of_nothing_or_less_earns_nothing_and_takes_no_point_that_it_does_not_turn_into_a_voucher(
    programme: Programme, acts: list[Act]
) -> None:
    for _, event, decision, _ in folded(programme, acts).steps:
        if isinstance(event, Sale) and total_paid(event.basket) <= 0:
            effects = [type(effect) for effect in decision.effects]
            assert RuleEarned not in effects
            assert LotsDrawn not in effects
            assert [refusal.code for refusal in decision.refusals] == ["nothing_paid"]


@given(programmes, HISTORIES)
def test_each_rule_rounds_on_its_own_and_the_explanation_says_the_same_points(
    programme: Programme, acts: list[Act]
) -> None:
    for _, event, decision, _ in folded(programme, acts).steps:
        if isinstance(event, Sale):
            assert decision.used is not None
            earned = {e.rule: int(e.points) for e in decision.effects if isinstance(e, RuleEarned)}
            said = explain_rules(programme, event.basket, decision.used)
            assert {rule.rule: rule.points for rule in said if rule.points} == earned
            assert [rule.rule for rule in said] == [rule.code for rule in programme.earn]


@given(programmes, HISTORIES)
def test_after_a_sale_no_automatic_conversion_fits_once_more(programme: Programme, acts: list[Act]) -> None:
    for _, event, decision, after in folded(programme, acts).steps:
        if isinstance(event, Sale):
            day = local_day(event.basket)
            for conversion in programme.conversions:
                if conversion.automatic:
                    assert points_usable(after.lots, conversion.wallet, day) < conversion.points
            burned = Counter[str]()
            for effect in decision.effects:
                if isinstance(effect, LotsDrawn):
                    burned[effect.source] += sum(draw.points for draw in effect.draws)
            issued = {e.conversion: e.count for e in decision.effects if isinstance(e, VouchersIssued)}
            asked = {conversion.code: conversion.points for conversion in programme.conversions}
            assert burned == {code: times * asked[code] for code, times in issued.items()}


@given(programmes, HISTORIES)
def test_a_lot_expires_on_its_day_and_once_and_is_never_drawn_from_that_day_on(
    programme: Programme, acts: list[Act]
) -> None:
    fold = folded(programme, acts)
    fold.bring_to(LAST)

    opened = {e.lot.lot_id: e.lot for *_, d, _ in fold.steps for e in d.effects if isinstance(e, LotOpened)}
    drawn = [
        (draw, e) for *_, d, _ in fold.steps for e in d.effects if isinstance(e, LotsDrawn) for draw in e.draws
    ]
    expired = Counter(draw.lot_id for draw, effect in drawn if effect.reason is DrawReason.EXPIRY)
    for draw, effect in drawn:
        gone_on = opened[draw.lot_id].expires_on
        assert opened[draw.lot_id].wallet == effect.wallet
        if effect.reason is DrawReason.EXPIRY:
            assert effect.on == gone_on
        else:
            assert gone_on is None or effect.on < gone_on
    assert set(expired.values()) <= {1}
    assert all(lot.expires_on is None or lot.expires_on > LAST for lot in fold.facts.lots)


@given(programmes, HISTORIES)
def test_the_tier_held_is_the_one_that_the_whole_history_gives(programme: Programme, acts: list[Act]) -> None:
    fold = Fold(programme)
    days: tuple[DayTotal, ...] = ()
    for act in acts:
        decision = fold.do(act)
        if isinstance(act, Basket):
            earned = Counter[str]()
            for effect in decision.effects:
                if isinstance(effect, RuleEarned):
                    earned[effect.wallet] += effect.points
            paid = total_paid(act)
            total = DayTotal(local_day(act), paid, tuple(sorted(earned.items())), int(paid > 0))
            days = with_day(days, total)

        whole = followed(programme.tiers, Seen(days, fold.facts.as_of, None, None))
        assert fold.facts.tier == (whole.tier if whole else None)
    changes = [e for *_, d, _ in fold.steps for e in d.effects if isinstance(e, TierChanged)]
    assert [change.before for change in changes[1:]] == [change.after for change in changes[:-1]]
    assert all(change.before != change.after for change in changes)


@given(programmes, HISTORIES)
def test_days_in_one_go_or_one_by_one_give_the_same_member(programme: Programme, acts: list[Act]) -> None:
    at_once, one_by_one = (folded(programme, in_order(acts)) for _ in range(2))
    before = one_by_one.facts.as_of

    at_once.bring_to(LAST)
    for ahead in range((LAST - before).days + 1):
        one_by_one.bring_to(before + timedelta(days=ahead))

    assert at_once.facts == one_by_one.facts
    assert _happened(at_once) == _happened(one_by_one)


@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_tier_on_spend_does_not_depend_on_the_order_in_which_sales_arrive(
    acts: list[Act], dice: random.Random
) -> None:
    programme = PROGRAMMES[1]
    sales: list[Act] = [act for act in acts if isinstance(act, Basket)]
    shuffled = sales.copy()
    dice.shuffle(shuffled)

    folds = [folded(programme, order) for order in (in_order(sales), shuffled)]
    for fold in folds:
        fold.bring_to(LAST)

    assert folds[0].facts.days == folds[1].facts.days
    assert folds[0].facts.tier == folds[1].facts.tier


@given(programmes, HISTORIES)
def test_a_member_is_what_its_decisions_made_of_a_newcomer(programme: Programme, acts: list[Act]) -> None:
    steps = folded(programme, acts).steps

    assert steps[-1][3] == reduce(lambda facts, step: apply(facts, step[2]), steps, steps[0][0])
