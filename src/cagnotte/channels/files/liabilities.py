"""The liability of a closed month as rows of a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from cagnotte.application.show_liability import Liability, Period
from cagnotte.domain.programme.currencies import DECIMALS

_COLUMNS = (
    "month", "cut", "code", "points_open", "value", "points_expected", "deferred", "provision", "balance",
    "currency",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_liability(period: Period, rows: Iterable[Liability]) -> str:
    """One row per code; comma, point, UTF-8. What a spreadsheet would take for a formula is text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        value, deferred, provision, balance = (
            decimal_of(minor, period.currency)
            for minor in (row.value_minor, row.deferred_minor, row.provision_minor, row.balance_minor)
        )
        code = f"'{row.code}" if row.code.startswith(_FORMULA) else row.code
        counts = (f"{period.month:%Y-%m}", row.cut.value, code, row.points, value, row.expected_points)
        writer.writerow([*counts, deferred, provision, balance, period.currency])
    return text.getvalue()


def decimal_of(minor: int, currency: str) -> str:
    """Minor units as a decimal number of the currency."""
    decimals = DECIMALS[currency]
    whole, rest = divmod(abs(minor), 10**decimals)
    return f"{'-' if minor < 0 else ''}{whole}{f'.{rest:0{decimals}}' if decimals else ''}"
