"""The rollforward of a closed month as rows of a spreadsheet."""

import csv
import io

from cagnotte.application.show_rollforward import Column, RolledOf
from cagnotte.channels.files.liabilities import decimal_of

_COLUMNS = ("month", "account", "partner", "before", *(column.value for column in Column), "end", "currency")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_rollforward(found: RolledOf) -> str:
    """One row per account and partner ("": members, or nobody); comma, point, UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    currency = found.period.currency
    for row in found.rows:
        minors = (row.opening, *(row.changes[column] for column in Column), row.closing)
        partner = f"'{row.partner}" if row.partner.startswith(_FORMULA) else row.partner
        amounts = [decimal_of(minor, currency) for minor in minors]
        writer.writerow([f"{found.period.month:%Y-%m}", row.role.value, partner, *amounts, currency])
    return text.getvalue()
