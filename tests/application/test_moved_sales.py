"""Sales, decisions and answers of a database of before migrations 0032 to 0034 are there after them."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from cagnotte.application.idempotency import answered
from cagnotte.application.kept_sales import kept_sales
from cagnotte.application.published import load_published
from cagnotte.domain.evaluator.decision import UsedFacts
from cagnotte.domain.evaluator.effects import RuleEarned
from cagnotte.domain.kernel import MemberId
from cagnotte.host.postgres import Server
from cagnotte.storage.migrations import migrate, runner

BEFORE = """
INSERT INTO store VALUES (1, 'lyon', 'Lyon');
INSERT INTO product (product_id, sku) VALUES (1, 'bread'), (2, 'wine');
INSERT INTO programme_version (programme, version, effective_from, document, sha256)
VALUES ('maison', 1, '2026-01-01Z', %(text)s, encode(sha256(convert_to(%(text)s, 'UTF8')), 'hex'));
INSERT INTO sale (member_id, sale_id, external_id, store_id, happened_at, happened_local, channel, paid_minor,
                  line_count, points_earned, content_hash)
VALUES (7, 64, 's1', 1, '2026-02-01 12:00Z', '2026-02-01 13:00', 'store', 1500, 3, 15, '\\x01'),
       (-9, 128, 's2', 1, '2026-02-02 12:00Z', '2026-02-02 13:00', 'store', 500, 1, 0, '\\x02'),
       (7, 192, 's3', 1, '2026-02-03 12:00Z', '2026-02-03 13:00', 'store', 0, 0, 0, '\\x03');
INSERT INTO sale_line (member_id, sale_id, line_no, product_id, quantity, paid_minor, list_minor, tax_minor,
                       attributes)
VALUES (7, 64, 3, 1, 1, 300, NULL, NULL, NULL), (7, 64, 1, 2, 2, 1000, 1200, 50, '{"organic": true}'),
       (7, 64, 2, 1, 1, 200, NULL, 10, NULL), (-9, 128, 1, 2, 1, 500, NULL, NULL, NULL);
INSERT INTO sale_decision VALUES
    (7, 64, 'maison', 1, '{"tier": "gold", "balance": 3}',
     '{"event_id": 64, "day": "2026-02-01", "effects": [
        {"type": "RuleEarned", "rule": "base", "wallet": "points", "points": 15}]}'),
    (7, 192, 'maison', 1, '{}', '{"event_id": 192, "day": "2026-02-03"}');
INSERT INTO idempotency_answer (member_id, key, request_hash, status, body, created_at)
VALUES (7, 'k1', '\\x000102030405060708090a0b0c0d0e0f', 201, 'first', now()),
       (7, 'k2', '\\x01', 201, 'too old', now() - interval '60 days'), (8, 'k2', '\\x02', 200, 'second', now());
"""
PROGRAMME = """
[programme]
code = "maison"
name = { fr = "La Maison", en = "The House" }
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]

[[earn]]
code = "base"
on = "purchase"
points = "eligible.paid / 100"
"""


@pytest.fixture
def moved(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    """A connection to a database that held sales when it was migrated."""
    name = "cagnotte_test_moved_sales"
    server.ensure_database(name)
    dsn = server.dsn(name)
    try:
        with monkeypatch.context() as only_older:
            older = [(file, text) for file, text in runner._files() if file < "0032"]
            only_older.setattr(runner, "_files", lambda: older)
            migrate(dsn)
        with psycopg.connect(dsn) as conn:
            for statement in BEFORE.split(";\n"):
                if statement.strip():
                    conn.execute(statement.encode(), {"text": PROGRAMME} if "%(text)s" in statement else None)
        assert [file[:4] for file in migrate(dsn)][:3] == ["0032", "0033", "0034"]
        with psycopg.connect(dsn) as conn:
            yield conn
    finally:
        with psycopg.connect(server.dsn("postgres"), autocommit=True) as conn:
            conn.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_lines_stand_in_their_order_with_all_that_was_said_of_them(moved: psycopg.Connection) -> None:
    rows = moved.execute(
        "SELECT sale_id, line_no, product_id, quantity, paid_minor, list_minor, tax_minor, cost_minor, attributes"
        "  FROM sale_line ORDER BY sale_id, line_no"
    ).fetchall()

    assert rows == [
        (64, 1, 2, 2, 1000, 1200, 50, None, {"organic": True}),
        (64, 2, 1, 1, 200, None, 10, None, None),
        (64, 3, 1, 1, 300, None, None, None, None),
        (128, 1, 2, 1, 500, None, None, None, None),
    ]
    assert moved.execute("SELECT sale_id FROM sale WHERE lines_more IS NULL ORDER BY 1").fetchall() == [
        (128,),
        (192,),
    ]


def test_a_sale_is_read_again_with_its_decision_and_the_facts_it_used(moved: psycopg.Connection) -> None:
    first, last = kept_sales(moved, load_published(moved), MemberId(7))
    guest = kept_sales(moved, load_published(moved), MemberId(-9))[0]

    assert first.decision is not None
    assert last.decision is not None
    assert first.decision.used == UsedFacts(tier="gold", balance=3)
    assert [type(effect) for effect in first.decision.effects] == [RuleEarned]
    assert [(line.sku, line.listed, line.tax) for line in first.sale.basket.lines] == [
        ("wine", 1200, 50), ("bread", None, 10), ("bread", None, 0),
    ]  # fmt: skip
    assert (last.sale.basket.lines, last.decision.used) == ((), UsedFacts())
    assert guest.decision is None


def test_answers_are_given_again_byte_for_byte(moved: psycopg.Connection) -> None:
    first = answered(moved, member_id=MemberId(7), key="k1", request_hash=bytes(range(16)))
    second = answered(moved, member_id=MemberId(8), key="k2", request_hash=b"\x02")

    assert first is not None
    assert second is not None
    assert (first.status, first.body, second.status, second.body) == (201, b"first", 200, b"second")
