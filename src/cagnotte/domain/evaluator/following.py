"""What follows from an occasion: points into lots, measures, achievements, vouchers, tiers, messages."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from cagnotte.domain.evaluator.achieving import progress
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.evaluator.effects import (
    DrawReason,
    MessageShown,
    RuleEarned,
    TierChanged,
    TierKept,
    TierPassed,
    VouchersIssued,
)
from cagnotte.domain.evaluator.gains import Gain
from cagnotte.domain.evaluator.households import days_for_tiers
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.prepared import LotTerms
from cagnotte.domain.evaluator.seen import RuleFacts, event_facts, used_facts
from cagnotte.domain.kernel import POINTS_MOST, VOUCHERS_MOST, Points, day_after
from cagnotte.domain.points.lots import BurnPlan, plan_burn
from cagnotte.domain.programme.document import Announce, Conversion
from cagnotte.domain.tiers.qualification import Seen, cause, passed, tier_now, withdrawn
from cagnotte.domain.tiers.terms import HeldBy, TierHeld

_MORNING = datetime.min.time()


class Bonus(msgspec.Struct, frozen=True):
    """Points that an offer gives, on the wallet's own terms."""

    rule: str
    wallet: str
    points: int


def give_points(making: Making, gains: Sequence[Gain], day: date, bonuses: Sequence[Bonus] = ()) -> dict[str, int]:
    """Add what each rule gives, and one lot per wallet and terms; wallet -> points."""
    ready, effects = making.ready, making.effects
    earned: dict[str, int] = {}
    lots: dict[LotTerms, int] = {}
    for bonus in bonuses:
        effects.append(RuleEarned(bonus.rule, bonus.wallet, Points(bonus.points)))
        earned[bonus.wallet] = earned.get(bonus.wallet, 0) + bonus.points
        lots[ready.terms_of_wallet[bonus.wallet]] = earned[bonus.wallet]
    for gain in gains:
        rule, points = gain.rule, gain.points
        if points > POINTS_MOST:
            making.refuse(RefusalCode.POINTS_TOO_LARGE, rule.code)
            continue
        if gain.capped_by:
            making.refuse(RefusalCode.CAP_REACHED, gain.capped_by, gain.cut)
        if points < 1:
            continue
        # Not `making.add`: this effect changes no facts, and there are many of them.
        effects.append(RuleEarned(rule.code, rule.wallet, Points(points), gain.cut))
        earned[rule.wallet] = earned.get(rule.wallet, 0) + points
        terms = ready.terms_of_rule[rule.code]
        lots[terms] = lots.get(terms, 0) + points
    in_order = sorted(lots.items(), key=_wallet_place) if len(lots) > 1 else lots.items()
    for terms, points in in_order:
        making.open_lot(terms, points, day)
    return earned


def _wallet_place(lot: tuple[LotTerms, int]) -> int:
    return lot[0].wallet_place


def measured(making: Making, on: str, facts: RuleFacts) -> tuple[tuple[str, int], ...]:
    """What the occasion adds to each measure."""
    measures = making.ready.on(on).measures
    if not measures:
        return ()
    added = []
    for measure in measures:
        if measure.when is None or measure.when.evaluate(facts):
            value = measure.counts.evaluate(facts)
            assert isinstance(value, int)
            if value:
                added.append((measure.code, value))
    return tuple(sorted(added))


def follow(making: Making, on: str, facts: RuleFacts, at: datetime, *, counts: bool = True) -> None:
    """Achievements, automatic vouchers, tiers and messages, in this order. `counts`: a sale of 0 or below
    makes no progress."""
    occasion, day = making.ready.on(on), at.date()
    if counts:
        for achievement in occasion.achievements:
            progress(making, achievement, facts, at)
    convert_what_is_due(making, day)
    look_at_tiers(making, max(day, making.facts.as_of))
    for message in occasion.messages:
        if message.when is None or message.when.evaluate(facts):
            making.add(MessageShown(message.code, message.place))


def convert_what_is_due(making: Making, day: date) -> None:
    for conversion in making.ready.conversions_automatic:
        times = max(making.available(conversion.wallet, day), 0) // conversion.points
        if times:
            convert(making, conversion, min(times, VOUCHERS_MOST), day)


def convert(making: Making, conversion: Conversion, times: int, day: date) -> None:
    """Burn `times` times the points of the conversion, which the member has, for as many vouchers."""
    if times < 1:
        return
    lots = [lot for lot in making.facts.lots if lot.wallet == conversion.wallet]
    order = making.ready.wallets[conversion.wallet].order
    plan = plan_burn(lots, Points(times * conversion.points), on=day, order=order)
    assert isinstance(plan, BurnPlan), plan
    transfer = making.draw(conversion.wallet, DrawReason.CONVERSION, day, plan.draws, conversion.code)
    terms = conversion.voucher
    expires_on = None if terms.valid_for is None else day_after(day, terms.valid_for)
    making.add(VouchersIssued(conversion.code, transfer, times, terms.amount_minor, day, expires_on))


def look_at_tiers(making: Making, today: date, *, returned: bool = False, given_up: HeldBy | None = None) -> None:
    """Bring the tier of each family to what it is today; also of a family that the programme gave up."""
    families = making.ready.families
    for family in _families(making):
        tiers, held = families.get(family, ()), holding(making.facts.held, family)
        kept = withdrawn(tiers, held, given_up) if held and given_up else held
        now = tier_now(tiers, kept, tiers_seen(making, today))
        if now != held:
            _set_tier(making, family, held, now, today, returned=returned)


def _families(making: Making) -> Sequence[str]:
    known = making.ready.families
    given_up = [held.family for held in making.facts.held if held.family not in known]
    return sorted([*known, *given_up]) if given_up else making.ready.families_in_order


def holding(held: Sequence[TierHeld], family: str) -> TierHeld | None:
    for each in held:
        if each.family == family:
            return each
    return None


def tiers_seen(making: Making, today: date) -> Seen:
    facts = making.facts
    rules = _member_facts(making, today) if making.ready.tiers_ask else None
    return Seen(days_for_tiers(making.ready, facts), today, facts.profile.enrolled_on, rules)


def _member_facts(making: Making, today: date) -> RuleFacts:
    used = used_facts(making.ready, making.facts, today)
    return event_facts(making.ready, used, datetime.combine(today, _MORNING))


def _set_tier(
    making: Making, family: str, held: TierHeld | None, now: TierHeld | None, today: date, *, returned: bool
) -> None:
    tiers = making.ready.families.get(family, ())
    before, after = held.tier if held else None, now.tier if now else None
    if now is not None and before == after:
        making.add(TierKept(today, now))
        return
    if making.programme.announce is Announce.EVERY:
        for tier in passed(tiers, before, after):
            making.add(TierPassed(today, family, tier))
    making.add(TierChanged(today, before, after, family, cause(tiers, held, now, returned=returned), now))
