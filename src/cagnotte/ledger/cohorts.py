"""What became of points by the month they were earned in: read from the books as they stood at an instant."""

from datetime import date, datetime

import psycopg

from cagnotte.domain.breakage.triangle import PARTS, Cell, CellSeen, Triangle, month_after, triangles
from cagnotte.storage.sql import sql


def read_triangles(conn: psycopg.Connection, month: date, known_at: datetime) -> dict[str, Triangle]:
    """By wallet, at the end of a month (its first day is given), without what was posted later than `known_at`.

    The tables are joined as wholes: looked up lot by lot, large books would be read at random.
    """
    asked = {"end_day": month_after(month), "known_at": known_at, "parts": PARTS}
    with conn.transaction():
        conn.execute("SET LOCAL enable_nestloop = off")
        rows = conn.execute(sql("cagnotte.ledger", "points_by_age"), asked).fetchall()
        conn.execute("SET LOCAL enable_nestloop = on")
    return triangles((_cell(*row) for row in rows), month)


def _cell(  # noqa: PLR0917 - the columns of a row
    wallet: str,
    cohort: date,
    part: int,
    age: int,
    given: int,
    taken: int,
    used: int,
    expired: int,
    last_age: int | None,
    endless: int,
    lots: int,
) -> CellSeen:
    return CellSeen(wallet, cohort, part, age, Cell(given, taken, used, expired), last_age, endless, lots)
