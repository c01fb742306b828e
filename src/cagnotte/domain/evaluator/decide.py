"""What an event gives: the only place where a programme's rules are interpreted."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import takewhile

from cagnotte.domain.baskets.basket import local_day, purchase_facts, total_paid
from cagnotte.domain.evaluator.apply import after_effect, brought_to
from cagnotte.domain.evaluator.values import (
    ConversionAsked,
    DayBegun,
    DayCounted,
    Decision,
    DrawReason,
    Effect,
    Event,
    Facts,
    LotOpened,
    LotsDrawn,
    Refusal,
    RefusalCode,
    RuleEarned,
    Sale,
    TierChanged,
    UsedFacts,
    VouchersIssued,
    lot_of,
    transfer_of,
)
from cagnotte.domain.kernel import POINTS_MOST, TRANSFERS_PER_EVENT, VOUCHERS_MOST, EventId, Points, day_after
from cagnotte.domain.points.lots import BurnPlan, Draw, Lot, expiry_day, plan_burn, points_usable
from cagnotte.domain.programme.document import Conversion, Programme
from cagnotte.domain.tiers.qualification import DayTotal, next_day_out, tier_on


def decide(programme: Programme, facts: Facts, event: Event) -> Decision:
    """What the event gives the member; nothing is changed, the same input gives the same bytes.

    The caller first brings the facts to the event's day with `decide_days`.
    """
    return decide_and_apply(programme, facts, event)[0]


def decide_and_apply(programme: Programme, facts: Facts, event: Event) -> tuple[Decision, Facts]:
    """The decision, and the facts that `apply` gives for it: a decision works on them anyway."""
    making = _Making(facts, event.event_id)
    match event:
        case Sale():
            day = _decide_sale(programme, making, event)
        case DayBegun():
            day = _decide_day(programme, making, event)
        case ConversionAsked():
            day = _decide_conversion(programme, making, event)
    decision = Decision(event.event_id, day, tuple(making.effects), tuple(making.refusals), making.used)
    return decision, brought_to(making.facts, day)


def next_day_due(programme: Programme, facts: Facts) -> date | None:
    """The first day on which a lot expires or a tier may change; None: nothing changes by itself.

    Without a tier only a day of more returns than purchases, once it no longer counts, can give one.
    """
    first_lot = facts.lots[0].expires_on if facts.lots else None  # lots stand in burn order
    due = [first_lot] if first_lot is not None else []
    if programme.tiers and (facts.tier is not None or any(total.paid < 0 for total in facts.days)):
        leaving = next_day_out(programme.tiers, facts.days, facts.as_of)
        due += [leaving] if leaving is not None else []
    return min(due, default=None)


def decide_days(
    programme: Programme, facts: Facts, upto: date, new_id: Callable[[], EventId]
) -> Iterator[tuple[Decision, Facts]]:
    """Each day with something due up to and with `upto`, in order, with the facts after it.

    Days on which nothing changes are passed over. `new_id` gives the ids of the events.
    """
    due = next_day_due(programme, facts)
    while due is not None and due <= upto:
        if _changes_nothing(programme, facts, due):
            facts = brought_to(facts, due)
        else:
            decision, facts = decide_and_apply(programme, facts, DayBegun(new_id(), due))
            yield decision, facts
        due = next_day_due(programme, facts)


class _Making:
    """A decision being made: effects so far, and the facts as they stand after them."""

    def __init__(self, facts: Facts, event_id: EventId) -> None:
        self.facts = facts
        self.event_id = event_id
        self.effects: list[Effect] = []
        self.refusals: list[Refusal] = []
        self.used: UsedFacts | None = None
        self._transfers = 0

    def next_transfer(self) -> int:
        assert self._transfers < TRANSFERS_PER_EVENT, self.event_id
        self._transfers += 1
        return self._transfers - 1

    def add(self, effect: Effect) -> None:
        self.effects.append(effect)
        self.facts = after_effect(self.facts, effect)


def _changes_nothing(programme: Programme, facts: Facts, day: date) -> bool:
    """Whether no lot is past its day then and the tier stays: most days on which a tier may change."""
    if facts.lots and _is_past(facts.lots[0], day):
        return False
    return tier_on(programme.tiers, facts.days, max(day, facts.as_of)) == facts.tier


def _decide_sale(programme: Programme, making: _Making, sale: Sale) -> date:
    facts = making.facts
    day = local_day(sale.basket)
    paid = total_paid(sale.basket)
    balance = points_usable(facts.lots, programme.wallets[0].code, day)
    making.used = UsedFacts(facts.tier, balance)
    earned = _earn(programme, making, sale, making.used) if paid > 0 else {}
    if paid <= 0:
        making.refusals.append(Refusal(RefusalCode.NOTHING_PAID))
    making.add(DayCounted(DayTotal(day, paid, tuple(sorted(earned.items())))))
    for conversion in programme.conversions:
        if conversion.automatic:
            times = points_usable(making.facts.lots, conversion.wallet, day) // conversion.points
            _convert(making, conversion, min(times, VOUCHERS_MOST), day)
    _look_at_tier(programme, making, max(day, facts.as_of))
    return day


def _earn(programme: Programme, making: _Making, sale: Sale, used: UsedFacts) -> dict[str, int]:
    """Add what each rule gives and one lot per wallet; wallet -> points. A rule never takes points."""
    day = local_day(sale.basket)
    facts = purchase_facts(sale.basket, tier=used.tier, balance=used.balance)
    earned: dict[str, int] = {}
    for index, points in programme.earned(facts):
        rule = programme.earn[index]
        if points > POINTS_MOST:
            making.refusals.append(Refusal(RefusalCode.POINTS_TOO_LARGE, rule.code))
        elif points > 0:
            making.effects.append(RuleEarned(rule.code, rule.wallet, Points(points)))
            earned[rule.wallet] = earned.get(rule.wallet, 0) + points
    for wallet in programme.wallets:
        if wallet.code in earned:
            lot_id = lot_of(transfer_of(making.event_id, making.next_transfer()))
            expires_on = expiry_day(day, wallet.expires_after, to_month_end=wallet.to_month_end)
            making.add(LotOpened(Lot(lot_id, wallet.code, Points(earned[wallet.code]), day, expires_on)))
    return earned


def _decide_day(programme: Programme, making: _Making, begun: DayBegun) -> date:
    facts = making.facts
    past = list(takewhile(lambda lot: _is_past(lot, begun.day), facts.lots))  # lots stand in burn order
    for wallet in sorted({lot.wallet for lot in past}):  # also one that the programme no longer has
        draws = tuple(Draw(lot.lot_id, lot.points_open) for lot in past if lot.wallet == wallet)
        transfer = transfer_of(begun.event_id, making.next_transfer())
        making.add(LotsDrawn(transfer, wallet, DrawReason.EXPIRY, begun.day, draws))
    _look_at_tier(programme, making, max(begun.day, facts.as_of))
    return begun.day


def _decide_conversion(programme: Programme, making: _Making, asked: ConversionAsked) -> date:
    facts = making.facts
    day = asked.at.date()
    conversion = next((known for known in programme.conversions if known.code == asked.conversion), None)
    if conversion is None:
        making.refusals.append(Refusal(RefusalCode.UNKNOWN_CONVERSION, asked.conversion))
    elif asked.times < 1:
        making.refusals.append(Refusal(RefusalCode.COUNT_MUST_BE_POSITIVE, asked.conversion))
    elif asked.times > VOUCHERS_MOST:
        making.refusals.append(Refusal(RefusalCode.COUNT_TOO_LARGE, asked.conversion))
    else:
        missing = conversion.points * asked.times - points_usable(facts.lots, conversion.wallet, day)
        if missing > 0:
            making.refusals.append(Refusal(RefusalCode.INSUFFICIENT_POINTS, asked.conversion, missing))
        else:
            _convert(making, conversion, asked.times, day)
    return day


def _convert(making: _Making, conversion: Conversion, times: int, day: date) -> None:
    """Burn `times` times the points of the conversion, which the member has, for as many vouchers."""
    if times < 1:
        return
    lots = [lot for lot in making.facts.lots if lot.wallet == conversion.wallet]
    plan = plan_burn(lots, Points(times * conversion.points), on=day)
    assert isinstance(plan, BurnPlan), plan
    transfer = transfer_of(making.event_id, making.next_transfer())
    making.add(LotsDrawn(transfer, conversion.wallet, DrawReason.CONVERSION, day, plan.draws, conversion.code))
    terms = conversion.voucher
    expires_on = None if terms.valid_for is None else day_after(day, terms.valid_for)
    making.add(VouchersIssued(conversion.code, transfer, times, terms.amount_minor, day, expires_on))


def _look_at_tier(programme: Programme, making: _Making, today: date) -> None:
    reached = tier_on(programme.tiers, making.facts.days, today)
    if reached != making.facts.tier:
        making.add(TierChanged(today, making.facts.tier, reached))


def _is_past(lot: Lot, day: date) -> bool:
    return lot.expires_on is not None and lot.expires_on <= day
