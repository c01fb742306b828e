"""The two tables that rules over many sales read, as their scope says them."""

from collections.abc import Iterator
from typing import Any

import ibis

from cagnotte.domain.rules import BOOL, INT, ListOf, Record, Scope, Type

type Table = Any


def column_of(*path: str) -> str:
    """The column of the sales' table that holds a value: `weekday`, and `eligible__paid` for `eligible.paid`."""
    return "__".join(path)


def rule_tables(
    scope: Scope, *, sales: str = "sales", lines: str = "sale_lines", key: str = "sale_id", root: str = "lines"
) -> tuple[Table, Table]:
    """The sales' table and the lines' table by their names, with a column for every value of the scope.

    They belong to no connection: `ibis.to_sql(expression, dialect=...)` says the query, and any driver runs it.
    """
    record = scope[root]
    assert isinstance(record, ListOf), root
    assert isinstance(record.item, Record), root
    line_columns = [(name, _column_type(kind)) for name, kind in record.item.fields.items()]
    return _table([(key, "int64"), *_sale_columns(scope)], sales), _table([(key, "int64"), *line_columns], lines)


def _table(columns: list[tuple[str, str]], name: str) -> Table:
    """Raises AssertionError for two columns of one name, such as an attribute called like the key."""
    named = dict(columns)
    assert len(named) == len(columns), columns
    return ibis.table(named, name=name)


def _sale_columns(scope: Scope) -> Iterator[tuple[str, str]]:
    for name, kind in scope.items():
        match kind:
            case Record(fields=fields):
                for field, of in fields.items():
                    yield column_of(name, field), _column_type(of)
            case ListOf(item=Record()):
                pass
            case _:
                yield name, _column_type(kind)


def _column_type(kind: Type) -> str:
    if isinstance(kind, ListOf):
        return f"array<{_column_type(kind.item)}>"
    return "int64" if kind == INT else "boolean" if kind == BOOL else "string"
