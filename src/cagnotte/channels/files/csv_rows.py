"""Rows of a CSV file, each with the line where it begins; one that is not a row costs its first line only."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import TextIO

import msgspec

from cagnotte.application.loading.values import RowFaultCode, RowRefused

LONGEST_LINE = 4 * 1024 * 1024
_ROWS_AT_ONCE = 20_000
_SHOWN = 200
# Stands for a line that is too long to be kept: strict CSV refuses it, inside a quoted text and outside.
_TOO_LONG = '"too long"!\n'


class CsvShape(msgspec.Struct, frozen=True):
    """What every row must look like; `sale_at`: where the sale's id stands, None when the file has none."""

    delimiter: str
    width: int
    sale_at: int | None


type CsvBatch = tuple[list[int], list[list[str]], list[RowRefused]]


def csv_rows(text: TextIO, shape: CsvShape) -> Iterator[CsvBatch]:
    """Batches of (first line of each row, rows of the right width, rows that are not); line 1 is the header."""
    taken = _Lines(text)
    reader = csv.reader(taken, delimiter=shape.delimiter, strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    refused: list[RowRefused] = []
    while True:
        begins = taken.next_row()
        try:
            row = next(reader, None)
        except csv.Error as error:
            refused.append(_broken(begins, taken.all_but_first_again(), str(error), shape))
            continue
        if row is None:
            break
        if len(row) == shape.width:
            lines.append(begins)
            rows.append(row)
        elif row:
            refused.append(_wrong_width(begins, row, shape))
        if len(rows) >= _ROWS_AT_ONCE or len(refused) >= _ROWS_AT_ONCE:
            yield lines, rows, refused
            lines, rows, refused = [], [], []
    yield lines, rows, refused


class _Lines:
    """The lines of a file. A quote that is never closed swallows the lines after it: they can be read again."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._row: list[str] = []
        self._begins = 2

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        self._row.append(line)
        return line

    def next_row(self) -> int:
        """The line at which the next row begins."""
        self._begins += len(self._row)
        self._row.clear()
        return self._begins

    def all_but_first_again(self) -> str:
        """Give the row's lines back to be read again, without the first, which is returned."""
        self._again.extendleft(reversed(self._row[1:]))
        del self._row[1:]
        return self._row[0]

    def _read(self) -> str:
        line = self._text.readline(LONGEST_LINE)
        if len(line) < LONGEST_LINE or line.endswith("\n"):
            return line
        while line and not line.endswith("\n"):
            line = self._text.readline(LONGEST_LINE)
        return _TOO_LONG


def _broken(line_no: int, line: str, error: str, shape: CsvShape) -> RowRefused:
    found = f"line longer than {LONGEST_LINE} characters" if line == _TOO_LONG else error
    try:
        fields = next(csv.reader([line], delimiter=shape.delimiter), [])
    except csv.Error:
        fields = []
    params = {"found": found, "column": ""}
    return RowRefused(line_no, RowFaultCode.NOT_A_ROW, params, _sale(fields, shape), _shown(line.rstrip("\r\n")))


def _wrong_width(line_no: int, row: list[str], shape: CsvShape) -> RowRefused:
    params = {"found": str(len(row)), "expected": str(shape.width)}
    code = RowFaultCode.WRONG_NUMBER_OF_FIELDS
    return RowRefused(line_no, code, params, _sale(row, shape), _shown(", ".join(row)))


def _sale(fields: list[str], shape: CsvShape) -> str:
    """The sale that a faulty row most likely belongs to: its other rows are refused with it."""
    if shape.sale_at is None or shape.sale_at >= len(fields):
        return ""
    sale = fields[shape.sale_at].strip()
    return sale if sale.isprintable() else ""


def _shown(text: str) -> str:
    return text[:_SHOWN].encode(errors="surrogateescape").decode(errors="backslashreplace")
