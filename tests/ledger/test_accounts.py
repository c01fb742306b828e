"""Closed months against the books: whatever members live, the accounts owe what the lots stand for."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

import psycopg
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cagnotte.application.close_accounts import close_accounts
from cagnotte.application.ids import new_event_id
from cagnotte.application.lots_owed import show_lots
from cagnotte.application.programme_staff import EVERYTHING, Actor
from cagnotte.application.published import Published, Version
from cagnotte.domain.baskets.basket import Basket
from cagnotte.domain.evaluator.events import (
    Burn,
    Event,
    HoldEnding,
    PointsGiven,
    PointsHeld,
    PointsReinstated,
    PointsTaken,
    Sale,
)
from cagnotte.domain.kernel import Period, PeriodUnit, TransferId, day_after
from cagnotte.domain.points.holds import HoldEnd
from cagnotte.ledger.accounts import periods
from cagnotte.storage.sql import sql
from domain.evaluator.invented_histories import FIRST, HISTORIES, Act
from domain.programmes import FULL
from ledger.member_lives import a_member, live, version_of
from ledger.test_every_event import ENDS, EVENTS, ID, LINES, PAYMENTS, TIMES, do
from ledger.test_every_event import VERSION as EVERYTHING_RICH

FINANCE = Actor("fabienne", EVERYTHING, "terminal")
DAILY = '\n[accounting]\nentries = "daily"\nportfolios = "store"\n'
VERSIONS = tuple(version_of(text) for text in (FULL, FULL + DAILY))
MONTH = Period(1, PeriodUnit.MONTHS)
TWO_MONTHS = Period(2, PeriodUnit.MONTHS)
LAST = date(2024, 10, 1)

BOOKED = """
SELECT coalesce(sum(credit_minor - debit_minor), 0)::bigint
  FROM accounting_entry WHERE role IN ('deferred', 'provision')
"""
LOTS = """
SELECT v.wallet, v.kind, v.month, coalesce(v.store_id, 0), v.points, v.amount_minor, l.points_open,
       coalesce(-sum(e.points) FILTER (WHERE t.kind IN ('clawback', 'adjustment')), 0)::bigint,
       coalesce(-sum(e.points) FILTER (WHERE t.kind IN ('expiry', 'idle')), 0)::bigint
  FROM accounting_lot v
  JOIN ledger_lot l USING (member_id, lot_id)
  JOIN ledger_entry e USING (member_id, lot_id)
  JOIN ledger_transfer t ON t.member_id = e.member_id AND t.transfer_id = e.transfer_id
 GROUP BY v.member_id, v.lot_id, v.partner, l.member_id, l.lot_id
"""
FIRST_MONTH = "SELECT date_trunc('month', min(happened_on))::date FROM ledger_transfer"


LEFT = """
SELECT p.wallet, p.kind, p.given_in, p.store_id, p.points - p.used - p.expired
  FROM accounting_portfolio p WHERE p.month = (SELECT max(month) FROM accounting_period)
"""
OPEN = """
SELECT v.wallet, v.kind, v.month, coalesce(v.store_id, 0), sum(l.points_open + coalesce(h.points, 0))::bigint
  FROM accounting_lot v
  JOIN ledger_lot l USING (member_id, lot_id)
  LEFT JOIN (SELECT s.member_id, (lot ->> 'lot_id')::bigint AS lot_id,
                    sum((lot ->> 'points_open')::bigint) AS points
               FROM member_standing s
              CROSS JOIN jsonb_array_elements(s.state -> 'holds') AS held
              CROSS JOIN jsonb_array_elements(held -> 'lots') AS lot
              GROUP BY 1, 2) h USING (member_id, lot_id)
 GROUP BY 1, 2, 3, 4
"""


def close_months(conn: psycopg.Connection, version: Version, first: date, end: date) -> None:
    """Each month from the first one up to, without, the end; after each the accounts owe what the lots say."""
    month = first
    while month < end:
        now = datetime.now(UTC)
        closed = close_accounts(conn, Published((version,)), month, FINANCE, now=now)
        assert closed.new
        [booked] = conn.execute(BOOKED).fetchone() or [None]
        with conn.transaction():
            own = [lot.balance_minor for lot in show_lots(conn, periods(conn)[-1])]
        assert booked == sum(own)
        month = day_after(month, MONTH)


def proof_faults(conn: psycopg.Connection) -> list[tuple[str, ...]]:
    rows = conn.execute(sql("cagnotte.ledger", "proof_accounts_equal_portfolios"), {"most": 5}).fetchall()
    return [row for row in rows if row[0] != "examined"]


def owed_by_lots(conn: psycopg.Connection) -> int:
    """The balance worked out once more, in the test's own words, from lots as they are now, without breakage."""
    sums: dict[object, list[int]] = defaultdict(lambda: [0, 0, 0])
    for wallet, kind, month, store, points, amount, left, taken, expired in conn.execute(LOTS):
        each = sums[wallet, kind, month, store]
        each[0] += amount - amount * taken // points
        each[1] += points - taken - expired - left
        each[2] += left
    owed = 0
    for amount, used, left in sums.values():
        if left:
            owed += amount - (2 * amount * used + used + left) // (2 * (used + left))
    return owed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 1), acts=HISTORIES, cut=st.integers(1, 12))
def test_the_accounts_owe_what_the_lots_stand_for_at_the_end_of_each_month(
    conn: psycopg.Connection, number: int, acts: list[Act], cut: int
) -> None:
    """Part of the life becomes known when two months are closed already."""
    version = VERSIONS[number]
    with conn.transaction(force_rollback=True):
        member_id = a_member(conn)
        live(conn, version, member_id, acts[:cut], FIRST)
        [first] = conn.execute(
            "SELECT date_trunc('month', min(happened_on))::date FROM ledger_transfer"
        ).fetchone() or [None]
        assume(first is not None)
        close_months(conn, version, first, middle := day_after(first, TWO_MONTHS))
        live(conn, version, member_id, acts[cut:], LAST - timedelta(days=1))
        close_months(conn, version, middle, LAST)

        [booked] = conn.execute(BOOKED).fetchone() or [None]
        assert booked == owed_by_lots(conn)
        assert proof_faults(conn) == []


POINTS = st.just("points")
MOVING: st.SearchStrategy[Event] = st.one_of(
    st.builds(Sale, ID, st.builds(Basket, TIMES, st.just("store-1"), st.tuples(LINES), payments=PAYMENTS)),
    st.builds(Burn, ID, TIMES, POINTS, st.integers(1, 30)),
    st.builds(PointsHeld, ID, TIMES, POINTS, st.integers(1, 30)),
    st.builds(HoldEnding, ID, TIMES, st.just(TransferId(0)), st.sampled_from(HoldEnd), st.none() | st.just(3)),
    st.builds(PointsTaken, ID, TIMES, POINTS, st.integers(1, 30)),
    st.builds(PointsReinstated, ID, TIMES, POINTS, ENDS, st.just(()), st.none() | st.integers(1, 20)),
    EVENTS,
)
NOON = datetime.combine(FIRST, time(12))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.tuples(MOVING, st.booleans()), min_size=4, max_size=12))
def test_whatever_happens_the_portfolios_hold_the_points_that_lots_and_holds_have(
    conn: psycopg.Connection, events: list[tuple[Event, bool]]
) -> None:
    """Returns, holds, payments, debts, exchanges, points sent, received, bought, given again: all are in it."""
    with conn.transaction(force_rollback=True):
        member_id = a_member(conn)
        do(conn, member_id, PointsGiven(new_event_id(), NOON, "points", 90, by_terms=False))
        do(conn, member_id, PointsGiven(new_event_id(), NOON, "points", 60))
        for event, more in events:
            do(conn, member_id, event, returned=more)
            if more and isinstance(event, PointsHeld):  # left alone, it is over before anything else happens
                part = 3 if event.points % 2 and event.points > 3 else None
                end = HoldEnding(new_event_id(), event.at, TransferId(0), HoldEnd.CONFIRMED, part)
                do(conn, member_id, end)
        again = PointsReinstated(new_event_id(), NOON + timedelta(days=170), "points", date(2024, 12, 1), (), 5)
        do(conn, member_id, again)
        close_months(conn, EVERYTHING_RICH, FIRST.replace(day=1), date(2025, 2, 1))

        assert {row for row in conn.execute(LEFT) if row[-1]} == {row for row in conn.execute(OPEN) if row[-1]}
        assert proof_faults(conn) == []
