"""Read a history in order of time, across members, with as much memory as the sorting is allowed."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from cagnotte.analytics.history.layout import DICTIONARIES, EVENTS, ROWS_AT_ONCE, read_facts
from cagnotte.analytics.history.reading import EventTold, Products, events_of
from cagnotte.storage.sql import sql

_MEMORY = "1GB"  # beyond it DuckDB sorts on the disk


def events_in_time(
    folder: Path, products: Products, *, everybody: bool, part: int = 0, parts: int = 1
) -> Iterator[EventTold]:
    """All events, or those of members who belong to the households of one part of all, in order of time."""
    facts = read_facts(folder)
    parameters = {
        "zone": facts.timezone,
        "countries": list(facts.timezones),
        "zones": list(facts.timezones.values()),
        "files": str(folder / EVENTS / "*.parquet"),
        "everybody": everybody,
        "part": part,
        "parts": parts,
    }
    with (
        tempfile.TemporaryDirectory(prefix="cagnotte-sorting-") as spilled,
        duckdb.connect(config={"threads": 1, "memory_limit": _MEMORY, "temp_directory": spilled}) as conn,
    ):
        found = conn.sql(sql("cagnotte.analytics.history", "in_time").decode(), params=parameters)
        assert found is not None
        for batch in found.to_arrow_reader(ROWS_AT_ONCE):
            if batch.num_rows:
                yield from events_of(_with_dictionaries(pa.Table.from_batches([batch])), products)


def _with_dictionaries(table: pa.Table) -> pa.Table:
    for name in DICTIONARIES:
        column = table.column(name).dictionary_encode()
        table = table.set_column(table.schema.get_field_index(name), name, column)
    return table
