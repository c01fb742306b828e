"""Households that spend together: nothing is lost in any order of joining, leaving, earning and spending."""

from datetime import date, datetime, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cagnotte.domain.evaluator import decide_and_apply
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import LotsDrawn, PoolDue, TransferDue
from cagnotte.domain.evaluator.events import (
    Burn,
    Event,
    PointsGiven,
    PointsPooled,
    PointsReceived,
    PoolAsked,
    ProfileChanged,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.pooling import purse_of
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, EventId, MemberId
from cagnotte.domain.members.profile import Profile
from domain.programmes import HEAD, programme_of

PROGRAMME = programme_of(
    HEAD
    + """[wallets.points]
burn = { over_asked = "cut" }
[caps.family]
points = 60
every = "week"
[households]
pool = "spend"
most = 90
caps = ["family"]
members_most = 4
after = "3 days"
"""
)
FIRST = date(2026, 3, 2)
MEMBERS = tuple(map(MemberId, range(1, 5)))
HOMES = ("", "h1", "h2")

WHO = st.sampled_from(MEMBERS)
ACTS = st.one_of(
    st.tuples(st.just("give"), WHO, st.integers(1, 80)),
    st.tuples(st.just("join"), WHO, st.integers(0, 2)),
    st.tuples(st.just("alone"), WHO, st.integers(1, 60)),
    st.tuples(st.just("together"), WHO, st.integers(1, 200)),
    st.tuples(st.just("together"), WHO, st.integers(1, 200)),
)


class Town:
    """Four members of any households, as a server would move them."""

    def __init__(self) -> None:
        self.facts = dict.fromkeys(MEMBERS, Facts(as_of=FIRST))
        self.ids = (EventId(number * TRANSFERS_PER_EVENT) for number in count(1))
        self.at = datetime(2026, 3, 2, 9)
        self.given = self.spent = 0
        self.pooled: dict[tuple[MemberId, date], int] = {}

    def take(self, who: MemberId, event: Event) -> Decision:
        decision, self.facts[who] = decide_and_apply(PROGRAMME, self.facts[who], event)
        return decision

    def open(self, who: MemberId) -> int:
        return sum(lot.points_open for lot in self.facts[who].lots)

    def do(self, what: str, who: MemberId, number: int) -> None:
        match what:
            case "give":
                ends = self.at.date() + timedelta(days=400 + number)
                self.take(
                    who, PointsGiven(next(self.ids), self.at, "points", number, by_terms=False, expires_on=ends)
                )
                self.given += number
            case "join":
                home = Profile(household=HOMES[number], household_since=self.at.date())
                self.take(who, ProfileChanged(next(self.ids), self.at, home))
            case "alone":
                self.burn(who, number)
            case _:
                self.together(who, number)
        self.at += timedelta(hours=11)

    def burn(self, who: MemberId, points: int) -> None:
        burned = self.take(who, Burn(next(self.ids), self.at, "points", points))
        self.spent += sum(d.points for e in burned.effects if isinstance(e, LotsDrawn) for d in e.draws)

    def together(self, who: MemberId, points: int) -> None:
        home = self.facts[who].profile.household
        others = [each for each in MEMBERS if each != who and self.facts[each].profile.household == home != ""]
        purses = tuple(purse_of(PROGRAMME, each, self.facts[each], self.at) for each in others)
        asked = PoolAsked(next(self.ids), self.at, "points", points, purses)
        shuffled = replace(asked, purses=purses[::-1])
        decision = self.take(who, asked)
        assert decision == decide_and_apply(PROGRAMME, self.facts[who], shuffled)[0]
        for due in decision.effects:
            assert isinstance(due, PoolDue)
            self.hand_out(who, due, own=self.open(who))

    def hand_out(self, who: MemberId, due: PoolDue, *, own: int) -> None:
        shares = dict(due.shares)
        assert not shares or sum(shares.values()) == due.points - own
        assert sum(shares.values()) <= 90
        for giver, points in shares.items():
            given = self.take(giver, PointsPooled(next(self.ids), self.at, "points", points, who))
            (sent,) = [effect for effect in given.effects if isinstance(effect, TransferDue)]
            week = self.at.date() - timedelta(days=self.at.weekday())
            self.pooled[giver, week] = self.pooled.get((giver, week), 0) + points
            self.take(who, PointsReceived(next(self.ids), self.at, "points", giver, sent.lots, pooled=True))
        before = self.spent
        self.burn(who, due.points)
        assert self.spent - before == due.points
        if shares:
            assert self.open(who) == 0


@given(acts=st.lists(ACTS, max_size=40))
def test_points_are_kept_or_spent_and_limits_hold_in_any_order(acts: list[tuple[str, MemberId, int]]) -> None:
    town = Town()

    for what, who, number in acts:
        others = {each: town.facts[each] for each in MEMBERS if each != who}
        homes = {each: town.facts[each].profile.household for each in MEMBERS}
        town.do(what, who, number)

        assert sum(map(town.open, MEMBERS)) + town.spent == town.given
        for each, before in others.items():
            if what != "together" or homes[each] != homes[who] or not homes[who]:
                assert town.facts[each] == before
    assert all(points <= 60 for points in town.pooled.values())
