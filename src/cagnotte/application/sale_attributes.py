"""Attributes of the programme's own, as a caller sends them, made what rules read."""

import re
from collections.abc import Mapping
from datetime import date

from cagnotte.application.errors import UnknownAttribute, WrongAttribute
from cagnotte.domain.members.profile import AttributeValue
from cagnotte.domain.programme.document import AttributeType

EPOCH = date(1970, 1, 1).toordinal()
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

type Sent = int | str | bool | tuple[str, ...]


def declared_attributes(
    declared: Mapping[str, AttributeType], sent: Mapping[str, Sent], place: str
) -> dict[str, AttributeValue]:
    """Each attribute as its type says; a date (`2026-03-10`) becomes its day number since 1970-01-01.

    Raises UnknownAttribute or WrongAttribute; `place` is a JSON pointer to the attributes.
    """
    found: dict[str, AttributeValue] = {}
    for name, value in sent.items():
        pointer = f"{place}/{name.replace('~', '~0').replace('/', '~1')}"
        if name not in declared:
            raise UnknownAttribute(name=name, known=", ".join(sorted(declared)) or "-", pointer=pointer)
        found[name] = _typed(name, declared[name], value, pointer)
    return found


def _typed(name: str, kind: AttributeType, value: Sent, place: str) -> AttributeValue:
    match kind, value:
        case AttributeType.BOOL, bool():
            return value
        case AttributeType.INT, int() if not isinstance(value, bool):
            return value
        case AttributeType.TEXT, str() if not _CONTROL.search(value):
            return value
        case AttributeType.TEXTS, tuple():
            return value
        case AttributeType.DATE, str() if _is_date(value):
            return date.fromisoformat(value).toordinal() - EPOCH
        case _:
            raise WrongAttribute(name=name, expected=kind.value, pointer=place)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == len("2026-03-10")
