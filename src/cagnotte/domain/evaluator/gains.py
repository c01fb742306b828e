"""What rules are asked, and what each of them gives, on its way from an exact share to whole points."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from cagnotte.domain.earning.amounts import Exact
from cagnotte.domain.earning.terms import EarnRule, Multiplier, Rounding
from cagnotte.domain.evaluator.seen import EligibleFacts, RuleFacts
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.rules import Rule


class EligibleLines(msgspec.Struct, frozen=True, gc=False):
    """The lines that may earn: their positions in the sale, and what each counts in minor units."""

    numbers: Sequence[int]
    amounts: Sequence[int]


NO_LINES = EligibleLines((), ())


class Asking(msgspec.Struct, frozen=True, gc=False):
    """What the rules are asked about: the facts, the eligible lines (none but for a sale), and when it was."""

    facts: RuleFacts
    lines: EligibleLines
    at: datetime
    coupons: tuple[str, ...] = ()


class Gain(msgspec.Struct, gc=False):
    """What one rule gives, on its way from an exact share to whole points."""

    rule: EarnRule
    exact: Exact
    points: int = 0
    counted: int = 0  # minor units that the rule counted, as caps in money left them
    cut: int = 0
    capped_by: str = ""
    lost_to: str = ""  # the rule of the same group that gave more
    alone: Exact = 0  # what it gives without the others of its group
    spent: int = 0  # minor units that the rule looks at, of rules with caps
    whole: Exact = 0  # what it gives for all of them

    @property
    def is_multiplier(self) -> bool:
        return isinstance(self.rule.amount, Multiplier)


def eligible_facts(facts: RuleFacts, lines: EligibleLines, delivery: int = 0) -> EligibleFacts:
    sold = facts.lines
    if len(lines.numbers) == len(sold):
        quantity = sum([line.quantity for line in sold])
    else:
        quantity = sum([sold[number].quantity for number in lines.numbers])
    return EligibleFacts(sum(lines.amounts) + delivery, quantity, lines.numbers, sold)


def lines_of(rule: EarnRule, asking: Asking) -> EligibleLines:
    """The eligible lines that the rule's own `lines` lets through."""
    return asking.lines if rule.lines is None else lines_that_meet(rule.lines, asking.lines, asking.facts)


def lines_that_meet(condition: Rule, lines: EligibleLines, facts: RuleFacts) -> EligibleLines:
    """Those of the lines for which a rule over one `line` holds."""
    test = line_test(condition.evaluate, facts)
    kept = [(number, amount) for number, amount in zip(lines.numbers, lines.amounts, strict=True) if test(number)]
    return EligibleLines([number for number, _ in kept], [amount for _, amount in kept])


def line_test(rule: Callable[[object], object], facts: RuleFacts) -> Callable[[int], bool]:
    """Whether a rule over one `line` holds for the line at a position."""

    def holds(number: int) -> bool:
        facts.line = facts.lines[number]
        return bool(rule(facts))

    return holds


def rounding_of(programme: Programme, rule: EarnRule) -> Rounding:
    return rule.rounding or programme.earning.rounding
