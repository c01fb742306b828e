"""A member's books, page by page."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.storage.sql import sql


class Transfer(msgspec.Struct, frozen=True):
    """One transfer: what the member gained or lost, the wallet's balance after it, and its entries."""

    transfer_id: int
    kind: str
    wallet: str
    happened_at: datetime
    posted_at: datetime
    sale_id: int | None
    note: str
    made_by: str
    points: int
    balance: int
    entries: list[tuple[str, int, int | None]]  # account, points, lot


def transfers(conn: psycopg.Connection, member_id: int, *, page_size: int, skipped: int) -> list[Transfer]:
    """Newest first; `skipped` transfers are left out at the top."""
    values = {"member_id": member_id, "page_size": page_size, "skipped": skipped}
    return [Transfer(*row) for row in conn.execute(sql(__package__, "member_ledger"), values)]


def transfer_count(conn: psycopg.Connection, member_id: int) -> int:
    row = conn.execute(sql(__package__, "member_transfers"), {"member_id": member_id}).fetchone()
    assert row is not None, member_id
    return int(row[0])
