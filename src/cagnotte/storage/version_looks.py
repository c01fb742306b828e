"""How far the daily run has looked at all members because a version of the programme took force."""

import psycopg

from cagnotte.domain.kernel import MemberId

_DONE = "SELECT version FROM programme_version_look WHERE programme = %s AND done"
_AFTER = "SELECT after_member FROM programme_version_look WHERE programme = %s AND version = %s"
_MEMBERS = "SELECT member_id FROM member_standing WHERE member_id > %s ORDER BY member_id LIMIT %s"
_KEEP = """
INSERT INTO programme_version_look AS known (programme, version, after_member, done) VALUES (%s, %s, %s, %s)
ON CONFLICT (programme, version) DO UPDATE
   SET after_member = greatest(known.after_member, excluded.after_member), done = known.done OR excluded.done
"""


def versions_looked_at(conn: psycopg.Connection, programme: str) -> frozenset[int]:
    """The versions that have reached every member."""
    return frozenset(version for (version,) in conn.execute(_DONE, (programme,)))


def looked_at_upto(conn: psycopg.Connection, programme: str, version: int) -> int:
    """The last member that was looked at because of the version; 0: none."""
    row = conn.execute(_AFTER, (programme, version)).fetchone()
    return 0 if row is None else int(row[0])


def members_after(conn: psycopg.Connection, after: int, *, most: int) -> list[MemberId]:
    return [MemberId(member_id) for (member_id,) in conn.execute(_MEMBERS, (after, most))]


def keep_look(conn: psycopg.Connection, programme: str, version: int, *, upto: int, done: bool) -> None:
    """Remember how far it came; two runs at once do not undo each other."""
    conn.execute(_KEEP, (programme, version, upto, done))
