"""Files of opening balances: what each member holds in a programme that moves here. CSV, NDJSON or Parquet."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import msgspec

from cagnotte.application.loading.opening_rows import BalanceRow
from cagnotte.application.loading.values import RowFaultCode as Code
from cagnotte.application.loading.values import RowRefused
from cagnotte.channels.files.columns import FileRefused, Mapping
from cagnotte.channels.files.json_rows import json_lines
from cagnotte.channels.files.parsing import Fault, shown
from cagnotte.channels.files.readers import FileFormat
from cagnotte.channels.files.tables import table_rows

BALANCE_COLUMNS = ("member", "points", "wallet", "expires_on", "usable_from", "reference")
_REQUIRED = ("member", "points")
_LONGEST_TEXT = 255
_LARGEST = 2**53 - 1
_NEVER = "never"

type Values = dict[str, object]


def read_balances(path: Path, form: FileFormat, mapping: Mapping | None) -> Iterator[BalanceRow | RowRefused]:
    """The file's rows, checked one by one. Raises FileRefused when it cannot be read as such a file."""
    rows = _json_rows(path, mapping) if form is FileFormat.NDJSON else _table_rows(path, form, mapping)
    for line, values in rows:
        if isinstance(values, RowRefused):
            yield values
            continue
        try:
            yield _balance(line, values)
        except Fault as fault:
            member = shown(values.get("member") or "")
            said = "; ".join(f"{name}={shown(value)}" for name, value in values.items())
            yield RowRefused(line, fault.code, fault.params, member, said)


def _table_rows(path: Path, form: FileFormat, mapping: Mapping | None) -> Iterator[tuple[int, Values]]:
    rows = table_rows(path, form)
    _, header = next(rows)
    places = _places([str(name).strip() for name in header], mapping)
    constants: Values = dict(mapping.constants) if mapping else {}
    for line, row in rows:
        yield line, constants | {name: row[place] for name, place in places.items()}


def _places(header: list[str], mapping: Mapping | None) -> dict[str, int]:
    """Our column name -> its place in a row."""
    wanted = _wanted(mapping) if mapping else {name: name for name in header}
    for name, column in wanted.items():
        if name not in BALANCE_COLUMNS:
            raise FileRefused("unknown_column", name=name, known=", ".join(BALANCE_COLUMNS))
        if column not in header:
            raise FileRefused("no_such_column", name=column, known=", ".join(header))
    for name in _REQUIRED:
        if name not in {**wanted, **(mapping.constants if mapping else {})}:
            raise FileRefused("missing_column", name=name)
    return {name: header.index(column) for name, column in wanted.items()}


def _wanted(mapping: Mapping) -> dict[str, str]:
    return {name: mapping.sources(name).add[0] for name in mapping.columns}


def _json_rows(path: Path, mapping: Mapping | None) -> Iterator[tuple[int, Values | RowRefused]]:
    """One JSON object per line, with our names or mapped ones."""
    if not path.is_file():
        raise FileRefused("no_such_file", file=str(path))
    if path.stat().st_size == 0:
        raise FileRefused("empty_file", file=str(path))
    wanted = _wanted(mapping) if mapping else {name: name for name in BALANCE_COLUMNS}
    constants: Values = dict(mapping.constants) if mapping else {}
    with path.open("rb") as file:
        for number, line, _ in json_lines(file):
            if line.strip():
                yield number, _json_row(number, line, wanted, constants, any_name=mapping is not None)


def _json_row(
    number: int, line: bytes, wanted: dict[str, str], constants: Values, *, any_name: bool
) -> Values | RowRefused:
    try:
        said = msgspec.json.decode(line, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return RowRefused(number, Code.NOT_A_ROW, {"found": str(error), "column": ""}, "", shown(line))
    unknown = next((name for name in said if name not in BALANCE_COLUMNS), None)
    if unknown is not None and not any_name:
        params = {"name": unknown, "known": ", ".join(BALANCE_COLUMNS)}
        return RowRefused(number, Code.UNKNOWN_FIELD, params, "", shown(line))
    return constants | {name: said.get(column) for name, column in wanted.items()}


def _balance(line: int, values: Values) -> BalanceRow:
    expires = values.get("expires_on")
    never = isinstance(expires, str) and expires.strip().lower() == _NEVER
    ends = None if never else _day(expires, "expires_on")
    usable = _day(values.get("usable_from"), "usable_from")
    if usable is not None and ends is None and not never:
        raise Fault(Code.MISSING_VALUE, column="expires_on")
    return BalanceRow(
        line=line,
        member=_text(values.get("member"), "member", required=True),
        points=_points(values.get("points")),
        wallet=_text(values.get("wallet"), "wallet"),
        by_terms=ends is None and not never,
        expires_on=ends,
        usable_from=usable,
        reference=_text(values.get("reference"), "reference"),
    )


def _text(value: object, column: str, *, required: bool = False) -> str:
    if value is not None and (isinstance(value, bool | float) or not isinstance(value, str | int)):
        raise Fault(Code.NOT_A_ROW, column=column, found=shown(value))
    text = "" if value is None else str(value).strip()
    if required and not text:
        raise Fault(Code.MISSING_VALUE, column=column)
    if len(text) > _LONGEST_TEXT:
        raise Fault(Code.TEXT_TOO_LONG, column=column, most=str(_LONGEST_TEXT))
    if "\0" in text:
        raise Fault(Code.FORBIDDEN_CHARACTER, column=column)
    return text


def _points(value: object) -> int:
    """A whole number of points, 0 or more; a float of a Parquet file only when it is whole."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise Fault(Code.MISSING_VALUE, column="points")
    if isinstance(value, float) and value.is_integer() and abs(value) <= _LARGEST:
        value = int(value)
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not text.isascii() or not text.removeprefix("-").removeprefix("+").isdigit():
        raise Fault(Code.NOT_WHOLE, column="points", found=shown(value))
    if len(text) > len(str(_LARGEST)) + 1 or abs(int(text)) > _LARGEST:
        raise Fault(Code.NUMBER_TOO_LARGE, column="points", found=shown(text))
    if int(text) < 0:
        raise Fault(Code.NEGATIVE_BALANCE, column="points", found=text)
    return int(text)


def _day(value: object, column: str) -> date | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value.strip() if isinstance(value, str) and value.isascii() else "")
    except ValueError:
        raise Fault(Code.NOT_A_DAY, column=column, found=shown(value)) from None
