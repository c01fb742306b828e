"""A second database, for tests that compare two shops."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import psycopg
import pytest

from cagnotte.host.postgres import Server


@pytest.fixture
def another_database(server: Server, template_database: str, database: str) -> Iterator[str]:
    """DSN of a migrated database beside `database`."""
    name = f"{template_database.removesuffix('_template')}_{secrets.token_hex(4)}"
    with psycopg.connect(server.dsn(), autocommit=True) as conn:
        conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"'.encode())
        yield server.dsn(name)
        conn.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
