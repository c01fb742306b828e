"""Answers kept by key, on their own."""

from __future__ import annotations

import psycopg
import pytest

from cagnotte.application.errors import KeyReused
from cagnotte.application.idempotency import KeptAnswer, answered, keep_answer
from cagnotte.domain.kernel import MemberId

ANN, BOB = MemberId(1), MemberId(2)


def keep(conn: psycopg.Connection, *, key: str = "k1", request: bytes = b"r1", body: bytes = b"{}") -> None:
    keep_answer(conn, member_id=ANN, key=key, request_hash=request, status=201, body=body)


def grow_old(conn: psycopg.Connection, *, days: int) -> None:
    conn.execute("UPDATE idempotency_answer SET created_at = now() - make_interval(days => %s)", (days,))


def test_a_key_never_seen_has_no_answer(conn: psycopg.Connection) -> None:
    assert answered(conn, member_id=ANN, key="k1", request_hash=b"r1") is None


def test_the_same_request_finds_its_status_and_its_bytes(conn: psycopg.Connection) -> None:
    keep(conn, body=b'{"points": 1}\xff')

    found = answered(conn, member_id=ANN, key="k1", request_hash=b"r1")

    assert found == KeptAnswer(201, b'{"points": 1}\xff')


def test_a_key_used_for_another_request_is_refused(conn: psycopg.Connection) -> None:
    keep(conn)

    with pytest.raises(KeyReused):
        answered(conn, member_id=ANN, key="k1", request_hash=b"r2")


def test_a_key_used_under_another_member_is_refused(conn: psycopg.Connection) -> None:
    keep(conn)

    with pytest.raises(KeyReused):
        answered(conn, member_id=BOB, key="k1", request_hash=b"r1")


def test_an_answer_counts_for_thirty_days(conn: psycopg.Connection) -> None:
    keep(conn)

    grow_old(conn, days=29)
    young = answered(conn, member_id=ANN, key="k1", request_hash=b"r1")
    grow_old(conn, days=30)
    old = answered(conn, member_id=ANN, key="k1", request_hash=b"r2")

    assert (young, old) == (KeptAnswer(201, b"{}"), None)


def test_a_new_answer_takes_the_place_of_one_too_old_to_count(conn: psycopg.Connection) -> None:
    keep(conn, body=b"old")
    grow_old(conn, days=31)

    keep(conn, request=b"r2", body=b"new")

    assert answered(conn, member_id=ANN, key="k1", request_hash=b"r2") == KeptAnswer(201, b"new")


def test_an_answer_that_counts_is_never_replaced(conn: psycopg.Connection) -> None:
    keep(conn, body=b"first")

    keep(conn, body=b"second")

    assert answered(conn, member_id=ANN, key="k1", request_hash=b"r1") == KeptAnswer(201, b"first")


def test_a_second_request_with_the_key_waits_for_the_first(database: str) -> None:
    with psycopg.connect(database) as first, psycopg.connect(database) as second:
        answered(first, member_id=ANN, key="k1", request_hash=b"r1")
        second.execute("SET lock_timeout = '50ms'")

        with pytest.raises(psycopg.errors.LockNotAvailable):
            answered(second, member_id=ANN, key="k1", request_hash=b"r1")
        second.rollback()
        keep(first)
        first.commit()

        assert answered(second, member_id=ANN, key="k1", request_hash=b"r1") == KeptAnswer(201, b"{}")
