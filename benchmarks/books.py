"""Books of any size made by the database itself, for what reads or moves all of them."""

from pathlib import Path

import psycopg

from cagnotte.application.publish_programme import publish_programme
from cagnotte.application.published import Published, load_published
from cagnotte.storage.database import connected
from cagnotte.storage.upkeep import settle_tables

PROGRAMME = """
[programme]
code = "bench"
currency = "EUR"
timezone = "UTC"

[wallets.points]
expiry = { after = "12 months" }

[[earn]]
code = "base"
on = "purchase"
points = "paid / 100"
"""
_HERE = Path(__file__).resolve().parent


def make_books(dsn: str, *, members: int, lots: int) -> Published:
    """That many members with that many lots each: see books.sql. The database is migrated and empty."""
    with connected(dsn) as conn:
        publish_programme(conn, PROGRAMME, effective_from=None)
        published = load_published(conn)
    with psycopg.connect(dsn) as conn:
        conn.execute("SET timezone = 'UTC'")
        run_script(conn, _HERE / "books.sql", members=members, lots=lots)
    settle_tables(dsn)
    return published


def run_script(conn: psycopg.Connection, file: Path, **numbers: int) -> None:
    """The statements of a file, with numbers in the places that bear their names."""
    conn.execute(file.read_text(encoding="utf-8").format(**numbers).encode())
