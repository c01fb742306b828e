"""A version that takes force reaches every member on its first day, whether anything happens to them or not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from application.shop import NOW, a_sale, enrol, prove
from cagnotte.application import version_looks
from cagnotte.application.expire_lots import ExpiryReport, expire_lots
from cagnotte.application.publish_programme import publish_programme
from cagnotte.application.published import Published, load_published
from cagnotte.application.record_sale import record_sale
from cagnotte.storage.database import connected

HEAD = """
[programme]
code = "maison"
name = "La Maison"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
"""
SILVER = '\n[[tiers]]\ncode = "silver"\nreach = { spend = 5000, within = "12 months" }\n'
GOLD = '\n[[tiers]]\ncode = "gold"\nreach = { spend = 20000, within = "12 months" }\n'
BOTH, ONE, NONE = HEAD + SILVER + GOLD, HEAD + GOLD, HEAD
MAY = datetime(2026, 5, 4, 22, tzinfo=UTC)  # 00:00 of 5 May in Paris
FIRST, JUNE = date(2026, 5, 5), date(2026, 6, 1)
NAMES = ("carol", "dan", "eve")


@pytest.fixture
def shop(database: str) -> str:
    """Carol spent 300.00, Dan 60.00, Eve nothing, under a programme with gold alone."""
    with connected(database) as conn:
        enrol(conn, *NAMES)
        published = publish(conn, ONE)
        for name, paid in (("carol", 30_000), ("dan", 6000)):
            record_sale(conn, published, a_sale(name, member=name, paid=[paid]), key=name, now=NOW)
        expire_lots(conn, published, date(2026, 4, 1))
    return database


def publish(conn: psycopg.Connection, text: str, at: datetime | None = None) -> Published:
    publish_programme(conn, text, effective_from=at, past=True, now=NOW)
    return load_published(conn)


def tiers(dsn: str) -> list[tuple[str | None, date | None]]:
    asked = (
        "SELECT s.tier, s.tier_since FROM member_standing s JOIN member m USING (member_id) ORDER BY external_id"
    )
    with psycopg.connect(dsn) as conn:
        return conn.execute(asked).fetchall()


def run(dsn: str, published: Published, day: date, *, dry_run: bool = False) -> ExpiryReport:
    with connected(dsn) as conn:
        return expire_lots(conn, published, day, dry_run=dry_run)


def test_an_inserted_tier_is_held_from_the_first_day_of_the_version(shop: str) -> None:
    with connected(shop) as conn:
        published = publish(conn, BOTH, MAY)

    before = run(shop, published, date(2026, 5, 4))
    dry = run(shop, published, JUNE, dry_run=True)
    unchanged = tiers(shop)
    done = run(shop, published, JUNE)
    again = run(shop, published, JUNE)

    assert before == ExpiryReport()
    assert (dry, done, again) == (
        ExpiryReport(members=3, tiers_changed=1),
        ExpiryReport(members=3, tiers_changed=1),
        ExpiryReport(),
    )
    assert unchanged == [("gold", date(2026, 3, 10)), (None, None), (None, None)]
    assert tiers(shop) == [("gold", date(2026, 3, 10)), ("silver", FIRST), (None, None)]
    prove(shop)


def test_a_removed_tier_is_lost_on_the_first_day_of_the_version(shop: str) -> None:
    with connected(shop) as conn:
        published = publish(conn, NONE, MAY)

    run(shop, published, JUNE)

    assert tiers(shop) == [(None, FIRST), (None, None), (None, None)]


def test_each_of_two_versions_reaches_the_members_on_its_own_day(shop: str) -> None:
    with connected(shop) as conn:
        publish(conn, BOTH, MAY)
        published = publish(conn, ONE, datetime(2026, 5, 19, 22, tzinfo=UTC))

    run(shop, published, JUNE)

    assert tiers(shop) == [("gold", date(2026, 3, 10)), (None, date(2026, 5, 20)), (None, None)]
    with psycopg.connect(shop) as conn:
        changes = conn.execute(
            "SELECT happened_on, tier_after, cause FROM tier_change ORDER BY happened_on"
        ).fetchall()
    assert changes == [
        (date(2026, 3, 10), "gold", "reached"),
        (FIRST, "silver", "reached"),
        (date(2026, 5, 20), None, "removed"),
    ]


def test_what_is_due_next_is_what_the_new_version_says(shop: str) -> None:
    with connected(shop) as conn:
        published = publish(conn, BOTH, MAY)

    run(shop, published, FIRST)
    run(shop, published, date(2027, 3, 10))

    assert tiers(shop)[1] == (None, date(2027, 3, 10))  # silver was never looked at by an event


def test_a_member_judged_by_a_later_version_is_not_judged_by_an_earlier_one_again(shop: str) -> None:
    with connected(shop) as conn:
        publish(conn, BOTH, MAY)
        published = publish(conn, ONE, datetime(2026, 5, 19, 22, tzinfo=UTC))
        sale = a_sale("late", at="2026-05-25T10:00:00+02:00", member="dan", paid=[100])
        record_sale(conn, published, sale, key="late", now=NOW)

    run(shop, published, JUNE)

    with psycopg.connect(shop) as conn:
        assert conn.execute("SELECT count(*) FROM tier_change").fetchone() == (1,)


def test_the_first_day_is_that_of_the_members_own_clock(database: str) -> None:
    """The version begins at 00:00 of 5 May in Paris, when it is still 4 May in New York."""
    abroad = '[countries.US]\ntimezone = "America/New_York"\n[countries.FR]\n'
    with connected(database) as conn:
        enrol(conn, *NAMES)
        publish(conn, ONE + abroad)
        conn.execute("UPDATE member SET country = CASE external_id WHEN 'dan' THEN 'US' ELSE 'FR' END")
        published = load_published(conn)
        for name in NAMES:
            record_sale(conn, published, a_sale(name, member=name, paid=[6000]), key=name, now=NOW)
        published = publish(conn, BOTH + abroad, MAY)

    with connected(database) as conn:
        early = expire_lots(conn, published, MAY - timedelta(minutes=1))
        done = expire_lots(conn, published, MAY + timedelta(minutes=1))

    assert (early.tiers_changed, done.tiers_changed) == (0, 3)
    assert [since for _, since in tiers(database)] == [FIRST, date(2026, 5, 4), FIRST]


def test_a_run_that_is_stopped_carries_on_where_it_was(shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version_looks, "_MEMBERS_AT_ONCE", 1)

    class Stopped(Exception):
        pass

    def stop(_: ExpiryReport) -> None:
        raise Stopped

    with connected(shop) as conn:
        published = publish(conn, BOTH, MAY)
        with pytest.raises(Stopped):
            expire_lots(conn, published, JUNE, watch=stop)

    assert tiers(shop)[1] == (None, None)
    assert run(shop, published, JUNE) == ExpiryReport(members=2, tiers_changed=1)
    assert tiers(shop)[1] == ("silver", FIRST)
