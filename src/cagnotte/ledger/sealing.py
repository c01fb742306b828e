"""Seals: digests of what each member's books gained, chained, and one digest per shard to be kept outside."""

from datetime import datetime
from typing import Any

import msgspec
import psycopg

from cagnotte.storage.sql import sql

SHARDS = 64
_LOCK = "SELECT pg_advisory_lock(%s)"  # one run at a time; taken before the snapshot, which must see the last run
_UNLOCK = "SELECT pg_advisory_unlock(%s)"
_SEALING = 4_917_203_588_128
_NEXT = "SELECT coalesce(max(seal_no), 0) + 1 FROM ledger_seal_run"
_RUN = "INSERT INTO ledger_seal_run (seal_no, members, shards) VALUES (%s, %s, %s) RETURNING sealed_at"
_RUN_OF = "SELECT seal_no, sealed_at FROM ledger_seal_run WHERE seal_no = %s"
_LAST_BEFORE = "SELECT seal_no, sealed_at FROM ledger_seal_run WHERE sealed_at < %s ORDER BY seal_no DESC LIMIT 1"


class SealedRun(msgspec.Struct, frozen=True):
    seal_no: int
    sealed_at: datetime


class Checkpoint(msgspec.Struct, frozen=True):
    """What is kept outside of one run: the digest of each of 64 shards in hexadecimal; "" for an empty one."""

    seal_no: int
    sealed_at: datetime
    members: int
    shards: tuple[str, ...]


def seal(conn: psycopg.Connection) -> Checkpoint:
    """Seal all that was added since the last run, on one snapshot of the books, in a transaction of its own.

    The connection is in autocommit mode.
    """
    conn.execute(_LOCK, (_SEALING,))
    try:
        with conn.transaction():
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            seal_no = _one(conn.execute(_NEXT))
            members = _one(conn.execute(sql("cagnotte.ledger", "seal"), {"seal_no": seal_no}))
            shards = shard_digests(conn, seal_no)
            sealed_at = _one(conn.execute(_RUN, (seal_no, members, shards)))
    finally:
        conn.execute(_UNLOCK, (_SEALING,))
    return Checkpoint(seal_no, sealed_at, members, tuple(each.hex() for each in shards))


def shard_digests(conn: psycopg.Connection, seal_no: int) -> list[bytes]:
    """The digests over the last seals up to a run, as they are now; empty for a shard without a member."""
    found: dict[int, bytes] = dict(
        conn.execute(sql("cagnotte.ledger", "seal_shards"), {"seal_no": seal_no}).fetchall()
    )
    return [bytes(found.get(shard, b"")) for shard in range(SHARDS)]


def sealed_run(conn: psycopg.Connection, seal_no: int) -> SealedRun | None:
    row = conn.execute(_RUN_OF, (seal_no,)).fetchone()
    return None if row is None else SealedRun(*row)


def last_run_before(conn: psycopg.Connection, at: datetime) -> SealedRun | None:
    row = conn.execute(_LAST_BEFORE, (at,)).fetchone()
    return None if row is None else SealedRun(*row)


def _one(cursor: psycopg.Cursor) -> Any:
    row = cursor.fetchone()
    assert row is not None
    return row[0]
