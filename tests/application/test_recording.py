"""Evaluating and recording sales: once, in order or late, one at a time or at once."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from application.shop import NOW, PROGRAMME, a_sale, enrol, prove, publish, state
from cagnotte.application.correct_late import correct_late, is_late
from cagnotte.application.errors import KeyReused, NoProgramme, SaleConflict, SaleInFuture
from cagnotte.application.evaluate_sale import evaluate_sale
from cagnotte.application.facts import Coming, MemberKnown, counts_for, known_members
from cagnotte.application.history import MemberHistory
from cagnotte.application.kept_sales import KeptSale
from cagnotte.application.published import Published
from cagnotte.application.record_sale import Recorded, record_sale
from cagnotte.application.sale_command import SaleCommand, prepare
from cagnotte.domain.evaluator.events import Sale
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.late import Told
from cagnotte.domain.kernel import EventId
from cagnotte.storage.database import connected


def record(dsn: str, published: Published, command: SaleCommand, key: str = "") -> Recorded:
    with connected(dsn) as conn:
        return record_sale(conn, published, command, key=key or command.sale_id, now=NOW)


@pytest.fixture
def published(database: str) -> Published:
    with connected(database) as conn:
        enrol(conn, "carol", "dan")
    return publish(database)


@pytest.mark.parametrize("member", ["carol", None, "nobody"])
@pytest.mark.parametrize("paid", [[25_000], [1250, 349], [-500], []])
def test_evaluating_says_what_recording_will_say_and_writes_nothing(
    database: str, published: Published, member: str | None, paid: list[int]
) -> None:
    record(database, published, a_sale("S0", at="2026-03-01T10:00:00+01:00", paid=[9050]))
    sale = a_sale(member=member, paid=paid)
    before = state(database)

    with connected(database) as conn:
        evaluated = evaluate_sale(conn, published, sale, now=NOW)

    assert state(database) == before
    recorded = json.loads(record(database, published, sale).body)
    assert recorded.pop("status") == "recorded"
    said = json.loads(msgspec.json.encode(evaluated))
    assert said.pop("status") == "evaluated"
    assert said == recorded


def test_a_repeated_key_gives_the_same_bytes_and_changes_nothing(database: str, published: Published) -> None:
    first = record(database, published, a_sale(), "key")
    before = state(database)

    again = record(database, published, a_sale(), "key")

    assert (first.status, first.replayed) == (201, False)
    assert (again.status, again.replayed, again.body) == (201, True, first.body)
    assert state(database) == before


def test_another_request_with_a_used_key_is_refused_and_nothing_is_written(
    database: str, published: Published
) -> None:
    record(database, published, a_sale(), "key")
    before = state(database)

    for other in (a_sale("S2"), a_sale(paid=[1]), a_sale(member="dan"), a_sale(member=None)):
        with pytest.raises(KeyReused):
            record(database, published, other, "key")

    assert state(database) == before


@pytest.mark.parametrize(
    "other",
    [
        a_sale(paid=[1250, 350]),
        a_sale(member="dan"),
        a_sale(member=None),
        a_sale(store="12"),
        a_sale(at="2026-03-10T12:31:00+01:00"),
    ],
)
def test_other_content_under_a_recorded_id_is_a_conflict(
    database: str, published: Published, other: SaleCommand
) -> None:
    record(database, published, a_sale(), "key")
    before = state(database)

    with pytest.raises(SaleConflict):
        record(database, published, other, "another key")

    assert state(database) == before


def test_a_guests_sale_stays_a_guests_when_its_member_enrols_afterwards(
    database: str, published: Published
) -> None:
    record(database, published, a_sale(member="eve"), "key")
    with connected(database) as conn:
        enrol(conn, "eve")

    again = record(database, published, a_sale(member="eve"), "another key")

    assert again.status == 200
    assert json.loads(again.body)["member"] is None
    prove(database)


def test_a_late_sale_is_judged_at_its_time_and_its_old_points_expire_at_once(
    database: str, published: Published
) -> None:
    record(database, published, a_sale("S2", at="2026-05-10T10:00:00+02:00", paid=[5000]))

    late = json.loads(record(database, published, a_sale("S1", at="2026-03-01T10:00:00+01:00", paid=[3000])).body)

    assert late["points_earned"] == 30
    assert late["balances"] == [{"wallet": "points", "points": 50, "pending": 0}]
    with psycopg.connect(database) as conn:
        entries = conn.execute(
            "SELECT account, sum(points)::int FROM ledger_entry GROUP BY account ORDER BY account"
        ).fetchall()
    assert entries == [("available", 50), ("expired", 30), ("issued", -80)]
    prove(database)


def test_a_sale_in_the_future_is_refused_beyond_the_tolerance_of_clocks(
    database: str, published: Published
) -> None:
    before = state(database)

    with pytest.raises(SaleInFuture):
        record(database, published, a_sale(at=(NOW + timedelta(minutes=5, seconds=1)).isoformat()))

    assert state(database) == before
    assert record(database, published, a_sale(at=(NOW + timedelta(minutes=5)).isoformat())).status == 201


def test_a_sale_before_the_first_version_is_refused(database: str) -> None:
    began = publish(database, PROGRAMME, datetime(2026, 1, 1, tzinfo=UTC))

    with pytest.raises(NoProgramme):
        record(database, began, a_sale(at="2025-12-31T23:59:59+00:00"))


def test_a_store_and_products_that_nobody_knew_are_added_once(database: str, published: Published) -> None:
    record(database, published, a_sale("S1"))
    record(database, published, a_sale("S2", category="not used any more"))

    with psycopg.connect(database) as conn:
        products = conn.execute("SELECT sku, category FROM product ORDER BY sku").fetchall()
        stores = conn.execute("SELECT external_id FROM store").fetchall()
    assert products == [("sku-0", "bakery"), ("sku-1", "bakery")]
    assert stores == [("367",)]


def test_threads_that_record_sales_of_one_member_lose_nothing(database: str, published: Published) -> None:
    sales = [
        a_sale(f"T{number}", at=f"2026-03-1{number % 5}T1{number % 8}:00:00+01:00", category="dairy")
        for number in range(25)
    ]

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda sale: record(database, published, sale), sales))

    assert [answer.status for answer in answers] == [201] * 25
    with psycopg.connect(database) as conn:
        row = conn.execute("SELECT count(*), sum(points_earned)::int FROM sale").fetchone()
    assert row == (25, 25 * 15)
    prove(database)


def test_one_sale_sent_at_once_by_four_tills_is_recorded_once(database: str, published: Published) -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda key: record(database, published, a_sale(), key), "abcd"))

    assert sorted(answer.status for answer in answers) == [200, 200, 200, 201]
    with psycopg.connect(database) as conn:
        assert conn.execute("SELECT count(*) FROM sale WHERE external_id = 'S1'").fetchone() == (1,)
    prove(database)


def test_two_members_sales_that_name_the_same_new_product_at_once_add_it_once(
    database: str, published: Published
) -> None:
    record(database, published, a_sale("S0", paid=[]))  # the store is known

    with connected(database) as first, ThreadPoolExecutor(1) as thread:
        with first.transaction():
            record_sale(first, published, a_sale("S1", member="carol"), key="1", now=NOW)
            second = thread.submit(record, database, published, a_sale("S2", member="dan"))
            wait_until_one_waits_for_a_lock(database)
        assert second.result().status == 201

    with psycopg.connect(database) as conn:
        assert conn.execute("SELECT count(*) FROM product").fetchone() == (2,)


def wait_until_one_waits_for_a_lock(dsn: str) -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    give_up = time.monotonic() + 20
    with psycopg.connect(dsn, autocommit=True) as conn:
        while conn.execute(waiting).fetchone() == (0,):
            assert time.monotonic() < give_up


@pytest.mark.parametrize("seed", range(4))
def test_facts_read_back_are_those_that_the_decisions_made(database: str, published: Published, seed: int) -> None:
    begun = datetime(2026, 1, 2, 9, tzinfo=UTC)
    hours = [(seed + 3) * 37 * number * number % 3_000 for number in range(25)]  # in no order: some are late
    sales = [
        a_sale(f"S{n}", at=(begun + timedelta(hours=hour)).isoformat(), paid=[hour * 7 % 9_000 - 900, 500])
        for n, hour in enumerate(hours)
    ]

    for sale in sales:
        with connected(database) as conn:
            expected = facts_after(conn, published, sale)
            record_sale(conn, published, sale, key=sale.sale_id, now=NOW)
            assert comparable(read_back(conn, published, sale)) == comparable(expected)

    prove(database)


def facts_after(conn: psycopg.Connection, published: Published, sale: SaleCommand) -> Facts:
    """The member's facts as `decide` and `apply` alone would leave them, corrections of a late sale with it."""
    prepared = prepare(conn, published, sale)
    known = known_of(conn, published, sale)
    history = MemberHistory(known, prepared.version, counts_for(conn, published, [known], locked=False))
    history.bring_to(prepared.version, prepared.basket.at.date())
    event = Sale(EventId(2**62), prepared.basket)
    decision = history.take(prepared.version, event, sale.at, "")
    if is_late(conn, history, event.basket.at):
        told = Told(prepared.version.programme, event, decision.used)
        about = KeptSale(history.member_id, sale.sale_id, sale.at, event, prepared.version, decision)
        with conn.transaction(force_rollback=True):
            correct_late(conn, published, history, told, about, because=sale.sale_id, now=NOW)
    history.bring_to(published.current, history.facts.as_of)
    return history.facts


def read_back(conn: psycopg.Connection, published: Published, sale: SaleCommand) -> Facts:
    return known_of(conn, published, sale).facts


def known_of(conn: psycopg.Connection, published: Published, sale: SaleCommand) -> MemberKnown:
    prepared = prepare(conn, published, sale)
    coming = {prepared.member_id: Coming.on(prepared.basket.at.date(), sale.store)}
    return known_members(conn, published, coming, locked=False)[prepared.member_id]


def comparable(facts: Facts) -> object:
    """Without the ids, which no two decisions share, and without the days that no tier counts any more."""
    lots = sorted((lot.wallet, lot.points_open, lot.earned_on, str(lot.expires_on)) for lot in facts.lots)
    days = [day for day in facts.days if day.day > facts.as_of - timedelta(days=30)]
    return facts.as_of, facts.held, facts.purchases, facts.last_active, lots, [(day.day, day.paid) for day in days]
