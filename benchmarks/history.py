"""The history that benches load: the demo's year, or a smaller one for their tests."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import files

import msgspec
import psycopg

from benchmarks.result import BenchFailed
from cagnotte.application.loading.load_products import ProductGiven, load_products
from cagnotte.application.loading.load_sales import load_sales
from cagnotte.application.loading.values import LoadProgress, LoadReport, RowRefused, StagedBatch
from cagnotte.application.publish_programme import publish_programme
from cagnotte.application.published import Published, load_published
from cagnotte.channels.cli.load import conventions_of
from cagnotte.channels.files.products import read_products
from cagnotte.channels.files.readers import FileFormat, read_sales
from cagnotte.host.demo.data import PRODUCTS_MAPPING, SALES_MAPPING, products_file, sales_file
from cagnotte.storage.upkeep import settle_tables


class History(msgspec.Struct, frozen=True):
    """A programme with the products and sales to load under it, each read from its beginning when called."""

    document: str
    products: Callable[[], Iterable[Sequence[ProductGiven]]]
    sales: Callable[[Published], Iterator[StagedBatch]]


def demo_year() -> History:
    """What `cagnotte demo` loads: 155,848 sales of 1.47 million lines under the programme that comes with it."""
    document = files("cagnotte.host.demo").joinpath("programme.toml").read_text(encoding="utf-8")
    return History(document, _demo_products, _demo_sales)


def load_history(
    history: History,
    reading: psycopg.Connection,
    writing: psycopg.Connection,
    watch: Callable[[LoadProgress], None] = lambda _: None,
    *,
    dsn: str,
) -> LoadReport:
    """Publish, load products and sales, and settle the tables, as `cagnotte demo` does.

    Raises BenchFailed when a row is refused: then less was loaded than what is said to be measured.
    """
    publish_programme(writing, history.document, effective_from=None)
    published = load_published(writing)
    load_products(writing, history.products())
    rows = history.sales(published)
    report = load_sales(reading, writing, published, rows, refuse=_refuse, watch=watch, dsn=dsn)
    settle_tables(dsn)
    return report


def _refuse(refused: RowRefused) -> None:
    raise BenchFailed(f"row {refused.line} was refused: {refused.code}")


def _demo_products() -> Iterable[Sequence[ProductGiven]]:
    return read_products(products_file(), FileFormat.PARQUET, PRODUCTS_MAPPING)


def _demo_sales(published: Published) -> Iterator[StagedBatch]:
    return read_sales(sales_file(), FileFormat.PARQUET, SALES_MAPPING, conventions_of(published))
