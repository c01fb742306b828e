"""Django on a database of its own, with a small shop in it: set up once per run, as in production."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import translation
from psycopg import sql

from backoffice.shop import PASSWORD, Shop, fill_shop
from cagnotte.host.postgres import Server
from cagnotte.host.web import close_django, configure_django, ensure_staff_user, migrate_django
from cagnotte.storage.database import connected
from cagnotte.storage.migrations import migrate


@pytest.fixture(scope="session")
def screens(server: Server) -> Iterator[Shop]:
    """The small shop behind a configured Django."""
    name = f"cagnotte_test_backoffice_{secrets.token_hex(4)}"
    server.ensure_database(name)
    dsn = server.dsn(name)
    migrate(dsn)
    with connected(dsn) as conn:
        shop = fill_shop(conn)
    configure_django(dsn, secret_key="only for tests " * 4, allowed_hosts=["127.0.0.1", "testserver"])
    migrate_django(dsn)
    ensure_staff_user("head", PASSWORD)
    yield shop
    close_django()
    with psycopg.connect(server.dsn(), autocommit=True) as conn:
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def client(screens: Shop) -> Iterator[Client]:
    """Signed in with every permission, reading English; the next test starts in English again."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(get_user_model().objects.get(username="head"))
    yield client
    translation.deactivate()


@pytest.fixture
def seller(screens: Shop) -> Iterator[Client]:
    """Signed in, and may see stores only."""
    user = get_user_model().objects.create_user("seller", password=PASSWORD, is_staff=True)
    user.user_permissions.add(apps.get_model("auth", "Permission").objects.get(codename="view_store"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    yield client
    user.delete()
