"""The staging area of one load: temporary tables of one connection."""

from collections.abc import Generator, Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import psycopg

from cagnotte.application.ids import new_event_id
from cagnotte.application.loading.values import STAGED_COLUMNS, RowFaultCode, RowRefused, StagedBatch
from cagnotte.application.new_names import lock_new_names
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.catalogue import Product, add_stores
from cagnotte.storage.members import Member, add_members
from cagnotte.storage.sql import sql
from cagnotte.storage.writing import add_rows

_COPY = f"COPY staged ({', '.join(STAGED_COLUMNS)}) FROM STDIN"
_PACKAGE = "cagnotte.application.loading"
_CHUNK = 20_000
_SALES_AT_ONCE = 2_000


class StagedSale(NamedTuple):
    """One sale of the file, looked up; `recorded_*` tell what the books already hold under its id.

    `at` and `local` are by the programme's clock until `OwnTerms` has seen them; `has_offset`: the file said the
    instant, not the wall clock. A member, store or product id of 0 is one that nobody knows: then the sale is
    recorded with other content.
    """

    member_id: MemberId
    store_id: int
    external_id: str
    line_no: int
    at: datetime
    local: datetime
    has_offset: bool
    store: str
    channel: str
    country: str
    currency: str | None
    recorded_member: int | None
    recorded_hash: bytes | None
    product_ids: list[int]
    quantities: list[int]
    paid: list[int]


class NewThings(NamedTuple):
    stores: int
    members: int
    products: int


def open_stage(conn: psycopg.Connection) -> None:
    conn.execute(sql(_PACKAGE, "stage"))


def stage(conn: psycopg.Connection, batch: StagedBatch) -> None:
    if batch.rows:
        with conn.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.write("\n".join(batch.rows) + "\n")
    named = [(refused.sale, refused.line) for refused in batch.refused if refused.sale]
    add_rows(conn, "refused_sale", ("sale", "line_no"), named)


def make_sales(conn: psycopg.Connection) -> Iterator[RowRefused | None]:
    """Group the rows into sales, take out rows that cannot stand beside others of the file, and say why.

    None for a row of a whole sale that the file says again, word for word.
    """
    if conn.execute("SELECT EXISTS (SELECT FROM refused_sale)").fetchone() == (True,):
        for line, sale, other in conn.execute(sql(_PACKAGE, "drop_refused_sales")):
            yield RowRefused(line, RowFaultCode.SALE_REFUSED, {"sale": sale, "line": str(other)}, sale)
    conn.execute(sql(_PACKAGE, "make_sales"))
    if conn.execute("SELECT EXISTS (SELECT FROM staged_sale WHERE mixed)").fetchone() == (True,):
        for line, sale, other, differs in conn.execute(sql(_PACKAGE, "drop_other_headers")):
            code = RowFaultCode.OTHER_HEADER if differs else RowFaultCode.SALE_REFUSED
            yield RowRefused(line, code, {"sale": sale, "line": str(other)}, sale)
        for line, sale, other, same in conn.execute(sql(_PACKAGE, "drop_repeated")):
            params = {"sale": sale, "line": str(other)}
            yield None if same else RowRefused(line, RowFaultCode.OTHER_LINES, params, sale)
        conn.execute("DROP TABLE staged_sale")
        conn.execute(sql(_PACKAGE, "make_sales"))
    conn.execute("ANALYZE staged_sale")


def sales_staged(conn: psycopg.Connection) -> int:
    row = conn.execute("SELECT count(*) FROM staged_sale").fetchone()
    assert row is not None
    return int(row[0])


def add_new_things(conn: psycopg.Connection) -> NewThings:
    """Stores, members and products that the file names for the first time; inside a transaction of `conn`."""
    lock_new_names(conn)
    stores = members = products = 0
    for rows in _chunks(conn, "new_stores"):
        add_stores(conn, [(new_event_id(), store) for (store,) in rows])
        stores += len(rows)
    for rows in _chunks(conn, "new_members"):
        add_members(conn, [_member(*row) for row in rows])
        members += len(rows)
    for rows in _chunks(conn, "new_products"):
        add_rows(conn, "product", Product.__struct_fields__[:7], [_product(*row) for row in rows])
        products += len(rows)
    return NewThings(stores, members, products)


def ordered_sales(conn: psycopg.Connection) -> Generator[StagedSale]:
    """Every staged sale, member by member in order of time; inside a transaction of `conn`."""
    with conn.cursor(name="ordered_sales") as cursor:
        cursor.itersize = _SALES_AT_ONCE
        cursor.execute(sql(_PACKAGE, "ordered_sales"), binary=True)
        for row in cursor:
            yield StagedSale(*row)


def lines_of(conn: psycopg.Connection, sale: str) -> list[int]:
    """Lines of the file that a sale was made of."""
    rows = conn.execute("SELECT line_no FROM staged WHERE sale = %s ORDER BY line_no", (sale,))
    return [line for (line,) in rows]


def _chunks(conn: psycopg.Connection, statement: str) -> Iterable[list[tuple[Any, ...]]]:
    """Rows of a statement in bounded lists, read to the end before anything is added."""
    with conn.cursor(name=statement) as cursor:
        cursor.execute(sql(_PACKAGE, statement))
        while rows := cursor.fetchmany(_CHUNK):
            yield rows


def _member(identifier: str, day: date, at: datetime) -> Member:
    return Member(MemberId(new_event_id()), identifier, day, enrolled_at=at)


def _product(*described: object) -> tuple[object, ...]:
    sku, category, department, brand, supplier = described
    return (new_event_id(), sku, "", category, department, brand, supplier)
