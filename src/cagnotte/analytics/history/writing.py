"""Write a history: whole members, row group by row group, with as much memory as one of them needs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from cagnotte.analytics.history.layout import (
    EVENT_COLUMNS,
    EVENTS,
    FACTS,
    FORMAT,
    GROUPS_PER_FILE,
    PRODUCT_COLUMNS,
    PRODUCTS,
    ROWS_AT_ONCE,
    STORE_COLUMNS,
    STORES,
    HistoryFacts,
    make_room,
)
from cagnotte.analytics.history.rows import EventRows, Sold
from cagnotte.domain.members.profile import Profile

type ProductRow = tuple[int, str, str, str, str, str, str, Sequence[str]]
"""product_id, sku, name, category, department, brand, supplier, tags."""


class HistoryWriter:
    """A history being written into a folder, in place of an older one there; whole once `finish` was called.

    Raises HistoryRefused when the folder holds other things, and OSError when it cannot be written.
    """

    def __init__(self, folder: Path, products: Sequence[ProductRow], stores: Mapping[str, str]) -> None:
        make_room(folder)
        self._folder = folder
        self._numbers = {product[0]: number for number, product in enumerate(products)}
        _write_products(folder / PRODUCTS, products)
        _write_stores(folder / STORES, stores)
        self._rows = EventRows(self._numbers)
        self._file: pq.ParquetWriter | None = None
        self._groups = 0
        self._members = self._sales = self._lines = 0
        self._days: list[date] = []
        self._currencies: set[str] = set()

    def add(self, events: Sequence[Sold], profile: Profile, *, rows_at_once: int = ROWS_AT_ONCE) -> int:
        """One member's events in order of time, after all members of smaller ids; the rows written so far."""
        self._rows.add_member(events, profile)
        self._members += 1
        if len(self._rows) >= rows_at_once:
            self._write_group()
        return self._sales

    def finish(
        self, *, zone: str, currency: str, zones: Mapping[str, str] | None = None, snapshot: str = ""
    ) -> HistoryFacts:
        """Close the files and say what they hold; only then is there a history."""
        if len(self._rows) or not self._groups:
            self._write_group()
        assert self._file is not None
        self._file.close()
        facts = HistoryFacts(
            format=FORMAT,
            members=self._members,
            sales=self._sales,
            lines=self._lines,
            first_day=min(self._days, default=None),
            last_day=max(self._days, default=None),
            timezone=zone,
            currency=currency,
            snapshot=snapshot,
            exported_at=datetime.now(UTC),
            timezones=dict(zones or {}),
            currencies=tuple(sorted(self._currencies)),
        )
        (self._folder / FACTS).write_bytes(msgspec.json.format(msgspec.json.encode(facts)) + b"\n")
        return facts

    def _write_group(self) -> None:
        rows, self._rows = self._rows, EventRows(self._numbers)
        batch = pa.RecordBatch.from_pydict(rows.columns, schema=EVENT_COLUMNS)
        self._next_file().write_batch(batch, row_group_size=max(batch.num_rows, 1))
        self._groups += 1
        self._sales += rows.sales
        self._lines += rows.lines
        self._currencies |= rows.currencies
        self._days = [pick(found) for pick in (min, max) if (found := [*self._days, *rows.days])]

    def _next_file(self) -> pq.ParquetWriter:
        if self._groups % GROUPS_PER_FILE == 0:
            if self._file is not None:
                self._file.close()
            path = self._folder / EVENTS / f"part-{self._groups // GROUPS_PER_FILE:05}.parquet"
            self._file = pq.ParquetWriter(path, EVENT_COLUMNS, compression="zstd")
        assert self._file is not None
        return self._file


def _write_products(path: Path, products: Sequence[ProductRow]) -> None:
    columns: list[Sequence[Any]] = list(zip(*products, strict=True)) or [()] * (len(PRODUCT_COLUMNS) + 1)
    named = dict(zip(PRODUCT_COLUMNS.names, columns[1:], strict=True))
    pq.write_table(pa.Table.from_pydict(named, schema=PRODUCT_COLUMNS), path)


def _write_stores(path: Path, stores: Mapping[str, str]) -> None:
    named = {"store": list(stores), "name": list(stores.values())}
    pq.write_table(pa.Table.from_pydict(named, schema=STORE_COLUMNS), path)
