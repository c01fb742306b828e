"""The member after a decision. The only place where effects change facts."""

from bisect import insort
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from msgspec.structs import replace

from cagnotte.domain.earning.caps import with_tallies
from cagnotte.domain.earning.tallies import Progress
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import (
    DayCounted,
    DebtMoved,
    Effect,
    HoldBegun,
    HoldEnded,
    HouseholdCounted,
    LotOpened,
    LotsDrawn,
    LotsRedated,
    LotsRefilled,
    LotsReleased,
    MembershipSet,
    ProfileSet,
    ProgressMade,
    ReferralDue,
    ReferralUndone,
    Tallied,
    TierChanged,
    TierKept,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.points.lots import Lot, burn_order, without_draws
from cagnotte.domain.tiers.days import HouseholdDays, with_day
from cagnotte.domain.tiers.terms import TierHeld


def apply(facts: Facts, decision: Decision) -> Facts:
    """The facts after the decision's effects, in their order; `facts` is left as it was."""
    for effect in decision.effects:
        facts = after_effect(facts, effect)
    return brought_to(facts, decision.day)


def brought_to(facts: Facts, day: date) -> Facts:
    """The facts known to be complete up to `day`; a late event does not turn the clock back."""
    return facts if day <= facts.as_of else replace(facts, as_of=day)


def after_effect(facts: Facts, effect: Effect) -> Facts:
    """The facts after one effect; most effects tell of what others do, and change nothing by themselves."""
    change = _CHANGES.get(type(effect))
    return facts if change is None else change(facts, effect)


def _lot_opened(facts: Facts, effect: LotOpened) -> Facts:
    lots, lot = facts.lots, effect.lot
    if not lots or burn_order(lots[-1]) < burn_order(lot):
        return replace(facts, lots=(*lots, lot))
    return replace(facts, lots=_with_lots(lots, [lot]))


def _lots_drawn(facts: Facts, effect: LotsDrawn) -> Facts:
    return replace(facts, lots=without_draws(facts.lots, effect.draws))


def _lots_changed(facts: Facts, effect: LotsRefilled | LotsReleased | LotsRedated) -> Facts:
    changed = {lot.lot_id for lot in effect.lots}
    kept = tuple(lot for lot in facts.lots if lot.lot_id not in changed)
    return replace(facts, lots=_with_lots(kept, effect.lots))


def _hold_begun(facts: Facts, effect: HoldBegun) -> Facts:
    return replace(facts, holds=(*facts.holds, effect.hold))


def _hold_ended(facts: Facts, effect: HoldEnded) -> Facts:
    return replace(facts, holds=tuple([hold for hold in facts.holds if hold.hold_id != effect.hold_id]))


def _tier_changed(facts: Facts, effect: TierChanged) -> Facts:
    return replace(facts, held=_with_held(facts.held, effect.family, effect.held))


def _tier_kept(facts: Facts, effect: TierKept) -> Facts:
    return replace(facts, held=_with_held(facts.held, effect.held.family, effect.held))


def _tallied(facts: Facts, effect: Tallied) -> Facts:
    own = with_tallies(facts.tallies, [each for each in effect.tallies if not each.subject])
    shared = with_tallies(facts.shared, [each for each in effect.tallies if each.subject])
    return replace(facts, tallies=own, shared=shared)


def _progress_made(facts: Facts, effect: ProgressMade) -> Facts:
    return replace(facts, progress=_with_progress(facts.progress, effect.progress))


def _debt_moved(facts: Facts, effect: DebtMoved) -> Facts:
    return replace(facts, debts=_with_debt(facts.debts, effect.wallet, effect.points))


def _profile_set(facts: Facts, effect: ProfileSet) -> Facts:
    return replace(facts, profile=effect.profile)


def _membership_set(facts: Facts, effect: MembershipSet) -> Facts:
    return replace(facts, membership=effect.membership)


def _referral_due(facts: Facts, effect: ReferralDue) -> Facts:
    return replace(facts, referred=True)


def _referral_undone(facts: Facts, effect: ReferralUndone) -> Facts:
    return replace(facts, referred=False)


def _day_counted(facts: Facts, effect: DayCounted) -> Facts:
    total = effect.total
    days = facts.days
    # Most sales come in the order of their days: no place is looked for among the hundreds of a long life.
    days = (*days, total) if not days or days[-1].day < total.day else with_day(days, total)
    last = max(facts.last_active or total.day, total.day) if effect.active else facts.last_active
    return replace(facts, days=days, purchases=facts.purchases + total.visits, last_active=last)


def _household_counted(facts: Facts, effect: HouseholdCounted) -> Facts:
    known = {each.household: each.days for each in facts.households}
    known[effect.household] = with_day(known.get(effect.household, ()), effect.total)
    households = tuple(HouseholdDays(household, days) for household, days in sorted(known.items()))
    return replace(facts, households=households)


_CHANGES: dict[type, Callable[[Facts, Any], Facts]] = {
    LotOpened: _lot_opened,
    LotsDrawn: _lots_drawn,
    LotsRefilled: _lots_changed,
    LotsReleased: _lots_changed,
    LotsRedated: _lots_changed,
    HoldBegun: _hold_begun,
    HoldEnded: _hold_ended,
    DayCounted: _day_counted,
    HouseholdCounted: _household_counted,
    TierChanged: _tier_changed,
    TierKept: _tier_kept,
    Tallied: _tallied,
    ProgressMade: _progress_made,
    DebtMoved: _debt_moved,
    ProfileSet: _profile_set,
    MembershipSet: _membership_set,
    ReferralDue: _referral_due,
    ReferralUndone: _referral_undone,
}


def _with_lots(lots: tuple[Lot, ...], added: Iterable[Lot]) -> tuple[Lot, ...]:
    ordered = list(lots)
    for lot in added:
        insort(ordered, lot, key=burn_order)
    return tuple(ordered)


def _with_held(held: tuple[TierHeld, ...], family: str, now: TierHeld | None) -> tuple[TierHeld, ...]:
    others = [each for each in held if each.family != family]
    return tuple(sorted([*others, now] if now else others, key=lambda each: each.family))


def _with_progress(progress: tuple[Progress, ...], now: Progress) -> tuple[Progress, ...]:
    others = [each for each in progress if each.achievement != now.achievement]
    known = [*others, now] if now.value or now.times else others
    return tuple(sorted(known, key=lambda each: each.achievement))


def _with_debt(debts: tuple[tuple[str, int], ...], wallet: str, points: int) -> tuple[tuple[str, int], ...]:
    owed = dict(debts)
    owed[wallet] = owed.get(wallet, 0) + points
    assert owed[wallet] >= 0, (wallet, owed)
    return tuple(sorted((code, each) for code, each in owed.items() if each))
