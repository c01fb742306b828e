"""Which key of the declared tables stands at a place of a document."""

from cagnotte.domain.programme.shapes import (
    ByCode,
    ByName,
    Inner,
    InnerOrRows,
    InnerOrWord,
    Key,
    Kind,
    Rows,
    Shape,
)
from cagnotte.domain.programme.tables_life import DOCUMENT

type Place = tuple[str, ...]


def key_at(place: Place) -> Key | None:
    """The key at (table, field, ...), the code of the thing left out; None where no such key is declared.

    A row of a list inside a thing may be named by its number or its code, or left out.
    """
    if not place or place[0] not in DOCUMENT.by_name:
        return None
    found: Key | Shape | None = _shape_of(DOCUMENT.by_name[place[0]].kind)
    for step in place[1:]:
        found = _below(found, step)
    return found if isinstance(found, Key) else None


def is_by_code(table: str) -> bool | None:
    """Whether a table holds things by their codes, [table.CODE]; None for a table that is not declared."""
    key = DOCUMENT.by_name.get(table)
    return None if key is None else isinstance(key.kind, ByCode)


def _below(found: Key | Shape | None, step: str) -> Key | Shape | None:
    if isinstance(found, Shape):
        return found.by_name.get(step)
    match found.kind if found else None:
        case ByName(kind=kind):
            return Key(step, kind)
        case ByCode(shape=shape):
            return shape
        case Rows(shape=shape) | InnerOrRows(shape=shape):
            return shape.by_name.get(step) or shape
        case Inner(shape=shape) | InnerOrWord(shape=shape):
            return shape.by_name.get(step)
    return None


def _shape_of(kind: Kind) -> Shape | None:
    match kind:
        case Inner(shape=shape) | Rows(shape=shape) | ByCode(shape=shape):
            return shape
        case _:
            return None
