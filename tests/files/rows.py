"""Sales files for the tests of the readers: a good file, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cagnotte.application.loading.values import STAGED_COLUMNS, RowRefused
from cagnotte.channels.files.columns import Mapping
from cagnotte.channels.files.conversion import Conventions
from cagnotte.channels.files.readers import FileFormat, read_sales

PARIS = ZoneInfo("Europe/Paris")
HEADER = "sale_id,at,store,member,sku,quantity,paid"
GOOD = "S1,2026-03-10 12:30:00,367,carol,bread,2,12.50"
LATER = "S9,2026-03-11 09:00:00,367,dan,milk,1,3.49"
CONVENTIONS = Conventions(
    zone=PARIS,
    decimals=2,
    not_after=datetime(2026, 6, 1, tzinfo=UTC),
    not_before=datetime(2020, 1, 1, tzinfo=UTC),
)


class Read:
    """The staged rows of a file as dictionaries, and the refused ones."""

    def __init__(self, path: Path, form: FileFormat = FileFormat.CSV, mapping: Mapping | None = None) -> None:
        self.rows: list[dict[str, str]] = []
        self.refused: list[RowRefused] = []
        for batch in read_sales(path, form, mapping, CONVENTIONS):
            self.rows += [dict(zip(STAGED_COLUMNS, row.split("\t"), strict=True)) for row in batch.rows]
            self.refused += batch.refused

    @property
    def faults(self) -> list[tuple[int, str]]:
        return [(refused.line, refused.code.value) for refused in self.refused]

    def column(self, name: str) -> list[str]:
        return [row[name] for row in self.rows]


def read_text(
    folder: Path, text: str | bytes, form: FileFormat = FileFormat.CSV, mapping: Mapping | None = None
) -> Read:
    path = folder / f"sales.{form.value}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Read(path, form, mapping)


def read_lines(folder: Path, *lines: str, header: str = HEADER, mapping: Mapping | None = None) -> Read:
    return read_text(folder, "\n".join((header, *lines)) + "\n", mapping=mapping)
