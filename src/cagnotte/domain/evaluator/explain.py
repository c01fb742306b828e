"""Why each rule of the programme gave what it gave for a sale, or gave nothing."""

from enum import StrEnum

import msgspec

from cagnotte.domain.baskets.basket import Basket, purchase_facts, total_paid
from cagnotte.domain.evaluator.values import UsedFacts
from cagnotte.domain.kernel import POINTS_MOST
from cagnotte.domain.programme.document import EarnRule, Programme
from cagnotte.domain.rules import Clause, explain, lines_counted


class RuleOutcome(StrEnum):
    EARNED = "earned"
    NOT_MET = "not_met"  # the condition did not hold
    NO_POINTS = "no_points"  # the condition held, and the formula gave 0 or less
    NOTHING_PAID = "nothing_paid"  # a sale of 0 or less earns nothing


class RuleExplained(msgspec.Struct, frozen=True):
    """One rule on one sale. `lines` are the numbers (from 1) of the lines that the formula counted, if it did."""

    rule: str
    wallet: str
    outcome: RuleOutcome
    points: int
    condition: str
    formula: str
    clauses: tuple[Clause, ...]
    lines: tuple[int, ...] | None


def explain_rules(programme: Programme, basket: Basket, used: UsedFacts) -> tuple[RuleExplained, ...]:
    """Every earn rule, in the programme's order; the same facts give the same points as `decide`."""
    facts = purchase_facts(basket, tier=used.tier, balance=used.balance)
    given = dict(programme.earned(facts)) if total_paid(basket) > 0 else None
    return tuple(_explained(rule, given, index, facts) for index, rule in enumerate(programme.earn))


def _explained(rule: EarnRule, given: dict[int, int] | None, index: int, facts: object) -> RuleExplained:
    points = max(given.get(index, 0), 0) if given is not None else 0
    points = points if points <= POINTS_MOST else 0
    counted = lines_counted(rule.points, facts)
    return RuleExplained(
        rule=rule.code,
        wallet=rule.wallet,
        outcome=_outcome(given, index, points),
        points=points,
        condition=rule.when.source if rule.when else "",
        formula=rule.points.source,
        clauses=explain(rule.when, facts) if rule.when else (),
        lines=None if counted is None else tuple(number + 1 for number in counted),
    )


def _outcome(given: dict[int, int] | None, index: int, points: int) -> RuleOutcome:
    if given is None:
        return RuleOutcome.NOTHING_PAID
    if index not in given:
        return RuleOutcome.NOT_MET
    return RuleOutcome.EARNED if points > 0 else RuleOutcome.NO_POINTS
