"""Lives played step by step: each step with the facts before, the event, the decision and the facts after."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from cagnotte.domain.baskets.basket import PointsPayment
from cagnotte.domain.evaluator import decide_and_apply, decide_days
from cagnotte.domain.evaluator.apply import brought_to
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import LotOpened
from cagnotte.domain.evaluator.events import (
    Burn,
    DayBegun,
    Event,
    Happened,
    PointsGiven,
    PointsTaken,
    Return,
    Sale,
    SaleTaken,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, EventId, LotId
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.programme.document import Programme
from domain.evaluator.invented_earning import FIRST
from domain.evaluator.invented_lives import Act, Bought, BroughtBack, Given, Met, Passed, Spent, Taken, moment


class Step(msgspec.Struct, frozen=True):
    before: Facts
    event: Event | None  # None: a day that began
    decision: Decision
    after: Facts


class Played:
    """One member's life; late acts are late, days between are passed through."""

    def __init__(self, programme: Programme, profile: Profile) -> None:
        self.programme = programme
        self.facts = Facts(FIRST - timedelta(days=1), profile=profile)
        self.steps: list[Step] = []
        self.sales: list[SaleTaken] = []
        self.gift: LotId | None = None
        self._events = 0
        begun = decide_and_apply(programme, self.facts, DayBegun(self.new_id(), self.facts.as_of))
        self.steps.append(Step(self.facts, None, *begun))
        self.facts = begun[1]

    def new_id(self) -> EventId:
        self._events += 1
        return EventId(self._events * TRANSFERS_PER_EVENT)

    def upto(self, day: date) -> None:
        for decision, after in decide_days(self.programme, self.facts, day, self.new_id):
            self.steps.append(Step(self.facts, None, decision, after))
            self.facts = after
        self.facts = brought_to(self.facts, day)

    def do(self, act: Act) -> None:
        self.upto(max(moment(act).date(), self.facts.as_of))
        event = self._event(act)
        if event is None:
            return
        decision, after = decide_and_apply(self.programme, self.facts, event)
        self.steps.append(Step(self.facts, event, decision, after))
        self.facts = after
        self._remember(event, decision)
        self.upto(self.facts.as_of)

    def _remember(self, event: Event, decision: Decision) -> None:
        match event:
            case Sale():
                self.sales.append(SaleTaken(event, (decision,)))
            case Return(taken=taken):
                place = self.sales.index(taken)
                self.sales[place] = SaleTaken(taken.sale, (*taken.decisions, decision))
            case PointsGiven():
                opened = [effect.lot.lot_id for effect in decision.effects if isinstance(effect, LotOpened)]
                self.gift = opened[0] if opened else None
            case _:
                pass

    def _event(self, act: Act) -> Event | None:  # noqa: PLR0911 - one plain list
        new_id = self.new_id()
        match act:
            case Bought(basket, pays):
                payments = tuple(PointsPayment(wallet, points) for wallet, points in pays)
                return Sale(new_id, msgspec.structs.replace(basket, payments=payments))
            case BroughtBack():
                return self._return(new_id, act)
            case Spent(at, wallet, points):
                return Burn(new_id, at, wallet, points)
            case Given():
                return _gift(new_id, act)
            case Taken(at, wallet, points, of_last_gift):
                return PointsTaken(new_id, at, wallet, points, from_lot=self.gift if of_last_gift else None)
            case Met(at, name, of_sale):
                sale = self.sales[-1].sale.event_id if of_sale and self.sales else None
                return Happened(new_id, at, name, of_sale=sale)
            case Passed():
                return None

    def _return(self, new_id: EventId, act: BroughtBack) -> Return | None:
        if act.ago > len(self.sales):
            return None
        taken = self.sales[-act.ago]
        count = len(taken.sale.basket.lines)
        lines = None if act.places is None else tuple((place % count, 1) for place in act.places)
        return Return(new_id, max(act.at, taken.sale.basket.at), taken, lines)


def _gift(new_id: EventId, act: Given) -> PointsGiven:
    if act.ends is None:
        return PointsGiven(new_id, act.at, act.wallet, act.points)
    expires_on = act.at.date() + timedelta(days=act.ends)
    return PointsGiven(new_id, act.at, act.wallet, act.points, by_terms=False, expires_on=expires_on)


def played(programme: Programme, profile: Profile, acts: Sequence[Act]) -> Played:
    life = Played(programme, profile)
    for act in acts:
        life.do(act)
    return life
