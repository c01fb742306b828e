"""What a rule reads and why it held: questions asked of a typed tree, never on the way to a decision."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec

from cagnotte.domain.rules.limits import INT_MAX, INT_MIN
from cagnotte.domain.rules.python_code import PythonWriter
from cagnotte.domain.rules.tree import (
    Binary,
    BinaryOperator,
    Choice,
    ExtremeOf,
    Field,
    Loop,
    LoopKind,
    Root,
    Size,
    Sum,
    Tree,
    Variable,
    children,
)
from cagnotte.domain.rules.types import ListOf, Scalar

_SHOWN_ITEMS_MAX = 10


class Clause(msgspec.Struct, frozen=True, gc=False):
    """One condition of a rule: its text, whether it held, and the values of the names it used."""

    text: str
    holds: bool
    values: tuple[tuple[str, str], ...]


def explainer(tree: Tree, source: str) -> Callable[[object], tuple[Clause, ...]]:
    """A function of the facts that tells the clauses of a boolean tree, split at its outer `&&`."""
    writer = PythonWriter(shares_code=True)
    clauses = [(clause, _shown(clause, source)) for clause in _conjuncts(tree)]
    rows = [
        f"({writer.expression(clause)}, {_row(writer.expression(node) for node in shown.values())})"
        for clause, shown in clauses
    ]
    judge = writer.function([f"return {_row(rows)}"])
    labels = [(source[clause.start : clause.end], tuple(shown)) for clause, shown in clauses]

    def explained(facts: object) -> tuple[Clause, ...]:
        return tuple(
            [
                Clause(text, holds, tuple(zip(names, map(_text_of, values), strict=True)))
                for (text, names), (holds, values) in zip(labels, judge(facts), strict=True)
            ]
        )

    return explained


def paths(tree: Tree) -> frozenset[str]:
    """Every value that the tree reads: `weekday`, `eligible.paid`, `lines`, `lines[].category`."""
    return frozenset(_paths(tree, {}))


def line_counter(tree: Tree, root: str) -> Callable[[object], tuple[int, ...]] | None:
    """A function that gives the positions of the items of `root` that the tree counts, in order."""
    writer = PythonWriter(shares_code=True)
    counted = _counted(tree, root, writer)
    return None if counted is None else writer.function([f"return tuple(sorted({counted}))"])


def _conjuncts(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, Binary) and tree.operator is BinaryOperator.AND:
        yield from _conjuncts(tree.left)
        yield from _conjuncts(tree.right)
    else:
        yield tree


def _shown(tree: Tree, source: str) -> dict[str, Tree]:
    """The values worth showing, by their text: scalars, lists of scalars, and whole loops, sums and sizes.

    What depends on one item of a loop has many values, so only the rest of a loop's body is shown.
    """
    shown: dict[str, Tree] = {}
    for node in _walk(tree):
        path = _path(node, {}) if isinstance(node, Root | Field) and _is_showable(node) else None
        if path is not None:
            shown.setdefault(path, node)
        elif _is_of_items(node) and _is_closed(node):
            shown.setdefault(source[node.start : node.end], node)
    return shown


def _row(expressions: Iterable[str]) -> str:
    return f"({''.join(f'{each}, ' for each in expressions)})"


def _walk(tree: Tree) -> Iterator[Tree]:
    yield tree
    for child in children(tree):
        yield from _walk(child)


def _is_showable(node: Tree) -> bool:
    kind = node.type.item if isinstance(node.type, ListOf) else node.type
    return isinstance(kind, Scalar)


def _is_of_items(node: Tree) -> bool:
    """Whether the node makes one value of a list; `exists_one` does, a comparison written as one call."""
    if isinstance(node, Binary):
        return (node.left.start, node.left.end) == (node.start, node.end)
    return isinstance(node, Loop | Sum | Size | ExtremeOf) and isinstance(node.type, Scalar)


def _is_closed(tree: Tree) -> bool:
    """Whether the tree means something outside the loops around it."""
    inside = {node.variable for node in _walk(tree) if isinstance(node, Loop)}
    return all(node.name in inside for node in _walk(tree) if isinstance(node, Variable))


def _path(node: Tree, variables: Mapping[str, str | None]) -> str | None:
    match node:
        case Root(name=name):
            return name
        case Variable(name=name):
            return variables.get(name)
        case Field(record=record, name=name):
            owner = _path(record, variables)
            return None if owner is None else f"{owner}.{name}"
        case Loop(kind=LoopKind.FILTER, items=items):
            return _path(items, variables)
        case _:
            return None


def _paths(node: Tree, variables: Mapping[str, str | None]) -> Iterator[str]:
    match node:
        case Root() | Field():
            path = _path(node, variables)
            if path is not None:
                yield path
        case Loop(items=items, variable=variable, body=body):
            yield from _paths(items, variables)
            owner = _path(items, variables)
            item = None if owner is None else f"{owner}[]"
            yield from _paths(body, {**variables, variable: item})
        case _:
            for child in children(node):
                yield from _paths(child, variables)


def _counted(node: Tree, root: str, writer: PythonWriter) -> str | None:
    """The expression of a set of positions; None where no item of `root` is counted."""
    match node:
        case Sum(items=chain) | Size(of=chain) | ExtremeOf(items=chain):
            return _numbered(chain, root, writer)
        case Loop(kind=LoopKind.EXISTS):
            passing = Loop(
                kind=LoopKind.FILTER,
                items=node.items,
                variable=node.variable,
                body=node.body,
                type=node.items.type,
                start=node.start,
                end=node.end,
            )
            return _numbered(passing, root, writer)
        case Loop(kind=LoopKind.ALL, items=chain):
            return _numbered(chain, root, writer)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            sides = [_counted(side, root, writer) for side in (then, otherwise)]
            if sides == [None, None]:
                return None
            return f"({sides[0] or '()'} if {writer.expression(condition)} else {sides[1] or '()'})"
        case _:
            found = [_counted(child, root, writer) for child in children(node)]
            sets = [f"*{each}" for each in found if each is not None]
            return f"{{{', '.join(sets)}}}" if sets else None


def _numbered(chain: Tree, root: str, writer: PythonWriter) -> str | None:
    start = chain
    while isinstance(start, Loop):
        start = start.items
    is_counted = isinstance(start, Root) and start.name == root
    return writer.numbered(chain) if is_counted else None


def _text_of(value: str | int | Sequence[object]) -> str:
    """A value as the rule language writes it; whole numbers beyond 64 bits are only said to be beyond."""
    return _scalar_text(value) if isinstance(value, str | int) else _list_text(value)


def _list_text(values: Sequence[object]) -> str:
    items = [_scalar_text(item) for item in values[:_SHOWN_ITEMS_MAX]]
    more = ["…"] if len(values) > _SHOWN_ITEMS_MAX else []
    return f"[{', '.join(items + more)}]"


@lru_cache(maxsize=4096, typed=True)
def _scalar_text(value: object) -> str:
    """A sale is explained by a thousand rules that show the same store, hour and amount."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() if value > INT_MAX:
            return f"> {INT_MAX}"
        case int() if value < INT_MIN:
            return f"< {INT_MIN}"
        case str():
            return msgspec.json.encode(value).decode()
        case _:
            return str(value)
