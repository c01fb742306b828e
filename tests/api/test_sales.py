"""Evaluating and recording sales over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from api.shop import NOW, SALE, Caller, written
from cagnotte.channels.api.app import make_api

NOTHING = {
    "sale": 0,
    "sale_line": 0,
    "ledger_transfer": 0,
    "ledger_entry": 0,
    "voucher": 0,
    "idempotency_answer": 0,
}
ONE_SALE = {
    "sale": 1,
    "sale_line": 2,
    "ledger_transfer": 1,
    "ledger_entry": 2,
    "voucher": 0,
    "idempotency_answer": 1,
}
ANSWER = {
    "sale_id": "t-1",
    "status": "recorded",
    "member": "carol",
    "happened_at": "2026-03-10T12:30:00+01:00",
    "paid_minor": 1599,
    "currency": "EUR",
    "totals": {
        "goods_minor": 1599,
        "delivery_minor": 0,
        "discount_minor": 0,
        "points_paid_minor": 0,
        "payable_minor": 1599,
        "line_discounts": [0, 0],
    },
    "offers": [],
    "gifts": [],
    "paid_with_points": [],
    "points_earned": 25,
    "earned": [
        {"rule": "base", "wallet": "points", "points": 15, "cut": 0},
        {"rule": "organic", "wallet": "points", "points": 10, "cut": 0},
    ],
    "vouchers": [],
    "balances": [{"wallet": "points", "points": 25, "pending": 0}],
    "tier_before": "basic",
    "tier": "basic",
    "tiers": [{"family": "main", "tier": "basic", "since": "2026-01-05", "by": "reached", "until": None}],
    "next_tier": {
        "tier": "gold",
        "measure": "spend",
        "reached": 1599,
        "needed": 50000,
        "missing": 48401,
        "within": {"count": 12, "unit": "months"},
        "window": "rolling",
        "unmet": "",
        "before": None,
    },
    "achievements": [],
    "messages": [],
    "refusals": [],
    "programme": {"code": "maison", "version": 1},
}


def test_a_recorded_sale_is_answered_201_with_points_by_rule(api: Caller, shop: psycopg.Connection) -> None:
    answer = api.put_sale("t-1", SALE, key="k-1")

    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    assert answer.json == ANSWER
    assert "idempotent-replayed" not in answer.headers
    assert written(shop) == ONE_SALE


def test_evaluating_writes_nothing_and_gives_what_recording_gives(api: Caller, shop: psycopg.Connection) -> None:
    evaluated = api.evaluate({**SALE, "sale_id": "t-1"})
    before = written(shop)
    recorded = api.put_sale("t-1", SALE, key="k-1")

    assert evaluated.status_code == 200
    assert before == NOTHING
    assert evaluated.json == {**ANSWER, "status": "evaluated"}
    assert recorded.json == ANSWER


def test_a_repeated_request_gets_the_same_bytes_and_changes_nothing(api: Caller, shop: psycopg.Connection) -> None:
    first = api.put_sale("t-1", SALE, key="k-1")
    second = api.put_sale("t-1", SALE, key="k-1")

    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["idempotent-replayed"] == "true"
    assert written(shop) == ONE_SALE


def test_the_first_answer_is_repeated_even_when_the_member_has_moved_on(api: Caller) -> None:
    first = api.put_sale("t-1", SALE, key="k-1")
    api.put_sale("t-2", {**SALE, "at": "2026-03-10T12:40:00+01:00"}, key="k-2")

    second = api.put_sale("t-1", SALE, key="k-1")

    assert second.content == first.content


def test_the_first_answer_is_repeated_after_a_restart(api: Caller, pool: ConnectionPool, full_key: str) -> None:
    first = api.put_sale("t-1", SALE, key="k-1")

    restarted = Caller(make_api(pool, clock=lambda: NOW + timedelta(hours=1)), full_key)
    second = restarted.put_sale("t-1", SALE, key="k-1")

    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["idempotent-replayed"] == "true"


def test_the_layout_of_the_json_does_not_make_another_request(api: Caller) -> None:
    first = api.put_sale("t-1", SALE, key="k-1")
    second = api.put_sale("t-1", dict(reversed(SALE.items())), key="k-1")

    assert (second.status_code, second.content) == (201, first.content)


@pytest.mark.parametrize("change", [{"store": "368"}, {"member": "dave"}, {"member": None}, {"channel": "web"}])
def test_a_key_reused_for_another_body_is_refused(
    api: Caller, shop: psycopg.Connection, change: dict[str, Any]
) -> None:
    api.put_sale("t-1", SALE, key="k-1")
    refused = api.put_sale("t-1", {**SALE, **change}, key="k-1")

    assert (refused.status_code, refused.json["code"]) == (422, "key_reused")
    assert written(shop) == ONE_SALE


def test_a_key_reused_for_another_sale_is_refused(api: Caller, shop: psycopg.Connection) -> None:
    api.put_sale("t-1", SALE, key="k-1")
    refused = api.put_sale("t-2", SALE, key="k-1")

    assert (refused.status_code, refused.json["code"]) == (422, "key_reused")
    assert written(shop) == ONE_SALE


def test_the_same_sale_under_another_key_is_answered_200_and_counts_once(
    api: Caller, shop: psycopg.Connection
) -> None:
    first = api.put_sale("t-1", SALE, key="k-1")
    second = api.put_sale("t-1", SALE, key="k-2")
    again = api.put_sale("t-1", SALE, key="k-2")

    assert (second.status_code, second.json) == (200, first.json)
    assert (again.status_code, again.content) == (200, second.content)
    assert written(shop) == {**ONE_SALE, "idempotency_answer": 2}


@pytest.mark.parametrize("change", [{"store": "368"}, {"member": "dave"}, {"lines": SALE["lines"][:1]}])
def test_the_same_sale_id_with_other_content_is_a_conflict(
    api: Caller, shop: psycopg.Connection, change: dict[str, Any]
) -> None:
    api.put_sale("t-1", SALE, key="k-1")
    refused = api.put_sale("t-1", {**SALE, **change}, key="k-2")

    assert (refused.status_code, refused.json["code"], refused.json["retryable"]) == (409, "sale_conflict", False)
    assert written(shop) == ONE_SALE


def test_eight_tills_with_one_key_make_one_sale_and_read_the_same_bytes(
    api: Caller, shop: psycopg.Connection
) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: api.put_sale("t-1", SALE, key="k-1"), range(8)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert written(shop) == ONE_SALE


def test_eight_different_sales_of_one_member_at_once_all_count(api: Caller, shop: psycopg.Connection) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: api.put_sale(f"t-{number}", SALE, key=f"k-{number}"), range(8)))

    assert [answer.status_code for answer in answers] == [201] * 8
    assert sorted(answer.json["balances"][0]["points"] for answer in answers) == [25 * n for n in range(1, 9)]


def test_an_unknown_member_is_a_guest_and_never_an_error(api: Caller, shop: psycopg.Connection) -> None:
    answer = api.put_sale("t-1", {**SALE, "member": "nobody-knows"}, key="k-1")

    assert (answer.status_code, answer.json["member"], answer.json["points_earned"]) == (201, None, 0)
    assert written(shop) == {**ONE_SALE, "ledger_transfer": 0, "ledger_entry": 0}


def test_a_return_earns_nothing_and_says_why(api: Caller) -> None:
    back = {**SALE, "lines": [{"sku": "bread", "quantity": -1, "paid_minor": -625}]}
    answer = api.put_sale("t-1", back, key="k-1")

    assert (answer.status_code, answer.json["points_earned"], answer.json["paid_minor"]) == (201, 0, -625)
    assert [refusal["code"] for refusal in answer.json["refusals"]] == ["nothing_paid"]


def test_a_sale_in_the_future_is_refused(api: Caller, shop: psycopg.Connection) -> None:
    refused = api.put_sale("t-1", {**SALE, "at": "2026-03-10T13:30:00+01:00"}, key="k-1")

    assert (refused.status_code, refused.json["code"]) == (422, "sale_in_future")
    assert "2026-03-10T13:30:00+01:00" in refused.json["detail"]
    assert written(shop) == NOTHING


def test_a_sale_before_the_first_programme_is_refused(api: Caller, shop: psycopg.Connection) -> None:
    refused = api.put_sale("t-1", {**SALE, "at": "2020-03-10T13:30:00+01:00"}, key="k-1")

    assert (refused.status_code, refused.json["code"]) == (409, "no_programme")
    assert written(shop) == NOTHING


def test_ids_are_opaque_text(api: Caller, shop: psycopg.Connection) -> None:
    answer = api.put_sale("2026%20%C3%A9t%C3%A9%23%3F12", SALE, key="k-1")

    assert (answer.status_code, answer.json["sale_id"]) == (201, "2026 été#?12")


def test_ten_thousand_lines_of_the_largest_amount_are_added_up_exactly(api: Caller) -> None:
    line = {"sku": "ingot", "quantity": 1, "paid_minor": 109_951_162}
    answer = api.evaluate({**SALE, "lines": [line] * 10_000})

    assert (answer.status_code, answer.json["paid_minor"]) == (200, 1_099_511_620_000)
    assert answer.json["points_earned"] == 10_995_116_200


def test_a_sale_of_more_than_rules_can_count_exactly_is_refused_whole(
    api: Caller, shop: psycopg.Connection
) -> None:
    lines = [{"sku": "ingot", "quantity": 1, "paid_minor": sign * 2**39} for sign in (1, -1)]
    refused = api.put_sale("t-1", {**SALE, "lines": lines}, key="k-1")

    problem = refused.json
    assert (problem["status"], problem["code"], problem["pointer"]) == (422, "sale_too_large", "/lines")
    assert written(shop) == NOTHING
