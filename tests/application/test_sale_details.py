"""What else a till says of a sale: rules may ask for it, it is kept, and it makes the sale the sale that it is."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
import psycopg
import pytest

from application.shop import NOW, a_sale, enrol, prove, publish
from cagnotte.application.errors import SaleConflict, SaleTooLarge, UnknownAttribute, WrongAttribute
from cagnotte.application.explain_sale import explain_sale
from cagnotte.application.published import Published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.application.show_member import show_member
from cagnotte.domain.evaluator.explain import RuleOutcome
from cagnotte.storage.database import connected

PROGRAMME = """
[programme]
code = "maison"
name = "La Maison"
currency = "EUR"
timezone = "Europe/Paris"

[attributes.sale]
table = "int"
gift = "bool"
ordered_on = "date"
[attributes.line]
colour = "text"
sizes = "texts"

[wallets.points]
pending = { for = "14 days" }
value = { points = 10, amount = 100 }

[caps.till]
points = 60
per = "store"
every = "day"

[[earn]]
code = "base"
points = 1
per = 100
caps = ["till"]
[[earn]]
code = "asked"
when = '''
region == "north" && till == "T7" && "VIP" in coupons
&& sale.table == 4 && sale.gift && sale.ordered_on == 20522'''
points = '''
lines.filter(l, l.colour == "red" && "xl" in l.sizes && l.is_reduced && l.tax == 200).map(l, l.margin).sum()'''

[[achievements]]
code = "first-two"
on = "purchase"
target = 2
points = 5
wallet = "points"

[[messages]]
code = "thanks"
text = { fr = "Merci", en = "Thank you" }
"""
LINES = (
    SaleLine(
        "dress",
        1,
        4_200,
        list_minor=5_000,
        tax_minor=200,
        cost_minor=3_000,
        attributes={"colour": "red", "sizes": ("xl",)},
    ),
    SaleLine("hat", 1, 1_000),
)
SALE = msgspec.structs.replace(
    a_sale(),
    lines=LINES,
    region="north",
    till="T7",
    coupons=("vip",),
    order_discount_minor=200,
    delivery_minor=490,
    attributes={"table": 4, "gift": True, "ordered_on": "2026-03-10"},
)


@pytest.fixture
def published(database: str) -> Published:
    with connected(database) as conn:
        enrol(conn, "carol", "dan")
    return publish(database, PROGRAMME)


def recorded(dsn: str, published: Published, command: SaleCommand) -> Any:
    with connected(dsn) as conn:
        return json.loads(record_sale(conn, published, command, key=command.sale_id, now=NOW).body)


def test_what_a_till_says_is_asked_by_rules_and_answered_with_totals(database: str, published: Published) -> None:
    said = recorded(database, published, SALE)

    assert said["totals"] == {
        "goods_minor": 5_200,
        "delivery_minor": 490,
        "discount_minor": 200,
        "points_paid_minor": 0,
        "payable_minor": 5_490,
        "line_discounts": [162, 38],
    }
    assert [(rule["rule"], rule["points"]) for rule in said["earned"]] == [("base", 50), ("asked", 1_000)]
    assert said["balances"] == [{"wallet": "points", "points": 0, "pending": 1_050}]
    assert said["messages"] == [
        {"message": "thanks", "place": "receipt", "text": {"fr": "Merci", "en": "Thank you"}}
    ]
    prove(database)


def test_a_sale_is_explained_with_all_that_the_till_said(database: str, published: Published) -> None:
    recorded(database, published, SALE)

    with psycopg.connect(database) as conn:
        [keys] = conn.execute("SELECT member_id, sale_id FROM sale").fetchall()
        explained = explain_sale(conn, published, *keys)

    assert explained is not None
    assert [(rule.rule, rule.outcome, rule.points) for rule in explained.rules] == [
        ("base", RuleOutcome.EARNED, 50),
        ("asked", RuleOutcome.EARNED, 1_000),
    ]
    assert explained.totals.payable_minor == 5_490


@pytest.mark.parametrize(
    "change",
    [
        {"till": "T8"},
        {"coupons": ()},
        {"delivery_minor": 0},
        {"attributes": {"table": 5}},
        {"lines": (msgspec.structs.replace(LINES[0], cost_minor=1), LINES[1])},
        {"lines": tuple(msgspec.structs.replace(line, attributes={}) for line in LINES)},
    ],
)
def test_the_same_id_with_another_detail_is_a_conflict(
    database: str, published: Published, change: dict[str, Any]
) -> None:
    recorded(database, published, SALE)
    other = msgspec.structs.replace(SALE, **change)

    with connected(database) as conn, pytest.raises(SaleConflict):
        record_sale(conn, published, other, key="another", now=NOW)


@pytest.mark.parametrize(
    ("change", "error", "pointer"),
    [
        ({"attributes": {"seat": 1}}, UnknownAttribute, "/attributes/seat"),
        ({"attributes": {"a/b~c": 1}}, UnknownAttribute, "/attributes/a~1b~0c"),
        ({"attributes": {"table": True}}, WrongAttribute, "/attributes/table"),
        ({"attributes": {"gift": 1}}, WrongAttribute, "/attributes/gift"),
        ({"attributes": {"ordered_on": "2026-02-30"}}, WrongAttribute, "/attributes/ordered_on"),
        (
            {"lines": (LINES[1], msgspec.structs.replace(LINES[0], attributes={"colour": "re\x00d"}))},
            WrongAttribute,
            "/lines/1/attributes/colour",
        ),
        ({"lines": (SaleLine("x", 1, 2**39), SaleLine("y", 1, -(2**39)))}, SaleTooLarge, "/lines"),
    ],
)
def test_what_rules_could_not_read_is_refused_with_its_place(
    database: str, published: Published, change: dict[str, Any], error: type[Exception], pointer: str
) -> None:
    wrong = msgspec.structs.replace(SALE, **change)

    with connected(database) as conn, pytest.raises(error) as refused:
        record_sale(conn, published, wrong, key="key", now=NOW)

    assert refused.value.params["pointer"] == pointer  # type: ignore[attr-defined]


def test_a_cap_of_the_store_is_shared_by_all_who_buy_there(database: str, published: Published) -> None:
    first = recorded(database, published, a_sale("S1", paid=[5_000]))
    second = recorded(database, published, a_sale("S2", member="dan", paid=[5_000]))
    elsewhere = recorded(database, published, a_sale("S3", member="dan", store="12", paid=[5_000]))
    tomorrow = recorded(database, published, a_sale("S4", at="2026-03-11T09:00:00+01:00", paid=[5_000]))

    assert first["earned"] == [{"rule": "base", "wallet": "points", "points": 50, "cut": 0}]
    assert second["earned"] == [{"rule": "base", "wallet": "points", "points": 10, "cut": 40}]
    assert [(refusal["code"], refusal["subject"]) for refusal in second["refusals"]] == [("cap_reached", "till")]
    assert (elsewhere["points_earned"], tomorrow["points_earned"]) == (55, 55)
    assert (elsewhere["achievements"], tomorrow["achievements"]) == (
        [{"achievement": "first-two", "times": 1}],
    ) * 2
    prove(database)


def test_a_member_is_shown_with_what_waits_and_what_is_on_the_way(database: str, published: Published) -> None:
    recorded(database, published, a_sale(paid=[5_000]))

    with connected(database) as conn:
        before = show_member(conn, published, "carol", date(2026, 3, 23))
        after = show_member(conn, published, "carol", date(2026, 3, 24))

    assert before is not None
    assert after is not None
    assert [(each.points, each.pending) for each in (*before.balances, *after.balances)] == [(0, 50), (50, 0)]
    assert [(badge.achievement, badge.value, badge.times) for badge in after.badges] == [("first-two", 1, 0)]
    assert [lot.usable_from for lot in before.lots] == [date(2026, 3, 24)]
