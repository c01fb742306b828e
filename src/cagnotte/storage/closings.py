"""Why members were closed or opened again: only ever added."""

from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.domain.kernel import MemberId
from cagnotte.storage.writing import add_rows

_LAST = """
SELECT member_id, change_id, closed_on, reason, made_by, done_at FROM member_closing
 WHERE member_id = %s ORDER BY change_id DESC LIMIT 1
"""


class Closing(msgspec.Struct, frozen=True):
    """`closed_on` None: opened again."""

    member_id: MemberId
    change_id: int
    closed_on: date | None
    reason: str
    made_by: str
    done_at: datetime


def add_closing(conn: psycopg.Connection, closing: Closing) -> None:
    add_rows(conn, "member_closing", Closing.__struct_fields__, [msgspec.structs.astuple(closing)])


def last_closing(conn: psycopg.Connection, member_id: MemberId) -> Closing | None:
    row = conn.execute(_LAST, (member_id,)).fetchone()
    return None if row is None else Closing(*row)
