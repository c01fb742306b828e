"""The triangle of breakage and the cuts of the liability against the books, whatever members live."""

from datetime import date, datetime, timedelta

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cagnotte.application.ids import new_event_id
from cagnotte.domain.breakage.triangle import left
from cagnotte.domain.evaluator.events import Event, HoldEnding, PointsGiven, PointsHeld
from cagnotte.domain.kernel import TransferId
from cagnotte.domain.points.holds import HoldEnd
from cagnotte.ledger.cohorts import read_triangles
from domain.evaluator.invented_histories import FIRST
from ledger.member_lives import a_member
from ledger.test_accounts import EVERYTHING_RICH, MOVING, NOON, close_months
from ledger.test_every_event import do

OPEN = """
SELECT l.wallet, date_trunc('month', l.earned_on)::date, sum(l.points_open + coalesce(h.points, 0))::bigint
  FROM ledger_lot l
  LEFT JOIN (SELECT s.member_id, (lot ->> 'lot_id')::bigint AS lot_id,
                    sum((lot ->> 'points_open')::bigint) AS points
               FROM member_standing s
              CROSS JOIN jsonb_array_elements(s.state -> 'holds') AS held
              CROSS JOIN jsonb_array_elements(held -> 'lots') AS lot
              GROUP BY 1, 2) h USING (member_id, lot_id)
 GROUP BY 1, 2 HAVING sum(l.points_open + coalesce(h.points, 0)) <> 0
"""
CUTS = """
SELECT l.month, l.cut, sum(l.deferred_minor + l.provision_minor)::bigint,
       (SELECT coalesce(sum(e.credit_minor - e.debit_minor), 0)::bigint FROM accounting_entry e
         WHERE e.month <= l.month AND e.role IN ('deferred', 'provision'))
  FROM accounting_liability l GROUP BY 1, 2
"""
LAST = date(2025, 1, 1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.tuples(MOVING, st.booleans()), min_size=4, max_size=12))
def test_what_the_triangle_leaves_open_is_what_lots_and_holds_have_and_every_cut_is_the_balance(
    conn: psycopg.Connection, events: list[tuple[Event, bool]]
) -> None:
    with conn.transaction(force_rollback=True):
        member_id = a_member(conn)
        do(conn, member_id, PointsGiven(new_event_id(), NOON, "points", 90, by_terms=False))
        for event, more in events:
            do(conn, member_id, event, returned=more)
            if more and isinstance(event, PointsHeld):
                part = 3 if event.points % 2 and event.points > 3 else None
                do(conn, member_id, HoldEnding(new_event_id(), event.at, TransferId(0), HoldEnd.CONFIRMED, part))
        do(conn, member_id, PointsGiven(new_event_id(), NOON + timedelta(days=200), "points", 60))

        found = {
            (wallet, cohort, left(column))
            for wallet, triangle in read_triangles(conn, LAST, datetime.max.replace(tzinfo=NOON.tzinfo)).items()
            for cohort, column in triangle.whole().items()
            if left(column)
        }
        close_months(conn, EVERYTHING_RICH, FIRST.replace(day=1), LAST)

        assert found == set(conn.execute(OPEN).fetchall())
        cuts = conn.execute(CUTS).fetchall()
        assert [row for row in cuts if row[2] != row[3]] == []
