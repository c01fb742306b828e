"""Sales files in three formats, read as a stream: memory does not grow with the file."""

import csv
import io
from collections.abc import Buffer, Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cagnotte.application.loading.values import RowRefused, StagedBatch
from cagnotte.channels.files.coded import Coded
from cagnotte.channels.files.columns import KNOWN, FileRefused, Mapping, resolve
from cagnotte.channels.files.conversion import Conventions, Conversion, RawBatch
from cagnotte.channels.files.csv_rows import LONGEST_LINE, CsvShape, csv_rows
from cagnotte.channels.files.json_rows import Gathered, json_lines

_ROWS_AT_ONCE = 20_000
_DELIMITERS = ",;\t"


class FileFormat(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"


def format_of(path: Path) -> FileFormat:
    """By the file's ending; CSV when it says nothing."""
    endings = {".ndjson": FileFormat.NDJSON, ".jsonl": FileFormat.NDJSON, ".parquet": FileFormat.PARQUET}
    return endings.get(path.suffix.lower(), FileFormat.CSV)


def read_sales(
    path: Path, form: FileFormat, mapping: Mapping | None, conventions: Conventions
) -> Iterator[StagedBatch]:
    """The file's rows, checked one by one. Raises FileRefused when it cannot be read as such a file."""
    readers: dict[FileFormat, Callable[[Path, _Layout], Iterator[RawBatch]]] = {
        FileFormat.CSV: _read_csv,
        FileFormat.NDJSON: _read_ndjson,
        FileFormat.PARQUET: _read_parquet,
    }
    if not path.is_file():
        raise FileRefused("no_such_file", file=str(path))
    if path.stat().st_size == 0:
        raise FileRefused("empty_file", file=str(path))
    layout = _Layout(mapping)
    conversion = Conversion(
        msgspec.structs.replace(conventions, decimal_mark=mapping.decimal) if mapping else conventions
    )
    for raw in readers[form](path, layout):
        yield conversion.staged(raw, layout.amount, layout.signs)


class _Layout:
    """Which column of the file goes where; known once the header is read."""

    def __init__(self, mapping: Mapping | None) -> None:
        self.given = mapping
        self.settled = False
        self.mapping = mapping or Mapping({})
        self.amount = "paid"
        self.signs: tuple[int, ...] = (1,)

    def settle(self, header: Sequence[str]) -> None:
        self.mapping = resolve(header, self.given)
        self.settled = True
        self.amount = "paid" if "paid" in {**self.mapping.columns, **self.mapping.constants} else "paid_minor"
        used = self.mapping.sources(self.amount)
        self.signs = (1,) * len(used.add) + (-1,) * len(used.subtract) or (1,)

    @property
    def sources_given(self) -> list[str]:
        """Columns that the given mapping reads; none without a mapping."""
        return self.sources if self.given else []

    @property
    def sources(self) -> list[str]:
        """Columns of the file that are read."""
        found: list[str] = []
        for name in self.mapping.columns:
            used = self.mapping.sources(name)
            found += [*used.add, *used.subtract]
        return list(dict.fromkeys(found))

    def raw(
        self,
        lines: Sequence[int],
        columns: dict[str, Sequence[object]],
        refused: Sequence[RowRefused],
        done: int,
        total: int,
    ) -> RawBatch:
        """Columns of the file, by their names there -> a batch by our names."""
        ours: dict[str, Sequence[object]] = {}
        for name in self.mapping.columns:
            used = self.mapping.sources(name)
            if name != self.amount:
                ours[name] = columns[used.add[0]]
        for name, value in self.mapping.constants.items():
            ours[name] = [value] * len(lines)
        used = self.mapping.sources(self.amount)
        constant = ours.pop(self.amount, None)
        parts = [constant] if constant else [columns[column] for column in (*used.add, *used.subtract)]
        return RawBatch(lines, ours, parts, refused, done, total)


class _Counted(io.RawIOBase):
    """A file that knows how much of it was read."""

    def __init__(self, raw: io.FileIO) -> None:
        self._raw = raw
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int | None:
        read = self._raw.readinto(buffer)
        self.done += read or 0
        return read


def _read_csv(path: Path, layout: _Layout) -> Iterator[RawBatch]:
    total = path.stat().st_size
    with path.open("rb", buffering=0) as raw:
        counted = _Counted(raw)
        buffered = io.BufferedReader(counted, 1 << 20)
        text = io.TextIOWrapper(buffered, encoding="utf-8-sig", errors="surrogateescape", newline="")
        delimiter, header = _header(text.readline(LONGEST_LINE), path)
        layout.settle(header)
        sale = layout.mapping.sources("sale_id").add
        shape = CsvShape(delimiter, len(header), header.index(sale[0]) if sale else None)
        for lines, rows, refused in csv_rows(text, shape):
            columns: dict[str, Sequence[object]] = (
                dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(header, ())
            )
            yield layout.raw(lines, columns, refused, counted.done, total)


def _header(first: str, path: Path) -> tuple[str, list[str]]:
    """(delimiter, names of the columns)."""
    if not first.isascii():
        try:
            first.encode()
        except UnicodeEncodeError as error:
            raise FileRefused("not_readable", file=str(path), detail="line 1: not UTF-8") from error
    delimiter = max(_DELIMITERS, key=first.count)
    header = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
    if not any(header):
        raise FileRefused("empty_file", file=str(path))
    _check_names(header, path)
    return delimiter, header


def _check_names(header: Sequence[str], path: Path) -> None:
    if len(set(header)) < len(header):
        raise FileRefused("repeated_column", file=str(path))


def _read_ndjson(path: Path, layout: _Layout) -> Iterator[RawBatch]:
    """One JSON object per line: a row with our names (or mapped ones), or a sale with its `lines`."""
    total, done = path.stat().st_size, 0
    sale = layout.mapping.sources("sale_id").add if layout.given else ("sale_id",)
    gathered = Gathered(sale[0] if sale else "", any_name=layout.given is not None)
    with path.open("rb") as file:
        for number, line, done in json_lines(file):
            if line.strip():
                gathered.add(number, line)
            if len(gathered.rows) + len(gathered.refused) >= _ROWS_AT_ONCE:
                yield _json_batch(gathered, layout, done, total)
                gathered.clear()
    yield _json_batch(gathered, layout, done, total)


def _json_batch(gathered: Gathered, layout: _Layout, done: int, total: int) -> RawBatch:
    lines, rows, refused = gathered.lines, gathered.rows, gathered.refused
    if not rows:  # which of the two amounts the file gives is known with the first good row
        return RawBatch((), {}, (), refused, done, total)
    if not layout.settled:
        other = "paid" if "paid_minor" in rows[0] else "paid_minor"
        layout.settle(layout.sources_given or [name for name in KNOWN if name != other])
    columns: dict[str, Sequence[object]] = {name: [row.get(name) for row in rows] for name in layout.sources}
    raw = layout.raw(lines, columns, refused, done, total)
    return msgspec.structs.replace(raw, mixed=True, whole=gathered.whole)


def _read_parquet(path: Path, layout: _Layout) -> Iterator[RawBatch]:
    done = 0
    try:
        file = pq.ParquetFile(path)
        _check_names(file.schema_arrow.names, path)
        layout.settle(file.schema_arrow.names)
        total = file.metadata.num_rows
        for batch in file.iter_batches(_ROWS_AT_ONCE, columns=layout.sources):
            columns = {name: _column(batch.column(name), layout.mapping.decimal) for name in batch.schema.names}
            lines = range(done + 1, done + batch.num_rows + 1)
            done += batch.num_rows
            yield layout.raw(lines, columns, (), done, total)
    except (pa.ArrowException, OSError) as error:
        raise FileRefused("not_parquet", file=str(path), detail=str(error)) from error


def _column(column: pa.Array, mark: str) -> Sequence[object]:
    """The values of a column, each distinct one made a Python value once."""
    if pa.types.is_nested(column.type):
        return _values(column, mark)
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    values = _values(encoded.dictionary, mark)
    if encoded.null_count:
        return Coded(encoded.indices.fill_null(len(values)).to_pylist(), [*values, None])
    return Coded(encoded.indices.to_pylist(), values)


def _values(column: pa.Array, mark: str) -> Sequence[object]:
    """Python values of a column; times to the microsecond, decimals as text with the decimal mark."""
    kind = column.type
    if pa.types.is_float16(kind) or pa.types.is_float32(kind):
        # The shortest decimal that is this number: 19.99, not 19.989999771118164.
        column = column.cast(pa.string()).cast(pa.float64())
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    if pa.types.is_decimal(kind):
        column = pc.replace_substring(column.cast(pa.string()), ".", mark)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [None if value is None else value.decode(errors="surrogateescape") for value in column.to_pylist()]
    try:
        values: list[object] = column.to_pylist()
    except (OverflowError, ValueError):  # a time that no calendar holds
        return [_value(value) for value in column]
    return values


def _value(scalar: pa.Scalar) -> object:
    """One value; as text when Python has no such value."""
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return str(scalar.value)
