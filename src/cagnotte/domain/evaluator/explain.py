"""Why each rule of the programme gave what it gave for a sale, or gave nothing."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from cagnotte.domain.baskets.basket import Basket, total_paid
from cagnotte.domain.earning.amounts import rounded
from cagnotte.domain.earning.terms import EarnRule, Formula
from cagnotte.domain.evaluator.decision import UsedFacts
from cagnotte.domain.evaluator.earning import is_open
from cagnotte.domain.evaluator.gains import Asking, Gain, eligible_facts, lines_of, rounding_of
from cagnotte.domain.evaluator.prepared import counted, prepared
from cagnotte.domain.evaluator.sale import work_out
from cagnotte.domain.evaluator.seen import RuleFacts
from cagnotte.domain.kernel import POINTS_MOST
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.vocabulary import PURCHASE
from cagnotte.domain.rules import Clause, explain, lines_counted


class RuleOutcome(StrEnum):
    EARNED = "earned"
    NOT_MET = "not_met"  # the condition did not hold
    NO_POINTS = "no_points"  # the condition held, and the formula gave 0 or less
    NOTHING_PAID = "nothing_paid"  # a sale of 0 or less earns nothing
    CLOSED = "closed"  # outside the rule's dates, calendars, or without its coupon
    NO_LINES = "no_lines"  # no line of the sale is one that the rule looks at
    LOST = "lost"  # another rule of its group gave more
    CAPPED = "capped"  # a cap left nothing


class RuleExplained(msgspec.Struct, frozen=True, gc=False):
    """One rule on one sale. `lines` are the numbers (from 1) of the lines that the formula counted, if it did.

    `cut`: points that the cap `capped_by` took away. `lost_to`: the rule of the same group that gave more;
    `would_give`: what this one would have given.
    """

    rule: str
    wallet: str
    outcome: RuleOutcome
    points: int
    condition: str
    formula: str
    clauses: tuple[Clause, ...]
    lines: tuple[int, ...] | None
    cut: int = 0
    capped_by: str = ""
    lost_to: str = ""
    would_give: int = 0


def explain_rules(
    programme: Programme, basket: Basket, used: UsedFacts, *, points_paid: int = 0
) -> tuple[RuleExplained, ...]:
    """Every rule on purchases, in the programme's order; the same facts give the same points as `decide`.

    `points_paid`: what of the sale was paid with points, in minor units.
    """
    ready = prepared(programme)
    result = work_out(ready, basket, used, lambda _: points_paid)
    gains = {gain.rule.code: gain for gain in result.gains}
    asking = Asking(result.facts, result.lines, basket.at, result.facts.coupons)
    is_sale = total_paid(basket) > 0
    return tuple(_explained(programme, rule, gains, asking, is_sale=is_sale) for rule in ready.on(PURCHASE).rules)


def _explained(
    programme: Programme, rule: EarnRule, gains: Mapping[str, Gain], asking: Asking, *, is_sale: bool
) -> RuleExplained:
    gain = gains.get(rule.code)
    points = gain.points if gain is not None and gain.points <= POINTS_MOST else 0
    facts = _facts_of(rule, asking)
    number = counted(rule, is_sale=True)
    places = lines_counted(number, facts) if isinstance(rule.amount, Formula) else None
    return RuleExplained(
        rule=rule.code,
        wallet=rule.wallet,
        outcome=_outcome(programme, rule, gain, asking, is_sale=is_sale),
        points=points,
        condition=rule.when.source if rule.when else "",
        formula=number.source,
        clauses=explain(rule.when, facts) if rule.when else (),
        lines=None if places is None else tuple(place + 1 for place in places),
        cut=gain.cut if gain else 0,
        capped_by=gain.capped_by if gain else "",
        lost_to=gain.lost_to if gain else "",
        would_give=_would_give(programme, gain),
    )


def _facts_of(rule: EarnRule, asking: Asking) -> RuleFacts:
    """What this rule saw: `eligible` counts the lines that it looks at."""
    if rule.lines is None:
        return asking.facts
    return msgspec.structs.replace(asking.facts, eligible=eligible_facts(asking.facts, lines_of(rule, asking)))


def _would_give(programme: Programme, gain: Gain | None) -> int:
    return 0 if gain is None else rounded(gain.alone, rounding_of(programme, gain.rule).mode)


def _outcome(
    programme: Programme, rule: EarnRule, gain: Gain | None, asking: Asking, *, is_sale: bool
) -> RuleOutcome:
    if not is_sale:
        return RuleOutcome.NOTHING_PAID
    if gain is None:
        return _why_not(programme, rule, asking)
    if gain.lost_to:
        return RuleOutcome.LOST
    if gain.points > 0:
        return RuleOutcome.EARNED
    return RuleOutcome.CAPPED if gain.capped_by else RuleOutcome.NO_POINTS


def _why_not(programme: Programme, rule: EarnRule, asking: Asking) -> RuleOutcome:
    if not is_open(rule, asking, programme.earning.ends_inclusive):
        return RuleOutcome.CLOSED
    if rule.lines is not None and not lines_of(rule, asking).numbers:
        return RuleOutcome.NO_LINES
    return RuleOutcome.NOT_MET
