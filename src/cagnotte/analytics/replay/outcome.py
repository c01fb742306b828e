"""What one programme would have given one member: every event of the past decided again, in order of time."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import count

import msgspec

from cagnotte.analytics.history.reading import MemberPast, first_day
from cagnotte.analytics.replay.shared import Shared
from cagnotte.domain.baskets.exchange import Exchange
from cagnotte.domain.evaluator import decide_and_apply, decide_days
from cagnotte.domain.evaluator.apply import brought_to
from cagnotte.domain.evaluator.decision import Decision, RefusalCode
from cagnotte.domain.evaluator.effects import (
    DiscountGiven,
    DrawReason,
    LotOpened,
    LotsDrawn,
    LotSource,
    LotsRefilled,
    RuleEarned,
    VoucherGiven,
    VouchersIssued,
)
from cagnotte.domain.evaluator.events import DayBegun, Event, Sale
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, EventId
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.points.lots import is_pending
from cagnotte.domain.programme.document import Programme

ISSUED, BURNED, EXPIRED, TAKEN = range(4)
"""Places in a flow of points; TAKEN: taken back or set off against a debt."""
VOUCHERS, VOUCHERS_MINOR, DISCOUNT_MINOR = range(3)
"""Places in what is given besides points."""

_DRAWN = {
    DrawReason.EXPIRY: EXPIRED,
    DrawReason.CONVERSION: BURNED,
    DrawReason.BURN: BURNED,
    DrawReason.PAYMENT: BURNED,
    DrawReason.CLAWBACK: TAKEN,
    DrawReason.ADJUSTMENT: TAKEN,
    DrawReason.DEBT: TAKEN,
}

_GIVEN = (VouchersIssued, VoucherGiven, DiscountGiven)  # a union written in the loop would be made each time

type _NewId = Callable[[], EventId]
type Flow = list[int]
type Month = int
"""year * 12 + month - 1"""


class Outcome(msgspec.Struct):
    """One member under one programme. `flows`: (month, store, wallet) -> points; store "" without a sale.

    `given`: (month, store) -> vouchers and discounts. `rules`: (rule, wallet) -> [points, times]. `offers`:
    offer -> [minor units, times]. `facts`: at the end.
    """

    facts: Facts
    flows: dict[tuple[Month, str, str], Flow] = {}
    given: dict[tuple[Month, str], Flow] = {}
    rules: dict[tuple[str, str], Flow] = {}
    offers: dict[str, Flow] = {}
    refused: dict[RefusalCode, int] = {}

    def add(self, decision: Decision, store: str, exchange: Exchange | None = None) -> None:
        """Count what a decision gives; `exchange`: of a sale in another currency than the programme's."""
        month = decision.day.year * 12 + decision.day.month - 1
        for effect in decision.effects:
            if isinstance(effect, RuleEarned):
                _count(self.rules, (effect.rule, effect.wallet), effect.points)
            elif isinstance(effect, LotOpened):
                lot = effect.lot
                place = BURNED if effect.source is LotSource.GIVEN_BACK else ISSUED
                points = -lot.points_open if place == BURNED else lot.points_open
                self._flow(month, store, lot.wallet)[place] += points
            elif isinstance(effect, LotsDrawn):
                drawn = sum([draw.points for draw in effect.draws])
                self._flow(month, store, effect.wallet)[_DRAWN[effect.reason]] += drawn
            elif isinstance(effect, LotsRefilled):
                self._flow(month, store, effect.wallet)[BURNED] -= sum([draw.points for draw in effect.draws])
            elif isinstance(effect, _GIVEN):
                self._give(month, store, effect, exchange)
        for refusal in decision.refusals:
            self.refused[refusal.code] = self.refused.get(refusal.code, 0) + 1

    def by_wallet(self) -> dict[str, Flow]:
        """Wallet -> all points of it: issued, burned, expired, taken."""
        found: dict[str, Flow] = {}
        for (_month, _store, wallet), flow in self.flows.items():
            merge(found, wallet, flow)
        return found

    def open_points(self, on: date) -> dict[str, Flow]:
        """Wallet -> [all points open, those of them not usable yet], at the end of that local day."""
        found: dict[str, Flow] = {}
        for lot in self.facts.lots:
            merge(found, lot.wallet, [lot.points_open, lot.points_open if is_pending(lot, on) else 0])
        return found

    def given_in_all(self) -> Flow:
        total = [0, 0, 0]
        for flow in self.given.values():
            for place, value in enumerate(flow):
                total[place] += value
        return total

    def _flow(self, month: Month, store: str, wallet: str) -> Flow:
        key = (month, store, wallet)
        flow = self.flows.get(key)
        if flow is None:
            flow = self.flows[key] = [0, 0, 0, 0]
        return flow

    def _give(
        self,
        month: Month,
        store: str,
        effect: VouchersIssued | VoucherGiven | DiscountGiven,
        exchange: Exchange | None,
    ) -> None:
        given = self.given.setdefault((month, store), [0, 0, 0])
        if isinstance(effect, DiscountGiven):
            minor = sum([minor for _line, minor in effect.lines]) + effect.delivery
            minor = minor if exchange is None else exchange.home(minor)
            given[DISCOUNT_MINOR] += minor
            _count(self.offers, effect.offer, minor, effect.times)
            return
        minor = effect.count * effect.amount_minor
        if exchange is not None and isinstance(effect, VoucherGiven):
            minor = exchange.home(minor)
        given[VOUCHERS] += effect.count
        given[VOUCHERS_MINOR] += minor
        if isinstance(effect, VoucherGiven):
            _count(self.offers, effect.offer, minor, effect.count)


def merge[K](into: dict[K, Flow], key: K, flow: Flow) -> None:
    """Add each place of `flow` to those of `key`."""
    known = into.get(key)
    if known is None:
        into[key] = flow.copy()
    else:
        for place, value in enumerate(flow):
            known[place] += value


def lived(programme: Programme, past: MemberPast, end: date) -> Outcome:
    """The member's life under the programme, up to and with the local day `end`."""
    life = Life(programme, past.profile, first_day(past))
    for at, event in past.events:
        life.take(at, event)
    return life.ended(end)


class Life:
    """One member under one programme, event by event in order of time. `shared`: what members count together."""

    def __init__(self, programme: Programme, profile: Profile, begun: date, shared: Shared | None = None) -> None:
        self._programme, self._shared = programme, shared
        self._new_id = _ids()
        self._outcome = Outcome(Facts(as_of=begun, profile=profile))
        self._facts = self._outcome.facts if shared is None else shared.seen(self._outcome.facts, begun)
        self._decide(DayBegun(self._new_id(), begun))

    def take(self, at: datetime, event: Event) -> None:
        self._bring_to(at.date())
        basket = event.basket if isinstance(event, Sale) else None
        store = basket.store if basket else ""
        if self._shared is not None:
            self._facts = self._shared.seen(self._facts, at.date(), store)
        exchange = _exchange(self._programme, basket.currency) if basket else None
        self._decide(event, store, exchange)

    def ended(self, end: date) -> Outcome:
        self._bring_to(end)
        self._outcome.facts = self._facts
        return self._outcome

    def _decide(self, event: Event, store: str = "", exchange: Exchange | None = None) -> None:
        decision, self._facts = decide_and_apply(self._programme, self._facts, event)
        self._keep(decision, store, exchange)

    def _bring_to(self, day: date) -> None:
        upto = max(day, self._facts.as_of)
        if self._shared is not None:
            self._facts = self._shared.seen(self._facts, upto)
        for decision, after in decide_days(self._programme, self._facts, upto, self._new_id):
            self._facts = after
            self._keep(decision)
        self._facts = brought_to(self._facts, upto)

    def _keep(self, decision: Decision, store: str = "", exchange: Exchange | None = None) -> None:
        self._outcome.add(decision, store, exchange)
        if self._shared is not None:
            self._shared.count(decision)


def _exchange(programme: Programme, currency: str) -> Exchange | None:
    return prepared(programme).abroad(currency)[0] if currency else None


def _ids() -> _NewId:
    """Ids for the days of one member: small ones, that no recorded sale has."""
    numbers: Iterator[int] = count(TRANSFERS_PER_EVENT, TRANSFERS_PER_EVENT)
    return lambda: EventId(next(numbers))


def _count[K](into: dict[K, Flow], key: K, amount: int, times: int = 1) -> None:
    known = into.get(key)
    if known is None:
        into[key] = [amount, times]
    else:
        known[0] += amount
        known[1] += times
