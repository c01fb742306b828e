"""The member after a decision. The only place where effects change facts."""

from bisect import insort
from datetime import date

import msgspec

from cagnotte.domain.evaluator.values import (
    DayCounted,
    Decision,
    Effect,
    Facts,
    LotOpened,
    LotsDrawn,
    RuleEarned,
    TierChanged,
    VouchersIssued,
)
from cagnotte.domain.points.lots import Lot, burn_order, without_draws
from cagnotte.domain.tiers.qualification import with_day


def apply(facts: Facts, decision: Decision) -> Facts:
    """The facts after the decision's effects, in their order; `facts` is left as it was."""
    for effect in decision.effects:
        facts = after_effect(facts, effect)
    return brought_to(facts, decision.day)


def brought_to(facts: Facts, day: date) -> Facts:
    """The facts known to be complete up to `day`; a late event does not turn the clock back."""
    return facts if day <= facts.as_of else msgspec.structs.replace(facts, as_of=day)


def after_effect(facts: Facts, effect: Effect) -> Facts:
    match effect:
        case LotOpened(lot=lot):
            return Facts(facts.as_of, facts.tier, _with_lot(facts.lots, lot), facts.days)
        case LotsDrawn(draws=draws):
            return Facts(facts.as_of, facts.tier, without_draws(facts.lots, draws), facts.days)
        case DayCounted(total=total):
            return Facts(facts.as_of, facts.tier, facts.lots, with_day(facts.days, total))
        case TierChanged(after=tier):
            return Facts(facts.as_of, tier, facts.lots, facts.days)
        case RuleEarned() | VouchersIssued():
            return facts  # a rule's points are in the lot; vouchers are the member's, not a fact of rules


def _with_lot(lots: tuple[Lot, ...], lot: Lot) -> tuple[Lot, ...]:
    if not lots or burn_order(lots[-1]) < burn_order(lot):
        return (*lots, lot)
    ordered = list(lots)
    insort(ordered, lot, key=burn_order)
    return tuple(ordered)
