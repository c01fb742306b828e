"""F-03: the embedded PostgreSQL is killed with SIGKILL, all its processes, in the middle of commits."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import psutil
import psycopg
import pytest

from cagnotte.host.postgres import EmbeddedPostgres
from cagnotte.host.postgres.account import server_account
from cagnotte.host.postgres.binaries import find_binaries
from rig.acknowledged import Tills, check
from rig.deaths import free_port, own_shop, server_processes, serving

BACK_WITHIN_S = 15
TABLES = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""


@pytest.mark.parametrize("seed", [3])
def test_a_killed_database_is_brought_back_by_the_program_and_has_all_that_was_acknowledged(
    tmp_path: Path, seed: int
) -> None:
    dice, port, data = random.Random(seed), free_port(), tmp_path / "data"
    home = data / "postgres"
    with own_shop(data) as (_, key):
        pass  # stopped: the program starts it
    with serving(tmp_path, {"CAGNOTTE_WORKERS": "2"}, port, "--data", str(data)) as program:
        with Tills(port, key, seed=seed) as tills:
            for only_the_first in (False, True):  # its children then end when they notice
                tills.wait_for(dice.randint(10, 60))
                victims = server_processes(home)
                for victim in victims[:1] if only_the_first else victims:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        victim.kill()
                tills.wait_for(20, within_s=BACK_WITHIN_S)
        with EmbeddedPostgres(home) as server:
            check(server.dsn(), tills)
            check_tables(server)
        assert program.said.count("The database had ended; it was started again.") == 2
    check_pages(home)


def check_tables(server: EmbeddedPostgres) -> None:
    """Every row can be read, as many by the key as one after the other; no unique index hides a row twice."""
    with psycopg.connect(server.dsn(), autocommit=True) as conn:
        tables = [name for (name,) in conn.execute(TABLES).fetchall()]
        assert len(tables) > 20
        read = {name: rows(conn, name, without="enable_indexonlyscan") for name in tables}
        found = {name: rows(conn, name, without="enable_seqscan") for name in tables}
        conn.execute("REINDEX DATABASE cagnotte")
    assert read == found


def rows(conn: psycopg.Connection, table: str, *, without: str) -> int:
    conn.execute(f"SET {without} = off".encode())
    wanted = "count(*)" if without == "enable_seqscan" else "count(length(whole::text))"
    row = conn.execute(f"SELECT {wanted} FROM {table} AS whole".encode()).fetchone()
    conn.execute(f"RESET {without}".encode())
    assert row is not None
    return int(row[0])


def check_pages(home: Path) -> None:
    """Every page has the checksum of what is on it; the server must have ended."""
    account = server_account(home / "data")
    program = find_binaries(account).folder / "pg_checksums"
    with account.seen(home / "data") as (data, descriptors):
        checked = account.run([program, "--check", "-D", data], keep=descriptors)
    assert checked.returncode == 0, checked.stdout + checked.stderr
