"""What a typed tree asks of the lines table, and which trees tables cannot answer."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cagnotte.domain.rules.tree import (
    ExtremeOf,
    Field,
    Items,
    Loop,
    LoopKind,
    Root,
    Size,
    Sum,
    Tree,
    Variable,
    children,
)
from cagnotte.domain.rules.types import ListOf, Record

WRITTEN_PARTS_MAX = 20_000  # of one rule once the steps of its loops are written out

type Names = Mapping[str, str]


def is_aggregate(node: Tree, lines: str) -> bool:
    """Whether the node makes one value of the lines of a sale."""
    match node:
        case Sum(items=chain) | Size(of=chain) | ExtremeOf(items=chain):
            return source_of(chain) == lines
        case Loop(kind=LoopKind.EXISTS | LoopKind.ALL):
            return source_of(node) == lines
        case _:
            return False


def source_of(chain: Tree) -> str | None:
    """The root whose items a chain of loops goes through."""
    while isinstance(chain, Loop):
        chain = chain.items
    return chain.name if isinstance(chain, Root) else None


def aggregates(node: Tree, lines: str) -> Iterator[Tree]:
    """The outermost aggregates of the tree, in text order."""
    if is_aggregate(node, lines):
        yield node
    else:
        for child in children(node):
            yield from aggregates(child, lines)


def inner_aggregates(node: Tree, lines: str) -> Iterator[Tree]:
    """The aggregates inside aggregates, such as `size(lines)` in `lines.exists(l, l.paid > size(lines))`."""
    for outer in aggregates(node, lines):
        for child in children(outer):
            yield from aggregates(child, lines)


def paths_read(node: Tree) -> Iterator[tuple[str, ...]]:
    """The values of the sale that the tree reads: ("weekday",), ("eligible", "paid"). Fields of lines are not."""
    match node:
        case Root(name=name):
            yield (name,)
        case Field(record=Root(name=root), name=name):
            yield (root, name)
        case _:
            for child in children(node):
                yield from paths_read(child)


def refused_part(tree: Tree, lines: str) -> Tree | None:
    """The first part that tables cannot answer; None when they can answer all of it."""
    for outer in aggregates(tree, lines):
        for inner in (each for child in children(outer) for each in aggregates(child, lines)):
            # A loop that looks at each line again for each line would need every pair of lines.
            if _free_variables(inner, frozenset()):
                return inner
    if (elsewhere := _loop_over_other_records(tree, lines)) is not None:
        return elsewhere
    return tree if _written_parts(tree, {}) > WRITTEN_PARTS_MAX else None


def shape_of(node: Tree, names: Names) -> tuple[Any, ...]:
    """Equal for trees that say the same, wherever they stand and whatever their loops call an item."""
    match node:
        case Variable(name=name):
            return ("Variable", names.get(name, name))
        case Loop(kind=kind, items=items, variable=variable, body=body):
            inside = {**names, variable: f"#{len(names)}"}
            return ("Loop", kind, shape_of(items, names), shape_of(body, inside))
        case _:
            own = [
                repr(getattr(node, field))
                for field in node.__struct_fields__
                if field not in {"start", "end", "type"}
                and not isinstance(getattr(node, field), tuple | msgspec.Struct)
            ]
            return (type(node).__name__, *own, *[shape_of(child, names) for child in children(node)])


def _free_variables(node: Tree, bound: frozenset[str]) -> set[str]:
    match node:
        case Variable(name=name):
            return set() if name in bound else {name}
        case Loop(items=items, variable=variable, body=body):
            return _free_variables(items, bound) | _free_variables(body, bound | {variable})
        case _:
            return {name for child in children(node) for name in _free_variables(child, bound)}


def _loop_over_other_records(node: Tree, lines: str) -> Tree | None:
    """Only the lines have a table of their own: a list of other records has no column that could hold it."""
    match node:
        case Root(name=name, type=ListOf(item=Record())) | Field(name=name, type=ListOf(item=Record())):
            return None if isinstance(node, Root) and name == lines else node
        case _:
            found = (_loop_over_other_records(child, lines) for child in children(node))
            return next((each for each in found if each is not None), None)


def _written_parts(node: Tree, variables: Mapping[str, int]) -> int:
    """How many parts the expression has when each loop's item is written out where it is used."""
    match node:
        case Variable(name=name):
            return variables[name]
        case Loop(items=items, variable=variable, body=body):
            is_row = isinstance(items.type, ListOf) and isinstance(items.type.item, Record)
            chain = _written_parts(items, variables)
            item = 1 if is_row else chain
            return chain + _written_parts(body, {**variables, variable: item})
        case Items(items=items):
            return 1 + sum(_written_parts(item, variables) for item in items)
        case _:
            return 1 + sum(_written_parts(child, variables) for child in children(node))
