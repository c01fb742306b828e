"""Returns and voids through the API: what came back, why not, and the same bytes each time."""

from __future__ import annotations

import json
from typing import Any

import falcon.testing
import psycopg
import pytest

from api.shop import SALE, Caller, written
from cagnotte.storage.api_keys import Scope, create_api_key

RETURNS = "/v1/sales/T1/returns"


@pytest.fixture
def sold(shop: psycopg.Connection, api: Caller) -> Caller:
    api.put_sale("T1", SALE, key="sale")
    return api


def back(api: Caller, body: Any, *, key: str = "r", path: str = RETURNS) -> falcon.testing.Result:
    return api.call("POST", path, body, Idempotency_Key=key)


def codes(result: falcon.testing.Result) -> list[str]:
    return [refusal["code"] for refusal in result.json["refusals"]]


def test_a_return_of_lines_is_201_and_says_what_moved(sold: Caller) -> None:
    said = back(sold, {"lines": [{"line": 2}]})

    assert said.status_code == 201
    assert (said.json["refund_minor"], said.json["is_whole"], said.json["member"]) == (349, False, "carol")
    assert said.json["earned"] == [{"rule": "base", "wallet": "points", "points": -3, "cut": 0}]
    assert said.json["balances"] == [{"wallet": "points", "points": 22, "pending": 0}]


def test_a_refund_without_goods_is_201_and_goods_beside_it_are_422(sold: Caller) -> None:
    said = back(sold, {"amount_minor": 100, "line": 2})
    much = back(sold, {"amount_minor": 250, "line": 2}, key="much")
    none = back(sold, {"amount_minor": 0}, key="none")
    both = back(sold, {"amount_minor": 100, "lines": [{"line": 1}]}, key="both")
    alone = back(sold, {"line": 2}, key="alone")

    assert (said.status_code, said.json["refund_minor"], said.json["lines"]) == (201, 100, [])
    assert said.json["refunds"] == [{"line": 2, "amount_minor": 100}]
    assert (much.status_code, codes(much)) == (409, ["more_than_paid"])
    assert (none.status_code, codes(none)) == (409, ["amount_must_be_positive"])
    assert (both.status_code, both.json["code"], both.json["pointer"]) == (422, "invalid_value", "/amount_minor")
    assert (alone.status_code, alone.json["code"], alone.json["pointer"]) == (422, "invalid_value", "/line")


def test_a_repeated_key_gives_the_same_bytes_and_posts_nothing(sold: Caller, shop: psycopg.Connection) -> None:
    first = back(sold, {})
    before = written(shop)

    again = back(sold, {})

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert written(shop) == before


def test_a_void_undoes_everything_and_a_second_one_is_refused(sold: Caller) -> None:
    first = back(sold, {"reason": "typed twice"}, path="/v1/sales/T1:void")
    second = back(sold, {}, key="v2", path="/v1/sales/T1:void")

    assert (first.status_code, first.json["is_void"], first.json["is_whole"]) == (201, True, True)
    assert (second.status_code, codes(second)) == (409, ["nothing_to_return"])


def test_more_than_was_sold_and_no_quantity_are_409_with_their_reasons(sold: Caller) -> None:
    much = back(sold, {"lines": [{"line": 1, "quantity": 3}]}, key="much")
    none = back(sold, {"lines": [{"line": 1, "quantity": 0}]}, key="none")
    early = back(sold, {"at": "2026-03-10T12:29:59+01:00"}, key="early")

    assert (much.status_code, codes(much)) == (409, ["more_than_sold"])
    assert (none.status_code, codes(none)) == (409, ["quantity_must_be_positive"])
    assert (early.status_code, codes(early)) == (409, ["return_before_sale"])


def test_a_refused_return_says_why_in_the_callers_language(sold: Caller) -> None:
    body = {"lines": [{"line": 1, "quantity": 3}]}
    english = sold.call("POST", "/v1/sales/T1/returns", body, Idempotency_Key="much", Accept_Language="en")
    french = sold.call("POST", "/v1/sales/T1/returns", body, Idempotency_Key="much", Accept_Language="fr")
    unknown = sold.call("POST", "/v1/sales/T9/returns", {}, Idempotency_Key="none", Accept_Language="fr")

    said, dit, inconnue = (answer.json["refusals"][0]["message"] for answer in (english, french, unknown))
    assert said == "More of line 1 comes back than was sold: 1 too many."
    assert french.headers["idempotent-replayed"] == "true"
    assert dit != said
    assert inconnue.startswith("Aucune vente «")


def test_an_unknown_sale_is_404_and_stays_so_under_its_key(shop: psycopg.Connection, api: Caller) -> None:
    first = back(api, {})
    api.put_sale("T1", SALE, key="sale")
    again = back(api, {})
    anew = back(api, {}, key="new")

    assert (first.status_code, codes(first)) == (404, ["unknown_sale"])
    assert (again.status_code, again.content) == (404, first.content)
    assert anew.status_code == 201


def test_a_key_that_answered_another_request_is_a_problem(sold: Caller) -> None:
    back(sold, {"lines": [{"line": 2}]})

    said = back(sold, {"lines": [{"line": 1}]})

    assert (said.status_code, said.json["code"]) == (422, "key_reused")


def test_a_till_that_may_not_write_sales_may_not_take_them_back(
    sold: Caller, shop: psycopg.Connection, app: Any
) -> None:
    reader = Caller(app, create_api_key(shop, "reader", [Scope.MEMBERS_READ]))

    assert back(reader, {}).status_code == 403


@pytest.mark.parametrize(
    "body", [{"lines": []}, {"lines": [{"line": 0}]}, {"line": 1}, {"lines": [{"quantity": 1}]}]
)
def test_a_body_that_cannot_be_read_points_at_its_place(sold: Caller, body: Any) -> None:
    said = back(sold, body)

    assert said.status_code == 422
    assert json.loads(said.content)["pointer"].startswith("/line")
