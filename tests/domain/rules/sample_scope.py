"""A small vocabulary to write rules over, and facts to judge them on; Cagnotte's own is not fixed here."""

from collections.abc import Mapping

import msgspec

from cagnotte.domain.rules import (
    BOOL,
    INT,
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
        "quantity": INT,
        "paid": INT,
        "is_discounted": BOOL,
        "tags": list_of(TEXT),
    },
)
SCOPE: Mapping[str, Type] = {
    "eligible": Record("eligible", {"paid": INT, "quantity": INT}),
    "lines": list_of(LINE),
    "weekday": INT,
    "hour": INT,
    "tier": TEXT,
    "channel": TEXT,
    "is_birthday_month": BOOL,
    "member": Record("member", {"spend_365d": INT, "refused": list_of(TEXT), "visits": list_of(INT)}),
    "from": INT,  # a word that Python keeps for itself
}


class Line(msgspec.Struct, frozen=True):
    sku: str = "4006"
    category: str = "wine"
    brand: str = "b1"
    quantity: int = 1
    paid: int = 100
    is_discounted: bool = False
    tags: tuple[str, ...] = ()


class Eligible(msgspec.Struct, frozen=True):
    paid: int = 0
    quantity: int = 0


class Member(msgspec.Struct, frozen=True):
    spend_365d: int = 0
    refused: tuple[str, ...] = ()
    visits: tuple[int, ...] = ()


class _Facts(msgspec.Struct, frozen=True):
    eligible: Eligible = Eligible()
    lines: tuple[Line, ...] = ()
    weekday: int = 2
    hour: int = 18
    tier: str = "gold"
    channel: str = "store"
    is_birthday_month: bool = False
    member: Member = Member()


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
