"""Export the books, whole or of the members that changed since a seal, for who checks them outside."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.ledger.exporting import TABLES, Write, export_tables
from cagnotte.ledger.proof import members_changed

__all__ = ["TABLES", "ExportedBooks", "export_ledger"]
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


class ExportedBooks(msgspec.Struct, frozen=True):
    """`as_of`: the instant of the snapshot. `since`: the run of seals whose later changes chose the members."""

    as_of: datetime
    since: int | None
    rows: dict[str, int]


def export_ledger(conn: psycopg.Connection, write: Write, *, since: int | None = None) -> ExportedBooks:
    """Give every row to `write`, all of one snapshot; members that changed since a seal come whole."""
    with conn.transaction():
        conn.execute(_SNAPSHOT)
        row = conn.execute("SELECT now()").fetchone()
        assert row is not None
        members = None if since is None else members_changed(conn, since)
        return ExportedBooks(row[0], since, export_tables(conn, members, write))
