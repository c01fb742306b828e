"""The real API on a real database, with a small programme, two members and a key of every scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from api.shop import NOW, PROGRAMME, Caller
from cagnotte.channels.api.app import make_api
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.api_keys import Scope, create_api_key
from cagnotte.storage.database import connected, make_pool
from cagnotte.storage.members import Member, add_members


@pytest.fixture
def shop(database: str) -> Iterator[psycopg.Connection]:
    """A database with the programme and two members, carol and dave; the connection sees what is committed."""
    with connected(database) as conn:
        conn.execute(
            "INSERT INTO programme_version VALUES (%s, 1, %s, %s, %s, '')",
            ("maison", NOW - timedelta(days=400), NOW - timedelta(days=400), PROGRAMME),
        )
        members = [
            Member(MemberId(11), "carol", date(2026, 1, 5), first_name="Carol"),
            Member(MemberId(12), "dave", date(2026, 1, 6), first_name="Dave"),
        ]
        add_members(conn, members)
        yield conn


@pytest.fixture
def pool(shop: psycopg.Connection, database: str) -> Iterator[ConnectionPool]:
    with make_pool(database, size=8) as pool:
        yield pool


@pytest.fixture
def app(pool: ConnectionPool) -> Any:
    return make_api(pool, clock=lambda: NOW)


@pytest.fixture
def full_key(shop: psycopg.Connection) -> str:
    return create_api_key(shop, "till 1", list(Scope))


@pytest.fixture
def api(app: Any, full_key: str) -> Caller:
    return Caller(app, full_key)
