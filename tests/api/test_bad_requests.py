"""Every fault of a request is a documented problem that says where and what, and writes nothing."""

from __future__ import annotations

import io
import json
from typing import Any

import falcon.testing
import psycopg
import pytest

from api.shop import SALE, Caller, written
from api.test_sales import NOTHING

LINE = SALE["lines"][0]


def with_line(**changes: Any) -> dict[str, Any]:
    return {**SALE, "lines": [{**LINE, **changes}]}


def without(name: str) -> dict[str, Any]:
    return {field: value for field, value in SALE.items() if field != name}


FIELD_FAULTS: list[tuple[Any, tuple[str, str, str]]] = [
    ({**SALE, "colour": 1}, ("unknown_field", "/colour", "There is no field 'colour' here.")),
    ({**SALE, "a/b~c": 1}, ("unknown_field", "/a~1b~0c", "There is no field 'a/b~c' here.")),
    (
        with_line(quantty=1),
        ("unknown_field", "/lines/0/quantty", "There is no field 'quantty' here. Did you mean 'quantity'?"),
    ),
    (without("store"), ("missing_field", "/store", "The field 'store' is required here.")),
    (
        {**SALE, "lines": [LINE, {"sku": "x"}]},
        ("missing_field", "/lines/1/quantity", "The field 'quantity' is required here."),
    ),
    (with_line(quantity="2"), ("wrong_type", "/lines/0/quantity", "Expected int, got str.")),
    (with_line(quantity=1.5), ("wrong_type", "/lines/0/quantity", "Expected int, got float.")),
    (with_line(quantity=None), ("wrong_type", "/lines/0/quantity", "Expected int, got null.")),
    (with_line(quantity=2**31), ("out_of_range", "/lines/0/quantity", "Expected int <= 2147483647.")),
    (with_line(paid_minor=2**53 + 1), ("out_of_range", "/lines/0/paid_minor", "Expected int <= 1099511627775.")),
    (with_line(paid_minor=-(2**63)), ("out_of_range", "/lines/0/paid_minor", "Expected int >= -1099511627775.")),
    (with_line(paid_minor=2**64), ("out_of_range", "/lines/0/paid_minor", "Expected int <= 1099511627775.")),
    (with_line(paid_minor=10**400), ("out_of_range", "/lines/0/paid_minor", "Expected int <= 1099511627775.")),
    (with_line(sku=""), ("out_of_range", "/lines/0/sku", "Expected str of length >= 1.")),
    (with_line(sku="x" * 256), ("out_of_range", "/lines/0/sku", "Expected str of length <= 255.")),
    (with_line(sku="a\u0000b"), ("invalid_value", "/lines/0/sku", "Expected text without control characters.")),
    (with_line(sku="a\n"), ("invalid_value", "/lines/0/sku", "Expected text without control characters.")),
    (with_line(tags=["ok", 3]), ("wrong_type", "/lines/0/tags/1", "Expected str, got int.")),
    ({**SALE, "lines": []}, ("out_of_range", "/lines", "Expected array of length >= 1.")),
    ({**SALE, "lines": [LINE] * 10_001}, ("too_many_lines", "/lines", "A sale has at most 10000 lines.")),
    ({**SALE, "at": "2026-03-10"}, ("invalid_value", "/at", "Invalid RFC3339 encoded datetime.")),
    (
        {**SALE, "at": "2026-03-10T12:30:00"},
        ("invalid_value", "/at", "Expected datetime with a timezone component."),
    ),
    (
        {**SALE, "at": "0001-01-01T00:00:00+14:00"},
        ("out_of_range", "/at", "Expected a time between the years 1900 and 9990."),
    ),
    ({**SALE, "at": 5}, ("wrong_type", "/at", "Expected datetime, got int.")),
    ({**SALE, "member": ["carol"]}, ("wrong_type", "/member", "Expected str | null, got array.")),
    ([], ("wrong_type", "", "Expected object, got array.")),
    (None, ("wrong_type", "", "Expected object, got null.")),
]


@pytest.mark.parametrize(("body", "expected"), FIELD_FAULTS)
def test_a_field_that_is_wrong_is_named_by_code_pointer_and_detail(
    api: Caller, shop: psycopg.Connection, body: Any, expected: tuple[str, str, str]
) -> None:
    sent = json.dumps(body, separators=(",", ":")).encode()
    refused = api.call("PUT", "/v1/sales/t-1", sent, Idempotency_Key="k-1")

    problem = refused.json
    assert refused.status_code == 422
    assert (problem["code"], problem["pointer"], problem["detail"]) == expected
    assert written(shop) == NOTHING


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b'{"store": 1e999}', 422, "out_of_range"),
        (b"{} {}", 422, "missing_field"),
        (b"\xef\xbb\xbf{}", 400, "invalid_json"),
        (b"NaN", 400, "invalid_json"),
        (b'{"store": "\xff"}', 400, "invalid_utf8"),
        (b'{"store": "\\ud800"}', 400, "invalid_json"),
        (b"[" * 900_000, 422, "wrong_type"),
        (b'{"lines": ' + b"[" * 900_000, 422, "wrong_type"),
        (b" " * 1_000_001, 413, "body_too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    api: Caller, shop: psycopg.Connection, body: bytes, status: int, code: str
) -> None:
    refused = api.call("PUT", "/v1/sales/t-1", body, Idempotency_Key="k-1")

    assert (refused.status_code, refused.json["code"]) == (status, code)
    assert written(shop) == NOTHING


def test_invalid_utf8_is_told_by_its_byte(api: Caller) -> None:
    refused = api.call("POST", "/v1/sales:evaluate", b'{"store": "\xff"}')

    assert refused.json["detail"] == "Byte 11 of the body is not valid UTF-8. Encode the JSON text as UTF-8."


def test_a_body_of_another_kind_is_refused(api: Caller) -> None:
    refused = api.call("POST", "/v1/sales:evaluate", b"a=1", Content_Type="application/x-www-form-urlencoded")

    assert (refused.status_code, refused.json["code"]) == (415, "unsupported_media_type")


def in_pieces(app: Any, key: str, body: bytes, *, server_ends_it: bool) -> falcon.testing.Result:
    environ = falcon.testing.create_environ(
        method="POST",
        path="/v1/sales:evaluate",
        headers={"Authorization": f"Bearer {key}", "Transfer-Encoding": "chunked"},
    )
    environ |= {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": server_ends_it}
    started = falcon.testing.StartResponseMock()
    answer = app(environ, started)
    return falcon.testing.Result(answer, started.status, started.headers)


def test_a_body_sent_in_pieces_is_read_where_the_server_ends_it(app: Any, full_key: str) -> None:
    answer = in_pieces(app, full_key, json.dumps(SALE).encode(), server_ends_it=True)

    assert (answer.status_code, answer.json["points_earned"]) == (200, 25)


def test_a_body_sent_in_pieces_is_not_read_past_the_limit(app: Any, full_key: str) -> None:
    refused = in_pieces(app, full_key, b" " * 1_000_001, server_ends_it=True)

    assert (refused.status_code, refused.json["code"]) == (413, "body_too_large")


def test_a_body_sent_in_pieces_is_refused_where_reading_it_could_hang(app: Any, full_key: str) -> None:
    refused = in_pieces(app, full_key, json.dumps(SALE).encode(), server_ends_it=False)

    assert (refused.status_code, refused.json["code"]) == (411, "length_required")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "idempotency_key_missing"),
        ({"Idempotency_Key": ""}, "idempotency_key_missing"),
        ({"Idempotency_Key": "x" * 256}, "idempotency_key_invalid"),
        ({"Idempotency_Key": "two words"}, "idempotency_key_invalid"),
        ({"Idempotency_Key": "cl\u00e9"}, "idempotency_key_invalid"),
    ],
)
def test_a_write_needs_a_usable_idempotency_key(
    api: Caller, shop: psycopg.Connection, headers: dict[str, str], code: str
) -> None:
    refused = api.call("PUT", "/v1/sales/t-1", SALE, **headers)

    assert (refused.status_code, refused.json["code"]) == (400, code)
    assert written(shop) == NOTHING


def test_the_longest_idempotency_key_is_taken(api: Caller) -> None:
    assert api.put_sale("t-1", SALE, key="k" * 255).status_code == 201


@pytest.mark.parametrize("sale_id", ["x" * 256, "a%00b", "a%0A", "%FF%FE"])
def test_an_id_in_the_path_that_cannot_be_kept_is_refused(
    api: Caller, shop: psycopg.Connection, sale_id: str
) -> None:
    refused = api.put_sale(sale_id, SALE, key="k-1")

    assert (refused.status_code, refused.json["code"]) == (400, "invalid_id")
    assert written(shop) == NOTHING


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/sales", "/v1/sales/a/b", "/v2/health", "/v1/problems/none"])
def test_an_unknown_address_is_a_problem_404(api: Caller, path: str) -> None:
    refused = api.call("GET", path)

    assert (refused.status_code, refused.json["code"]) == (404, "route_not_found")


def test_a_wrong_method_is_a_problem_405_that_says_which_are_served(api: Caller) -> None:
    refused = api.call("DELETE", "/v1/sales/t-1")

    assert (refused.status_code, refused.json["code"]) == (405, "method_not_allowed")
    assert refused.headers["allow"] == "PUT, OPTIONS"
