"""Goods taken back and sales voided from the terminal."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from application.shop import a_sale, enrol, publish
from cagnotte.application.record_sale import record_sale
from cagnotte.storage.database import connected
from cli.running import run

SOLD = datetime(2026, 3, 10, 11, 30, tzinfo=UTC)


@pytest.fixture
def shop(database: str) -> str:
    published = publish(database)
    with connected(database) as conn:
        enrol(conn, "carol")
        record_sale(conn, published, a_sale("S1", at=SOLD.isoformat()), key="S1", now=SOLD)
    return database


def test_lines_come_back_and_the_rest_is_voided(shop: str) -> None:
    part = run(shop, "sale", "return", "S1", "--line", "2", "--at", "2026-03-11T10:00", "--key", "a")
    again = run(shop, "sale", "return", "S1", "--line", "2", "--at", "2026-03-11T10:00", "--key", "a")
    void = run(shop, "sale", "void", "S1", "--at", "2026-03-11T11:00", "--reason", "typed twice")

    assert (part.code, part.out) == (
        0,
        "Taken back of sale S1: 3.49 EUR are paid back.\n    3 points of “points” are taken back\n",
    )
    assert again.out == part.out
    assert void.out.startswith("Sale S1 is void: 12.50 EUR are paid back.\n")


def test_money_is_refunded_without_goods(shop: str) -> None:
    paid = run(shop, "sale", "return", "S1", "--amount", "1.00", "--line", "2", "--at", "2026-03-11T10:00")
    lines = run(shop, "sale", "return", "S1", "--amount", "1", "--line", "1", "--line", "2")
    small = run(shop, "sale", "return", "S1", "--amount", "1.005")
    word = run(shop, "sale", "return", "S1", "--amount", "ten")
    much = run(shop, "sale", "return", "S1", "--amount", "15.00", "--at", "2026-03-11T10:00")

    assert (paid.code, paid.out) == (
        0,
        "Refunded of sale S1: 1.00 EUR are paid back, no goods come back.\n"
        "    1 point of “points” is taken back\n",
    )
    assert (lines.code, lines.err) == (
        2,
        "A refund is of one line, or of all: write --line once, or not at all.\n",
    )
    assert (small.code, small.err) == (
        2,
        "The smallest part of EUR is larger than that: write fewer decimals.\n",
    )
    assert word.code == 2
    assert "“ten” is not an amount: write it like 5.00" in word.err
    assert (much.code, much.err) == (1, "More is refunded than the goods have cost that did not come back.\n")


def test_what_cannot_come_back_ends_with_1_and_says_why(shop: str) -> None:
    twice = run(shop, "sale", "return", "S1", "--line", "1x2", "--at", "2026-03-11T10:00")
    unknown = run(shop, "sale", "void", "S9", "--json")
    future = run(shop, "sale", "void", "S1", "--at", "2199-01-01T00:00")
    misused = run(shop, "sale", "return", "S1", "--line", "one")

    assert (twice.code, twice.err) == (1, "More of line 1 comes back than was sold: 1 too many.\n")
    assert (unknown.code, json.loads(unknown.out)["refusals"][0]["code"]) == (1, "unknown_sale")
    assert future.code == 1
    assert future.err.startswith("2198-12-31T23:00:00+00:00 lies in the future: ")
    assert misused.code == 2
    assert "“one” is not a line of a sale: write it like 2 or 2x3" in misused.err
