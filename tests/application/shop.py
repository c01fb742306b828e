"""A shop for the tests of the application: programmes, sales, and every figure that must not move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from cagnotte.application.loading.load_sales import load_sales
from cagnotte.application.loading.values import LoadProgress, LoadReport, RowRefused
from cagnotte.application.prove_ledger import prove_ledger
from cagnotte.application.publish_programme import publish_programme
from cagnotte.application.published import Published, load_published
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.channels.files.columns import Mapping
from cagnotte.channels.files.conversion import Conventions
from cagnotte.channels.files.readers import FileFormat, read_sales
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.storage.database import connected
from cagnotte.storage.members import Member, add_members

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PROGRAMME = """
[programme]
code = "maison"
name = { fr = "La Maison", en = "The House" }
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "30 days" }

[[earn]]
code = "base"
on = "purchase"
points = "eligible.paid / 100"

[[earn]]
code = "bakery"
on = "purchase"
when = 'lines.exists(l, l.category == "bakery") && tier == "gold"'
points = 'lines.filter(l, l.category == "bakery").map(l, l.paid).sum() / 50'

[[tiers]]
code = "gold"
reach = { spend = 20000, within = "30 days" }

[[conversions]]
code = "voucher-5"
points = 100
voucher = { amount = 500, valid_for = "3 months" }

[[conversions]]
code = "gift"
points = 20
voucher = { amount = 100 }
trigger = "on_request"
"""
HEADER = ("sale_id", "at", "store", "member", "sku", "quantity", "paid", "category")
type Row = tuple[object, ...]

STATE = """
SELECT 'sale', count(*), sum(paid_minor), sum(points_earned), sum(line_count), sum(store_id) * 0 FROM sale
UNION ALL SELECT 'line', count(*), sum(paid_minor), sum(quantity), count(DISTINCT product_id), 0 FROM sale_line
UNION ALL SELECT account || wallet, count(*), sum(points), sum(points * extract(epoch FROM happened_at)), 0, 0
            FROM ledger_entry GROUP BY account, wallet
UNION ALL SELECT 'lot', count(*), sum(points), sum(points_open), sum(earned_on - '2020-01-01'),
                 sum(points_open * (expires_on - '2020-01-01')) FROM ledger_lot
UNION ALL SELECT 'voucher' || conversion, count(*), sum(amount_minor), sum(issued_on - '2020-01-01'), 0, 0
            FROM voucher GROUP BY conversion
UNION ALL SELECT 'standing' || coalesce(tier, ''), count(*), sum(as_of - '2020-01-01'),
                 sum(next_due_on - '2020-01-01'), sum(tier_since - '2020-01-01'), 0
            FROM member_standing GROUP BY tier
UNION ALL SELECT 'member', count(*), sum(enrolled_on - '2020-01-01'), 0, 0, 0 FROM member
UNION ALL SELECT 'store', count(*), 0, 0, 0, 0 FROM store
UNION ALL SELECT 'product', count(*), sum(length(category)), 0, 0, 0 FROM product
UNION ALL SELECT 'tiers', count(*), sum(happened_on - '2020-01-01'), 0, 0, 0 FROM tier_change
ORDER BY 1
"""


def publish(dsn: str, document: str = PROGRAMME, effective_from: datetime | None = None) -> Published:
    with connected(dsn) as conn:
        publish_programme(conn, document, effective_from=effective_from, past=True)
        return load_published(conn)


def enrol(conn: psycopg.Connection, *names: str, on: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
    with conn.transaction():
        for number, name in enumerate(names, start=1):
            add_members(conn, [Member(_member_id(conn, number), name, on.date())])


def _member_id(conn: psycopg.Connection, number: int) -> Any:
    found = conn.execute("SELECT coalesce(max(member_id), 0) FROM member").fetchone()
    assert found is not None
    return found[0] + 64 * number


def a_sale(
    sale_id: str = "S1",
    *,
    at: str = "2026-03-10T12:30:00+01:00",
    member: str | None = "carol",
    paid: Sequence[int] = (1250, 349),
    store: str = "367",
    category: str = "bakery",
) -> SaleCommand:
    lines = tuple(SaleLine(f"sku-{n}", 1, minor, category) for n, minor in enumerate(paid))
    return SaleCommand(sale_id, store, datetime.fromisoformat(at), lines, member)


def write_csv(path: Path, rows: Iterable[Row], header: Sequence[str] = HEADER) -> Path:
    path.write_text("\n".join(",".join(map(str, row)) for row in (header, *rows)) + "\n", encoding="utf-8")
    return path


class Loaded:
    """One load with what it reported and refused."""

    def __init__(self, report: LoadReport, refused: list[RowRefused]) -> None:
        self.report = report
        self.refused = refused

    @property
    def faults(self) -> list[tuple[int, str]]:
        return [(refused.line, refused.code.value) for refused in self.refused]


def load(
    dsn: str,
    path: Path,
    *,
    form: FileFormat = FileFormat.CSV,
    mapping: Mapping | None = None,
    dry_run: bool = False,
    now: datetime = NOW,
    watch: Callable[[LoadProgress], None] = lambda _: None,
    beside: bool = False,
) -> Loaded:
    """Load a file as the command line does; `beside`: posted by processes of their own when it is large."""
    refused: list[RowRefused] = []
    with connected(dsn) as reading, connected(dsn) as writing:
        published = load_published(reading)
        begun = published.versions[0].effective_from
        currencies = {code: DECIMALS[code] for code in published.currencies()}
        conventions = Conventions(
            published.zone, 2, now, begun, zones=published.zones()[1:], currencies=currencies
        )
        rows = read_sales(path, form, mapping, conventions)
        report = load_sales(
            reading,
            writing,
            published,
            rows,
            refuse=refused.append,
            watch=watch,
            not_after=now,
            dry_run=dry_run,
            dsn=dsn if beside else None,
        )
    return Loaded(report, refused)


def state(dsn: str) -> list[tuple[object, ...]]:
    """Sums over every table of the shop that a load or a sale writes to; ids are not in it."""
    with psycopg.connect(dsn) as conn:
        return conn.execute(STATE).fetchall()


def prove(dsn: str) -> None:
    """Assert that the books hold."""
    with connected(dsn) as conn:
        results = list(prove_ledger(conn))
    assert len(results) >= 8
    assert [fault for result in results for fault in result.faults] == []
