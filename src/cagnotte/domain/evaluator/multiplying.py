"""Multipliers: what each adds to the points of the rules that it multiplies, or to the part from its own lines."""

from collections.abc import Iterator, Sequence

from cagnotte.domain.earning.amounts import Exact, by_weight, extra_of, of_rate, rounded, total
from cagnotte.domain.earning.terms import EarnRule, Multiplier, MultiplyOn, Rate, RoundedPer
from cagnotte.domain.evaluator.gains import Asking, EligibleLines, Gain, lines_of, rounding_of
from cagnotte.domain.evaluator.prepared import is_fixed
from cagnotte.domain.programme.document import Programme


def multiply(programme: Programme, others: Sequence[Gain], multipliers: Sequence[Gain], asking: Asking) -> None:
    """Give each multiplier what it adds to the rules that it multiplies."""
    policy = programme.earning
    for base in others:
        if is_fixed(base.rule) and not policy.multiply_fixed:
            continue
        is_exact = policy.multiply_on is MultiplyOn.EXACT and not base.cut and not base.lost_to
        worth = base.exact if is_exact else base.points
        applied = [each for each in multipliers if multiplies(each.rule, base.rule)] if worth else []
        # The product is rounded once, so what the rule itself lost to rounding belongs to it.
        lost: Exact = total(base.exact, -base.points) if is_exact else 0
        for touching, part in _parts(programme, base, applied, worth, asking):
            rates = [
                each.rule.amount.basis_points for each in touching if isinstance(each.rule.amount, Multiplier)
            ]
            extras = extra_of(rates, part, policy.combine)
            for each, extra in zip(touching, extras, strict=True):
                if extra:
                    each.exact = total(each.exact, total(extra, lost))
                    lost = 0
    for each in multipliers:
        each.exact = max(each.exact, 0)


def multiplies(multiplier: EarnRule, rule: EarnRule) -> bool:
    amount = multiplier.amount
    assert isinstance(amount, Multiplier), multiplier
    return rule.wallet == multiplier.wallet and (not amount.rules or rule.code in amount.rules)


def line_points(programme: Programme, rule: EarnRule, rate: Rate, amounts: Sequence[int]) -> list[int]:
    """Whole points of each amount; one that is taken back takes off what it would give, rounded alike."""
    mode = rounding_of(programme, rule).mode
    return [rounded(of_rate(rate, abs(amount)), mode) * (1 if amount > 0 else -1) for amount in amounts]


def amounts_of(rule: EarnRule, lines: EligibleLines, asking: Asking) -> Sequence[int]:
    """What each of the rule's lines counts, and last the delivery where it counts for the rule."""
    delivery = asking.facts.eligible.paid - sum(asking.lines.amounts) if rule.lines is None else 0
    return [*lines.amounts, delivery] if delivery else lines.amounts


def _parts(
    programme: Programme, base: Gain, applied: Sequence[Gain], worth: Exact, asking: Asking
) -> Iterator[tuple[Sequence[Gain], Exact]]:
    """The points of a rule, by the multipliers that touch them; lines are looked at only when one has its own."""
    if all(each.rule.lines is None for each in applied):
        yield applied, worth
        return
    within = [None if each.rule.lines is None else set(lines_of(each.rule, asking).numbers) for each in applied]
    lines = lines_of(base.rule, asking)
    amounts = amounts_of(base.rule, lines, asking)
    by_line = rounding_of(programme, base.rule).per is RoundedPer.LINE
    if by_line and isinstance(base.rule.amount, Rate) and base.rule.amount.of is None:
        amounts = line_points(programme, base.rule, base.rule.amount, amounts)
    weights: dict[tuple[int, ...], int] = {}
    for number, amount in zip([*lines.numbers, -1], amounts, strict=False):  # the delivery is no line
        touching = tuple(n for n, each in enumerate(within) if each is None or number in each)
        weights[touching] = weights.get(touching, 0) + amount
    if max(weights.values(), default=0) <= 0:  # points for no amount at all
        yield [each for each in applied if each.rule.lines is None], worth
        return
    exact = worth if base.cut else base.exact
    for touching, part in by_weight(weights, exact, worth):
        yield [applied[n] for n in touching], part
