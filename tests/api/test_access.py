"""API keys: who may call what."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from api.shop import NOW, SALE, Caller, written
from api.test_sales import NOTHING
from cagnotte.channels.api.app import make_api
from cagnotte.channels.api.operations import OPERATIONS
from cagnotte.storage.api_keys import ApiKey, Scope, create_api_key, find_api_key, revoke_api_key

PATH_IDS = {"sale_id": "t-1", "member": "carol", "hold": "7", "request": "7"}
GUARDED = [each for each in OPERATIONS if each.scope is not None]


class Seconds:
    """Monotonic seconds that a test moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_whole_key_is_given_once_and_only_a_hash_is_kept(shop: psycopg.Connection) -> None:
    key = create_api_key(shop, "till 1", [Scope.SALES_WRITE, Scope.SALES_EVALUATE])

    prefix, _, secret = key.partition(".")
    kept = shop.execute("SELECT * FROM api_key").fetchall()
    found = find_api_key(shop, prefix)
    assert len(secret) == 43  # 256 bits in base64url
    assert secret not in repr(kept)
    assert found is not None
    assert (found.name, found.scopes) == ("till 1", ("sales.evaluate", "sales.write"))
    assert (found.opens_with(secret), found.opens_with(secret[:-1]), found.opens_with("")) == (True, False, False)


def test_a_revoked_key_is_not_found_and_is_revoked_once(shop: psycopg.Connection) -> None:
    prefix = create_api_key(shop, "till 1", [Scope.SALES_WRITE]).partition(".")[0]

    assert (revoke_api_key(shop, prefix), revoke_api_key(shop, prefix)) == (True, False)
    assert find_api_key(shop, prefix) is None


@pytest.mark.parametrize("operation", GUARDED, ids=lambda each: each.operation_id)
def test_every_guarded_operation_refuses_a_caller_without_key(app: Any, operation: Any) -> None:
    refused = Caller(app, None).call(operation.method, operation.path.format_map(PATH_IDS))

    assert (refused.status_code, refused.json["code"]) == (401, "unauthenticated")
    assert refused.headers["www-authenticate"] == 'Bearer realm="cagnotte"'


@pytest.mark.parametrize("operation", GUARDED, ids=lambda each: each.operation_id)
def test_every_guarded_operation_names_the_scope_that_a_key_lacks(
    app: Any, shop: psycopg.Connection, operation: Any
) -> None:
    others = create_api_key(shop, "other", [scope for scope in Scope if scope != operation.scope])

    refused = Caller(app, others).call(operation.method, operation.path.format_map(PATH_IDS))

    assert (refused.status_code, refused.json["code"]) == (403, "scope_missing")
    assert f"the scope {operation.scope.value}," in refused.json["detail"]


def test_every_served_method_is_in_the_table_of_operations_or_a_page_for_people(app: Any) -> None:
    pages = {("GET", "/v1/openapi.json"), ("GET", "/v1/docs"), ("GET", "/v1/problems/{code}")}
    served: set[tuple[str, str]] = set()
    nodes = list(app._router._roots)
    while nodes:
        node = nodes.pop()
        nodes += node.children
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
            if node.resource is not None and hasattr(node.resource, f"on_{method.lower()}"):
                served.add((method, node.uri_template))

    assert served == {(each.method, each.path) for each in OPERATIONS} | pages


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer {prefix}",
        "Bearer {prefix}.",
        "Bearer {prefix}.wrong",
        "Bearer {prefix}.{secret}x",
        "Bearer cag_000000000000.{secret}",
        "Basic {prefix}.{secret}",
        "Bearer {prefix}.{secret} extra",
        "Bearer {secret}.{prefix}",
        "Bearer \u00e9.\u00e9",
    ],
)
def test_anything_but_the_whole_key_is_refused(
    app: Any, shop: psycopg.Connection, full_key: str, authorization: str
) -> None:
    prefix, _, secret = full_key.partition(".")
    header = authorization.format(prefix=prefix, secret=secret)

    refused = Caller(app, None).call("PUT", "/v1/sales/t-1", SALE, Authorization=header, Idempotency_Key="k-1")

    assert (refused.status_code, refused.json["code"]) == (401, "unauthenticated")
    assert written(shop) == NOTHING


def test_a_revoked_key_is_refused_after_thirty_seconds_at_the_latest(
    pool: ConnectionPool, shop: psycopg.Connection, full_key: str
) -> None:
    seconds = Seconds()
    api = Caller(make_api(pool, clock=lambda: NOW, monotonic=seconds), full_key)
    assert api.evaluate(SALE).status_code == 200

    revoke_api_key(shop, full_key.partition(".")[0])
    seconds.now = 29.9
    known = api.evaluate(SALE).status_code
    seconds.now = 30.0

    assert (known, api.evaluate(SALE).status_code) == (200, 401)


def test_a_key_is_refused_at_once_by_a_server_that_never_saw_it(
    app: Any, shop: psycopg.Connection, full_key: str
) -> None:
    revoke_api_key(shop, full_key.partition(".")[0])

    assert Caller(app, full_key).evaluate(SALE).status_code == 401


def test_a_known_prefix_with_a_wrong_secret_is_refused_from_memory_too(
    api: Caller, app: Any, full_key: str
) -> None:
    assert api.evaluate(SALE).status_code == 200

    assert Caller(app, full_key[:-1]).evaluate(SALE).status_code == 401


def test_a_key_compares_the_hash_and_not_the_secret() -> None:
    key = ApiKey("cag_1", b"\0" * 32, "x", ())

    assert not key.opens_with("\0" * 32)
