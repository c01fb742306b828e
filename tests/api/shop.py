"""What the tests of the API share: a small programme, a sale, and a client."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import falcon.testing
import psycopg

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PROGRAMME = """
[programme]
code = "maison"
name = { fr = "La Maison", en = "The House" }
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "12 months" }

[[earn]]
code = "base"
on = "purchase"
points = "eligible.paid / 100"

[[earn]]
code = "organic"
on = "purchase"
when = 'lines.exists(l, "organic" in l.tags)'
points = "10"

[[tiers]]
code = "basic"
reach = { spend = 0, within = "12 months" }

[[tiers]]
code = "gold"
reach = { spend = 50000, within = "12 months" }

[[conversions]]
code = "voucher-5"
wallet = "points"
points = 100
voucher = { amount = 500, valid_for = "3 months" }
trigger = "on_request"
"""
SALE: dict[str, Any] = {
    "store": "367",
    "at": "2026-03-10T12:30:00+01:00",
    "member": "carol",
    "lines": [
        {"sku": "bread", "quantity": 2, "paid_minor": 1250, "tags": ["organic"]},
        {"sku": "milk", "quantity": 1, "paid_minor": 349},
    ],
}


class Caller:
    """A client of the API with one key; every call is a whole WSGI request."""

    def __init__(self, app: Any, key: str | None) -> None:
        self._client = falcon.testing.TestClient(app)
        self._key = key

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> falcon.testing.Result:
        """`body`: bytes as they are, anything else as JSON. A header's `_` stands for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self._key is not None:
            sent.setdefault("Authorization", f"Bearer {self._key}")
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._client.simulate_request(method, path, body=body, headers=sent)

    def put_sale(self, sale_id: str, body: Any, *, key: str) -> falcon.testing.Result:
        return self.call("PUT", f"/v1/sales/{sale_id}", body, Idempotency_Key=key)

    def evaluate(self, body: Any) -> falcon.testing.Result:
        return self.call("POST", "/v1/sales:evaluate", body)


def rows(conn: psycopg.Connection, table: str) -> int:
    row = conn.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    count: int = row[0]
    return count


def written(conn: psycopg.Connection) -> dict[str, int]:
    """How many rows each table holds that a sale or a conversion writes to."""
    tables = ("sale", "sale_line", "ledger_transfer", "ledger_entry", "voucher", "idempotency_answer")
    return {table: rows(conn, table) for table in tables}
