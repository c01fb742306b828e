"""The types of the rule language, and the scope that a caller gives to a rule."""

from collections.abc import Mapping

import msgspec

from cagnotte.domain.rules.limits import (
    AMOUNT_MOST,
    BALANCE_MOST,
    CALENDAR_MOST,
    DAY_NUMBER_MOST,
    ITEMS_MOST,
    QUANTITY_MOST,
)
from cagnotte.domain.rules.suggestions import is_rule_name

type Type = Scalar | ListOf | Record
type Scope = Mapping[str, Type]


class Scalar(msgspec.Struct, frozen=True, tag=True, eq=False, omit_defaults=True):
    """`most`: facts of an int type lie between -most and most; types that differ only in it are equal."""

    name: str
    most: int = AMOUNT_MOST

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scalar) and self.name == other.name

    def __ne__(self, other: object) -> bool:  # a struct would compare its fields
        return not self == other

    def __hash__(self) -> int:
        return hash(self.name)


class ListOf(msgspec.Struct, frozen=True, tag=True, eq=False, omit_defaults=True):
    """`most`: how many items facts of this type have at the most; types that differ only in it are equal."""

    item: Type
    most: int = ITEMS_MOST

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ListOf) and self.item == other.item

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((ListOf, self.item))


class Record(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Named values read with a dot; `name` is what faults call it, such as "line".

    The `fields` that are also in `attributes` are the programme's own: their values stand in the mapping
    `attributes` of the record's value, and one that is absent there is 0, "", false or ().
    """

    name: str
    fields: Mapping[str, Type]
    attributes: frozenset[str] = frozenset()

    def with_attributes(self, attributes: Mapping[str, Type]) -> "Record":
        """The record with the programme's own fields; their names are rule names that it does not have yet."""
        assert all(is_rule_name(name) and name not in self.fields for name in attributes), sorted(attributes)
        assert not any(isinstance(kind, Record) for kind in attributes.values()), sorted(attributes)
        return Record(self.name, {**self.fields, **attributes}, self.attributes | attributes.keys())


INT = Scalar("int")
BOOL = Scalar("bool")
TEXT = Scalar("text")
QUANTITY = Scalar("int", QUANTITY_MOST)
BALANCE = Scalar("int", BALANCE_MOST)
CALENDAR = Scalar("int", CALENDAR_MOST)
DAY_NUMBER = Scalar("int", DAY_NUMBER_MOST)


def int_within(most: int) -> Scalar:
    """An int whose facts lie between -most and most: the smaller, the more a rule may multiply it."""
    assert 0 <= most <= BALANCE_MOST, most
    return Scalar("int", most)


def list_of(item: Type, *, most: int = ITEMS_MOST) -> ListOf:
    assert 0 < most <= ITEMS_MOST, most
    return ListOf(item, most)


def type_name(kind: Type) -> str:
    """The name that faults carry: `int`, `bool`, `text`, a record's own name, `list(int)`."""
    match kind:
        case ListOf(item=item):
            return f"list({type_name(item)})"
        case Scalar(name=name) | Record(name=name):
            return name


def absent_value(kind: Type) -> int | bool | str | tuple[()]:
    """What a rule reads where an attribute of the programme's own is absent."""
    if isinstance(kind, ListOf):
        return ()
    return "" if kind == TEXT else False if kind == BOOL else 0
