"""A sale that should never have been, such as one typed twice: everything of it that is left is undone."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.published import Published
from cagnotte.application.return_sale import Returned, ReturnSale, return_sale


class VoidSale(msgspec.Struct, frozen=True):
    """`at`: the till's time (None: now)."""

    sale_id: str
    at: datetime | None = None
    reason: str = ""


def void_sale(
    conn: psycopg.Connection, published: Published, command: VoidSale, *, key: str, now: datetime
) -> Returned:
    """Undo the sale as a return of everything does, and keep that it was void; as `return_sale`."""
    whole = ReturnSale(command.sale_id, None, command.at, command.reason, is_void=True)
    return return_sale(conn, published, whole, key=key, now=now)
