"""What a condition requires of the facts, as predicates that an index can look up.

A condition is split at its outer `&&`. A part becomes a predicate when it compares one path with literals,
or asks for an item of a list by such comparisons; `||` over one path is one predicate. A sum or a size over
filtered items that must differ from what it is without any item requires such an item.
"""

import operator
from collections.abc import Callable, Iterator

import msgspec

from cagnotte.domain.rules.predicates import (
    Contains,
    HasItem,
    OneOf,
    Path,
    Plain,
    Predicate,
    Step,
    Within,
    both,
    either,
    opposite,
)
from cagnotte.domain.rules.tree import (
    Binary,
    BinaryOperator,
    ExtremeOf,
    Field,
    Items,
    Literal,
    Loop,
    LoopKind,
    Root,
    Size,
    Sum,
    Tree,
    Unary,
    UnaryOperator,
    Variable,
)
from cagnotte.domain.rules.types import INT, Record, Scalar, Type, absent_value


class Requirement(msgspec.Struct, frozen=True):
    """One part of a condition. `predicate` holds whenever the part does; if `is_whole`, also only then."""

    part: Tree
    predicate: Predicate | None = None
    is_whole: bool = False


class _Found(msgspec.Struct, frozen=True):
    predicate: Predicate
    is_whole: bool = True


_COMPARED: dict[BinaryOperator, Callable[[int, int], bool]] = {
    BinaryOperator.EQUAL: operator.eq,
    BinaryOperator.DIFFERENT: operator.ne,
    BinaryOperator.LESS: operator.lt,
    BinaryOperator.AT_MOST: operator.le,
    BinaryOperator.MORE: operator.gt,
    BinaryOperator.AT_LEAST: operator.ge,
}
_MIRRORED = {
    BinaryOperator.EQUAL: BinaryOperator.EQUAL,
    BinaryOperator.DIFFERENT: BinaryOperator.DIFFERENT,
    BinaryOperator.LESS: BinaryOperator.MORE,
    BinaryOperator.AT_MOST: BinaryOperator.AT_LEAST,
    BinaryOperator.MORE: BinaryOperator.LESS,
    BinaryOperator.AT_LEAST: BinaryOperator.AT_MOST,
}
_FROM_ONE_UP = {BinaryOperator.MORE, BinaryOperator.AT_LEAST, BinaryOperator.DIFFERENT}


def requirements(condition: Tree) -> tuple[Requirement, ...]:
    """The parts of a boolean tree in their order; the condition holds when all of them do."""
    return tuple(_requirement(part) for part in _conjuncts(condition))


def item_required(items: str, item: str, condition: Tree) -> tuple[Predicate, ...]:
    """Predicates that hold whenever the condition over the root `item` does for one item of the root `items`."""
    asked = [_found(part, item) for part in _conjuncts(condition)]
    found = _all_of_one_item((Step(items),), asked)
    return () if found is None else (found.predicate,)


def _requirement(part: Tree) -> Requirement:
    found = _found(part, None)
    return Requirement(part) if found is None else Requirement(part, found.predicate, found.is_whole)


def _conjuncts(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, Binary) and tree.operator is BinaryOperator.AND:
        yield from _conjuncts(tree.left)
        yield from _conjuncts(tree.right)
    else:
        yield tree


def _found(node: Tree, variable: str | None) -> _Found | None:  # noqa: PLR0911 - one plain list
    """What the boolean node says of the facts, or of the item that `variable` names."""
    match node:
        case Root() | Field():
            path = _path(node, variable)
            return None if path is None else _Found(OneOf(path, frozenset({True})))
        case Unary(operator=UnaryOperator.NOT, operand=operand):
            return _opposite(_found(operand, variable))
        case Binary(operator=BinaryOperator.OR, left=left, right=right):
            return _either(_found(left, variable), _found(right, variable))
        case Binary(operator=BinaryOperator.IN, left=left, right=right):
            return _membership(left, right, variable)
        case Binary(left=Literal(value=value), right=right) if node.operator in _MIRRORED:
            return _comparison(right, _MIRRORED[node.operator], value, variable)
        case Binary(left=left, right=Literal(value=value)) if node.operator in _MIRRORED:
            return _comparison(left, node.operator, value, variable)
        case Loop() if variable is None:
            return _loop(node)
        case _:
            return None


def _path(node: Tree, variable: str | None) -> Path | None:
    match node:
        case Root(name=name) if variable is None:
            return (Step(name),)
        case Variable(name=name) | Root(name=name) if name == variable:
            return ()
        case Field(record=record, name=name):
            owner = _path(record, variable)
            return None if owner is None else (*owner, _step(record.type, name))
        case _:
            return None


def _step(record: Type, name: str) -> Step:
    assert isinstance(record, Record), record
    return Step(name, absent_value(record.fields[name]) if name in record.attributes else None)


def _membership(left: Tree, right: Tree, variable: str | None) -> _Found | None:
    if isinstance(right, Items):
        path = _path(left, variable)
        values = [item.value for item in right.items if isinstance(item, Literal)]
        return _Found(OneOf(path, frozenset(values))) if path and len(values) == len(right.items) else None
    path = _path(right, variable)
    return _Found(Contains(path, frozenset({left.value}))) if path and isinstance(left, Literal) else None


def _comparison(
    left: Tree, compared: BinaryOperator, value: int | bool | str, variable: str | None
) -> _Found | None:
    path = _path(left, variable)
    if path is None:
        is_number = variable is None and left.type == INT and isinstance(value, int)
        return _number_over_items(left, compared, int(value)) if is_number else None
    if not path or not isinstance(left.type, Scalar):
        return None
    if compared in {BinaryOperator.EQUAL, BinaryOperator.DIFFERENT}:
        return _Found(OneOf(path, frozenset({value}), is_not=compared is BinaryOperator.DIFFERENT))
    return _bounded(path, compared, value) if isinstance(value, int) else None


def _bounded(path: Path, compared: BinaryOperator, value: int) -> _Found:
    match compared:
        case BinaryOperator.AT_LEAST:
            return _Found(Within(path, value, None))
        case BinaryOperator.MORE:
            return _Found(Within(path, value + 1, None))
        case BinaryOperator.AT_MOST:
            return _Found(Within(path, None, value))
        case _:
            return _Found(Within(path, None, value - 1))


def _number_over_items(number: Tree, compared: BinaryOperator, value: int) -> _Found | None:
    """A number that is 0 without items, and must not be: there is an item. Of a size this is all it says."""
    chain = _chain_of_zero(number)
    if chain is None or _COMPARED[compared](0, value):
        return None
    found = _has_item(chain, None)
    if found is None:
        return None
    says_no_more = isinstance(number, Size) and _COMPARED[compared](1, value) and compared in _FROM_ONE_UP
    return _Found(found.predicate, found.is_whole and says_no_more)


def _chain_of_zero(number: Tree) -> Tree | None:
    """The list without whose items the number is 0."""
    match number:
        case Sum(items=chain) | ExtremeOf(items=chain) | Size(of=Loop() as chain):
            return chain
        case Unary(operand=operand):
            return _chain_of_zero(operand)
        case Binary(operator=BinaryOperator.DIVIDE | BinaryOperator.REMAINDER, left=left):
            return _chain_of_zero(left)
        case Binary(operator=BinaryOperator.TIMES, left=left, right=right):
            return _chain_of_zero(left) or _chain_of_zero(right)
        case _:
            return None


def _loop(node: Loop) -> _Found | None:
    match node.kind:
        case LoopKind.EXISTS:
            return _has_item(node.items, (node.variable, node.body))
        case LoopKind.ALL:
            against = _opposite(_found(node.body, node.variable))
            return _opposite(_has_item(node.items, against)) if against else None
        case _:
            return None


def _has_item(chain: Tree, last: tuple[str, Tree] | _Found | None) -> _Found | None:
    """An item passes the filters of the chain, and `last`: a condition on the variable, or what one says.

    What comes after a map asks the numbers that it made: they have no fields, so nothing is found there.
    """
    filters: list[tuple[str, Tree]] = []
    while isinstance(chain, Loop):
        if chain.kind is LoopKind.FILTER:
            filters.insert(0, (chain.variable, chain.body))
        chain = chain.items
    path = _path(chain, None)
    if isinstance(last, tuple):
        filters.append(last)
    asked = [_found(part, name) for name, body in filters for part in _conjuncts(body)]
    if isinstance(last, _Found):
        asked.append(last)
    return _all_of_one_item(path, asked) if path else None


def _all_of_one_item(path: Path, asked: list[_Found | None]) -> _Found | None:
    wanted: dict[tuple[type, Path, bool], Plain] = {}
    is_whole = True
    for each in asked:
        if each is None or isinstance(each.predicate, HasItem):
            is_whole = False
            continue
        plain = each.predicate
        key = (type(plain), plain.path, isinstance(plain, Contains) and plain.is_not)
        together = both(wanted[key], plain) if key in wanted else plain
        if together is None:
            is_whole = False
        else:
            wanted[key] = together
    return _Found(HasItem(path, tuple(wanted.values())), is_whole) if wanted else None


def _opposite(found: _Found | None) -> _Found | None:
    against = opposite(found.predicate) if found is not None and found.is_whole else None
    return None if against is None else _Found(against)


def _either(one: _Found | None, other: _Found | None) -> _Found | None:
    if one is None or other is None:
        return None
    union = either(one.predicate, other.predicate)
    return None if union is None else _Found(union, one.is_whole and other.is_whole)
