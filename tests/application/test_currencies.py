"""Sales in other currencies on the server: what is kept, what is counted, and the file's way to the same."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from application.shop import NOW, a_sale, load, prove, publish, write_csv
from cagnotte.analytics.dashboard.figures import figures
from cagnotte.analytics.dashboard.period import Shown
from cagnotte.analytics.history import export_history, groups_of, members_of
from cagnotte.analytics.history.reading import Products
from cagnotte.analytics.replay import OtherCurrency, Question, replay
from cagnotte.analytics.replay.what_if import NotStateless, what_if
from cagnotte.application.errors import SaleConflict, SaleTooLarge, UnknownCurrency
from cagnotte.application.explain_sale import SaleExplained, explain_sale
from cagnotte.application.publish_programme import publish_programme
from cagnotte.application.published import Published, load_published, parsed
from cagnotte.application.record_sale import record_sale
from cagnotte.application.sale_currency import Counted
from cagnotte.application.show_member import show_member
from cagnotte.domain.evaluator.events import Sale
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.database import connected
from cagnotte.storage.members import Member, add_members

INTERNATIONAL = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"

[countries.CH]
currency = "CHF"
worth = "1.05"

[countries.JP]
currency = "JPY"
worth = "0.0062"

[countries.KW]
currency = "KWD"
worth = "3"

[wallets.points]

[[earn]]
code = "base"
on = "purchase"
points = "eligible.paid / 100"

[[tiers]]
code = "gold"
reach = { spend = 20000 }

[[conversions]]
code = "voucher"
points = 1000
voucher = { amount = 500 }

[[offers]]
code = "ten"
coupon = "TEN"
effect = { kind = "percent_off", percent = 10, on = "all" }
"""
MEMBERS = {"anna": "", "heidi": "CH", "yuki": "JP", "salim": "KW"}


@pytest.fixture
def published(database: str) -> Published:
    published = publish(database, INTERNATIONAL)
    with connected(database) as conn, conn.transaction():
        for number, (name, country) in enumerate(MEMBERS.items(), start=1):
            add_members(conn, [Member(MemberId(64 * number), name, date(2026, 1, 1), country=country)])
    return published


def sell(
    dsn: str, published: Published, member: str | None, *paid: int, sale_id: str = "S1", **more: Any
) -> dict[str, Any]:
    command = msgspec.structs.replace(a_sale(sale_id, member=member, paid=paid), **more)
    with connected(dsn) as conn:
        body = record_sale(conn, published, command, key=f"{sale_id}-{more}", now=NOW).body
    answer: dict[str, Any] = json.loads(body)
    return answer


def rows(dsn: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as conn:
        return conn.execute(
            "SELECT external_id, paid_minor, currency, own_minor, points_earned FROM sale ORDER BY external_id"
        ).fetchall()


def explained(dsn: str, published: Published) -> SaleExplained:
    with connected(dsn) as conn:
        row = conn.execute("SELECT member_id, sale_id FROM sale").fetchone()
        assert row is not None
        found = explain_sale(conn, published, *row)
    assert found is not None
    return found


def test_a_sale_is_in_the_currency_of_the_members_country_and_both_amounts_are_kept(
    database: str, published: Published
) -> None:
    answer = sell(database, published, "heidi", 1990, 10, coupons=("TEN",))

    assert (answer["currency"], answer["paid_minor"], answer["points_earned"]) == ("CHF", 2000, 18)
    assert answer["totals"]["payable_minor"] == 1800
    assert answer["counted"] == {"currency": "EUR", "paid_minor": 2100, "worth": "1.05"}
    assert rows(database) == [("S1", 2100, "CHF", 2000, 18)]
    prove(database)


def test_vouchers_of_conversions_are_in_the_programmes_currency_and_say_so(
    database: str, published: Published
) -> None:
    abroad = sell(database, published, "heidi", 100_000, sale_id="S1")
    at_home = sell(database, published, "anna", 100_000, sale_id="S2")

    voucher = {"conversion": "voucher", "count": 1, "amount_minor": 500, "expires_on": None}
    assert abroad["vouchers"] == [voucher | {"currency": "EUR"}]
    assert at_home["vouchers"] == [voucher]
    assert "counted" not in at_home
    with psycopg.connect(database) as conn:
        found = conn.execute("SELECT DISTINCT currency, amount_minor FROM voucher").fetchall()
    assert found == [("EUR", 500)]


@pytest.mark.parametrize(
    ("member", "currency", "row"),
    [
        ("heidi", "EUR", ("S1", 2000, None, None, 20)),
        ("anna", None, ("S1", 2000, None, None, 20)),
        ("anna", "CHF", ("S1", 2100, "CHF", 2000, 21)),
        ("yuki", None, ("S1", 1240, "JPY", 2000, 12)),
        ("salim", None, ("S1", 600, "KWD", 2000, 6)),
        (None, "CHF", ("S1", 2100, "CHF", 2000, 0)),
        (None, None, ("S1", 2000, None, None, 0)),
    ],
)
def test_the_till_may_say_another_currency(
    database: str, published: Published, member: str | None, currency: str | None, row: tuple[Any, ...]
) -> None:
    sell(database, published, member, 2000, currency=currency)

    assert rows(database) == [row]
    prove(database)


def test_a_currency_of_no_country_is_refused(database: str, published: Published) -> None:
    with pytest.raises(UnknownCurrency) as refused:
        sell(database, published, "heidi", 2000, currency="USD")

    assert refused.value.params == {"found": "USD", "known": "EUR, CHF, JPY, KWD", "pointer": "/currency"}
    assert rows(database) == []


def test_an_amount_that_rules_could_not_count_once_exchanged_is_refused(
    database: str, published: Published
) -> None:
    with pytest.raises(SaleTooLarge):
        sell(database, published, "heidi", 2**40 - 1)

    assert rows(database) == []


def test_the_same_sale_in_another_currency_is_another_sale(database: str, published: Published) -> None:
    sell(database, published, "heidi", 2000)
    again = sell(database, published, "heidi", 2000, currency="CHF")
    with pytest.raises(SaleConflict):
        sell(database, published, "heidi", 2000, currency="EUR")

    assert again["counted"]["paid_minor"] == 2100


def test_a_sale_is_explained_in_its_own_currency(database: str, published: Published) -> None:
    sell(database, published, "heidi", 1990, coupons=("TEN",))

    found = explained(database, published)

    assert (found.currency, found.paid_minor, found.totals.payable_minor) == ("CHF", 1990, 1791)
    assert found.counted == Counted("EUR", 2090, "1.05")
    assert [(rule.points, dict(rule.clauses)) for rule in found.rules] == [(18, {})]
    assert found.points_earned == 18


def test_a_new_worth_does_not_change_what_was_sold_before_it(database: str, published: Published) -> None:
    sell(database, published, "heidi", 10_000, sale_id="OLD")
    with connected(database) as conn:
        begins = datetime(2026, 4, 1, tzinfo=UTC)
        text = INTERNATIONAL.replace('worth = "1.05"', 'worth = "2"')
        publish_programme(conn, text, effective_from=begins, past=True)
        later = load_published(conn)
    late = sell(database, later, "heidi", 10_000, sale_id="LATE")
    new = sell(database, later, "heidi", 10_000, sale_id="NEW", at=datetime(2026, 4, 2, tzinfo=UTC))

    assert late["counted"] == {"currency": "EUR", "paid_minor": 10_500, "worth": "1.05"}
    assert new["counted"] == {"currency": "EUR", "paid_minor": 20_000, "worth": "2"}
    assert rows(database) == [
        ("LATE", 10_500, "CHF", 10_000, 105),
        ("NEW", 20_000, "CHF", 10_000, 200),
        ("OLD", 10_500, "CHF", 10_000, 105),
    ]
    with connected(database) as conn:
        row = conn.execute("SELECT member_id, sale_id FROM sale WHERE external_id = 'OLD'").fetchone()
        assert row is not None
        old = explain_sale(conn, later, *row)
    assert old is not None
    assert old.counted == Counted("EUR", 10_500, "1.05")


def test_reports_and_tiers_count_in_the_currency_of_the_group(database: str, published: Published) -> None:
    sell(database, published, "heidi", 10_000, sale_id="S1")
    answer = sell(database, published, "heidi", 10_000, sale_id="S2")
    sell(database, published, "yuki", 10_000, sale_id="S3")
    with connected(database) as conn:
        member = show_member(conn, published, "heidi", date(2026, 3, 11))
        seen = figures(conn, Shown(date(2026, 3, 1), date(2026, 3, 31)), "Europe/Paris")

    assert (answer["tier_before"], answer["tier"]) == (None, "gold")
    assert member is not None
    assert (member.currency, member.spent_minor) == ("EUR", 21_000)
    assert sum(month.member_paid for month in seen.months) == 21_000 + 6_200


def test_a_file_gives_what_the_api_gives(database: str, published: Published, tmp_path: Path) -> None:
    header = ("sale_id", "at", "store", "member", "sku", "quantity", "paid", "currency")
    lines = [
        ("A", "2026-03-10 12:30", "1", "heidi", "x", 1, "19.90", ""),
        ("B", "2026-03-10 12:30", "1", "heidi", "x", 1, "19.90", "EUR"),
        ("C", "2026-03-10 12:30", "1", "yuki", "x", 1, "1990", ""),
        ("D", "2026-03-10 12:30", "1", "salim", "x", 1, "19.905", ""),
        ("E", "2026-03-10 12:30", "1", "", "x", 1, "19.90", "CHF"),
        ("F", "2026-03-10 12:30", "1", "", "x", 1, "19.90", ""),
    ]
    path = write_csv(tmp_path / "sales.csv", lines, header)

    loaded = load(database, path)
    again = load(database, path)

    assert loaded.faults == []
    assert rows(database) == [
        ("A", 2090, "CHF", 1990, 20),
        ("B", 1990, None, None, 19),
        ("C", 1234, "JPY", 1990, 12),
        ("D", 5972, "KWD", 19_905, 59),
        ("E", 2090, "CHF", 1990, 0),
        ("F", 1990, None, None, 0),
    ]
    assert loaded.report.paid_minor == 2090 + 1990 + 1234 + 5972 + 2090 + 1990
    assert (again.report.sales, again.report.sales_already) == (0, 6)
    prove(database)


def test_a_file_and_the_api_record_the_same_sale_once(database: str, published: Published, tmp_path: Path) -> None:
    sell(database, published, "heidi", 1990, at=datetime.fromisoformat("2026-03-10T12:30:00+01:00"))
    header = ("sale_id", "at", "store", "member", "sku", "quantity", "paid_minor", "currency")
    path = write_csv(
        tmp_path / "sales.csv", [("S1", "2026-03-10 12:30", "367", "heidi", "sku-0", 1, 1990, "CHF")], header
    )

    loaded = load(database, path)

    assert (loaded.report.sales_already, loaded.faults) == (1, [])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("heidi", "19.90", "USD"), "unknown_currency"),
        (("heidi", "19.90", "chf"), "unknown_currency"),
        (("yuki", "19.90", ""), "too_many_decimals"),
        (("heidi", "19.905", ""), "too_many_decimals"),
        (("", "19.905", ""), "too_many_decimals"),
        (("salim", "19.9051", ""), "too_many_decimals"),
    ],
)
def test_a_row_that_cannot_be_exchanged_is_refused(
    database: str, published: Published, tmp_path: Path, row: tuple[str, str, str], code: str
) -> None:
    header = ("sale_id", "at", "store", "sku", "quantity", "member", "paid", "currency")
    path = write_csv(tmp_path / "sales.csv", [("A", "2026-03-10 12:30", "1", "x", 1, *row)], header)

    loaded = load(database, path)

    assert loaded.faults == [(2, code)]
    assert rows(database) == []


def test_rows_of_one_sale_are_in_one_currency(database: str, published: Published, tmp_path: Path) -> None:
    header = ("sale_id", "at", "store", "member", "sku", "quantity", "paid", "currency")
    path = write_csv(
        tmp_path / "sales.csv",
        [
            ("A", "2026-03-10 12:30", "1", "anna", "x", 1, "1.00", "EUR"),
            ("A", "2026-03-10 12:30", "1", "anna", "y", 1, "1.00", "CHF"),
        ],
        header,
    )

    assert load(database, path).faults == [(3, "other_header")]


def test_a_replay_counts_in_the_programmes_currency_and_refuses_one_it_does_not_exchange(
    database: str, published: Published, tmp_path: Path
) -> None:
    sell(database, published, "heidi", 1990, coupons=("TEN",), sale_id="S1")
    sell(database, published, "yuki", 10_000, sale_id="S2")
    folder = tmp_path / "history"
    with connected(database) as conn:
        export_history(conn, folder, zone="Europe/Paris", currency="EUR")
    current = published.current.programme
    dearer = parsed(INTERNATIONAL.replace('worth = "1.05"', 'worth = "2"'))
    without = parsed(INTERNATIONAL.replace('currency = "JPY"\nworth = "0.0062"', ""))

    report = replay(folder, Question(current, dearer, ("a", "b")), workers=1)
    with pytest.raises(OtherCurrency):
        replay(folder, Question(current, without, ("a", "b")), workers=1)
    with pytest.raises(NotStateless, match="currency"):
        what_if(folder, parsed(INTERNATIONAL[: INTERNATIONAL.index("[[offers]]")]))

    assert report.paid == 2090 + 6200
    (offer,) = report.offers
    assert (offer.given.current, offer.given.draft) == (209, 398)
    assert (report.totals.issued.current, report.totals.issued.draft) == (18 + 62, 35 + 62)


def test_the_history_keeps_the_currency_and_both_amounts(
    database: str, published: Published, tmp_path: Path
) -> None:
    sell(database, published, "heidi", 1990, 10)
    with connected(database) as conn:
        facts = export_history(conn, tmp_path / "history", zone="Europe/Paris", currency="EUR")

    products = Products(tmp_path / "history")
    pasts = [past for group in groups_of(tmp_path / "history") for past in members_of(group, products)]
    (past,) = [each for each in pasts if each.profile.country == "CH"]
    (_, event), paid = past.events[0], past.paid[0]
    assert facts.currencies == ("CHF",)
    assert isinstance(event, Sale)
    assert (event.basket.currency, [line.paid for line in event.basket.lines], paid) == ("CHF", [1990, 10], 2100)
