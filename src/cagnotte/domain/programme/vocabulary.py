"""The names a rule of the programme may use, with their types, by the occasion that it looks at."""

from collections.abc import Mapping, Sequence

from cagnotte.domain.programme.document import AttributeType, Declared
from cagnotte.domain.rules import (
    BALANCE,
    BOOL,
    CALENDAR,
    DAY_NUMBER,
    INT,
    QUANTITY,
    TEXT,
    Record,
    Type,
    list_of,
)

PURCHASE = "purchase"
MEMBER = "member"  # no occasion: who may take part, and tiers that ask for a condition
TIER, REFERRAL = "tier", "referral"
LIFE_EVENTS = ("enrolment", "birthday", "anniversary", "membership", TIER, REFERRAL)
"""Occasions of a member's life that the programme itself knows: joining, the birthday, each year of joining,
a membership bought or renewed, a tier reached, a friend's purchase that a referral waited for."""

TYPES: Mapping[AttributeType, Type] = {
    AttributeType.INT: INT,
    AttributeType.TEXT: TEXT,
    AttributeType.BOOL: BOOL,
    AttributeType.TEXTS: list_of(TEXT),
    AttributeType.DATE: DAY_NUMBER,
}

LINE_FIELDS: dict[str, Type] = {
    "sku": TEXT,
    "quantity": QUANTITY,
    "paid": INT,
    "list_price": INT,
    "is_reduced": BOOL,
    "tax": INT,
    "margin": INT,
    "category": TEXT,
    "department": TEXT,
    "brand": TEXT,
    "supplier": TEXT,
    "tags": list_of(TEXT),
}
MEMBER_FIELDS: dict[str, Type] = {
    "age": CALENDAR,  # whole years on the day; 0 when the birth date is not known
    "birth_month": CALENDAR,
    "birth_day": CALENDAR,
    "is_birthday": BOOL,
    "is_birthday_month": BOOL,
    "is_anniversary": BOOL,
    "days_enrolled": DAY_NUMBER,
    "purchases": QUANTITY,  # sales before this one
    "language": TEXT,
    "country": TEXT,
    "brand": TEXT,
    "home_store": TEXT,
    "household": TEXT,
    "segments": list_of(TEXT),
    "badges": list_of(TEXT),
    "plan": TEXT,  # of the membership in force; "" without one
    "share_of_wallet": INT,
    "share_low": INT,  # between this and the next the share lies; of a declared one both are the share
    "share_high": INT,
    "share_is_declared": BOOL,
}
PEERS_BY = ("country", "brand", "language", "home_store")
"""What members may have in common besides attributes of the programme's own."""
TIME: dict[str, Type] = {
    "day": DAY_NUMBER,
    "weekday": CALENDAR,
    "month": CALENDAR,
    "day_of_month": CALENDAR,
    "year": CALENDAR,
}
CLOCK: dict[str, Type] = {"hour": CALENDAR, "minute": CALENDAR}
PLACE: dict[str, Type] = {"store": TEXT, "channel": TEXT}


class Vocabulary:
    """The scopes of one programme, from what it declares."""

    def __init__(
        self,
        declared: Declared,
        *,
        wallets: Sequence[str],
        families: Sequence[str],
        measures: Sequence[str],
        calendars: Sequence[str],
    ) -> None:
        self.declared = declared
        self._standing: dict[str, Type] = {
            **TIME,
            "tier": TEXT,
            "tiers": named("tiers", dict.fromkeys(families, TEXT)),
            "balance": BALANCE,
            "balances": named("balances", dict.fromkeys(wallets, BALANCE)),
            "measures": named("measures", dict.fromkeys(measures, INT)),
            "during": named("during", dict.fromkeys(calendars, BOOL)),
            "member": record("member", MEMBER_FIELDS, declared.member),
        }

    @property
    def line(self) -> Record:
        return record("line", LINE_FIELDS, self.declared.line)

    def member(self) -> dict[str, Type]:
        """Without an occasion: the day, and what the member is and has."""
        return self._standing

    def purchase(self) -> dict[str, Type]:
        return {
            **self._standing,
            **CLOCK,
            **PLACE,
            "eligible": Record("eligible", {"paid": INT, "quantity": QUANTITY, "products": QUANTITY}),
            "paid": INT,
            "list_price": INT,
            "delivery": INT,
            "currency": TEXT,  # of the sale; amounts are in the programme's
            "lines": list_of(self.line),
            "region": TEXT,
            "till": TEXT,
            "coupons": list_of(TEXT),
            "order_number": QUANTITY,
            "sale": record("sale", {}, self.declared.sale),
        }

    def one_line(self) -> dict[str, Type]:
        """For a rule that says whether one line counts: that line, and the sale around it."""
        return {**self.purchase(), "line": self.line}

    def event(self, name: str) -> dict[str, Type]:
        """An occasion of the member's life has no fields of its own."""
        fields = self.declared.events.get(name, {})
        return {**self._standing, **CLOCK, **PLACE, "event": record("event", {}, fields)}

    def of(self, on: str) -> dict[str, Type]:
        return self.purchase() if on == PURCHASE else self.event(on)


def record(name: str, fields: Mapping[str, Type], own: Mapping[str, AttributeType]) -> Record:
    """A record of built-in fields and the programme's own ones."""
    return Record(name, fields).with_attributes({key: TYPES[kind] for key, kind in own.items()})


def named(name: str, fields: Mapping[str, Type]) -> Record:
    """A record whose fields are all named by the programme: wallets, families, measures."""
    return Record(name, {}).with_attributes(fields)
