"""Brings a database to the newest schema; safe to call from several processes, and again."""

import hashlib
from importlib.resources import files

import psycopg

_LOCK = 4_917_203_588_127  # one migration at a time per database
_MADE = """
CREATE TABLE IF NOT EXISTS schema_migration (
    name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
"""


class MigrationChanged(Exception):
    """A file that was already applied to this database is not what it was then."""


def migrate(dsn: str) -> list[str]:
    """Apply what is missing, as the owner of the tables; the names of what was applied, in order.

    Raises MigrationChanged, or psycopg.Error with the database as it was before the failing file.
    """
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        conn.execute("SET lock_timeout = '10s'")
        conn.execute(_MADE)
        rows = conn.execute("SELECT name, sha256 FROM schema_migration").fetchall()
        done: dict[str, str] = dict(rows)
        return [name for name, text in _files() if _apply(conn, name, text, done.get(name))]


def _apply(conn: psycopg.Connection, name: str, text: str, known: str | None) -> bool:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if known is not None:
        if known != sha256:
            raise MigrationChanged(f"{name} was changed after it was applied to this database")
        return False
    with conn.transaction():
        conn.execute(text.encode())
        conn.execute("INSERT INTO schema_migration (name, sha256) VALUES (%s, %s)", (name, sha256))
    return True


def _files() -> list[tuple[str, str]]:
    """(name, text) of each SQL file, in order of their numbers."""
    found = (entry for entry in files(__package__).iterdir() if entry.name.endswith(".sql"))
    return sorted((entry.name, entry.read_text(encoding="utf-8")) for entry in found)
