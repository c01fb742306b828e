"""One value of a file -> its text for COPY, or the fault that is in it."""

import re
from datetime import date, datetime
from math import isfinite

from cagnotte.application.loading.values import RowFaultCode as Code

_LONGEST_TEXT = 255
_LARGEST = 900_000_000_000  # of one line, as at the API: sums stay exact in every JSON reader
_LARGEST_QUANTITY = 2**31 - 1
_WHOLE = re.compile(r"[+-]?[0-9]{1,40}")
_AMOUNT = re.compile(r"([+-]?)([0-9]{1,40})(?:\.([0-9]*))?")
_FLOAT_SLACK, _FLOAT_PRECISION = 1e-6, 1e-12
_NULL = "\\N"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Fault(Exception):
    def __init__(self, code: Code, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def required_text(value: object) -> str:
    text = _clean_text(value)
    if not text:
        raise Fault(Code.MISSING_VALUE)
    return text


def optional_text(value: object) -> str:
    return _clean_text(value) or _NULL


def channel_text(value: object) -> str:
    return _clean_text(value) or "store"


def _clean_text(value: object) -> str:
    """The text of an id or a name, escaped for COPY; "" when there is none."""
    if value is None:
        return ""
    if isinstance(value, bool | float) or not isinstance(value, str | int):
        raise Fault(Code.NOT_A_ROW, found=shown(value))
    text = str(value).strip()
    if len(text) > _LONGEST_TEXT:
        raise Fault(Code.TEXT_TOO_LONG, most=str(_LONGEST_TEXT))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Fault(Code.NOT_UTF8) from None
    if "\0" in text:
        raise Fault(Code.FORBIDDEN_CHARACTER)
    return text.translate(_ESCAPED)


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def quantity_text(value: object) -> str:
    quantity = _whole(value)
    if abs(quantity) > _LARGEST_QUANTITY:
        raise Fault(Code.NUMBER_TOO_LARGE, found=str(value))
    return str(quantity)


def minor_text(value: object) -> str:
    return str(_whole(value))


def _whole(value: object) -> int:
    if _is_missing(value):
        raise Fault(Code.MISSING_VALUE)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not _WHOLE.fullmatch(text):
        raise Fault(Code.NOT_WHOLE, found=shown(value))
    number = int(text)
    if abs(number) > _LARGEST:
        raise Fault(Code.NUMBER_TOO_LARGE, found=text)
    return number


def minor_of(value: object, decimals: int, mark: str) -> int:
    """An amount in units of the currency -> in its smallest unit, exactly."""
    if _is_missing(value):
        raise Fault(Code.MISSING_VALUE)
    if isinstance(value, float):
        return _minor_of_float(value, decimals)
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    found = _AMOUNT.fullmatch(text if mark == "." else _with_point(text))
    if found is None:
        raise Fault(Code.NOT_AN_AMOUNT, found=shown(value), mark=mark)
    sign, whole, fraction = found[1], found[2], (found[3] or "").rstrip("0")
    if len(fraction) > decimals:
        raise Fault(Code.TOO_MANY_DECIMALS, found=text, decimals=str(decimals))
    minor = int(whole + fraction.ljust(decimals, "0"))
    if minor > _LARGEST:
        raise Fault(Code.NUMBER_TOO_LARGE, found=text)
    return -minor if sign == "-" else minor


def _with_point(text: str) -> str:
    """A decimal comma as a point. A point is never taken for it: "1.000" is a thousand there, not one."""
    return text.replace(".", " ").replace(",", ".")


def _minor_of_float(value: float, decimals: int) -> int:
    """A binary number that stands for a decimal amount; refused when it is not one of so many decimals."""
    if not isfinite(value):
        raise Fault(Code.NOT_AN_AMOUNT, found=shown(value), mark=".")
    if abs(value) * 10**decimals > _LARGEST:
        raise Fault(Code.NUMBER_TOO_LARGE, found=shown(value))
    scaled = value * 10**decimals
    minor: int = round(scaled)
    if abs(scaled - minor) > _FLOAT_SLACK + abs(scaled) * _FLOAT_PRECISION:
        raise Fault(Code.TOO_MANY_DECIMALS, found=shown(value), decimals=str(decimals))
    return minor


def datetime_of(value: object) -> datetime:
    if _is_missing(value):
        raise Fault(Code.MISSING_VALUE)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a wall clock has no zone
    try:
        return datetime.fromisoformat(value.strip() if isinstance(value, str) and value.isascii() else "")
    except ValueError:
        raise Fault(Code.BAD_DATE, found=shown(value)) from None


def shown(value: object) -> str:
    """A value for a message: at most 80 characters, bytes that are not UTF-8 as \\xNN."""
    text = str(value).encode(errors="surrogateescape").decode(errors="backslashreplace")
    return text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004
