"""Members, and the identifiers that point to them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import msgspec
import psycopg

from cagnotte.domain.kernel import MemberId
from cagnotte.storage.writing import add_rows


class Member(msgspec.Struct, frozen=True):
    member_id: MemberId
    external_id: str
    enrolled_on: date
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    enrolled_at: datetime | None = None  # None: 00:00 UTC of enrolled_on
    language: str = ""
    country: str = ""  # its clock and currency are the member's


_MEMBER = Member.__struct_fields__
_OF_ACCOUNT = """
SELECT member_id, external_id, enrolled_on, first_name, last_name, email, phone, enrolled_at, language, country
  FROM member
 WHERE member_id = %s
"""
_FIND = """
SELECT m.member_id, m.external_id, m.enrolled_on, m.first_name, m.last_name, m.email, m.phone,
       m.enrolled_at, m.language, m.country
  FROM member_identifier i
  JOIN member m ON m.member_id = i.member_id
 WHERE i.kind IN ('external', 'card', 'email', 'phone')
   AND i.value = %s
 ORDER BY i.kind = 'external' DESC
 LIMIT 1
"""


def find_member(conn: psycopg.Connection, identifier: str) -> Member | None:
    """The member that an identifier of any kind points to; the retailer's own id wins over the others."""
    return read_member(ask_member(conn, identifier))


def ask_member(conn: psycopg.Connection, identifier: str) -> psycopg.Cursor:
    """Ask for the member, for a caller who asks for more in the same round trip."""
    return conn.execute(_FIND, (identifier,))


def read_member(rows: psycopg.Cursor) -> Member | None:
    row = rows.fetchone()
    return None if row is None else Member(*row)


def member_of(conn: psycopg.Connection, member_id: MemberId) -> Member:
    """The member of an account, who is there."""
    found = read_member(conn.execute(_OF_ACCOUNT, (member_id,)))
    assert found is not None, member_id
    return found


def add_members(conn: psycopg.Connection, members: Sequence[Member]) -> None:
    """Add members with their external id as identifier and a standing that begins, and is due, on their first day.

    So the daily job looks at them once, and finds the birthday of who never buys.
    """
    add_rows(conn, "member", _MEMBER, [msgspec.structs.astuple(_dated(member)) for member in members])
    identifiers = [("external", member.external_id, member.member_id) for member in members]
    add_rows(conn, "member_identifier", ("kind", "value", "member_id"), identifiers)
    standings = [(member.member_id, member.enrolled_on, member.enrolled_on) for member in members]
    add_rows(conn, "member_standing", ("member_id", "as_of", "next_due_on"), standings)


def _dated(member: Member) -> Member:
    if member.enrolled_at is not None:
        return member
    return msgspec.structs.replace(member, enrolled_at=datetime.combine(member.enrolled_on, time(), UTC))
