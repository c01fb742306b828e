"""How problems look, in both languages, and what happens when the database or we fail."""

from __future__ import annotations

import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from api.shop import NOW, SALE, Caller
from cagnotte.application import errors
from cagnotte.application.accounts_refusals import AccountsRefused
from cagnotte.application.programme_refusals import ActRefused
from cagnotte.channels.api.app import make_api
from cagnotte.channels.api.catalogue import CATALOGUE
from cagnotte.channels.api.problems import EXAMPLE_PARAMS
from cagnotte.storage.database import make_pool

NOT_OF_THE_API = {
    *(errors.ProgrammeInPast, errors.LoadRunning, errors.PostingEnded, ActRefused, AccountsRefused),
    *(errors.UnknownSeal, errors.NotSealed, errors.UnknownPartner, errors.NoPartners),  # of the terminal alone
}


def test_a_problem_has_all_members_of_rfc_9457_and_ours(api: Caller) -> None:
    refused = api.call("POST", "/v1/sales:evaluate", {"stor": "1"}, Accept_Language="fr-FR, en;q=0.5")

    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.headers["content-language"], refused.headers["vary"]) == ("fr", "Accept-Language")
    assert refused.json == {
        "type": "/v1/problems/unknown_field",
        "title": "Unknown field",
        "status": 422,
        "code": "unknown_field",
        "detail": "There is no field 'stor' here. Did you mean 'store'?",
        "retryable": False,
        "customer_message": "Cette demande n'a pas pu être comprise. Demandez de l'aide à l'équipe.",
        "pointer": "/stor",
    }


def test_the_sentence_for_the_customer_is_english_unless_french_is_asked(api: Caller) -> None:
    refused = api.call("POST", "/v1/sales:evaluate", {"stor": "1"}, Accept_Language="de")

    assert refused.json["customer_message"] == (
        "This request could not be understood. Please ask the staff for help."
    )


def test_every_kind_of_problem_speaks_both_languages_and_fills_its_detail() -> None:
    for code, kind in CATALOGUE.items():
        assert re.fullmatch(r"[a-z0-9_]+", code)
        assert kind.customer.en.strip(), code
        assert kind.customer.fr.strip(), code
        assert kind.customer.en != kind.customer.fr
        assert "{" not in kind.detail.format_map(EXAMPLE_PARAMS), code


def test_every_error_of_a_caller_is_in_the_catalogue() -> None:
    known = set(errors.RequestError.__subclasses__()) - NOT_OF_THE_API

    assert {each.code for each in known} <= CATALOGUE.keys()


def test_a_problem_has_a_page_about_its_code(api: Caller) -> None:
    page = api.call("GET", "/v1/problems/sale_conflict")

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Cet achat est déjà enregistré" in page.text


def test_connections_that_the_server_closed_are_replaced_before_a_caller_gets_one(
    shop: psycopg.Connection, database: str, full_key: str
) -> None:
    with make_pool(database, size=5) as pool, psycopg.connect(database, autocommit=True) as owner:
        api = Caller(make_api(pool, clock=lambda: NOW), full_key)
        with ExitStack() as held:
            pids = [held.enter_context(pool.connection()).info.backend_pid for _ in range(5)]
        for pid in pids:
            assert owner.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,)).fetchone() == (True,)
        with ThreadPoolExecutor(5) as callers:
            answers = list(callers.map(lambda _: api.evaluate(SALE).status_code, range(10)))

    assert answers == [200] * 10


def test_a_connection_that_is_lost_in_a_call_is_503_and_the_next_call_works(
    shop: psycopg.Connection, database: str, full_key: str
) -> None:
    with make_pool(database, size=1) as pool, psycopg.connect(database) as owner:
        api = Caller(make_api(pool, clock=lambda: NOW), full_key)
        assert api.evaluate(SALE).status_code == 200
        owner.execute("LOCK TABLE member_standing")
        with ThreadPoolExecutor(1) as other:
            waits = other.submit(api.evaluate, SALE)
            pid = _waiting_for_a_lock(owner)
            owner.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            refused = waits.result()
        owner.rollback()
        after = api.evaluate(SALE)

    assert (refused.status_code, refused.json["code"]) == (503, "database_unavailable")
    assert (refused.json["retryable"], refused.headers["retry-after"]) == (True, "5")
    assert after.status_code == 200


def _waiting_for_a_lock(conn: psycopg.Connection) -> int:
    """The process that waits for a lock of this connection, once there is one."""
    give_up_at = time.monotonic() + 10
    while (
        found := conn.execute(
            "SELECT pid FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        ).fetchone()
    ) is None:
        assert time.monotonic() < give_up_at, "nobody waits"
        time.sleep(0.01)
    pid: int = found[0]
    return pid


def test_without_database_every_call_is_503_and_none_hangs(api: Caller, pool: ConnectionPool) -> None:
    pool.close()

    answers = [api.evaluate(SALE), api.put_sale("t-1", SALE, key="k-1"), api.call("GET", "/v1/health")]

    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert {answer.json["code"] for answer in answers} == {"database_unavailable"}


def test_a_full_pool_is_503_with_retry_after(shop: psycopg.Connection, database: str, full_key: str) -> None:
    with ConnectionPool(database, min_size=1, max_size=1, kwargs={"autocommit": True}, open=True) as small:
        api = Caller(make_api(small, clock=lambda: NOW), full_key)
        assert api.evaluate(SALE).status_code == 200
        with small.connection():
            refused = api.evaluate(SALE)

    assert (refused.status_code, refused.json["code"], refused.headers["retry-after"]) == (503, "too_busy", "1")


def test_our_own_mistake_is_500_logged_with_its_trace_and_without_the_members_name(
    pool: ConnectionPool, full_key: str, caplog: pytest.LogCaptureFixture
) -> None:
    def broken_clock() -> Any:
        raise ZeroDivisionError("clock")

    api = Caller(make_api(pool, clock=broken_clock), full_key)
    with caplog.at_level(logging.INFO, logger="cagnotte.api"):
        failed = api.evaluate(SALE)

    defects = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert (failed.status_code, failed.json["code"], failed.json["retryable"]) == (500, "internal_error", True)
    assert "clock" not in failed.text
    assert len(defects) == 1
    assert "ZeroDivisionError" in caplog.text
    assert "carol" not in caplog.text


def test_a_request_leaves_one_line_with_its_route_and_never_its_path(
    api: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="cagnotte.api"):
        api.put_sale("t-1-carol", SALE, key="k-1")

    (line,) = [record.getMessage() for record in caplog.records if record.name == "cagnotte.api"]
    assert re.fullmatch(r"api_request method=PUT route=/v1/sales/\{sale_id\} status=201 ms=\d+\.\d", line)


def test_no_answer_is_kept_by_a_cache_or_guessed_by_a_browser(api: Caller) -> None:
    answer = api.put_sale("t-1", SALE, key="k-1")

    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
