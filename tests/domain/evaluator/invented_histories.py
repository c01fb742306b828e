"""Invented members: sales (also returns, also late), requests for vouchers and days that pass."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count

from hypothesis import strategies as st

from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.evaluator import apply, decide, decide_days
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.events import ConversionAsked, DayBegun, Event, Sale
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, EventId
from cagnotte.domain.programme.document import Programme
from domain.programmes import DOCUMENTS, programme_of

FIRST = date(2024, 1, 20)
PROGRAMMES = tuple(programme_of(text) for text in DOCUMENTS)
NEWCOMER = Facts(FIRST)

type Act = Basket | tuple[datetime, str, int]
"""A sale, or a request for vouchers: when, of which conversion, how many."""

LINES = st.builds(
    Line,
    sku=st.just("a"),
    quantity=st.integers(-2, 3),
    paid=st.integers(-3_000, 9_000),
    category=st.sampled_from(["wine", "bread"]),
)
TIMES = st.builds(
    lambda day, hour: datetime.combine(FIRST + timedelta(days=day), time(hour)),
    st.integers(0, 160),
    st.integers(0, 23),
)
SALES = st.builds(Basket, TIMES, st.just("store-1"), st.lists(LINES, min_size=1, max_size=3).map(tuple))
ASKS = st.tuples(TIMES, st.sampled_from(["voucher", "treat", "small", "gift"]), st.integers(-1, 3))
HISTORIES = st.lists(st.one_of(SALES, SALES, SALES, ASKS), max_size=12)


def act_time(act: Act) -> datetime:
    return act.at if isinstance(act, Basket) else act[0]


def in_order(acts: Sequence[Act]) -> list[Act]:
    return sorted(acts, key=act_time)


def event_ids() -> Iterator[EventId]:
    return (EventId(number * TRANSFERS_PER_EVENT) for number in count(1))


class Fold:
    """One member's life in memory, step by step: the way the server, the till and a replay fold it."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.facts = NEWCOMER
        self.ids = event_ids()
        self.steps: list[tuple[Facts, Event | None, Decision, Facts]] = []
        self._take(DayBegun(next(self.ids), FIRST))

    def do(self, act: Act) -> Decision:
        self.bring_to(act_time(act).date())
        event_id = next(self.ids)
        decision = self._take(
            Sale(event_id, act) if isinstance(act, Basket) else ConversionAsked(event_id, act[0], act[1], act[2])
        )
        self.bring_to(self.facts.as_of)
        return decision

    def bring_to(self, day: date) -> None:
        upto = max(day, self.facts.as_of)
        for decision, after in decide_days(self.programme, self.facts, upto, self.ids.__next__):
            self.steps.append((self.facts, None, decision, after))
            self.facts = after

    def _take(self, event: Event) -> Decision:
        decision = decide(self.programme, self.facts, event)
        after = apply(self.facts, decision)
        self.steps.append((self.facts, event, decision, after))
        self.facts = after
        return decision


def folded(programme: Programme, acts: Sequence[Act]) -> Fold:
    fold = Fold(programme)
    for act in acts:
        fold.do(act)
    return fold
