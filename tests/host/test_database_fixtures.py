from __future__ import annotations

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict


def test_a_test_that_uses_the_database_is_marked_so(
    conn: psycopg.Connection, request: pytest.FixtureRequest
) -> None:
    assert request.node.get_closest_marker("database") is not None


def test_a_test_without_the_database_is_not_marked(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("database") is None


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_does_on_its_connection_is_gone_for_the_next(conn: psycopg.Connection, turn: int) -> None:
    conn.execute("CREATE TABLE left_behind AS SELECT %s AS turn", [turn])

    assert conn.execute("SELECT turn FROM left_behind").fetchall() == [(turn,)]


def test_a_database_is_a_committed_copy_of_the_template_and_the_test_s_own(
    database: str, conn: psycopg.Connection
) -> None:
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"

    with psycopg.connect(database) as own:
        copied = own.execute(tables).fetchall()
        own.execute("CREATE TABLE kept_here ()")

    assert copied != []
    assert copied == conn.execute(tables).fetchall()
    assert conninfo_to_dict(database)["dbname"] != conn.info.dbname
