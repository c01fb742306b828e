"""One at a time may add what nobody knew before: two sales that name the same new product add it once."""

import psycopg

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('new names', 0))"


def lock_new_names(conn: psycopg.Connection) -> None:
    """Hold the lock until the transaction ends. Take it before any member's standing, and look again after it."""
    conn.execute(_LOCK)
