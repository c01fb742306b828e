"""The history as it leaves the database: the same events come back, and a replay gives what the books say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import msgspec
import psycopg
import pytest

from analytics.replay.histories import replayed
from application.shop import HEADER, NOW, PROGRAMME, Row, a_sale, enrol, load, publish, write_csv
from cagnotte.analytics.history import (
    ExportProgress,
    HistoryFacts,
    HistoryRefused,
    MemberPast,
    Products,
    export_history,
    groups_of,
    members_of,
)
from cagnotte.analytics.replay.figures import Measured
from cagnotte.application.convert_points import ConvertPoints, convert_points
from cagnotte.application.published import parsed
from cagnotte.application.record_sale import record_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.evaluator.events import ConversionAsked, DayBegun, Sale
from cagnotte.domain.programme.document import Programme
from cagnotte.storage.database import connected

RICH = PROGRAMME + '[attributes.sale]\ngift = "bool"\n[attributes.line]\nbatch = "text"\n'


def exported(dsn: str, folder: Path) -> HistoryFacts:
    with connected(dsn) as conn:
        return export_history(conn, folder, zone="Europe/Paris", currency="EUR")


def pasts(folder: Path) -> list[MemberPast]:
    products = Products(folder)
    return [past for group in groups_of(folder) for past in members_of(group, products)]


def recorded(dsn: str, *commands: SaleCommand, document: str = PROGRAMME) -> None:
    published = publish(dsn, document)
    with connected(dsn) as conn:
        enrol(conn, "carol", "dave")
        for command in commands:
            record_sale(conn, published, command, key=command.sale_id, now=NOW)


def test_all_that_a_till_said_of_a_sale_comes_back(database: str, tmp_path: Path):
    line = SaleLine(
        "sku-0", 2, 900, "bakery", "food", "Moulin", "M1", ("organic",), 1_000, 50, 300, {"batch": "B7"}
    )
    said = SaleCommand(
        "S1",
        "367",
        datetime(2026, 3, 10, 11, 30, tzinfo=UTC),
        (line, SaleLine("sku-1", 1, 349)),
        "carol",
        "web",
        region="sud",
        till="T4",
        coupons=("WELCOME",),
        order_discount_minor=100,
        delivery_minor=490,
        attributes={"gift": True},
    )
    recorded(database, said, document=RICH)

    facts = exported(database, tmp_path / "history")

    carol = pasts(tmp_path / "history")[0]
    ((at, event),) = carol.events
    assert isinstance(event, Sale)
    lines = (
        Line("sku-0", 2, 900, "bakery", "food", "Moulin", "M1", ("organic",), 1_000, 50, 300, {"batch": "B7"}),
        Line("sku-1", 1, 349),
    )
    local = datetime(2026, 3, 10, 12, 30)
    assert event.basket == Basket(
        local, "367", lines, "web", "sud", "T4", ("WELCOME",), (), 100, 490, {"gift": True}
    )
    assert (at, list(carol.paid), carol.profile.enrolled_on) == (local, [1_249], date(2026, 1, 1))
    assert (facts.members, facts.sales, facts.lines, facts.last_day) == (2, 1, 2, date(2026, 3, 10))


def test_a_member_without_a_sale_is_in_the_history_and_a_guest_is_not(database: str, tmp_path: Path):
    recorded(database, a_sale("S1"), a_sale("S2", member=None))

    facts = exported(database, tmp_path / "history")

    assert (facts.members, facts.sales) == (2, 1)
    assert [type(past.events[0][1]) for past in pasts(tmp_path / "history")] == [Sale, DayBegun]


def test_a_request_for_vouchers_is_replayed_and_refused_where_points_lack(database: str, tmp_path: Path):
    recorded(database, a_sale("S1", at="2026-05-20T10:00:00+02:00", paid=[6_000]))
    published = publish(database)
    with connected(database) as conn:
        convert_points(conn, published, ConvertPoints("carol", "gift", 2), key="K", now=NOW)
    folder = tmp_path / "history"
    exported(database, folder)

    poorer = giving_less(PROGRAMME)
    report = replayed(folder, published.current.programme, poorer)

    assert isinstance(pasts(folder)[0].events[1][1], ConversionAsked)
    assert report.totals.vouchers == Measured.of(2, 0)
    assert [(note.code, note.subject) for note in report.notes] == [("conversions_refused", "1")]


def test_replaying_the_programme_in_force_gives_what_the_books_say(database: str, tmp_path: Path):
    publish(database)
    load(database, write_csv(tmp_path / "sales.csv", year_of_rows(), HEADER))
    exported(database, tmp_path / "history")

    programme = publish(database).current.programme
    report = replayed(tmp_path / "history", programme, programme)

    with psycopg.connect(database) as conn:
        books = dict(conn.execute(BOOKS).fetchall())
        by_month = conn.execute(BY_MONTH).fetchall()
        tiers = dict(
            conn.execute("SELECT coalesce(tier, ''), count(*) FROM member_standing GROUP BY 1").fetchall()
        )
    assert report.sales == 1_500
    assert books["issued"] == report.totals.issued.current > 1_000
    assert books["redeemed"] == report.totals.burned.current
    assert books["vouchers"] == report.totals.vouchers.current > 0
    assert by_month == [(row.month, row.flows.issued.current) for row in report.months]
    assert report.same
    assert sum(tiers.values()) == report.members


def test_an_older_history_is_replaced_and_other_things_are_left_alone(database: str, tmp_path: Path):
    publish(database)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear")

    first, second = (exported(database, tmp_path / "history") for _ in range(2))

    assert msgspec.structs.replace(first, exported_at=second.exported_at, snapshot=second.snapshot) == second
    with pytest.raises(HistoryRefused, match="not_empty"):
        exported(database, tmp_path / "other")
    assert [each.name for each in (tmp_path / "other").iterdir()] == ["letter.txt"]


def test_a_sale_of_an_unfinished_transaction_is_left_out_and_comes_with_the_next_export(
    database: str, tmp_path: Path
):
    recorded(database, a_sale("S1"))
    published = publish(database)
    with psycopg.connect(database) as slow, connected(database) as quick:
        slow.execute("SELECT 1")  # begins the transaction that stays open
        record_sale(slow, published, a_sale("S2", store="367"), key="S2", now=NOW)
        record_sale(quick, published, a_sale("S3", member="dave", store="367"), key="S3", now=NOW)

        before = exported(database, tmp_path / "history")
        slow.commit()
        after = exported(database, tmp_path / "history")

    assert (before.sales, after.sales) == (2, 3)


def test_progress_counts_up_to_all_sales(database: str, tmp_path: Path):
    publish(database)
    load(database, write_csv(tmp_path / "sales.csv", year_of_rows()[:200], HEADER))
    seen: list[ExportProgress] = []

    with connected(database) as conn:
        export_history(conn, tmp_path / "history", zone="Europe/Paris", currency="EUR", watch=seen.append)

    assert {progress.total for progress in seen} == {200}
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)


BOOKS = """
SELECT account, abs(sum(points))::bigint FROM ledger_entry GROUP BY account
UNION ALL SELECT 'vouchers', count(*) FROM voucher
"""
BY_MONTH = """
SELECT date_trunc('month', happened_at AT TIME ZONE 'Europe/Paris')::date, -sum(points)::bigint
  FROM ledger_entry WHERE account = 'issued' GROUP BY 1 ORDER BY 1
"""


def giving_less(document: str) -> Programme:
    from_100_to_300 = document.replace("eligible.paid / 100", "eligible.paid / 300")
    return parsed(from_100_to_300)


def year_of_rows() -> list[Row]:
    """1,500 sales of 40 members over a year, of one line each."""
    random = Random(5)
    rows: list[Row] = []
    for number in range(1_500):
        day = date.fromordinal(date(2025, 1, 1).toordinal() + number % 365)
        at = f"{day}T{9 + number % 10:02}:{number % 60:02}:00"
        sku = random.choice(("bread", "soap"))
        category = "bakery" if sku == "bread" else "care"
        member = f"M{random.randint(1, 40)}"
        rows.append(
            (f"S{number}", at, random.choice("AB"), member, sku, 1, f"{random.randint(100, 9000) / 100}", category)
        )
    return rows
