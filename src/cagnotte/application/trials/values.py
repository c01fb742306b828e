"""The values that case files are written with: words, amounts in units of the currency, local times."""

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

NOON = time(12)
FIRST_YEAR, LAST_YEAR = 1900, 2999
MINOR = "minor"
_LONGEST_AMOUNT = 30
_ENDS_OF_DIGITS = 18  # decimals that anybody could mean; more are a slip


class NotWritten(ValueError):
    """A value is not written as its place asks for; `code` chooses the sentence, `found` is what stands there."""

    def __init__(self, code: str, found: object) -> None:
        super().__init__(f"{code}: {found}")
        self.code = code
        self.found = str(found)


class Word(str):
    """A code or a text. A whole number is taken as its digits: `sku: 4711`."""

    __slots__ = ()


class Money:
    """An amount as it was written: in units of the currency ("12.00", 12), or {minor: 1200}. Always exact."""

    __slots__ = ("_minor", "_units")

    def __init__(self, *, units: Decimal | None = None, minor: int = 0) -> None:
        self._units = units
        self._minor = minor

    def minor(self, decimals: int) -> int:
        """In the smallest unit. Raises NotWritten when there are more decimals than the currency has."""
        if self._units is None:
            return self._minor
        scaled = self._units.scaleb(decimals)
        if scaled != scaled.to_integral_value():
            raise NotWritten("too_many_decimals", self._units)
        return int(scaled)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and (self._units, self._minor) == (other._units, other._minor)

    def __hash__(self) -> int:
        return hash((self._units, self._minor))


class Moment:
    """A wall-clock time, or an instant when it has an offset; a day alone means noon of that day."""

    __slots__ = ("at", "day_alone")

    def __init__(self, at: datetime, *, day_alone: bool) -> None:
        self.at = at
        self.day_alone = day_alone

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Moment) and self.at == other.at

    def __hash__(self) -> int:
        return hash(self.at)


def read_value(kind: type, found: Any) -> object:
    """For msgspec: a value of ours from what the file holds. Raises NotWritten."""
    if kind is Word:
        return _word(found)
    if kind is Money:
        return _money(found)
    if kind is Moment:
        return _moment(found)
    raise NotImplementedError(kind)


def schema_of_value(kind: type) -> dict[str, Any]:
    """For msgspec: the JSON Schema of a value of ours."""
    if kind is Word:
        return {"type": ["string", "integer"], "description": "A code or a text."}
    if kind is Money:
        minor = {"type": "object", "properties": {MINOR: {"type": "integer"}}, "required": [MINOR]}
        written = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
        said = "An amount in units of the currency, exact, or {minor: N} in its smallest unit."
        return {
            "anyOf": [written, {"type": "integer"}, minor | {"additionalProperties": False}],
            "description": said,
        }
    if kind is Moment:
        return {
            "type": "string",
            "description": "2026-01-31T17:30 on the member's clock, or with an offset; a day means noon.",
        }
    raise NotImplementedError(kind)


def written_amount(minor: int, decimals: int) -> str:
    """The amount as case files have it: "12.00", and "1200" in a currency without decimals."""
    whole, part = divmod(abs(minor), 10**decimals)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"


def _word(found: object) -> Word:
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise NotWritten("not_a_word", found)
    return Word(found)


def _money(found: object) -> Money:
    if isinstance(found, dict) and list(found) == [MINOR] and type(found[MINOR]) is int:
        return Money(minor=found[MINOR])
    if isinstance(found, bool) or not isinstance(found, str | int | Decimal):
        raise NotWritten("not_an_amount", found)
    text = str(found)
    try:
        units = Decimal(text) if len(text) <= _LONGEST_AMOUNT and text.strip() == text else None
    except InvalidOperation:
        units = None
    if units is None or not units.is_finite() or "_" in text or int(units.as_tuple().exponent) < -_ENDS_OF_DIGITS:
        raise NotWritten("not_an_amount", found)
    return Money(units=units)


def _moment(found: object) -> Moment:
    if isinstance(found, datetime):
        at, alone = found, False
    elif isinstance(found, date):
        at, alone = datetime.combine(found, NOON), True
    elif isinstance(found, str):
        at, alone = _moment_of_text(found)
    else:
        raise NotWritten("not_a_time", found)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise NotWritten("time_out_of_range", found)
    return Moment(at, day_alone=alone)


def _moment_of_text(text: str) -> tuple[datetime, bool]:
    try:
        return datetime.combine(date.fromisoformat(text), NOON), True
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text), False
    except ValueError as error:
        raise NotWritten("not_a_time", text) from error
