"""Rows of a file of JSON lines: an object is a row, or a sale with its `lines`."""

import re
from collections.abc import Container, Iterable, Iterator
from typing import BinaryIO

import msgspec

from cagnotte.application.loading.values import RowFaultCode, RowRefused
from cagnotte.channels.files.columns import KNOWN, LINE_FIELDS

LONGEST_LINE = 4 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_SHOWN = 200


def json_lines(file: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """(number, line, bytes read so far); of a line that is too long, its beginning, which is not JSON."""
    number, done = 0, 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        done += len(line)
        more = line
        while len(more) == LONGEST_LINE and not more.endswith(b"\n"):
            more = file.readline(LONGEST_LINE)
            done += len(more)
            line = line[:_SHOWN]
        yield number, line.removeprefix(_BOM) if number == 1 else line, done


class Gathered:
    """Rows of JSON lines, as they come. `sale_name`: what the file calls the id of a sale."""

    def __init__(self, sale_name: str, *, any_name: bool) -> None:
        self.lines: list[int] = []
        self.whole: list[bool] = []  # rows that come from an object with all the lines of its sale
        self.rows: list[dict[str, object]] = []
        self.refused: list[RowRefused] = []
        self._any_name = any_name
        self._sale = re.compile(rb'"%b"\s*:\s*("(?:[^"\\]|\\.)*"|\d+)' % re.escape(sale_name.encode()))

    def clear(self) -> None:
        self.lines, self.whole, self.rows, self.refused = [], [], [], []

    def add(self, number: int, line: bytes) -> None:
        try:
            said = msgspec.json.decode(line, type=dict[str, object])
            whole = said.get("lines") is not None
            rows = list(_rows_of(said, any_name=self._any_name))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            self._refuse(number, line, RowFaultCode.NOT_A_ROW, {"found": str(error), "column": ""})
        except _UnknownField as error:
            params = {"name": error.name, "known": ", ".join(KNOWN)}
            self._refuse(number, line, RowFaultCode.UNKNOWN_FIELD, params)
        else:
            self.rows += rows
            self.lines += [number] * len(rows)
            self.whole += [whole] * len(rows)
            if not rows:
                self._refuse(number, line, RowFaultCode.MISSING_VALUE, {"column": "lines"})

    def _refuse(self, number: int, line: bytes, code: RowFaultCode, params: dict[str, str]) -> None:
        shown = line[:_SHOWN].decode(errors="backslashreplace").rstrip()
        self.refused.append(RowRefused(number, code, params, self._sale_of(line), shown))

    def _sale_of(self, line: bytes) -> str:
        """The sale that a faulty row most likely belongs to: its other rows are refused with it."""
        found = self._sale.search(line)
        if found is None:
            return ""
        try:
            sale = str(msgspec.json.decode(found[1])).strip()
        except (msgspec.DecodeError, UnicodeDecodeError):
            return ""
        return sale if sale.isprintable() else ""


class _UnknownField(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _rows_of(said: dict[str, object], *, any_name: bool) -> Iterator[dict[str, object]]:
    """The rows that one object says: itself, or one per element of its `lines`."""
    lines = said.pop("lines", None)
    if not any_name:
        _check_names(said, KNOWN)
    _check_values(said)
    if lines is None:
        yield said
        return
    for line in msgspec.convert(lines, list[dict[str, object]]):
        if not any_name:
            _check_names(line, LINE_FIELDS)
        _check_values(line)
        yield {**said, **line}


def _check_values(said: dict[str, object]) -> None:
    """A list or an object where one value belongs, however deep, is no row."""
    for name, value in said.items():
        if isinstance(value, list | dict):
            raise msgspec.ValidationError(f"Expected one value, got a {type(value).__name__} - at `$.{name}`")


def _check_names(names: Iterable[str], known: Container[str]) -> None:
    for name in names:
        if name not in known:
            raise _UnknownField(name)
