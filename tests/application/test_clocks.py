"""Each member lives by the clock of their country: sales, days, expiry, files, and the way back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from application.shop import NOW, a_sale, load, prove, publish, state, write_csv
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.published import Published, load_published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.show_member import MemberView, show_member_at
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.database import connected
from cagnotte.storage.members import Member, add_members

INTERNATIONAL = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"

[countries.JP]
timezone = "Asia/Tokyo"

[countries.US]
timezone = "America/New_York"

[countries.IN]
timezone = "Asia/Kolkata"

[wallets.points]
expiry = { after = "30 days" }

[[earn]]
code = "base"
on = "purchase"
points = "eligible.paid / 100"

[[earn]]
code = "monday"
on = "purchase"
when = "weekday == 1"
points = 1000

[[earn]]
code = "midnight"
on = "purchase"
when = "hour == 0"
points = 7
"""
MEMBERS = {"paul": "", "fanny": "FR", "yuki": "JP", "nina": "US", "anil": "IN"}
SUNDAY_EVENING = (
    "2026-03-08T20:10:00+01:00"  # Monday 04:10 in Tokyo, Sunday 15:10 in New York, Monday 00:40 in Kolkata
)


@pytest.fixture
def published(database: str) -> Published:
    published = publish(database, INTERNATIONAL)
    with connected(database) as conn, conn.transaction():
        for number, (name, country) in enumerate(MEMBERS.items(), start=1):
            add_members(conn, [Member(MemberId(64 * number), name, date(2026, 1, 1), country=country)])
    return published


def sell(dsn: str, published: Published, member: str | None, at: str, *, sale_id: str = "S1") -> None:
    with connected(dsn) as conn:
        record_sale(conn, published, a_sale(sale_id, at=at, member=member, paid=[1000]), key=sale_id, now=NOW)


def shown(dsn: str, published: Published, member: str, now: datetime) -> MemberView:
    with connected(dsn) as conn:
        view = show_member_at(conn, published, member, now)
    assert view is not None
    return view


def local_times(dsn: str) -> dict[str, str]:
    with psycopg.connect(dsn) as conn:
        rows = conn.execute("SELECT external_id, happened_local::text FROM sale").fetchall()
    return dict(rows)


def move(dsn: str, member: str, country: str) -> None:
    with connected(dsn) as conn:
        conn.execute("UPDATE member SET country = %s WHERE external_id = %s", (country, member))


@pytest.mark.parametrize(
    ("member", "points", "local"),
    [
        ("paul", 10, "2026-03-08 20:10:00"),
        ("fanny", 10, "2026-03-08 20:10:00"),
        ("yuki", 1010, "2026-03-09 04:10:00"),
        ("nina", 10, "2026-03-08 15:10:00"),
        ("anil", 1017, "2026-03-09 00:40:00"),
    ],
)
def test_a_sale_with_an_offset_is_put_on_the_clock_of_the_member(
    database: str, published: Published, member: str, points: int, local: str
) -> None:
    sell(database, published, member, SUNDAY_EVENING)

    view = shown(database, published, member, datetime.fromisoformat(SUNDAY_EVENING))
    assert local_times(database) == {"S1": local}
    ends = date.fromisoformat(local[:10]) + timedelta(days=30)
    assert [(lot.points, lot.expires_on) for lot in view.lots] == [(points, ends)]
    prove(database)


def test_a_guest_is_on_the_clock_of_the_programme(database: str, published: Published) -> None:
    sell(database, published, None, "2026-03-08T23:30:00Z")

    assert local_times(database) == {"S1": "2026-03-09 00:30:00"}


def test_a_day_begins_for_each_member_where_they_live(database: str, published: Published) -> None:
    for number, member in enumerate(MEMBERS):
        sell(database, published, member, "2026-03-10T08:00:00Z", sale_id=f"S{number}")
    left = {}
    with connected(database) as conn:
        for hours in (0, 14, 15, 18, 19, 22, 23, 27, 28):
            expire_lots(conn, published, datetime(2026, 4, 8, tzinfo=UTC) + timedelta(hours=hours))
            row = conn.execute(
                "SELECT array_agg(DISTINCT m.external_id ORDER BY m.external_id) FROM ledger_lot l JOIN member m"
                " USING (member_id) WHERE l.points_open > 0"
            ).fetchone()
            left[hours] = row[0] if row else None

    # The lots end on 9 April: at 15:00Z the 8th in Tokyo, 18:30Z in Kolkata, 22:00Z in Paris, 04:00Z in New York.
    everybody = ["anil", "fanny", "nina", "paul", "yuki"]
    assert left == {
        0: everybody,
        14: everybody,
        15: ["anil", "fanny", "nina", "paul"],
        18: ["anil", "fanny", "nina", "paul"],
        19: ["fanny", "nina", "paul"],
        22: ["nina"],
        23: ["nina"],
        27: ["nina"],
        28: None,
    }
    prove(database)


def test_a_named_day_is_each_members_own(database: str, published: Published) -> None:
    for number, member in enumerate(MEMBERS):
        sell(database, published, member, "2026-03-10T08:00:00Z", sale_id=f"S{number}")
    with connected(database) as conn:
        assert expire_lots(conn, published, date(2026, 4, 8)).lots == 0
        assert expire_lots(conn, published, date(2026, 4, 9)).lots == len(MEMBERS)
        posted = conn.execute(
            "SELECT m.external_id, t.happened_at AT TIME ZONE 'UTC' FROM ledger_transfer t"
            " JOIN member m USING (member_id) WHERE t.kind = 'expiry'"
        ).fetchall()

    assert dict(posted) == {
        "yuki": datetime(2026, 4, 8, 15),
        "anil": datetime(2026, 4, 8, 18, 30),
        "fanny": datetime(2026, 4, 8, 22),
        "paul": datetime(2026, 4, 8, 22),
        "nina": datetime(2026, 4, 9, 4),
    }
    prove(database)


def test_a_member_is_shown_on_the_day_that_it_is_where_they_live(database: str, published: Published) -> None:
    now = datetime(2026, 4, 8, 16, tzinfo=UTC)

    assert {name: shown(database, published, name, now).on.day for name in MEMBERS} == {
        "paul": 8, "fanny": 8, "yuki": 9, "nina": 8, "anil": 8,
    }  # fmt: skip
    assert shown(database, published, "yuki", now).timezone == "Asia/Tokyo"


def test_who_moves_east_and_back_has_no_day_twice_and_loses_no_lot_before_its_day(
    database: str, published: Published
) -> None:
    sell(database, published, "nina", "2026-03-09T12:00:00-04:00")  # Monday: ends on 8 April
    with connected(database) as conn:
        expire_lots(conn, published, datetime(2026, 4, 7, 14, 59, tzinfo=UTC))
    move(database, "nina", "JP")
    with connected(database) as conn:
        before = expire_lots(conn, published, datetime(2026, 4, 7, 14, 59, tzinfo=UTC))  # still the 7th in Tokyo
        at = expire_lots(conn, published, datetime(2026, 4, 7, 15, tzinfo=UTC))
    move(database, "nina", "US")
    with connected(database) as conn:
        again = expire_lots(conn, published, datetime(2026, 4, 8, 6, tzinfo=UTC))  # the 8th begins once more
    # On the 7th in New York, after the 8th was done in Tokyo: a late sale, with points of its own day.
    sell(database, published, "nina", "2026-04-07T20:00:00-04:00", sale_id="S2")

    assert (before.lots, at.lots, again.lots) == (0, 1, 0)
    assert [
        (lot.points, lot.earned_on, lot.expires_on)
        for lot in shown(database, published, "nina", datetime(2026, 4, 8, 12, tzinfo=UTC)).lots
    ] == [(10, date(2026, 4, 7), date(2026, 5, 7))]
    prove(database)


def test_a_file_is_read_on_the_clock_of_each_member(database: str, published: Published, tmp_path: Path) -> None:
    rows = [
        ("A", "2026-03-08 20:10", "1", "yuki", "x", 1, "10.00", "c"),  # the wall clock in Tokyo: Sunday
        ("B", SUNDAY_EVENING, "1", "yuki", "x", 1, "10.00", "c"),  # an instant: Monday in Tokyo
        ("C", "2026-03-08 20:10", "1", "nina", "x", 1, "10.00", "c"),
        ("D", "2026-03-08 20:10", "1", "", "x", 1, "10.00", "c"),
        ("E", "2026-03-08 20:10", "1", "newcomer", "x", 1, "10.00", "c"),
    ]
    path = write_csv(tmp_path / "sales.csv", rows)
    loaded = load(database, path)
    once = state(database)
    move(database, "yuki", "US")
    again = load(database, path)

    assert loaded.faults == []
    with psycopg.connect(database) as conn:
        found = conn.execute(
            "SELECT external_id, happened_local::text, (happened_at AT TIME ZONE 'UTC')::text, points_earned"
            " FROM sale"
        ).fetchall()
    assert sorted(found) == [
        ("A", "2026-03-08 20:10:00", "2026-03-08 11:10:00", 10),
        ("B", "2026-03-09 04:10:00", "2026-03-08 19:10:00", 1010),
        ("C", "2026-03-08 20:10:00", "2026-03-09 00:10:00", 10),
        ("D", "2026-03-08 20:10:00", "2026-03-08 19:10:00", 0),
        ("E", "2026-03-08 20:10:00", "2026-03-08 19:10:00", 10),
    ]
    assert (again.report.sales, again.report.sales_already, again.faults) == (0, 5, [])
    assert state(database) == once
    prove(database)


def test_a_file_and_the_api_record_the_same_sale_once(database: str, published: Published, tmp_path: Path) -> None:
    sell(database, published, "yuki", "2026-03-08T11:10:00Z", sale_id="A")
    header = ("sale_id", "at", "store", "member", "sku", "quantity", "paid", "category")
    path = write_csv(
        tmp_path / "sales.csv", [("A", "2026-03-08 20:10", "367", "yuki", "sku-0", 1, "10.00", "bakery")], header
    )

    loaded = load(database, path)

    assert (loaded.report.sales_already, loaded.faults) == (1, [])


def test_an_evening_in_tokyo_is_not_the_future_of_paris_and_one_in_new_york_may_be(
    database: str, published: Published, tmp_path: Path
) -> None:
    now = datetime(2026, 3, 8, 12, tzinfo=UTC)  # 13:00 in Paris, 21:00 in Tokyo, 08:00 in New York
    rows = [
        (f"{member}-{hour}", f"2026-03-08 {hour}:00", "1", member, "x", 1, "10.00", "c")
        for member in ("yuki", "nina", "paul")
        for hour in ("07", "12", "20", "22")
    ]

    loaded = load(database, write_csv(tmp_path / "sales.csv", rows), now=now)

    refused = {refused.sale for refused in loaded.refused}
    assert {code for _, code in loaded.faults} == {"future_date"}
    assert refused == {"yuki-22", "nina-12", "nina-20", "nina-22", "paul-20", "paul-22"}
    assert set(local_times(database)) == {"yuki-07", "yuki-12", "yuki-20", "nina-07", "paul-07", "paul-12"}


@pytest.mark.parametrize(
    "said",
    [
        ("nina", "2026-03-08 02:30:00", "2026-03-08 07:00:00"),  # left out in New York: the instant of the change
        ("paul", "2026-03-08 02:30:00", "2026-03-08 01:30:00"),
        ("nina", "2025-11-02 01:30:00", "2025-11-02 05:30:00"),  # twice in New York: the first
        ("nina", "2026-03-29 02:30:00", "2026-03-29 06:30:00"),  # left out in Paris alone
        ("anil", "2026-03-29 02:30:00", "2026-03-28 21:00:00"),
    ],
)
def test_the_night_of_a_clock_change_is_that_of_the_country(
    database: str, published: Published, tmp_path: Path, said: tuple[str, str, str]
) -> None:
    member, local, instant = said
    path = write_csv(tmp_path / "sales.csv", [("A", local, "1", member, "x", 1, "10.00", "c")])

    load(database, path)

    with psycopg.connect(database) as conn:
        row = conn.execute(
            "SELECT happened_local::text, (happened_at AT TIME ZONE 'UTC')::text FROM sale"
        ).fetchone()
    assert row == (local, instant)


def test_published_versions_name_every_clock(database: str, published: Published) -> None:
    with connected(database) as conn:
        zones = [zone.key for zone in load_published(conn).zones()]

    assert zones == ["Europe/Paris", "Asia/Tokyo", "America/New_York", "Asia/Kolkata"]
