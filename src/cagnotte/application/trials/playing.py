"""Playing a case: its steps in time through the evaluator, for every member, in memory."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import count

import msgspec

from cagnotte.application.trials.cases import FIRST_DAY, MEMBER, Case, MemberGiven, Step
from cagnotte.application.trials.clock import Clock
from cagnotte.application.trials.events import Around, event_of, kind_of
from cagnotte.application.trials.opening import facts_of
from cagnotte.application.trials.points_events import Points
from cagnotte.application.trials.problems import CaseProblem, unknown
from cagnotte.application.trials.values import NOON, Moment
from cagnotte.domain.baskets.basket import Basket
from cagnotte.domain.earning.tallies import Tally
from cagnotte.domain.evaluator import decide, decide_and_apply, decide_days, lapsed
from cagnotte.domain.evaluator.decision import Decision, Refusal, RefusalCode
from cagnotte.domain.evaluator.effects import (
    DrawReason,
    HoldBegun,
    HouseholdCounted,
    LotOpened,
    LotsDrawn,
    LotsRefilled,
    PoolDue,
    ReferralDue,
    ReferralUndone,
    RefillOf,
    Tallied,
    TransferDue,
)
from cagnotte.domain.evaluator.events import (
    Burn,
    Event,
    FriendQualified,
    FriendReturned,
    PointsGiven,
    PointsPooled,
    PointsReceived,
    PointsTaken,
    Purse,
    Return,
    Sale,
    SaleTaken,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.pooling import purse_of
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.evaluator.undoing_points import lots_earned
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, EventId, LotId, MemberId, TransferId
from cagnotte.domain.points.lots import Draw, Lot, part_of
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.days import DayTotal, HouseholdDays, with_day

DAYS = ("clock", "expire")
DAY, REFERRAL, SALE, EVALUATE, RETURN, SEND = "day", "referral", "sale", "evaluate", "return", "send"
BURN_TOGETHER = "burn_together"
_ONE_DAY = timedelta(days=1)


class Decided(msgspec.Struct, frozen=True):
    """One decision for one member, and what it was about: the step's own word, "day" or "referral"."""

    member: str
    kind: str
    decision: Decision


class StepPlayed(msgspec.Struct, frozen=True):
    """What one step did. `due`: what the days before it brought; of a clock, that is the step itself.

    `before`: the member when the event came. `basket`: of a sale. `currency`: of what a step sells or takes back
    (`sells`), when it is not the programme's. `repeated`: the id was there before, so nothing was done;
    `other_content`: and the step said something else then. `after`: every member, by name. `ripened`: member ->
    pending points that the days up to the step made usable; no decision tells of them.
    """

    number: int
    step: Step
    kind: str
    at: datetime
    member: str
    due: tuple[Decided, ...]
    done: tuple[Decided, ...]
    after: dict[str, Facts]
    shared: tuple[Tally, ...]
    before: Facts
    ripened: Mapping[str, int]
    basket: Basket | None = None
    currency: str = ""
    sells: bool = False
    repeated: bool = False
    other_content: bool = False


def play(programme: Programme, case: Case) -> list[StepPlayed]:
    """Each step of the case, in order. Raises CaseProblem with the place of the step."""
    steps = steps_of(case)
    life = _Life(programme, case, steps)
    played = []
    for number, step in enumerate(steps):
        place = ("steps", number) if case.steps else ()
        try:
            kind = kind_of(step)
            place = (*place, kind)
            played.append(life.play(number + 1, step, kind))
        except CaseProblem as problem:
            raise CaseProblem(problem.code, (*place, *problem.path), **problem.params) from problem
    return played


def steps_of(case: Case) -> tuple[Step, ...]:
    """The steps of a case; its one `sale` is one."""
    if case.sale is not None and case.steps:
        raise CaseProblem("sale_and_steps")
    return (Step(sale=case.sale),) if case.sale is not None else case.steps


class _Life:
    """The members, what was sold to them, and the clock."""

    def __init__(self, programme: Programme, case: Case, steps: tuple[Step, ...]) -> None:
        self.programme = programme
        self.ids = (EventId(number * TRANSFERS_PER_EVENT) for number in count(1))
        given = case.members or {MEMBER: MemberGiven()}
        self.members = {name: MemberId(number) for number, name in enumerate(given, 1)}
        self.clock = Clock(programme, _first_time(steps))
        evening = (case.start or self.clock.local.date()) - _ONE_DAY
        self.latest = dict.fromkeys(given, evening)  # the last day that a step has reached, on each one's clock
        self.facts = {
            name: facts_of(programme, member, as_of=evening, ids=self.ids, members=self.members)
            for name, member in given.items()
        }
        self.shared: dict[tuple[str, str, int], int] = {}
        self.households: dict[str, tuple[DayTotal, ...]] = {}
        self._count_households()
        self.taken: dict[str, SaleTaken] = {}
        self.credited: dict[str, Lot] = {}
        self.rewards: dict[tuple[MemberId, MemberId], Decision] = {}  # (sponsor, friend) -> what it gave
        self.expired: Counter[LotId] = Counter()
        self.gone: dict[str, tuple[Lot, ...]] = dict.fromkeys(self.members, ())  # expired parts of lots
        self.holds: dict[str, TransferId] = {}
        self.opened: dict[str, tuple[LotId, ...]] = {}
        self.undone: Counter[LotId] = Counter()  # of a gift of points: what came back
        self.claimed: Counter[LotId] = Counter()  # and what of it had not expired
        self.seen: dict[str, Step] = {}

    def play(self, number: int, step: Step, kind: str) -> StepPlayed:
        member = self._member(step)
        country = self._country(member)
        if said := step.at or step.clock or step.expire:
            self.clock = self.clock.set_to(said, country)
        at = self.clock.on_wall(country)
        days = self._days(step)
        ripened = {name: self._ripened(name, day) for name, day in days.items()}
        self.latest = {name: max(self.latest[name], day) for name, day in days.items()}
        due = tuple(self._due(days))
        earlier = self.seen.get(str(step.id)) if step.id else None
        before = self._seen(member)
        event: Event | None = None
        done: list[Decided] = []
        if kind in DAYS:
            due, done = (), list(due)
        elif earlier is None:
            event = event_of(step, kind, next(self.ids), at, self._around(member))
            done = self._happen(event, step, kind, member)
        if step.id:
            self.seen.setdefault(str(step.id), step)
        return StepPlayed(
            number=number,
            step=step,
            kind=kind,
            at=at,
            member=member,
            due=due,
            done=tuple(done),
            after={name: self._seen(name) for name in self.facts},
            shared=self._shared(),
            before=before,
            ripened=ripened,
            basket=event.basket if isinstance(event, Sale) else None,
            currency=_currency_of(event),
            sells=isinstance(event, Sale | Return),
            repeated=earlier is not None,
            other_content=earlier is not None and _content(earlier) != _content(step),
        )

    def _days(self, step: Step) -> dict[str, date]:
        """The day that it is on each member's clock; a day that is expired is that day of everybody."""
        if step.expire and step.expire.day_alone:
            return dict.fromkeys(self.facts, step.expire.at.date())
        return {name: self._wall(name).date() for name in self.facts}

    def _ripened(self, name: str, day: date) -> int:
        """Points of the lots that become usable on a day after those that were reached, up to the clock's."""
        facts = self.facts[name]
        return sum(
            lot.points_open
            for lot in facts.lots
            if lot.usable_from is not None
            and max(facts.as_of, self.latest[name]) < lot.usable_from <= day
            and (lot.expires_on is None or lot.usable_from < lot.expires_on)
        )

    def _member(self, step: Step) -> str:
        member = str(step.member) if step.member else next(iter(self.members))
        if member not in self.members:
            raise unknown("unknown_member", member, self.members)
        return member

    def _country(self, member: str) -> str:
        return self.facts[member].profile.country

    def _around(self, member: str) -> Around:
        taken = {
            name: msgspec.structs.replace(each, expired=self._expired_of(each))
            for name, each in self.taken.items()
        }
        points = Points(
            first_wallet=self.programme.wallets[0].code,
            member=self.members[member],
            members=self.members,
            holds=self.holds,
            opened=self.opened,
            expired=self.gone[member],
            purses=tuple(self._purses(member)),
        )
        return Around(
            self.programme, self.facts[member], self.members[member], self.members, taken, self.credited, points
        )

    def _expired_of(self, taken: SaleTaken) -> tuple[tuple[str, int], ...]:
        """Points of the lots that the sale gave which ended since, by wallet."""
        gone = Counter[str]()
        for lot in lots_earned(taken):
            gone[lot.wallet] += self.expired[lot.lot_id]
        return tuple(sorted((wallet, points) for wallet, points in gone.items() if points))

    def _happen(self, event: Event, step: Step, kind: str, member: str) -> list[Decided]:
        name = str(step.id or "")
        if kind == EVALUATE:
            return [Decided(member, kind, decide(self.programme, self._seen(member), event))]
        if isinstance(event, PointsTaken) and event.from_lot is not None:
            return self._undo_credit(event, event.from_lot, member, whole=_is_whole(step))
        decision = self._decide(event, member)
        if name:
            self._remember(event, decision, name)
        if isinstance(event, Return):
            self._remember_return(event, decision)
        done = [Decided(member, kind, decision), *self._hand_on(decision, member)]
        return [*done, *self._due({})]  # a late sale's points may have ended already

    def _remember(self, event: Event, decision: Decision, name: str) -> None:
        """What later steps may mean by the id of this one."""
        if isinstance(event, Sale):
            self.taken[name] = SaleTaken(event, (decision,))
        lots = [effect.lot for effect in decision.effects if isinstance(effect, LotOpened)]
        self.opened[name] = tuple(lot.lot_id for lot in lots)
        if isinstance(event, PointsGiven) and lots:
            self.credited[name] = lots[-1]
        for effect in decision.effects:
            if isinstance(effect, HoldBegun):
                self.holds[name] = effect.hold.hold_id

    def _undo_credit(self, event: PointsTaken, lot_id: LotId, member: str, *, whole: bool) -> list[Decided]:
        """Points given by hand are taken back, all that is left of them or so many; those that have expired are
        gone already, and count as the first that came back."""
        left = self._given(lot_id) - self.undone[lot_id]
        points = left if whole else event.points
        refused = None
        if left < 1:
            refused = Refusal(RefusalCode.NOTHING_TO_RETURN)
        elif points < 1:
            refused = Refusal(RefusalCode.POINTS_MUST_BE_POSITIVE, event.wallet)
        elif points > left:
            refused = Refusal(RefusalCode.MORE_THAN_SOLD, event.wallet, points - left)
        if refused is not None:
            return [Decided(member, RETURN, Decision(event.event_id, event.at.date(), refusals=(refused,)))]
        self.undone[lot_id] += points
        due = max(self.undone[lot_id] - self.expired[lot_id], 0) - self.claimed[lot_id]
        if due < 1:
            return []
        self.claimed[lot_id] += due
        return [Decided(member, RETURN, self._decide(msgspec.structs.replace(event, points=due), member))]

    def _given(self, lot_id: LotId) -> int:
        return next(lot.points_open for lot in self.credited.values() if lot.lot_id == lot_id)

    def _hand_on(self, decision: Decision, friend: str) -> Iterator[Decided]:
        """The other member's side: of a referral, at the time of the friend's purchase or of its return, and of
        points that are sent."""
        names = {member_id: name for name, member_id in self.members.items()}
        friend_id = self.members[friend]
        for effect in decision.effects:
            event: Event
            match effect:
                case ReferralDue(sponsor=sponsor):
                    event = FriendQualified(next(self.ids), self._wall(names[sponsor]), friend_id)
                    given = self._decide(event, names[sponsor])
                    self.rewards[sponsor, friend_id] = given
                    yield Decided(names[sponsor], REFERRAL, given)
                case ReferralUndone(sponsor=sponsor):
                    given = self.rewards.pop((sponsor, friend_id))
                    event = FriendReturned(next(self.ids), self._wall(names[sponsor]), friend_id, given)
                    yield Decided(names[sponsor], REFERRAL, self._decide(event, names[sponsor]))
                case TransferDue(to=to, wallet=wallet, lots=lots, pooled=pooled):
                    event = PointsReceived(next(self.ids), self._wall(names[to]), wallet, friend_id, lots, pooled)
                    yield Decided(names[to], SEND, self._decide(event, names[to]))
                case PoolDue():
                    yield from self._spend_together(effect, friend, names)
                case _:
                    pass

    def _spend_together(self, due: PoolDue, member: str, names: Mapping[MemberId, str]) -> Iterator[Decided]:
        """Each of the others gives their share, then the member burns."""
        for giver, points in due.shares:
            name, to = names[giver], self.members[member]
            pooled = PointsPooled(next(self.ids), self._wall(name), due.wallet, points, to)
            given = self._decide(pooled, name)
            yield Decided(name, BURN_TOGETHER, given)
            yield from self._hand_on(given, name)
        burn = Burn(next(self.ids), self._wall(member), due.wallet, due.points)
        yield Decided(member, BURN_TOGETHER, self._decide(burn, member))

    def _purses(self, member: str) -> Iterator[Purse]:
        """What the others of the member's household can give."""
        household = self.facts[member].profile.household
        for name, facts in self.facts.items():
            if household and name != member and facts.profile.household == household:
                yield purse_of(self.programme, self.members[name], self._seen(name), self._wall(name))

    def _remember_return(self, event: Return, decision: Decision) -> None:
        for name, taken in self.taken.items():
            if taken.sale.event_id == event.taken.sale.event_id:
                self.taken[name] = SaleTaken(taken.sale, (*taken.decisions, decision))

    def _wall(self, member: str) -> datetime:
        return self.clock.on_wall(self._country(member))

    def _due(self, days: Mapping[str, date]) -> Iterator[Decided]:
        """What becomes due for each member up to and with their day, and with the days that are done already.

        Holds that are over by now are over.
        """
        for name in self.facts:
            facts = self._seen(name)
            upto = max(days.get(name, date.min), facts.as_of)
            due = decide_days(self.programme, facts, upto, self.ids.__next__)
            for decision, after in due:
                before, self.facts[name] = self.facts[name], after
                self._count(decision, name, before)
                yield Decided(name, DAY, decision)
            for ending in list(lapsed(self.facts[name], self._wall(name), self.ids.__next__)):
                yield Decided(name, DAY, self._decide(ending, name))

    def _decide(self, event: Event, member: str) -> Decision:
        facts = self._seen(member)
        decision, self.facts[member] = decide_and_apply(self.programme, facts, event)
        self._count(decision, member, facts)
        return decision

    def _count(self, decision: Decision, member: str, before: Facts) -> None:
        """What a household, a store or the programme share is kept beside the members; so is what expired."""
        self._count_expired(decision, member, before)
        for effect in decision.effects:
            if isinstance(effect, Tallied):
                for tally in effect.tallies:
                    key = (tally.cap, tally.subject, tally.window)
                    if tally.subject:
                        self.shared[key] = self.shared.get(key, 0) + tally.value
            if isinstance(effect, HouseholdCounted):
                known = self.households.get(effect.household, ())
                self.households[effect.household] = with_day(known, effect.total)

    def _count_expired(self, decision: Decision, member: str, before: Facts) -> None:
        lots = {lot.lot_id: lot for lot in before.lots}
        for effect in decision.effects:
            match effect:
                case LotsRefilled(lots=refilled, draws=draws, of=of):
                    lots |= {lot.lot_id: lot for lot in refilled}
                    if of is RefillOf.EXPIRED:
                        self.gone[member] = _less_of(self.gone[member], draws)
                case LotsDrawn(reason=DrawReason.EXPIRY, draws=draws):
                    for draw in draws:
                        self.expired[draw.lot_id] += draw.points
                    parts = [part_of(lots[draw.lot_id], draw.points) for draw in draws]
                    self.gone[member] = (*self.gone[member], *parts)
                case _:
                    pass

    def _count_households(self) -> None:
        """What members measured for their household before the case begins."""
        names = prepared(self.programme).household_measures
        for facts in self.facts.values():
            household = facts.profile.household
            for total in facts.days if household else ():
                measured = tuple(pair for pair in total.measured if pair[0] in names)
                if measured:
                    day = DayTotal(total.day, 0, (), 0, measured)
                    self.households[household] = with_day(self.households.get(household, ()), day)

    def _seen(self, member: str) -> Facts:
        """The member with what others share."""
        households = tuple(HouseholdDays(name, days) for name, days in sorted(self.households.items()))
        return msgspec.structs.replace(self.facts[member], shared=self._shared(), households=households)

    def _shared(self) -> tuple[Tally, ...]:
        return tuple(Tally(*key, value) for key, value in sorted(self.shared.items()) if value)


def _currency_of(event: Event | None) -> str:
    match event:
        case Sale(basket=basket) | Return(taken=SaleTaken(sale=Sale(basket=basket))):
            return basket.currency
        case _:
            return ""


def _first_time(steps: tuple[Step, ...]) -> datetime:
    """What the wall says at first, without regard to where: the members are described on the evening before."""
    said: Moment | None = steps[0].at or steps[0].clock or steps[0].expire if steps else None
    return said.at.replace(tzinfo=None) if said else datetime.combine(date.fromisoformat(FIRST_DAY), NOON)


def _is_whole(step: Step) -> bool:
    """Whether a return names all that is left."""
    return isinstance(step.return_, str) or (step.return_ is not None and step.return_.points is None)


def _less_of(lots: tuple[Lot, ...], draws: tuple[Draw, ...]) -> tuple[Lot, ...]:
    """These parts of lots without what was drawn from them; a lot may stand there several times."""
    taken = Counter({draw.lot_id: int(draw.points) for draw in draws})
    left = []
    for lot in lots:
        part = min(taken[lot.lot_id], lot.points_open)
        taken[lot.lot_id] -= part
        if part < lot.points_open:
            left.append(part_of(lot, lot.points_open - part))
    return tuple(left)


def _content(step: Step) -> Step:
    """What a repeated step must say again: all but its time, its note and what is expected of it."""
    return msgspec.structs.replace(step, at=None, note=None, expect=None)
