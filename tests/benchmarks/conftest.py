"""A history small enough for a test, and a server of the bench's own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from benchmarks.history import History, demo_year
from benchmarks.place import Place, temporary_place

from cagnotte.application.loading.load_products import ProductGiven
from cagnotte.application.loading.values import StagedBatch
from cagnotte.application.published import Published
from cagnotte.channels.cli.load import conventions_of
from cagnotte.channels.files.readers import FileFormat, read_sales

SALES = 6
LINES_PER_SALE = 5


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Six sales of two members, five lines each, under the programme that comes with the program."""
    path = tmp_path / "sales.csv"
    rows = [
        f"s{sale},2017-03-{sale + 1:02}T10:00:00,1,m{sale % 2},sku{line},1,{100 * line + 99}"
        for sale in range(SALES)
        for line in range(LINES_PER_SALE)
    ]
    path.write_text("\n".join(["sale_id,at,store,member,sku,quantity,paid_minor", *rows]) + "\n")
    return History(demo_year().document, _products, _sales_of(path))


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with temporary_place() as opened:
        yield opened


def _products() -> Iterable[Sequence[ProductGiven]]:
    return [[ProductGiven(f"sku{line}") for line in range(LINES_PER_SALE)]]


def _sales_of(path: Path) -> Callable[[Published], Iterator[StagedBatch]]:
    return lambda published: read_sales(path, FileFormat.CSV, None, conventions_of(published))
