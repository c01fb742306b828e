"""Showing a member and turning points into vouchers over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from api.shop import SALE, Caller, written

BIG_SALE = {**SALE, "lines": [{"sku": "wine", "quantity": 1, "paid_minor": 15_000}]}  # 150 points
ASK = {"conversion": "voucher-5", "times": 1}


def convert(api: Caller, body: Any, *, key: str, member: str = "carol") -> Any:
    return api.call("POST", f"/v1/members/{member}/conversions", body, Idempotency_Key=key)


def test_a_member_is_shown_as_the_sale_left_them(api: Caller) -> None:
    sale = api.put_sale("t-1", SALE, key="k-1").json

    shown = api.call("GET", "/v1/members/carol")

    member = shown.json
    assert (shown.status_code, member["external_id"], member["on"]) == (200, "carol", "2026-03-10")
    assert (member["tier"], member["next_tier"]) == (sale["tier"], sale["next_tier"])
    assert (member["sales"], member["spent_minor"], member["currency"]) == (1, 1599, "EUR")
    (wallet,) = member["balances"]
    assert {name: wallet[name] for name in ("wallet", "points", "pending")} == sale["balances"][0]
    assert wallet["next_expiries"] == [{"expires_on": "2027-03-10", "points": 25}]
    assert [(lot["points"], lot["earned_on"]) for lot in member["lots"]] == [(25, "2026-03-10")]


def test_a_member_is_found_by_any_identifier(api: Caller, shop: psycopg.Connection) -> None:
    shop.execute("INSERT INTO member_identifier VALUES ('email', 'carol+shop@example.org', 11)")

    shown = api.call("GET", "/v1/members/carol%2Bshop%40example.org")

    assert (shown.status_code, shown.json["external_id"]) == (200, "carol")


@pytest.mark.parametrize("path", ["/v1/members/nobody", "/v1/members/%27%20OR%201%3D1"])
def test_an_unknown_member_is_a_problem_404(api: Caller, path: str) -> None:
    refused = api.call("GET", path, Accept_Language="fr")

    assert (refused.status_code, refused.json["code"]) == (404, "unknown_member")
    assert refused.json["customer_message"] == (
        "Nous ne trouvons pas ce compte fidélité. Merci de vérifier le numéro."
    )


def test_points_become_a_voucher_when_the_member_asks(api: Caller, shop: psycopg.Connection) -> None:
    api.put_sale("t-1", BIG_SALE, key="k-1")

    answer = convert(api, ASK, key="k-2")

    assert answer.status_code == 201
    assert answer.json == {
        "member": "carol",
        "conversion": "voucher-5",
        "vouchers": [{"conversion": "voucher-5", "count": 1, "amount_minor": 500, "expires_on": "2026-06-10"}],
        "balances": [{"wallet": "points", "points": 50, "pending": 0}],
        "refusals": [],
    }
    assert written(shop)["voucher"] == 1


def test_a_repeated_conversion_gives_the_same_bytes_and_one_voucher(api: Caller, shop: psycopg.Connection) -> None:
    api.put_sale("t-1", {**BIG_SALE, "lines": BIG_SALE["lines"] * 4}, key="k-1")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: convert(api, ASK, key="k-2"), range(8)))

    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert written(shop)["voucher"] == 1


def test_two_tills_cannot_spend_the_same_points(api: Caller, shop: psycopg.Connection) -> None:
    api.put_sale("t-1", BIG_SALE, key="k-1")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: convert(api, ASK, key=f"c-{number}"), range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert written(shop)["voucher"] == 1


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (
            ASK,
            {
                "type": "Refusal",
                "code": "insufficient_points",
                "subject": "voucher-5",
                "missing": 75,
                "reason": "",
                "message": "75 points are missing for “voucher-5”.",
            },
        ),
        (
            {"conversion": "cruise"},
            {
                "type": "Refusal",
                "code": "unknown_conversion",
                "subject": "cruise",
                "missing": 0,
                "reason": "",
                "message": "The programme has no conversion “cruise”.",
            },
        ),
    ],
)
def test_a_conversion_that_cannot_be_is_answered_409_with_the_reason(
    api: Caller, shop: psycopg.Connection, body: Any, refusal: dict[str, Any]
) -> None:
    api.put_sale("t-1", SALE, key="k-1")
    before = written(shop)

    answer = convert(api, body, key="k-2")

    assert (answer.status_code, answer.json["refusals"], answer.json["vouchers"]) == (409, [refusal], [])
    assert written(shop) == {**before, "idempotency_answer": 2}


def test_a_conversion_key_is_not_taken_for_another_request(api: Caller, shop: psycopg.Connection) -> None:
    api.put_sale("t-1", BIG_SALE, key="k-1")

    for_more = convert(api, ASK, key="k-1")
    convert(api, ASK, key="k-2")
    for_dave = convert(api, ASK, key="k-2", member="dave")

    assert [(each.status_code, each.json["code"]) for each in (for_more, for_dave)] == [(422, "key_reused")] * 2
    assert written(shop)["voucher"] == 1


def test_a_conversion_for_nobody_is_a_problem_404(api: Caller) -> None:
    refused = convert(api, ASK, key="k-1", member="nobody")

    assert (refused.status_code, refused.json["code"]) == (404, "unknown_member")


@pytest.mark.parametrize(
    ("times", "code"), [(0, "out_of_range"), (-1, "out_of_range"), (1001, "out_of_range"), ("1", "wrong_type")]
)
def test_times_is_a_small_positive_number(api: Caller, times: Any, code: str) -> None:
    refused = convert(api, {**ASK, "times": times}, key="k-1")

    assert (refused.status_code, refused.json["code"], refused.json["pointer"]) == (422, code, "/times")


def test_the_service_is_healthy_while_its_database_answers(app: Any) -> None:
    answer = Caller(app, None).call("GET", "/v1/health")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
