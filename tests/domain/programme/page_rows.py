"""The rows of keys that a reference page has for a table: made from the shape that reading goes by."""

from collections.abc import Iterator

from cagnotte.domain.programme import shapes
from cagnotte.domain.programme.shapes import (
    ByCode,
    ByName,
    CodeOf,
    Codes,
    Inner,
    InnerOrRows,
    InnerOrWord,
    Key,
    Kind,
    Rows,
    Shape,
    Text,
    Whole,
    Word,
)

type Row = tuple[str, str, str, str]

_PLAIN: dict[type, str] = {
    Inner: "table",
    InnerOrRows: "table, or a list of them",
    Rows: "list of tables",
    Text: "text",
    shapes.Code: "code",
    shapes.Named: "name",
    shapes.Period: "period",
    shapes.Flag: "true or false",
    shapes.Day: "date",
    shapes.Days: "dates",
    shapes.Moment: "date, or local time",
    shapes.MonthDay: "month and day",
    shapes.Hours: "hours",
    shapes.Factor: "number",
    shapes.Written: "condition",
    shapes.WholeOrWritten: "number rule, or a whole number",
}


def rows_of(shape: Shape, *elsewhere: str) -> list[Row]:
    """(key, type, default, what it says) of each key, with those of inner tables after a dot.

    Tables whose keys are told `elsewhere` are named by their titles.
    """
    return list(_rows(shape, "", {shape.title, *elsewhere}))


def table_of(shape: Shape, *elsewhere: str) -> str:
    """The rows as Markdown."""
    lines = ["| key | type | default | says |", "|---|---|---|---|"]
    rows = [
        f"| `{key}` | {kind} | {default} | {says} |" for key, kind, default, says in rows_of(shape, *elsewhere)
    ]
    return "\n".join([*lines, *rows]).replace("|  |", "| |")


def _rows(shape: Shape, before: str, above: set[str]) -> Iterator[Row]:
    for key in shape.keys:
        inner = _inner(key.kind)
        again = inner is not None and inner.title in above
        kind = f"{_kind(key.kind)}, as `{inner.title}`" if inner is not None and again else _kind(key.kind)
        yield f"{before}{key.name}", kind, _default(key), key.says
        if inner is not None and not again:
            above.add(inner.title)
            yield from _rows(inner, f"{before}{key.name}.", above)


def _inner(kind: Kind) -> Shape | None:
    match kind:
        case Inner(shape) | InnerOrWord(shape) | InnerOrRows(shape) | Rows(shape) | ByCode(shape):
            return shape
    return None


def _default(key: Key) -> str:
    if key.required:
        return "required"
    if key.default is None:
        return key.without
    return f"`{str(key.default).lower() if isinstance(key.default, bool) else _written(key.default)}`"


def _written(value: int | str) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _kind(kind: Kind) -> str:
    match kind:
        case Word(words):
            said = " or ".join(f'`"{word}"`' for word in words)
        case CodeOf(what):
            said = what if " " in what else f"code of a{'n' if what[0] in 'aeo' else ''} {what}"
        case Codes(what):
            said = f"codes of {what}s"
        case Whole(least, is_amount):
            said = f"{'amount' if is_amount else 'whole number'}, {least} or more"
        case InnerOrWord(_, word):
            said = f'table, or `"{word}"`'
        case ByName(inner, _):
            said = f"table of name = {_kind(inner)}"
        case _:
            said = _PLAIN[type(kind)]
    return said
