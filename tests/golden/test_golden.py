"""Every golden case, through the real check of its programme and the real evaluator."""

from collections import Counter
from datetime import date
from itertools import count

import pytest

from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.evaluator import apply, decide, decide_days
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import DrawReason, Effect, LotsDrawn, RuleEarned, VouchersIssued
from cagnotte.domain.evaluator.events import ConversionAsked, Event, Sale
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, EventId
from cagnotte.domain.programme.document import Programme
from domain.programmes import programme_of
from golden.cases import Case, Expect, Given, OpenLot, golden_cases

CASES = golden_cases()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_golden(case: Case) -> None:
    programme = programme_of(case.programme)

    last, effects, facts = _lived(programme, case.given)

    found = _found(programme, last, effects, facts)
    asked = {name: value for name, value in _fields(case.expect).items() if value is not None}
    assert asked, "a case that expects nothing"
    assert {name: found[name] for name in asked} == asked


def _lived(programme: Programme, given: tuple[Given, ...]) -> tuple[Decision | None, list[Effect], Facts]:
    ids = (EventId(number * TRANSFERS_PER_EVENT) for number in count(1))
    facts = Facts(_day(given[0]))
    effects: list[Effect] = []
    decision = None
    for step in given:
        for due, after in decide_days(programme, facts, max(_day(step), facts.as_of), ids.__next__):
            effects += due.effects
            facts = after
        event = _event(step, next(ids))
        if event is not None:
            decision = decide(programme, facts, event)
            effects += decision.effects
            facts = apply(facts, decision)
    for due, after in decide_days(programme, facts, facts.as_of, ids.__next__):
        effects += due.effects
        facts = after
    return decision, effects, facts


def _day(step: Given) -> date:
    at = step.sale or step.ask
    day = at.date() if at else step.day
    assert day is not None, step
    return day


def _event(step: Given, event_id: EventId) -> Event | None:
    if step.ask:
        return ConversionAsked(event_id, step.ask, step.conversion, step.times)
    if step.sale is None:
        return None
    lines = tuple(
        Line(
            line.sku,
            line.quantity,
            line.paid,
            line.category,
            line.department,
            line.brand,
            line.supplier,
            line.tags,
        )
        for line in step.lines
    )
    lines = lines or (Line("sku", 1, step.paid or 0),)
    return Sale(event_id, Basket(step.sale, step.store, lines, step.channel))


def _found(programme: Programme, last: Decision | None, effects: list[Effect], facts: Facts) -> dict[str, object]:
    by_rule = {e.rule: int(e.points) for e in last.effects if isinstance(e, RuleEarned)} if last else {}
    held = Counter({wallet.code: 0 for wallet in programme.wallets})
    for lot in facts.lots:
        held[lot.wallet] += lot.points_open
    drawn = Counter[DrawReason]()
    for effect in effects:
        if isinstance(effect, LotsDrawn):
            drawn[effect.reason] += sum(draw.points for draw in effect.draws)
    vouchers = Counter[str]()
    for effect in effects:
        if isinstance(effect, VouchersIssued):
            vouchers[effect.conversion] += effect.count
    ends = [effect.expires_on for effect in effects if isinstance(effect, VouchersIssued)]
    return {
        "points": sum(by_rule.values()),
        "by_rule": by_rule,
        "refused": last.refusals[0].code.value if last and last.refusals else "",
        "balance": held[programme.wallets[0].code],
        "balances": dict(held),
        "lots": tuple(OpenLot(lot.points_open, lot.expires_on) for lot in facts.lots),
        "expired": drawn[DrawReason.EXPIRY],
        "burned": drawn[DrawReason.CONVERSION],
        "vouchers": dict(vouchers),
        "voucher_ends": ends[-1] if ends else None,
        "tier": facts.tier or "",
    }


def _fields(expect: Expect) -> dict[str, object]:
    return {name: getattr(expect, name) for name in expect.__struct_fields__}
