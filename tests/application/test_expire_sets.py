"""Expiry in sets leaves exactly what the evaluator's fold leaves, one member at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.expire_sets import expire_sets
from cagnotte.application.published import Published
from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.kernel import MemberId
from cagnotte.domain.points.lots import points_usable
from cagnotte.storage.database import connect
from domain.evaluator.invented_histories import FIRST, HISTORIES, Act, act_time, in_order
from domain.programmes import DOCUMENTS, HEAD
from ledger.member_lives import NOON, a_member, failed_checks, live, read_back, version_of

WALLETS = f"""{HEAD}
[wallets.points]
expiry = {{ after = "20 days" }}
pending = {{ for = "5 days" }}
[wallets.poi-stars]
expiry = {{ after = "30 days" }}
[wallets.aces]
expiry = {{ after = "20 days" }}
[[earn]]
code = "base"
points = "paid / 100"
[[earn]]
code = "star"
wallet = "poi-stars"
points = "paid / 300"
[[earn]]
code = "ace"
wallet = "aces"
points = "paid / 70"
[[tiers]]
code = "silver"
reach = {{ spend = 5000, within = "40 days" }}
"""
VERSIONS = tuple(version_of(text) for text in (*DOCUMENTS, WALLETS, WALLETS.replace("5 days", "25 days")))
TRANSFERS = """
SELECT t.key, t.kind, t.wallet, t.happened_at, t.happened_on, t.version, t.sale_id, t.note, t.made_by, t.awaits,
       array_agg((e.entry_no, e.account, e.wallet, e.points, e.lot_id, e.happened_at)::text ORDER BY e.entry_no)
  FROM ledger_transfer t JOIN ledger_entry e USING (member_id, transfer_id)
 WHERE t.member_id = %s
 GROUP BY t.member_id, t.transfer_id
 ORDER BY t.version
"""
STANDING = "SELECT as_of, tier, tier_since, next_due_on, state, version FROM member_standing WHERE member_id = %s"
BALANCES = "SELECT wallet, points, version FROM ledger_balance WHERE member_id = %s ORDER BY wallet"
NOTHING_DUE = "UPDATE member_standing SET next_due_on = NULL"
FROM_FOLD = "UPDATE member_standing SET only_lots_until = NULL"


@pytest.fixture(scope="module")
def program(module_database: str) -> Iterator[psycopg.Connection]:
    with connect(module_database) as conn:
        yield conn


def told(conn: psycopg.Connection, member_id: MemberId) -> list[object]:
    return [conn.execute(query, (member_id,)).fetchall() for query in (TRANSFERS, STANDING, BALANCES)]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, len(VERSIONS) - 1), acts=HISTORIES, days=st.integers(0, 90), more=st.integers(0, 40))
def test_a_set_leaves_what_the_fold_would_have_left(
    program: psycopg.Connection, number: int, acts: list[Act], days: int, more: int
) -> None:
    version, published = VERSIONS[number], Published((VERSIONS[number],))
    last = FIRST + timedelta(days=days)
    done = [act for act in in_order(acts) if day_of(act) <= last]
    program.execute(NOTHING_DUE)  # the members of other cases have other programmes
    member_id = a_member(program)
    live(program, version, member_id, done, last)

    with program.transaction(force_rollback=True):
        program.execute(FROM_FOLD)
        by_fold = expire_lots(program, published, last + timedelta(days=more))
        folded, facts = told(program, member_id), read_back(program, version, member_id)
    dry = expire_lots(program, published, last + timedelta(days=more), dry_run=True)
    in_sets = expire_lots(program, published, last + timedelta(days=more))

    assert (in_sets, dry) == (by_fold, by_fold)
    assert told(program, member_id) == folded
    assert read_back(program, version, member_id) == facts
    assert failed_checks(program) == []


def lived(conn: psycopg.Connection, members: int) -> Published:
    """Members who each earned in three wallets on three days."""
    version = VERSIONS[3]
    for _ in range(members):
        sales: list[Act] = [
            Basket(NOON + timedelta(days=day), "store-1", (Line("a", 1, 2_000),)) for day in (0, 3, 6)
        ]
        live(conn, version, a_member(conn), sales, NOON.date() + timedelta(days=6))
    return Published((version,))


def test_the_database_does_it_where_nothing_but_lots_is_due(database: str) -> None:
    with connect(database) as conn:
        published = lived(conn, 3)

        done = list(expire_sets(conn, published, NOON.date() + timedelta(days=29)))

        assert [(each.members, each.lots, each.points) for each in done] == [(3, 18, 3 * 3 * (20 + 28))]
        assert list(expire_sets(conn, published, NOON.date() + timedelta(days=29))) == []
        assert failed_checks(conn) == []


def test_a_member_whom_a_till_holds_is_passed_over_and_done_later(database: str) -> None:
    with connect(database) as conn, connect(database) as till:
        published = lived(conn, 2)
        with till.transaction():
            till.execute("SELECT FROM member_standing ORDER BY member_id LIMIT 1 FOR UPDATE")
            first = list(expire_sets(conn, published, NOON.date() + timedelta(days=29)))
        then = list(expire_sets(conn, published, NOON.date() + timedelta(days=29)))

        assert [each.members for each in first + then] == [1, 1]
        assert failed_checks(conn) == []


def test_workers_at_once_share_the_members_and_each_lot_expires_once(database: str) -> None:
    with connect(database) as conn:
        published = lived(conn, 40)
        reports = []

        def work() -> None:
            with connect(database) as own:
                reports.append(expire_lots(own, published, NOON.date() + timedelta(days=29)))

        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

        assert sum(each.lots for each in reports) == 40 * 6
        assert failed_checks(conn) == []


def test_points_that_become_usable_by_time_cost_no_run(database: str) -> None:
    with connect(database) as conn:
        version = VERSIONS[3]
        sale: Act = Basket(NOON, "store-1", (Line("a", 1, 2_000),))
        facts = live(conn, version, member_id := a_member(conn), [sale], NOON.date())

        usable = [points_usable(facts.lots, "points", NOON.date() + timedelta(days=day)) for day in (4, 5)]

        assert usable == [0, 20]
        assert read_back(conn, version, member_id).lots == facts.lots  # no job ran, no row changed


def day_of(act: Act) -> date:
    return act_time(act).date()
