"""An event that arrived late: what the sales after it would have given, had it been told in its place.

A member's sales and returns are told again in memory, once as they arrived and once in order. What neither
of the two knows of (points spent, given by hand, moved) is the same in both, so their difference is what the late
event changes. It is posted, sale by sale, as `Correction` events.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import count

import msgspec
from msgspec.structs import replace

from cagnotte.domain.earning.tallies import Progress, Tally
from cagnotte.domain.evaluator.ahead import Ahead
from cagnotte.domain.evaluator.decide import decide_and_apply, decide_days
from cagnotte.domain.evaluator.decision import Decision, UsedFacts
from cagnotte.domain.evaluator.effects import RuleEarned
from cagnotte.domain.evaluator.events import DayBegun, Return, Sale, SaleTaken, Settled
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.evaluator.referring import FRIEND
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, EventId
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.terms import TierHeld

_FIRST_ID = 1 << 61  # of days told again: never written

type ByRule = Mapping[tuple[str, str], int]  # (rule, wallet) -> points


class Told(msgspec.Struct, frozen=True):
    """A sale, or a return of one told before it, with the version in force then. `used`: the facts that a sale was
    decided with, of which the household, the profile and what others had used up are taken."""

    programme: Programme
    event: Sale | Return
    used: UsedFacts | None = None

    @property
    def at(self) -> datetime:
        return self.event.basket.at if isinstance(self.event, Sale) else self.event.at

    @property
    def sale_id(self) -> EventId:
        return self.event.event_id if isinstance(self.event, Sale) else self.event.taken.sale.event_id


class Corrected(msgspec.Struct, frozen=True):
    """What a sale gives otherwise than it did: by rule and wallet, below 0 for less; and the facts it was told
    with and has now.

    `left`: its discounts, or what points paid of it, would be others too. What was paid at the till stays as it
    was, and so do the sale's points.
    """

    sale_id: EventId
    earned: ByRule
    was: UsedFacts
    used: UsedFacts
    left: bool = False


class Late(msgspec.Struct, frozen=True):
    """The sales that are to be corrected, in the order in which they were told, and how the member stands then."""

    sales: tuple[Corrected, ...]
    settled: Settled


def corrections(start: Facts, before: Sequence[Told], late: Told, after: Sequence[Told], *, upto: date) -> Late:
    """What `late` changes, which belongs between `before` and `after` and was decided after both.

    `start`: the member on the first day. `upto`: the last day that is done for the member.
    """
    begun = _Telling(start)
    begun.begin(before[0].programme if before else late.programme)
    for told in before:
        begun.tell(told)
    arrived, in_order = begun.copy(), begun
    for told in (*after, late):
        arrived.tell(told)
    for told in (late, *after):
        in_order.tell(told)
    last = (after[-1] if after else late).programme
    for telling in (arrived, in_order):
        telling.bring_to(last, upto)
    of_late = late.sale_id
    told_since = [of_late, *[told.sale_id for told in after if told.sale_id != of_late]]
    sales = (_corrected(each, arrived, in_order) for each in dict.fromkeys(told_since))
    found = tuple(each for each in sales if each.earned or each.left)
    return Late(found, _settled(arrived.facts, in_order.facts))


def used_now(known: UsedFacts, corrected: Corrected) -> UsedFacts:
    """The facts that a sale was decided with, as they would have been: changed by what the late event changes."""
    was, now = corrected.was, corrected.used
    moved = _by_window(now.tallies), _by_window(was.tallies)
    return replace(
        known,
        tier=known.tier if was.tier == now.tier else now.tier,
        tiers=known.tiers if was.tiers == now.tiers else now.tiers,
        balance=known.balance + now.balance - was.balance,
        balances=_sums(known.balances, now.balances, was.balances),
        measures=_sums(known.measures, now.measures, was.measures),
        purchases=known.purchases + now.purchases - was.purchases,
        badges=known.badges if was.badges == now.badges else now.badges,
        tallies=tuple(
            Tally(*key, value)
            for key, value in sorted(_added(_by_window(known.tallies), *moved).items())
            if value > 0
        ),
    )


class _Telling:
    """A history being told."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.ahead = Ahead()
        self.decided: dict[EventId, tuple[Decision, ...]] = {}  # sale -> its decision, and those of its returns
        self._ids = count(_FIRST_ID, TRANSFERS_PER_EVENT)

    def copy(self) -> "_Telling":
        other = _Telling(self.facts)
        other.decided = dict(self.decided)
        return other

    def begin(self, programme: Programme) -> None:
        """A newcomer holds from the first day a tier that asks for nothing."""
        self.facts = decide_and_apply(programme, self.facts, DayBegun(self._new_id(), self.facts.as_of))[1]

    def tell(self, told: Told) -> None:
        self.bring_to(told.programme, told.at.date())
        self._know(told)
        event = told.event
        if isinstance(event, Return):
            decided = self.decided[told.sale_id]
            event = replace(event, taken=SaleTaken(event.taken.sale, decided))
        decision, self.facts = decide_and_apply(told.programme, self.facts, event, self.ahead)
        self.decided[told.sale_id] = (*self.decided.get(told.sale_id, ()), decision)

    def bring_to(self, programme: Programme, day: date) -> None:
        for _, facts in decide_days(programme, self.facts, day, self._new_id, self.ahead):
            self.facts = facts
        self.facts = replace(self.facts, as_of=max(day, self.facts.as_of))

    def _know(self, told: Told) -> None:
        """What the sale's rules were told of others, and of the member's own profile."""
        if told.used is not None:
            known = self.facts.profile
            then = told.used.profile
            profile = replace(known, household=then.household, closed_on=then.closed_on)
            if prepared(told.programme).reads_profile:
                profile = told.used.profile
            self.facts = replace(self.facts, profile=profile, shared=told.used.shared)

    def _new_id(self) -> EventId:
        return EventId(next(self._ids))


def _corrected(sale_id: EventId, arrived: _Telling, in_order: _Telling) -> Corrected:
    was, now = arrived.decided[sale_id], in_order.decided[sale_id]
    told, used = was[0].used, now[0].used
    assert told is not None, sale_id
    assert used is not None, sale_id
    if was[0].totals != now[0].totals:
        return Corrected(sale_id, {}, told, used, left=True)
    gave, gives = _earned(was), _earned(now)
    changed = {key: gives.get(key, 0) - gave.get(key, 0) for key in (*gave, *gives)}
    return Corrected(sale_id, {key: points for key, points in changed.items() if points}, told, used)


def _earned(decisions: Sequence[Decision]) -> dict[tuple[str, str], int]:
    """What each rule gives for the sale after all its returns. A referral is another member's affair too."""
    found: dict[tuple[str, str], int] = {}
    for decision in decisions:
        for effect in decision.effects:
            if isinstance(effect, RuleEarned) and effect.rule != FRIEND:
                key = (effect.rule, effect.wallet)
                found[key] = found.get(key, 0) + effect.points
    return found


def _settled(was: Facts, now: Facts) -> Settled:
    """What of the member's standing is otherwise when everything is told in order."""
    tallies = _by_window(was.tallies), _by_window(now.tallies)
    changed = {key: tallies[1].get(key, 0) - tallies[0].get(key, 0) for key in {**tallies[0], **tallies[1]}}
    return Settled(
        tuple(Tally(*key, value) for key, value in sorted(changed.items()) if value),
        tuple(_pairs_of(_progress(was), _progress(now))),
        tuple(_pairs_of(_held(was), _held(now))),
        tuple(_measured(was, now)),
    )


type _Pairs = tuple[tuple[str, int], ...]


def _sums(known: _Pairs, more: _Pairs, less: _Pairs) -> _Pairs:
    return tuple(
        (code, value) for code, value in sorted(_added(dict(known), dict(more), dict(less)).items()) if value
    )


def _added[K](known: Mapping[K, int], more: Mapping[K, int], less: Mapping[K, int]) -> dict[K, int]:
    return {key: known.get(key, 0) + more.get(key, 0) - less.get(key, 0) for key in {**known, **more, **less}}


def _by_window(tallies: Sequence[Tally]) -> dict[tuple[str, str, int], int]:
    return {(each.cap, each.subject, each.window): each.value for each in tallies}


def _progress(facts: Facts) -> dict[str, Progress]:
    return {each.achievement: each for each in facts.progress}


def _held(facts: Facts) -> dict[str, TierHeld]:
    return {each.family: each for each in facts.held}


def _pairs_of[E](was: Mapping[str, E], now: Mapping[str, E]) -> Iterator[tuple[str, E | None, E | None]]:
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield name, was.get(name), now.get(name)


def _measured(was: Facts, now: Facts) -> Iterator[DayTotal]:
    """Days on which measures count something else; what was paid on them is the same either way."""
    before = {total.day: dict(total.measured) for total in was.days}
    for total in now.days:
        counted, known = dict(total.measured), before.get(total.day, {})
        less = {name: counted.get(name, 0) - known.get(name, 0) for name in sorted({*counted, *known})}
        if measured := tuple((name, value) for name, value in less.items() if value):
            yield DayTotal(total.day, 0, (), 0, measured)
