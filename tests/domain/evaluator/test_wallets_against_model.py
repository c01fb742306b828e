"""Lots with their dates, and debts, against a naive model that looks at every day of the member's life."""

from collections.abc import Iterable
from datetime import date

from hypothesis import given

from cagnotte.domain.evaluator.effects import DayCounted, Effect, LotOpened, PaidWithPoints, RuleEarned
from cagnotte.domain.evaluator.events import Burn, Happened, PointsGiven, PointsTaken, Return, Sale
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.points.lots import Lot
from cagnotte.domain.points.terms import Pending
from cagnotte.domain.programme.document import Programme
from domain.evaluator.invented_lives import HISTORIES, PROFILES, Act, life_texts
from domain.evaluator.model_points import Earned, Held, Purse
from domain.evaluator.played_lives import Step, played
from domain.evaluator.test_invented_lives import patiently, sound


@patiently
@given(life_texts(), PROFILES, HISTORIES)
def test_lots_and_debts_are_those_of_the_model(text: str, profile: Profile, acts: list[Act]) -> None:
    programme = sound(text)
    life = played(programme, profile, acts)
    follow(programme, life.steps, life.facts)


def follow(programme: Programme, steps: Iterable[Step], last: Facts) -> None:
    model: Follower | None = None
    for step in steps:
        model = model or Follower(programme, step.before)
        if step.event is not None:
            model.meets(step.before)
        model.take(step)
    if model is not None:
        model.meets(last)


class Follower:
    """The model beside a life: it is told what rules gave, and works out the rest."""

    def __init__(self, programme: Programme, facts: Facts) -> None:
        self.programme = programme
        self.purse = Purse(programme, facts.as_of)
        self.ids: dict[int, int] = {}  # id of a lot -> its number in the model

    def meets(self, facts: Facts) -> None:
        self.purse.upto(facts.as_of)
        self.purse.expire(facts.as_of)
        theirs = sorted(map(_standing, facts.lots))
        assert (theirs, sorted(facts.debts)) == self.purse.standing()

    def take(self, step: Step) -> None:
        day, purse = step.decision.day, self.purse
        if step.event is None:
            purse.upto(day)
            purse.active = step.before.last_active
            self._earn(step, day)
            return
        match step.event:
            case Sale():
                for effect in step.decision.effects:
                    if isinstance(effect, PaidWithPoints):
                        purse.pay(self.programme.wallet(effect.wallet), effect.points, day)
                self._earn(step, day)
            case Happened(name=name, of_sale=of_sale):
                mine = None if of_sale is None else self._of(of_sale)
                purse.release(name, day, mine, step.before.tier)
                self._earn(step, day)
            case Burn(wallet=wallet, points=points):
                purse.burn(self.programme.wallet(wallet), points, day)
            case PointsGiven() as gift:
                self._receive(gift, day, step.before.tier)
                self._number(step.decision.effects)
            case PointsTaken() as taken:
                self._give_up(taken, day)
            case Return():
                self._begin_anew(step.after)
            case _:
                raise AssertionError(step.event)
        if step.after.last_active is not None:
            purse.active = step.after.last_active

    def _receive(self, gift: PointsGiven, day: date, tier: str | None) -> None:
        wallet = self.programme.wallet(gift.wallet)
        if gift.by_terms:
            self.purse.give(Earned(wallet.code, gift.points, wallet.pending, wallet.expiry), day, tier)
        else:
            ends, usable = gift.expires_on, gift.usable_from
            self.purse.open(wallet.code, gift.points, day, expires=ends, usable=usable)

    def _give_up(self, taken: PointsTaken, day: date) -> None:
        wallet = self.programme.wallet(taken.wallet)
        if taken.from_lot is None:
            self.purse.take(wallet, taken.points, day)
        else:
            self.purse.take_from(wallet, taken.points, day, {self.ids.get(taken.from_lot, 0)})

    def _of(self, event_id: int) -> set[int]:
        return {self.ids[each] for each in range(event_id, event_id + TRANSFERS_PER_EVENT) if each in self.ids}

    def _earn(self, step: Step, day: date) -> None:
        tier = step.before.tier
        terms: dict[Earned, int] = {}
        rules = {rule.code: rule for rule in self.programme.earn}
        for effect in step.decision.effects:
            if isinstance(effect, RuleEarned):
                wallet = self.programme.wallet(effect.wallet)
                rule = rules.get(effect.rule)
                if rule is None:
                    pending = self._waits() if effect.rule == "referral.friend" else None
                    self.purse.give(
                        Earned(wallet.code, effect.points, pending or wallet.pending, wallet.expiry), day, tier
                    )
                else:
                    key = Earned(wallet.code, 0, rule.pending or wallet.pending, rule.expiry or wallet.expiry)
                    terms[key] = terms.get(key, 0) + effect.points
            elif isinstance(effect, DayCounted):
                self._open_all(terms, day, tier)
        self._open_all(terms, day, tier)
        self._number(step.decision.effects)
        if any(isinstance(effect, DayCounted) for effect in step.decision.effects) or isinstance(step.event, Sale):
            self.purse.convert(day)

    def _open_all(self, terms: dict[Earned, int], day: date, tier: str | None) -> None:
        places = [wallet.code for wallet in self.programme.wallets]
        for key, points in sorted(terms.items(), key=lambda item: places.index(item[0].wallet)):
            self.purse.give(key._replace(points=points), day, tier)
        terms.clear()

    def _waits(self) -> Pending | None:
        referral = self.programme.referral
        return Pending(period=referral.after) if referral is not None and referral.after else None

    def _number(self, effects: Iterable[Effect]) -> None:
        """Lots of one event are opened in the same order: the last ones belong together."""
        opened = [int(effect.lot.lot_id) for effect in effects if isinstance(effect, LotOpened)]
        last = self.purse._number
        for place, lot_id in enumerate(reversed(opened)):
            self.ids[lot_id] = last - place

    def _begin_anew(self, facts: Facts) -> None:
        """What a return does is not this model's: it goes on from there."""
        purse = self.purse
        purse.debts = dict(facts.debts)
        purse.lots = []
        for lot in facts.lots:
            number = self.ids[lot.lot_id]
            purse.lots.append(
                Held(
                    lot.wallet, lot.points_open, lot.earned_on, lot.expires_on, lot.usable_from, lot.awaits, number
                )
            )


def _standing(lot: Lot) -> tuple[object, ...]:
    ends, usable = lot.expires_on or date.max, lot.usable_from or date.min
    return (lot.wallet, lot.earned_on, ends, usable, lot.awaits, lot.points_open)
