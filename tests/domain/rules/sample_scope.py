"""A small vocabulary to write rules over, and facts to judge them on; Cagnotte's own is not fixed here."""

from collections.abc import Mapping

import msgspec

from cagnotte.domain.rules import (
    BOOL,
    CALENDAR,
    DAY_NUMBER,
    INT,
    QUANTITY,
    TEXT,
    Record,
    Rule,
    RuleError,
    RuleFault,
    Type,
    Value,
    compile_rule,
    list_of,
)

LINE = Record(
    "line",
    {
        "sku": TEXT,
        "category": TEXT,
        "brand": TEXT,
        "quantity": QUANTITY,
        "paid": INT,
        "is_discounted": BOOL,
        "tags": list_of(TEXT),
    },
).with_attributes(
    {"colour": TEXT, "grams": INT, "is_local": BOOL, "labels": list_of(TEXT), "sizes": list_of(INT), "class": TEXT}
)
SCOPE: Mapping[str, Type] = {
    "eligible": Record("eligible", {"paid": INT, "quantity": QUANTITY}),
    "lines": list_of(LINE),
    "day": DAY_NUMBER,
    "weekday": CALENDAR,
    "hour": CALENDAR,
    "tier": TEXT,
    "channel": TEXT,
    "is_birthday_month": BOOL,
    "member": Record(
        "member", {"spend_365d": INT, "refused": list_of(TEXT), "visits": list_of(INT)}
    ).with_attributes({"children": QUANTITY, "birthday": DAY_NUMBER}),
    "sale": Record("sale", {}).with_attributes({"weather": TEXT, "rating": INT}),
    "from": INT,  # a word that Python keeps for itself
}


type Attributes = dict[str, int | bool | str | tuple[str, ...] | tuple[int, ...]]


class Line(msgspec.Struct, frozen=True):
    sku: str = "4006"
    category: str = "wine"
    brand: str = "b1"
    quantity: int = 1
    paid: int = 100
    is_discounted: bool = False
    tags: tuple[str, ...] = ()
    attributes: Attributes = {}


class Eligible(msgspec.Struct, frozen=True):
    paid: int = 0
    quantity: int = 0


class Member(msgspec.Struct, frozen=True):
    spend_365d: int = 0
    refused: tuple[str, ...] = ()
    visits: tuple[int, ...] = ()
    attributes: Attributes = {}


class Sale(msgspec.Struct, frozen=True):
    attributes: Attributes = {}


class _Facts(msgspec.Struct, frozen=True):
    eligible: Eligible = Eligible()
    lines: tuple[Line, ...] = ()
    day: int = 20_515  # Tuesday 2026-03-03
    weekday: int = 2
    hour: int = 18
    tier: str = "gold"
    channel: str = "store"
    is_birthday_month: bool = False
    member: Member = Member()
    sale: Sale = Sale()


Facts = msgspec.defstruct("Facts", [("from", int, 4)], bases=(_Facts,), frozen=True)


def value_of(source: str, facts: object = Facts(), *, gives: Type = INT) -> Value:
    return compile_rule(source, gives=gives, scope=SCOPE).evaluate(facts)


def condition(source: str) -> Rule:
    return compile_rule(source, gives=BOOL, scope=SCOPE)


def points(source: str) -> Rule:
    return compile_rule(source, gives=INT, scope=SCOPE)


def faults_of(source: str, *, gives: Type = BOOL) -> tuple[RuleFault, ...]:
    try:
        compile_rule(source, gives=gives, scope=SCOPE)
    except RuleError as error:
        return error.faults
    return ()
