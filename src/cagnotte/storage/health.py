"""What there is to say of the database itself: its server, and the schema that it was brought to."""

import msgspec
import psycopg

_ASK = """
SELECT current_setting('server_version'), pg_database_size(current_database()),
       (SELECT max(name) FROM schema_migration)
"""


class DatabaseHealth(msgspec.Struct, frozen=True):
    """`migration`: the name of the last one that was applied."""

    server: str
    bytes: int
    migration: str


def database_health(conn: psycopg.Connection) -> DatabaseHealth:
    row = conn.execute(_ASK).fetchone()
    assert row is not None
    return DatabaseHealth(*row)
