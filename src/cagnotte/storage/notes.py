"""What the program remembers of the database as a whole."""

import psycopg

_KEEP = """
INSERT INTO shop_note (name, value) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, noted_at = now()
"""


def note(conn: psycopg.Connection, name: str) -> str | None:
    row = conn.execute("SELECT value FROM shop_note WHERE name = %s", (name,)).fetchone()
    return None if row is None else str(row[0])


def keep_note(conn: psycopg.Connection, name: str, value: str) -> None:
    conn.execute(_KEEP, (name, value))
