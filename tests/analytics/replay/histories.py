"""Small histories for the tests of the replay, written as the export writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from cagnotte.analytics.history import HistoryWriter, Sold
from cagnotte.analytics.replay import Question, Report, replay
from cagnotte.application.published import parsed
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.programme.document import Programme

HEAD = """
[programme]
code = "maison"
name = { fr = "La Maison", en = "The House" }
currency = "EUR"
timezone = "Europe/Paris"
"""
BASE = """
[wallets.points]
expiry = { after = "30 days" }

[[earn]]
code = "base"
name = { fr = "Un point par euro", en = "One point per euro" }
on = "purchase"
points = "eligible.paid / 100"

[[conversions]]
code = "five"
points = 100
voucher = { amount = 500 }
"""
BAKERY = """
[[earn]]
code = "bakery"
on = "purchase"
when = 'lines.exists(l, l.category == "bakery")'
points = "10"
"""
TIERS = """
[[tiers]]
code = "silver"
name = { fr = "Argent", en = "Silver" }
reach = { spend = 5000, within = "12 months" }

[[tiers]]
code = "gold"
name = { fr = "Or", en = "Gold" }
reach = { spend = 10000, within = "12 months" }
"""
PRODUCTS = (
    (11, "bread", "Bread", "bakery", "food", "", "", ()),
    (12, "soap", "Soap", "care", "home", "Savon", "", ("organic",)),
)

type Line = tuple[str, int]
"""sku, paid in minor units."""


def a_sale(at: str, *lines: Line, store: str = "lyon") -> tuple[datetime, str, tuple[Line, ...]]:
    return datetime.fromisoformat(at), store, lines


def a_history(
    folder: Path,
    members: Mapping[int, Sequence[tuple[datetime, str, tuple[Line, ...]]]],
    rows_at_once: int = 20_000,
) -> Path:
    """Members enrolled on the day of their first sale; without one, on 1 January 2026."""
    numbers = {sku: product_id for product_id, sku, *_ in PRODUCTS}
    writer = HistoryWriter(folder, PRODUCTS, {"lyon": "Lyon", "nice": "Nice"})
    for member_id, sales in sorted(members.items()):
        joined = sales[0][0].date() if sales else date(2026, 1, 1)
        rows = [
            Sold(
                member_id=member_id,
                event_id=64 * (1_000 + number),
                happened_at=at.replace(tzinfo=UTC),
                at=at,
                conversion=None,
                times=0,
                store=store,
                channel="store",
                details=None,
                paid=sum(paid for _, paid in lines),
                product_ids=[numbers[sku] for sku, _ in lines],
                quantities=[1] * len(lines),
                line_paid=[paid for _, paid in lines],
                listed=None,
                tax=None,
                cost=None,
                attributes=None,
            )
            for number, (at, store, lines) in enumerate(sales)
        ]
        writer.add(rows or [nothing(member_id, joined)], Profile(enrolled_on=joined), rows_at_once=rows_at_once)
    writer.finish(zone="Europe/Paris", currency="EUR")
    return folder


def nothing(member_id: int, joined: date) -> Sold:
    """The row of a member who did nothing."""
    at = datetime(joined.year, joined.month, joined.day)
    return Sold(
        member_id,
        None,
        at.replace(tzinfo=UTC),
        at,
        None,
        0,
        "",
        "",
        None,
        0,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
    )


def programme(*parts: str) -> Programme:
    return parsed(HEAD + "".join(parts))


def replayed(folder: Path, current: Programme, draft: Programme, *, workers: int = 1, most: int = 20) -> Report:
    return replay(folder, Question(current, draft, ("current.toml", "draft.toml"), most), workers=workers)
