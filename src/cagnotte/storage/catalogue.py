"""Stores and products, known by the retailer's own ids."""

from collections.abc import Iterable, Sequence

import msgspec
import psycopg

from cagnotte.storage.sql import sql
from cagnotte.storage.writing import add_rows


class Product(msgspec.Struct, frozen=True, array_like=True):
    product_id: int
    sku: str
    name: str = ""
    category: str = ""
    department: str = ""
    brand: str = ""
    supplier: str = ""
    tags: tuple[str, ...] = ()


_PRODUCT = Product.__struct_fields__


def store_id_of(conn: psycopg.Connection, external_id: str) -> int | None:
    return read_store_id(ask_store_id(conn, external_id))


def ask_store_id(conn: psycopg.Connection, external_id: str) -> psycopg.Cursor:
    """Ask for the store, for a caller who asks for more in the same round trip."""
    return conn.execute("SELECT store_id FROM store WHERE external_id = %s", (external_id,))


def read_store_id(rows: psycopg.Cursor) -> int | None:
    row = rows.fetchone()
    return None if row is None else int(row[0])


def add_stores(conn: psycopg.Connection, stores: Sequence[tuple[int, str]]) -> None:
    """Add (store_id, external_id); one that is there already stays as it is."""
    conn.execute(
        sql("cagnotte.storage", "add_stores"),
        {"ids": [store_id for store_id, _ in stores], "external_ids": [external for _, external in stores]},
    )


def products_by_sku(conn: psycopg.Connection, skus: Iterable[str]) -> dict[str, Product]:
    """sku -> product, for those that are known."""
    return read_products(ask_products(conn, skus))


def ask_products(conn: psycopg.Connection, skus: Iterable[str]) -> psycopg.Cursor:
    """Ask for the products, for a caller who asks for more in the same round trip."""
    return conn.execute(sql("cagnotte.storage", "products_by_sku"), {"skus": list(skus)})


def read_products(rows: psycopg.Cursor) -> dict[str, Product]:
    return {row[1]: _product(row) for row in rows.fetchall()}


def products_by_id(conn: psycopg.Connection, ids: Iterable[int]) -> dict[int, Product]:
    rows = conn.execute(sql("cagnotte.storage", "products_by_id"), {"ids": list(ids)})
    return {row[0]: _product(row) for row in rows}


def put_products(conn: psycopg.Connection, products: Sequence[Product]) -> None:
    """Add products, or bring the known ones (by sku) up to date; their ids stay."""
    if not products:
        return
    conn.execute("CREATE TEMP TABLE IF NOT EXISTS product_given (LIKE product INCLUDING DEFAULTS)")
    conn.execute("TRUNCATE product_given")
    rows = [(*msgspec.structs.astuple(product)[:-1], list(product.tags)) for product in products]
    add_rows(conn, "product_given", _PRODUCT, rows)
    conn.execute(sql("cagnotte.storage", "put_products"))


def add_products(conn: psycopg.Connection, products: Sequence[Product]) -> None:
    """Add products; one whose sku is there already stays as it is."""
    rows = [(*msgspec.structs.astuple(product)[:-1], list(product.tags)) for product in products]
    known = products_by_sku(conn, [product.sku for product in products])
    add_rows(conn, "product", _PRODUCT, [row for row in rows if row[1] not in known])


def _product(row: tuple[object, ...]) -> Product:
    return msgspec.convert(row, Product)
