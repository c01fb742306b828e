"""Seal the books, and hold them against digests that were kept outside."""

from collections.abc import Iterator

import psycopg

from cagnotte.ledger.sealing import Checkpoint, seal, shard_digests

__all__ = ["Checkpoint", "broken_shards", "seal_ledger"]


def seal_ledger(conn: psycopg.Connection) -> Checkpoint:
    """Seal what was added since the last run; the digests of the run are for a place outside the database."""
    return seal(conn)


def broken_shards(conn: psycopg.Connection, kept: Checkpoint) -> Iterator[int]:
    """The shards (0 to 63) whose seals up to that run are no longer what they were at the checkpoint."""
    now = [digest.hex() for digest in shard_digests(conn, kept.seal_no)]
    for shard, digest in enumerate(kept.shards):
        if digest != now[shard]:
            yield shard
