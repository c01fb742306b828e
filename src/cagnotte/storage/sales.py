"""Sales, their lines and what was decided for them."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import psycopg

from cagnotte.domain.kernel import MemberId
from cagnotte.storage.writing import add_rows

_SALE = (
    "member_id", "sale_id", "external_id", "store_id", "happened_at", "happened_local", "channel",
    "paid_minor", "line_count", "points_earned", "content_hash", "details", "currency", "own_minor",
    "product_ids", "quantities", "line_paid", "lines_more", "programme", "version", "decided",
)  # fmt: skip
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('sale:' || %s, 0))"

type LineMore = tuple[int | None, int | None, int | None, str | None]
"""What a till may say of a line besides: list price, tax, cost (minor units), attributes (JSON text)."""


class SaleRow(msgspec.Struct, frozen=True):
    """A sale as it is stored; `paid_minor` is in the programme's currency. `member_id` is negative for a guest;
    `lines`: (product_id, quantity, paid).

    `currency` and `own_minor` are of a sale in another currency, whose lines are in it. `details` (JSON text) and
    `more` (per line): what else the till said; None when it said nothing.
    """

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
    details: str | None = None
    currency: str | None = None
    own_minor: int | None = None
    more: Sequence[LineMore] | None = None


class DecisionRow(msgspec.Struct, frozen=True):
    """What was decided for a sale, by which version of a programme. `decided`: its JSON, as `packing` keeps it."""

    sale_id: int
    programme: str
    version: int
    decided: bytes


class RecordedSale(msgspec.Struct, frozen=True):
    member_id: MemberId
    sale_id: int
    content_hash: bytes


def add_sales(conn: psycopg.Connection, sales: Sequence[SaleRow], decisions: Sequence[DecisionRow]) -> None:
    """Raises psycopg.errors.UniqueViolation when a member already has a sale of that external id."""
    add_rows(conn, "sale", _SALE, sale_rows(sales, decisions))


def sale_rows(sales: Sequence[SaleRow], decisions: Sequence[DecisionRow]) -> list[tuple[object, ...]]:
    """A row of each sale, with its lines and what was decided for it."""
    decided = {row.sale_id: (row.programme, row.version, row.decided) for row in decisions}
    assert decided.keys() <= {sale.sale_id for sale in sales}
    return [(*_columns(sale), *decided.get(sale.sale_id, (None, None, None))) for sale in sales]


def lock_sale(conn: psycopg.Connection, external_id: str) -> None:
    """Who records, returns or voids the sale of that id waits until the transaction ends, also before it is there.

    `post_act` takes the same lock.
    """
    conn.execute(_LOCK, (external_id,))


def recorded_sale(conn: psycopg.Connection, external_id: str) -> RecordedSale | None:
    """The sale the caller knows under that id, whoever's it is."""
    return read_recorded_sale(ask_recorded_sale(conn, external_id))


def ask_recorded_sale(conn: psycopg.Connection, external_id: str) -> psycopg.Cursor:
    """Ask for the sale, for a caller who asks for more in the same round trip."""
    statement = "SELECT member_id, sale_id, content_hash FROM sale WHERE external_id = %s LIMIT 1"
    return conn.execute(statement, (external_id,))


def read_recorded_sale(rows: psycopg.Cursor) -> RecordedSale | None:
    row = rows.fetchone()
    return None if row is None else RecordedSale(*row)


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
        sale.details,
        sale.currency,
        sale.own_minor,
        *_lines(sale),
    )


def _lines(sale: SaleRow) -> tuple[str, str, str, str | None]:
    """The columns of the lines, as the text of arrays: adapted at once."""
    products, quantities, paid = zip(*sale.lines, strict=True) if sale.lines else ((), (), ())
    more = None
    if sale.more is not None:
        more = "[" + ",".join([_more(line) for line in sale.more]) + "]"
    return (_integers(products), _integers(quantities), _integers(paid), more)


def _integers(values: Sequence[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _more(line: LineMore) -> str:
    *amounts, attributes = line
    told = ["null" if amount is None else str(amount) for amount in amounts]
    return f"[{','.join(told)},{attributes or 'null'}]"
