"""A real PostgreSQL for every test that asks: DATABASE_URL's when it is set, else an embedded one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import hypothesis
import psycopg
import pytest
from psycopg import sql

from cagnotte.host.postgres import Server, open_server
from cagnotte.host.settings import Settings
from cagnotte.storage.migrations import migrate

DATABASE_FIXTURES = {"server", "template_database", "database", "module_database", "conn"}
# Two runs may share one server.
RUN = secrets.token_hex(4)

# A property draws new examples each time it is run; a run that decides about a change must not hang on luck,
# and draws the same ones for the same test.
hypothesis.settings.register_profile("same draw", derandomize=True)
if os.environ.get("CAGNOTTE_DRAW") == "same":
    hypothesis.settings.load_profile("same draw")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "database: needs PostgreSQL; given to tests by the fixtures they use")


def pytest_collection_finish() -> None:
    """The tests' own variables were read when their modules were: programs that tests start refuse them."""
    for name in ("DRAW", "EXAMPLES", "RIG_SECONDS", "SIM_HISTORIES", "SIM_SEED"):
        os.environ.pop(f"CAGNOTTE_{name}", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("database")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the run."""
    url = os.environ.get("DATABASE_URL") or None
    opened = open_server(Settings(database_url=url, data_dir=tmp_path_factory.mktemp("cagnotte")))
    yield opened
    opened.stop()


@pytest.fixture(scope="session")
def template_database(server: Server) -> Iterator[str]:
    """Name of a database migrated as in production, for cloning; nobody connects to it."""
    name = f"cagnotte_test_{RUN}_template"
    server.ensure_database(name)
    migrate(server.dsn(name))
    yield name
    _drop(server, name)


@pytest.fixture
def database(server: Server, template_database: str) -> Iterator[str]:
    """DSN of a migrated database of the test's own, for tests that commit."""
    with _clone(server, template_database) as dsn:
        yield dsn


@pytest.fixture(scope="module")
def module_database(server: Server, template_database: str) -> Iterator[str]:
    """DSN of a migrated database that the tests of one module share; leave it as you found it."""
    with _clone(server, template_database) as dsn:
        yield dsn


@pytest.fixture
def conn(module_database: str) -> Iterator[psycopg.Connection]:
    """A connection whose work is rolled back after the test."""
    with psycopg.connect(module_database) as connection:
        yield connection
        connection.rollback()


@contextmanager
def _clone(server: Server, template: str) -> Iterator[str]:
    name = f"cagnotte_test_{RUN}_{secrets.token_hex(4)}"
    _administer(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield server.dsn(name)
    finally:
        _drop(server, name)


def _drop(server: Server, name: str) -> None:
    _administer(server, "DROP DATABASE {} WITH (FORCE)", name)


def _administer(server: Server, statement: str, *names: str) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
