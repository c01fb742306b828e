"""When the database is away, full or busy, people read what they can do, in their language, with 503."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from backoffice.shop import Shop
from cagnotte.channels.backoffice.troubles import Troubles, failed
from cagnotte.host.postgres import Server

HEADINGS = {
    "database_unavailable": {"en": "We cannot reach the database", "fr": "La base de données est injoignable"},
    "database_full": {"en": "There is no room left to write", "fr": "Il n’y a plus de place pour écrire"},
    "too_busy": {"en": "One moment, please", "fr": "Un instant, s’il vous plaît"},
}
ERRORS = {
    "database_unavailable": psycopg.errors.AdminShutdown,
    "database_full": psycopg.errors.DiskFull,
    "too_busy": psycopg.errors.LockNotAvailable,
}


def shows(answer: HttpResponse, code: str, language: str) -> None:
    page = answer.content.decode()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 2
    assert f'<html lang="{language}">' in page
    assert f"<h1>{HEADINGS[code][language]}</h1>" in page
    assert "Cagnotte · 503" in page
    assert "<script" not in page
    assert "Traceback" not in page


@contextmanager
def every_connection_taken() -> Iterator[None]:
    pool = settings.CAGNOTTE_POOL
    with ExitStack() as held:
        for _ in range(pool.max_size):
            held.enter_context(pool.connection(timeout=5))
        yield


@pytest.mark.parametrize("language", ["en", "fr"])
def test_who_finds_no_free_connection_is_asked_to_try_again(client: Client, language: str) -> None:
    with every_connection_taken():
        answer = client.get("/backoffice/members/", headers={"accept-language": language})

    shows(answer, "too_busy", language)
    assert client.get("/backoffice/members/").status_code == 200


def test_connections_that_the_server_closed_are_replaced_before_a_page_is_shown(
    client: Client, server: Server
) -> None:
    with every_connection_taken(), psycopg.connect(server.dsn(), autocommit=True) as owner:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            (database,) = cursor.fetchone()
        connection.close()
        ended = owner.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (database,)
        ).fetchall()

    assert len(ended) > settings.CAGNOTTE_POOL.max_size
    assert [client.get("/backoffice/members/").status_code for _ in range(10)] == [200] * 10


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("code", list(ERRORS))
def test_each_trouble_has_a_page_of_its_own(screens: Shop, code: str, language: str) -> None:
    request = RequestFactory().post("/backoffice/")
    request.resolver_match = None

    with translation.override(language):
        in_a_view = Troubles(failed).process_exception(request, ERRORS[code]())
        outside = _handled(request, ERRORS[code]())

    assert in_a_view is not None
    shows(in_a_view, code, language)
    shows(outside, code, language)


def _handled(request: HttpRequest, error: Exception) -> HttpResponse:
    try:
        raise error
    except psycopg.Error:
        return failed(request)


def test_a_mistake_of_ours_stays_one(screens: Shop) -> None:
    request = RequestFactory().get("/backoffice/")

    assert Troubles(failed).process_exception(request, psycopg.errors.UndefinedColumn()) is None
    assert _handled(request, psycopg.errors.UndefinedColumn()).status_code == 500
