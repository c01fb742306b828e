"""Load the product catalogue, or bring it up to date."""

from collections.abc import Iterable, Sequence

import msgspec
import psycopg

from cagnotte.application.ids import new_event_id
from cagnotte.storage.catalogue import Product, put_products


class ProductGiven(msgspec.Struct, frozen=True):
    sku: str
    name: str = ""
    category: str = ""
    department: str = ""
    brand: str = ""
    supplier: str = ""
    tags: tuple[str, ...] = ()


def load_products(conn: psycopg.Connection, given: Iterable[Sequence[ProductGiven]]) -> int:
    """Add the products, or update those with a known sku, all or none. How many were given.

    What `given` raises is raised; nothing is written then.
    """
    count = 0
    with conn.transaction():
        for products in given:
            latest = {product.sku: product for product in products}  # the last word on a sku counts
            put_products(conn, [_product(product) for product in latest.values()])
            count += len(latest)
    return count


def _product(given: ProductGiven) -> Product:
    return Product(
        new_event_id(),
        given.sku,
        given.name,
        given.category,
        given.department,
        given.brand,
        given.supplier,
        given.tags,
    )
