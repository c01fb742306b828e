"""The books as CSV, from one snapshot: all that an outsider needs to check them without this program."""

from collections.abc import Callable, Sequence

import psycopg

from cagnotte.storage.sql import sql

TABLES = ("members", "transfers", "entries", "lot_days", "lots", "balances", "seals", "seal_runs")
# A spreadsheet takes what begins so for a formula. An apostrophe is put before it, and before one that is there.
_GUARD = {"formula": r"^([=+@'\t\r-])", "guarded": r"'\1"}

type Write = Callable[[str, bytes], None]


def export_tables(conn: psycopg.Connection, members: Sequence[int] | None, write: Write) -> dict[str, int]:
    """Give each row to `write` with the name of its table, the names of its columns first; the rows of each table.

    RFC 4180 in UTF-8 with line feeds; an absent value is \\N. `members`: of these alone; the runs of seals
    are whole. The caller's transaction is the snapshot. No more than a row at a time is in memory here.
    """
    return {table: _copied(conn, table, members, write) for table in TABLES}


def _copied(conn: psycopg.Connection, table: str, members: Sequence[int] | None, write: Write) -> int:
    statement = (
        b"COPY (" + sql("cagnotte.ledger", f"export_{table}") + rb") TO STDOUT (FORMAT csv, HEADER, NULL '\N')"
    )
    given = {"members": None if members is None else list(members), **_GUARD}
    rows = -1  # the names of the columns are none
    with conn.cursor() as cursor, cursor.copy(statement, given) as copy:
        for row in copy:
            write(table, bytes(row))
            rows += 1
    return rows
