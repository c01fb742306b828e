"""What a server must have switched on, or it confirms what a crash or a power cut takes away again."""

import psycopg

_NEEDED = ("fsync", "full_page_writes", "synchronous_commit")
_OFF = "SELECT name FROM pg_settings WHERE name = ANY (%s) AND setting = 'off' ORDER BY name"


def options_off(conn: psycopg.Connection) -> tuple[str, ...]:
    """Names of the options that are off for this connection; () when what is committed stays."""
    return tuple(name for (name,) in conn.execute(_OFF, (list(_NEEDED),)).fetchall())
