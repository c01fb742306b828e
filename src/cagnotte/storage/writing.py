"""Rows in sets: by COPY when there are many, by one prepared statement when there are few."""

from collections.abc import Iterable, Sequence

import psycopg
from psycopg import sql
from psycopg.pq import PipelineStatus

_FEW = 50  # below this, one INSERT costs less than opening a COPY
_AT_ONCE = 1_000  # rows of one INSERT: the protocol takes 65,535 values


def add_rows(
    conn: psycopg.Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Insert all rows. Raises psycopg.IntegrityError, then none is there; in a pipeline, when that ends."""
    if len(rows) <= _FEW:
        _insert(conn, table, columns, rows)
    elif conn.info.pipeline_status is PipelineStatus.OFF:
        _copy(conn, table, columns, rows)
    else:  # a pipeline takes no COPY
        for start in range(0, len(rows), _AT_ONCE):
            _insert(conn, table, columns, rows[start : start + _AT_ONCE])


def _insert(
    conn: psycopg.Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    if not rows:
        return
    one = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    statement = sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
        sql.Identifier(table), _names(columns), sql.SQL(", ").join([one] * len(rows))
    )
    conn.execute(statement, [value for row in rows for value in row])


def _copy(conn: psycopg.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _names(columns))
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join([sql.Identifier(column) for column in columns])
