"""What partners pay for against closed months: whatever members live, they owe what their statements say."""

from datetime import UTC, date, datetime, time, timedelta

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory, write_histories
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published, instant_of
from cagnotte.application.show_partner import show_partner
from cagnotte.application.show_rollforward import Role, show_rollforward
from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.events import Burn, Event, PointsGiven, PointsTaken, Return, Sale, SaleTaken
from cagnotte.domain.kernel import MemberId, day_after
from domain.evaluator.invented_histories import FIRST
from domain.programmes import HEAD
from ledger.member_lives import STORE, a_member, sale_row, version_of
from ledger.test_accounts import MONTH, close_months, proof_faults
from ledger.test_every_event import ID, TIMES

VERSION = version_of(f"""{HEAD}
[wallets.points]
expiry = {{ after = "60 days" }}
negative = "clawback_only"
value = {{ points = 1, amount = 3 }}
accounting = {{ breakage = 1500 }}

[partners.acme]
price = {{ points = 7, amount = 5 }}
[partners.bolt]
price = {{ points = 1, amount = 11 }}

[[earn]]
code = "base"
points = 1
per = 100
[[earn]]
code = "acme"
points = 2
per = 100
lines = 'line.category == "wine"'
funded_by = "acme"
[[earn]]
code = "bolt"
points = 1
per = 300
funded_by = "bolt"
[[earn]]
code = "bolt-short"
points = 5
lines = 'line.category == "bread"'
expiry = {{ after = "20 days" }}
funded_by = "bolt"
""")
PUBLISHED = Published((VERSION,))
LINE = st.builds(
    Line, st.just("sku"), st.integers(1, 3), st.integers(0, 9_000), st.sampled_from(["wine", "bread"])
)
EVENTS: st.SearchStrategy[Event | tuple[datetime, int, int]] = st.one_of(
    st.builds(Sale, ID, st.builds(Basket, TIMES, st.just(STORE), st.tuples(LINE, LINE))),
    st.builds(Sale, ID, st.builds(Basket, TIMES, st.just(STORE), st.tuples(LINE))),
    st.builds(Burn, ID, TIMES, st.just("points"), st.integers(1, 200)),
    st.builds(PointsTaken, ID, TIMES, st.just("points"), st.integers(1, 30)),
    st.builds(PointsGiven, ID, TIMES, st.just("points"), st.integers(1, 30)),
    st.tuples(TIMES, st.integers(0, 9), st.integers(0, 1)),  # an article of the line of a sale comes back
)
LAST = date(2024, 12, 1)


class Life:
    """One member whose sales can come back."""

    def __init__(self, conn: psycopg.Connection) -> None:
        self.conn, self.member_id = conn, MemberId(a_member(conn))
        self.sales: list[tuple[Sale, tuple[Decision, ...]]] = []

    def do(self, said: Event | tuple[datetime, int, int]) -> None:
        event, place = (said, None) if not isinstance(said, tuple) else self._back(*said)
        if event is None:
            return
        at = event.basket.at if isinstance(event, Sale) else event.at
        with self.conn.transaction():
            history = self._history(at.date())
            history.bring_to(VERSION, at.date())
            decision = history.take(VERSION, event, instant_of(at, VERSION.zone), f"event:{event.event_id}")
            rows = []
            if isinstance(event, Sale):
                self.sales.append((event, (decision,)))
                rows = [sale_row(self.member_id, event, decision, instant_of(at, VERSION.zone))]
            elif place is not None:
                sale, before = self.sales[place]
                self.sales[place] = (sale, (*before, decision))
            history.bring_to(VERSION, history.facts.as_of)
            write_histories(self.conn, [history], rows)

    def end(self, day: date) -> None:
        """All points that are open on the day expire by it."""
        with self.conn.transaction():
            history = self._history(day)
            history.bring_to(VERSION, day)
            write_histories(self.conn, [history], [])

    def _back(self, at: datetime, number: int, line: int) -> tuple[Return | None, int | None]:
        if not self.sales:
            return None, None
        place = number % len(self.sales)
        sale, decisions = self.sales[place]
        line %= len(sale.basket.lines)
        return Return(new_event_id(), max(at, sale.basket.at), SaleTaken(sale, decisions), ((line, 1),)), place

    def _history(self, day: date) -> MemberHistory:
        coming = {
            self.member_id: Coming(FIRST, day, frozenset({STORE}))
        }  # what comes back counts on its sale's day
        known = known_members(self.conn, PUBLISHED, coming, locked=True)[self.member_id]
        return MemberHistory(known, VERSION, counts_for(self.conn, PUBLISHED, [known], locked=True))


def deferred(conn: psycopg.Connection, month: date) -> dict[str, int]:
    """Partner -> what is deferred at the end of the month."""
    return {row.partner: row.closing for row in show_rollforward(conn, month).of(Role.DEFERRED)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(EVENTS, min_size=1, max_size=12), cut=st.integers(0, 12))
def test_partners_owe_what_their_statements_say_and_nothing_is_deferred_once_no_point_is_open(
    conn: psycopg.Connection, events: list[Event | tuple[datetime, int, int]], cut: int
) -> None:
    """Part of the life becomes known when two months are closed already."""
    with conn.transaction(force_rollback=True):
        life, first = Life(conn), FIRST.replace(day=1)
        life.do(PointsGiven(new_event_id(), datetime.combine(FIRST, time(8)), "points", 20))
        for event in events[:cut]:
            life.do(event)
        middle = day_after(day_after(first, MONTH), MONTH)
        close_months(conn, VERSION, first, middle)
        for event in events[cut:]:
            life.do(event)
        close_months(conn, VERSION, middle, day_after(middle, MONTH))
        life.end(LAST - timedelta(days=1))

        month = day_after(middle, MONTH)
        while month < LAST:
            close_months(conn, VERSION, month, day_after(month, MONTH))
            assert all(minor >= 0 for minor in deferred(conn, month).values())
            month = day_after(month, MONTH)

        last = date(LAST.year, LAST.month - 1, 1)
        owed = {row.partner: row.closing for row in show_rollforward(conn, last).of(Role.RECEIVABLE)}
        for partner in ("acme", "bolt"):
            said = show_partner(conn, PUBLISHED, partner, datetime.now(UTC).date())
            assert owed.get(partner, 0) == said.amount_minor
        assert not any(deferred(conn, last).values())
        assert proof_faults(conn) == []
