"""Where each member stands: tier, and how far expiry and tiers are done."""

from collections.abc import Sequence
from datetime import date

import msgspec
import psycopg

from cagnotte.domain.kernel import MemberId
from cagnotte.storage.sql import sql


class Standing(msgspec.Struct, frozen=True):
    member_id: MemberId
    as_of: date
    tier: str | None
    tier_since: date | None
    next_due_on: date | None


def lock_standings(conn: psycopg.Connection, members: Sequence[MemberId]) -> dict[MemberId, Standing]:
    """The members' standings, locked until the transaction ends, always in order of member_id."""
    return _read(conn, "lock_standings", members)


def standings(conn: psycopg.Connection, members: Sequence[MemberId]) -> dict[MemberId, Standing]:
    return _read(conn, "standings", members)


def set_standings(conn: psycopg.Connection, rows: Sequence[Standing]) -> None:
    """Write standings that exist, one statement for all."""
    columns = [list(column) for column in zip(*(msgspec.structs.astuple(row) for row in rows), strict=True)]
    if columns:
        names = Standing.__struct_fields__
        done = conn.execute(sql("cagnotte.storage", "set_standings"), dict(zip(names, columns, strict=True)))
        assert done.rowcount == len(rows), (done.rowcount, len(rows))


def members_due(conn: psycopg.Connection, on: date, *, after: int, most: int) -> list[MemberId]:
    """Members with something due on that local day or before, in order of id, from after an id on."""
    rows = conn.execute(sql("cagnotte.storage", "members_due"), {"on": on, "after": after, "most": most})
    return [MemberId(member_id) for (member_id,) in rows]


def _read(conn: psycopg.Connection, statement: str, members: Sequence[MemberId]) -> dict[MemberId, Standing]:
    rows = conn.execute(sql("cagnotte.storage", statement), {"members": list(members)})
    return {MemberId(row[0]): Standing(*row) for row in rows}
