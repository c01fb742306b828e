"""The types of the rule language, and the scope that a caller gives to a rule."""

from collections.abc import Mapping

import msgspec

type Type = Scalar | ListOf | Record
type Scope = Mapping[str, Type]


class Scalar(msgspec.Struct, frozen=True, tag=True):
    name: str


class ListOf(msgspec.Struct, frozen=True, tag=True):
    item: Type


class Record(msgspec.Struct, frozen=True, tag=True):
    """Named values read with a dot; `name` is what faults call it, such as "line"."""

    name: str
    fields: Mapping[str, Type]


INT = Scalar("int")
BOOL = Scalar("bool")
TEXT = Scalar("text")


def list_of(item: Type) -> ListOf:
    return ListOf(item)


def type_name(kind: Type) -> str:
    """The name that faults carry: `int`, `bool`, `text`, a record's own name, `list(int)`."""
    match kind:
        case ListOf(item=item):
            return f"list({type_name(item)})"
        case Scalar(name=name) | Record(name=name):
            return name
