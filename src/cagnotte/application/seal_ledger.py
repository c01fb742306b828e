"""Seal the books, and hold them against digests that were kept outside."""

from collections.abc import Iterator
from datetime import datetime

import psycopg

from cagnotte.application.errors import NotSealed, UnknownSeal
from cagnotte.ledger.sealing import Checkpoint, SealedRun, last_run_before, seal, sealed_run, shard_digests

__all__ = ["Checkpoint", "SealedRun", "broken_shards", "seal_ledger", "seal_run_before", "seal_run_kept"]


def seal_ledger(conn: psycopg.Connection) -> Checkpoint:
    """Seal what was added since the last run; the digests of the run are for a place outside the database."""
    return seal(conn)


def broken_shards(conn: psycopg.Connection, kept: Checkpoint) -> Iterator[int]:
    """The shards (0 to 63) whose seals up to that run are no longer what they were at the checkpoint."""
    now = [digest.hex() for digest in shard_digests(conn, kept.seal_no)]
    for shard, digest in enumerate(kept.shards):
        if digest != now[shard]:
            yield shard


def seal_run_before(conn: psycopg.Connection, at: datetime) -> SealedRun:
    """The last run before an instant. Raises NotSealed when there is none."""
    found = last_run_before(conn, at)
    if found is None:
        raise NotSealed(at=at.isoformat(timespec="seconds"))
    return found


def seal_run_kept(conn: psycopg.Connection, kept: Checkpoint) -> SealedRun:
    """The run that a checkpoint was kept of. Raises UnknownSeal when these books do not have it."""
    found = sealed_run(conn, kept.seal_no)
    if found is None:
        raise UnknownSeal(seal=str(kept.seal_no))
    return found
