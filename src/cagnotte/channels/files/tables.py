"""Small tables in files: every row has all the columns, or the file is refused whole, with its line."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cagnotte.channels.files.columns import FileRefused
from cagnotte.channels.files.readers import FileFormat

_AT_ONCE = 20_000


def table_rows(path: Path, form: FileFormat) -> Iterator[tuple[int, Sequence[object]]]:
    """(last line of the row in the file, its values), the header first. Raises FileRefused."""
    if not path.is_file():
        raise FileRefused("no_such_file", file=str(path))
    return _parquet_rows(path) if form is FileFormat.PARQUET else _csv_rows(path)


def _csv_rows(path: Path) -> Iterator[tuple[int, Sequence[object]]]:
    """(last line of the row in the file, its values), the header first."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            delimiter = max(",;\t", key=first.count)
            width = 0
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            for row in reader:
                width = width or len(row)
                if len(row) not in (0, width):
                    params = {"line": str(reader.line_num), "found": str(len(row)), "expected": str(width)}
                    raise FileRefused("wrong_number_of_fields", file=str(path), **params)
                if row:
                    yield reader.line_num, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileRefused("not_readable", file=str(path), detail=str(error)) from error
    if not width:
        raise FileRefused("empty_file", file=str(path))


def _parquet_rows(path: Path) -> Iterator[tuple[int, Sequence[object]]]:
    """(number of the row, its values), the header first."""
    number = 0
    try:
        file = pq.ParquetFile(path)
        yield number, file.schema_arrow.names
        for batch in file.iter_batches(_AT_ONCE):
            for row in zip(*(batch.column(name).to_pylist() for name in batch.schema.names), strict=True):
                number += 1
                yield number, row
    except (pa.ArrowException, OSError) as error:
        raise FileRefused("not_parquet", file=str(path), detail=str(error)) from error
