"""One statement per act: what is written without a lock is never lost, never doubled, and never half."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import psycopg
import pytest

from application.shop import enrol, publish
from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.facts import Coming, known_members
from cagnotte.application.prove_ledger import prove_ledger
from cagnotte.application.published import load_published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.domain.kernel import MemberId
from cagnotte.ledger.one_act import COLUMNS, ActRows, Outcome, Unseen, post_act
from cagnotte.storage.database import connect, connected
from cagnotte.storage.standings import standing_row

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PROGRAMME = """
[programme]
code = "maison"
name = { fr = "La Maison", en = "The House" }
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]

[[earn]]
code = "base"
on = "purchase"
points = "eligible.paid / 100"
"""
SALE = datetime(2026, 5, 30, 12, tzinfo=UTC)


@pytest.fixture
def shop(database: str) -> str:
    publish(database, PROGRAMME)
    with connected(database) as conn:
        enrol(conn, "ann", "bob")
        published = load_published(conn)
        adjust_points(conn, published, AdjustPoints("ann", 1_000, "welcome", "eve"), key="welcome", now=NOW)
    return database


def sale(number: object) -> SaleCommand:
    return SaleCommand(f"s{number}", "shop", SALE, (SaleLine("bread", 1, 1_000),), "ann")


def one(dsn: str, statement: str) -> object:
    with psycopg.connect(dsn) as conn:
        row = conn.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


def faults(dsn: str) -> list[object]:
    with connected(dsn) as conn:
        return [fault for check in prove_ledger(conn) for fault in check.faults]


def ann_standing(conn: psycopg.Connection) -> tuple[object, ...]:
    row = conn.execute("SELECT member_id FROM member WHERE external_id = 'ann'").fetchone()
    assert row is not None
    known = known_members(conn, load_published(conn), {MemberId(row[0]): Coming.on(NOW.date())}, locked=False)
    return standing_row(known[MemberId(row[0])].standing)


def test_what_an_act_takes_is_what_the_database_takes(shop: str) -> None:
    """The types of the migration have the columns of `COLUMNS`, in their order."""
    types = {
        "standings": "standing", "sales": "sale", "transfers": "ledger_transfer", "entries": "ledger_entry",
        "lots": "ledger_lot",
        "redated": "ledger_lot_redated", "changed_lots": "lot_changed", "balances": "ledger_balance",
        "vouchers": "voucher", "tier_changes": "tier_change", "new_days": "day", "changed_days": "day",
        "answers": "answer",
    }  # fmt: skip
    with psycopg.connect(shop) as conn:
        for name, columns in COLUMNS.items():
            rows = conn.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass ORDER BY attnum",
                (f"posted_{types[name]}",),
            )
            assert tuple(column for (column,) in rows) == columns, name


def test_facts_that_changed_since_they_were_read_write_nothing(shop: str) -> None:
    with connect(shop) as conn:
        before = ann_standing(conn)
        burn_points(conn, load_published(conn), BurnPoints("ann", 10), key="other", now=NOW)
        answer = (before[0], "k", b"h", 201, b"{}")

        late = post_act(conn, ActRows({"standings": [before], "answers": [answer]}))
        again = post_act(conn, ActRows({"standings": [ann_standing(conn)], "answers": [answer]}))

    assert (late, again) == (Outcome.FACTS_CHANGED, Outcome.POSTED)
    assert one(shop, "SELECT count(*) FROM idempotency_answer WHERE key = 'k'") == 1


def test_a_key_that_was_answered_or_a_sale_that_was_recorded_meanwhile_writes_nothing(shop: str) -> None:
    with connect(shop) as conn:
        record_sale(conn, load_published(conn), sale(1), key="first", now=NOW)
        act = ActRows({"standings": [ann_standing(conn)]})

        assert post_act(conn, act, Unseen((1,), ("first",), 30)) is Outcome.KNOWN
        assert post_act(conn, act, Unseen((1,), ("second",), 30, ("s1",))) is Outcome.KNOWN
        assert post_act(conn, act, Unseen((1,), ("second",), 30, ("s2",))) is Outcome.POSTED


def test_texts_that_look_like_rows_arrive_as_they_are(shop: str) -> None:
    nasty = 'a"b\\c,(d)}{e\'\n\t"NULL" é 🙂'
    with connect(shop) as conn:
        command = AdjustPoints("ann", 5, nasty, nasty)
        adjust_points(conn, load_published(conn), command, key=nasty, now=NOW)

    with psycopg.connect(shop) as conn:
        row = conn.execute("SELECT note, made_by, key FROM ledger_transfer WHERE version = 2").fetchone()
    assert row == (nasty, nasty, f"act:{nasty}#0")


def test_eight_tills_at_once_on_one_member_lose_nothing(shop: str) -> None:
    tills, each = 8, 12
    ready = Barrier(tills)

    def sell(till: int) -> None:
        with connect(shop) as conn:
            published = load_published(conn)
            ready.wait()
            for number in range(each):
                assert (
                    record_sale(conn, published, sale(f"{till}-{number}"), key=f"{till}-{number}", now=NOW).status
                    == 201
                )
                burned = burn_points(conn, published, BurnPoints("ann", 3), key=f"b{till}-{number}", now=NOW)
                assert burned.status == 201

    with ThreadPoolExecutor(tills) as pool:
        list(pool.map(sell, range(tills)))

    assert one(shop, "SELECT count(*) FROM sale") == tills * each
    burned = "SELECT coalesce(sum(points), 0) FROM ledger_entry WHERE account = 'redeemed'"
    assert one(shop, burned) == 3 * tills * each
    versions = "SELECT count(*) = max(version) AND count(DISTINCT version) = count(*) FROM ledger_transfer"
    assert one(shop, versions) is True
    assert faults(shop) == []


def test_the_same_request_four_times_at_once_counts_once_and_is_answered_the_same(shop: str) -> None:
    ready = Barrier(4)

    def send(_: int) -> tuple[bytes, bytes]:
        with connect(shop) as conn:
            published = load_published(conn)
            ready.wait()
            sold = record_sale(conn, published, sale("same"), key="sale", now=NOW)
            burned = burn_points(conn, published, BurnPoints("ann", 7), key="burn", now=NOW)
        return sold.body, burned.body

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))

    assert len(answers) == 1
    assert one(shop, "SELECT count(*) FROM sale") == 1
    assert one(shop, "SELECT count(*) FROM ledger_transfer WHERE kind = 'burn'") == 1
    assert faults(shop) == []
