"""From what a file says to staged rows: every value checked, each faulty row refused with its reason.

Whole columns are converted at once, with a memory of values seen, since the same store, time and price
come again and again; only when a column holds a fault are its values looked at one by one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from cagnotte.application.loading.values import RowFaultCode as Code
from cagnotte.application.loading.values import RowRefused, StagedBatch
from cagnotte.application.published import instant_of, wall_clock
from cagnotte.channels.files.coded import Coded
from cagnotte.channels.files.parsing import (
    Fault,
    channel_text,
    datetime_of,
    minor_of,
    minor_text,
    optional_text,
    quantity_text,
    required_text,
    shown,
)

_MOST_REMEMBERED = 200_000
_REMEMBERED = (str, int)  # where a column may hold values of several types
_FIRST_YEAR, _LAST_YEAR = 1900, 9990  # outside, a change of time zone may leave the calendar
_NULL = "\\N"


class RawBatch(msgspec.Struct, frozen=True):
    """Rows as read: `lines` where each begins, `columns` by our names, each a list of values.

    The amount stands apart: `parts`, one list per column of the file that makes it up.
    """

    lines: Sequence[int]
    columns: Mapping[str, Sequence[object]]
    parts: Sequence[Sequence[object]]
    refused: Sequence[RowRefused]
    done: int
    total: int
    mixed: bool = False  # values of one column may be of several types
    whole: Sequence[bool] | None = None  # rows whose line of the file says the whole sale; None: no row


class Conventions(msgspec.Struct, frozen=True):
    """How values are read: the programme's zone for times without offset, decimals of its currency.

    Sales before `not_before` (when the programme began) or after `not_after` (now) are refused. `zones`: the other
    clocks that members may live by; a time that is right on one of them is left for the load to judge.
    `currencies`: code -> decimals of every currency that a sale may be in; none: the programme's alone.
    """

    zone: ZoneInfo
    decimals: int
    not_after: datetime
    not_before: datetime
    decimal_mark: str = "."
    zones: tuple[ZoneInfo, ...] = ()
    currencies: Mapping[str, int] = {}

    @property
    def decimals_most(self) -> int:
        """Decimals that an amount may have while its currency is not known."""
        return max(self.decimals, *self.currencies.values()) if self.currencies else self.decimals

    @property
    def decimals_differ(self) -> bool:
        return any(decimals != self.decimals for decimals in self.currencies.values())


class _Memory(dict[object, str]):
    """Value -> its text for COPY, worked out once."""

    def __init__(self, convert: Callable[[object], str]) -> None:
        super().__init__()
        self._convert = convert

    def exactly(self, value: object) -> str:
        """As `self[value]`, for values of any type: to a dictionary true, 1 and 1.0 are one key."""
        return self[value] if type(value) in _REMEMBERED else self._convert(value)

    def __missing__(self, value: object) -> str:
        text = self._convert(value)
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        self[value] = text
        return text


class Conversion:
    """The converters of one file, with what they remember."""

    def __init__(self, conventions: Conventions) -> None:
        self._conventions = conventions
        self._first_local = wall_clock(conventions.not_before, conventions.zone)
        self._text = _Memory(required_text)
        self._optional = _Memory(optional_text)
        self._converters = {
            "sale_id": _Memory(required_text),
            "at": _Memory(self._instant_text),
            "store": self._text,
            "member": _Memory(optional_text),
            "channel": _Memory(channel_text),
            "sku": _Memory(required_text),
            "quantity": _Memory(quantity_text),
            "paid": _Memory(self._amount_text),
            "paid_minor": _Memory(minor_text),
            "currency": _Memory(self._currency_text),
            "category": self._optional,
            "department": self._optional,
            "brand": self._optional,
            "supplier": self._optional,
        }

    def staged(self, raw: RawBatch, amount: str, signs: tuple[int, ...]) -> StagedBatch:
        """The rows that are good, as COPY text, and those that are refused.

        `amount` is "paid" or "paid_minor"; `signs` (+1, -1) tell how its parts are put together.
        """
        if not raw.lines:
            return StagedBatch((), raw.refused, raw.done, raw.total, self._decimals_of(amount))
        faults: dict[int, Fault] = {}
        columns: dict[str, Sequence[str]] = {
            name: self._column(name, values, faults, mixed=raw.mixed) for name, values in raw.columns.items()
        }
        parts = [self._column(amount, values, faults, mixed=raw.mixed) for values in raw.parts]
        columns["paid"] = _together(parts, signs)
        rows = self._joined(raw, columns)
        refused = [self._refusal(raw, columns, index, faults[index]) for index in sorted(faults)]
        if faults:
            rows = [row for index, row in enumerate(rows) if index not in faults]
        return StagedBatch(rows, [*raw.refused, *refused], raw.done, raw.total, self._decimals_of(amount))

    def _decimals_of(self, amount: str) -> int | None:
        """How staged amounts are written; None where every one is in the smallest unit of its currency."""
        said = self._conventions
        return said.decimals_most if amount == "paid" and said.decimals_differ else None

    def _column(self, name: str, values: Sequence[object], faults: dict[int, Fault], *, mixed: bool) -> list[str]:
        memory = self._converters[name]
        text_of = memory.exactly if mixed else memory.__getitem__
        try:
            if isinstance(values, Coded):
                return values.texts(text_of)
            return [text_of(value) for value in values]
        except (Fault, TypeError):
            return [_one(text_of, name, index, value, faults) for index, value in enumerate(values)]

    def _joined(self, raw: RawBatch, columns: Mapping[str, Sequence[str]]) -> list[str]:
        count = len(raw.lines)
        null, store_channel = [_NULL] * count, ["store"] * count
        ordered: list[Sequence[str]] = [
            [str(line) for line in raw.lines],
            ["f"] * count if raw.whole is None else ["t" if whole else "f" for whole in raw.whole],
            columns["sale_id"],
            columns["at"],  # holds three columns: the instant, the wall clock, how it was said
            columns["store"],
            columns.get("member", null),
            columns.get("channel", store_channel),
            columns["sku"],
            columns["quantity"],
            columns["paid"],
            columns.get("currency", null),
            columns.get("category", null),
            columns.get("department", null),
            columns.get("brand", null),
            columns.get("supplier", null),
        ]
        return list(map("\t".join, zip(*ordered, strict=True)))

    def _refusal(
        self, raw: RawBatch, columns: Mapping[str, Sequence[str]], index: int, fault: Fault
    ) -> RowRefused:
        said = [f"{name}={shown(values[index])}" for name, values in raw.columns.items()]
        said += [f"paid={shown(values[index])}" for values in raw.parts]
        # The column holds the id as COPY wants it, or "" when the id itself is faulty.
        sale = str(raw.columns["sale_id"][index]).strip() if columns["sale_id"][index] else ""
        return RowRefused(raw.lines[index], fault.code, fault.params, sale, "; ".join(said))

    def _instant_text(self, value: object) -> str:
        """`instant TAB wall clock TAB whether with offset`; without one, by the clock of the programme's zone."""
        at = datetime_of(value)
        zone = self._conventions.zone
        if at.year > _LAST_YEAR:
            raise Fault(Code.FUTURE_DATE, found=shown(value))
        if at.year < _FIRST_YEAR:
            raise Fault(Code.BEFORE_PROGRAMME, found=shown(value), first=str(self._first_local))
        local = at if at.tzinfo is None else wall_clock(at, zone)
        instant = instant_of(at, zone) if at.tzinfo is None else at.astimezone(UTC)
        may_be = [instant]
        if at.tzinfo is None:
            may_be += [instant_of(at, other) for other in self._conventions.zones]
        if min(may_be) > self._conventions.not_after:
            raise Fault(Code.FUTURE_DATE, found=shown(value))
        if max(may_be) < self._conventions.not_before:
            raise Fault(Code.BEFORE_PROGRAMME, found=shown(value), first=str(self._first_local))
        return f"{instant.isoformat()}\t{local.isoformat()}\t{'f' if at.tzinfo is None else 't'}"

    def _amount_text(self, value: object) -> str:
        return str(minor_of(value, self._conventions.decimals_most, self._conventions.decimal_mark))

    def _currency_text(self, value: object) -> str:
        text = optional_text(value)
        known = self._conventions.currencies
        if text != _NULL and text not in known:
            raise Fault(Code.UNKNOWN_CURRENCY, found=text, known=", ".join(known))
        return text


def _one(text_of: Callable[[object], str], name: str, index: int, value: object, faults: dict[int, Fault]) -> str:
    """The text of one value; "" when it is faulty, which is noted with the row's first fault."""
    try:
        return text_of(value)
    except Fault as fault:
        fault.params.setdefault("column", name)
        faults.setdefault(index, fault)
    except TypeError:  # a list or an object where a value belongs
        faults.setdefault(index, Fault(Code.NOT_A_ROW, column=name, found=shown(value)))
    return ""


def _together(parts: Sequence[list[str]], signs: Sequence[int]) -> list[str]:
    """One amount per row from several columns, added and subtracted in minor units."""
    if signs == (1,):
        return parts[0]
    sums = _Sums(signs)
    return [sums[row] for row in zip(*parts, strict=True)]


class _Sums(dict[tuple[str, ...], str]):
    """Texts of the parts of an amount -> the text of the amount; the same prices come again and again."""

    def __init__(self, signs: Sequence[int]) -> None:
        super().__init__()
        self._signs = signs

    def __missing__(self, row: tuple[str, ...]) -> str:
        text = str(sum(sign * int(part or 0) for sign, part in zip(self._signs, row, strict=True)))
        self[row] = text
        return text
