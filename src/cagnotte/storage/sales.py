"""Sales, their lines and what was decided for them."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.domain.kernel import MemberId
from cagnotte.storage.sql import sql
from cagnotte.storage.writing import add_rows, copy_integers

_SALE = (
    "member_id", "sale_id", "external_id", "store_id", "happened_at", "happened_local", "channel",
    "paid_minor", "line_count", "points_earned", "content_hash",
)  # fmt: skip
_DECISION = ("member_id", "sale_id", "programme", "version", "facts", "decision")
_LINE = ("member_id", "sale_id", "line_no", "product_id", "quantity", "paid_minor")


class SaleRow(msgspec.Struct, frozen=True):
    """A sale as it is stored. `member_id` is negative for a guest; `lines`: (product_id, quantity, paid)."""

    member_id: MemberId
    sale_id: int
    external_id: str
    store_id: int
    happened_at: datetime
    happened_local: datetime
    channel: str
    paid_minor: int
    points_earned: int
    content_hash: bytes
    lines: Sequence[tuple[int, int, int]]


class DecisionRow(msgspec.Struct, frozen=True):
    """JSON texts of the facts that a decision used and of the decision."""

    member_id: MemberId
    sale_id: int
    programme: str
    version: int
    facts: str
    decision: str


class RecordedSale(msgspec.Struct, frozen=True):
    member_id: MemberId
    sale_id: int
    content_hash: bytes


def add_sales(conn: psycopg.Connection, sales: Sequence[SaleRow], decisions: Sequence[DecisionRow]) -> None:
    """Raises psycopg.errors.UniqueViolation when a member already has a sale of that external id."""
    add_rows(conn, "sale", _SALE, [_columns(sale) for sale in sales])
    lines = [
        (sale.member_id, sale.sale_id, line_no, *line)
        for sale in sales
        for line_no, line in enumerate(sale.lines, start=1)
    ]
    copy_integers(conn, "sale_line", _LINE, lines)
    add_rows(conn, "sale_decision", _DECISION, [msgspec.structs.astuple(row) for row in decisions])


def recorded_sale(conn: psycopg.Connection, external_id: str) -> RecordedSale | None:
    """The sale the caller knows under that id, whoever's it is."""
    row = conn.execute(
        "SELECT member_id, sale_id, content_hash FROM sale WHERE external_id = %s LIMIT 1", (external_id,)
    ).fetchone()
    return None if row is None else RecordedSale(*row)


def paid_by_day(
    conn: psycopg.Connection, members: Sequence[MemberId], since: date | None
) -> dict[tuple[MemberId, date], int]:
    """(member_id, local day) -> paid in minor units; `since` None: all days."""
    rows = conn.execute(sql("cagnotte.storage", "paid_by_day"), {"members": list(members), "from": since})
    return {(MemberId(member_id), day): paid for member_id, day, paid in rows}


def _columns(sale: SaleRow) -> tuple[object, ...]:
    return (
        sale.member_id,
        sale.sale_id,
        sale.external_id,
        sale.store_id,
        sale.happened_at.isoformat(),  # as text: adapted in C when there are many
        sale.happened_local.isoformat(),
        sale.channel,
        sale.paid_minor,
        len(sale.lines),
        sale.points_earned,
        sale.content_hash,
    )
