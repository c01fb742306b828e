"""What partners owed at the end of closed months."""

from collections.abc import Sequence
from datetime import date

import msgspec
import psycopg

from cagnotte.domain.points.terms import Name
from cagnotte.storage.writing import add_rows

_COLUMNS = ("partner", "name", "points", "amount_minor")
_OF_MONTH = f"SELECT {', '.join(_COLUMNS)} FROM accounting_receivable WHERE month = %s ORDER BY partner"  # noqa: S608


class Receivable(msgspec.Struct, frozen=True):
    """For all points given in its name until then, less what was taken back; what it has paid of it stands in the
    company's own books."""

    partner: str
    name: Name
    points: int
    amount_minor: int


def receivables(conn: psycopg.Connection, month: date) -> list[Receivable]:
    return [Receivable(*row) for row in conn.execute(_OF_MONTH, (month,))]


def add_receivables(conn: psycopg.Connection, month: date, rows: Sequence[Receivable]) -> None:
    """In the transaction that closes the month."""
    names = [(each, msgspec.json.encode(each.name).decode()) for each in rows]
    written = [(month, each.partner, name, each.points, each.amount_minor) for each, name in names]
    add_rows(conn, "accounting_receivable", ("month", *_COLUMNS), written)
