"""The Ibis back end: typed trees to expressions over the columns of a table."""

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import ibis

from cagnotte.analytics.rules.dialects import by_character, quotient
from cagnotte.domain.rules.day_numbers import DAY_FIRST, DAY_LAST, DayPart
from cagnotte.domain.rules.limits import INT_MIN
from cagnotte.domain.rules.tree import (
    Binary,
    BinaryOperator,
    Choice,
    Extreme,
    ExtremeKind,
    ExtremeOf,
    Field,
    Items,
    Literal,
    Loop,
    LoopKind,
    PartOfDay,
    Root,
    Size,
    Sum,
    TextTest,
    TextTestKind,
    Tree,
    Unary,
    UnaryOperator,
    Variable,
)
from cagnotte.domain.rules.types import BOOL, INT, TEXT, ListOf, Record, Scalar, Type, absent_value

type Value = Any  # an Ibis value; Ibis has no types of its own that mypy could check
type Names = Mapping[str, Value]

_SIMPLE: dict[BinaryOperator, Callable[[Value, Value], Value]] = {
    BinaryOperator.OR: lambda left, right: left | right,
    BinaryOperator.AND: lambda left, right: left & right,
    BinaryOperator.EQUAL: lambda left, right: left == right,
    BinaryOperator.DIFFERENT: lambda left, right: left != right,
    BinaryOperator.LESS: lambda left, right: left < right,
    BinaryOperator.AT_MOST: lambda left, right: left <= right,
    BinaryOperator.MORE: lambda left, right: left > right,
    BinaryOperator.AT_LEAST: lambda left, right: left >= right,
    BinaryOperator.PLUS: lambda left, right: left + right,
    BinaryOperator.MINUS: lambda left, right: left - right,
    BinaryOperator.TIMES: lambda left, right: left * right,
    BinaryOperator.REMAINDER: lambda left, right: left % right,
}
_ORDER = {BinaryOperator.LESS, BinaryOperator.AT_MOST, BinaryOperator.MORE, BinaryOperator.AT_LEAST}
_ITEMS: dict[Scalar, str] = {INT: "int64", BOOL: "boolean"}


class IbisWriter:
    """Writes expressions; `column` gives the sale's values by their path, `aggregate` those of its lines.

    `aggregate` answers None for a node that is not about lines. A loop's item is a table for a line, and a
    value otherwise.
    """

    def __init__(
        self,
        dialect: str,
        *,
        column: Callable[[tuple[str, ...]], Value],
        aggregate: Callable[[Tree], Value | None],
    ) -> None:
        self._column = column
        self._aggregate = aggregate
        self._quotient = quotient(dialect)
        self._by_character = by_character(dialect)
        self._items = 0

    def expression(self, node: Tree, names: Names) -> Value:  # noqa: PLR0911, PLR0912 - one plain list
        if (counted := self._aggregate(node)) is not None:
            return counted
        match node:
            case Literal(value=value):
                return _literal(value)
            case Root(name=name):
                return _typed(self._column((name,)), node.type)
            case Variable(name=name):
                return names[name]
            case Field():
                return self._field(node, names)
            case Items(items=items):
                return ibis.array([self.expression(item, names) for item in items])
            case Unary(operator=operator, operand=operand):
                value = self.expression(operand, names)
                return ~value if operator is UnaryOperator.NOT else -value
            case Binary():
                return self._binary(node, names)
            case Choice(condition=condition, then=then, otherwise=otherwise):
                return ibis.ifelse(*[self.expression(each, names) for each in (condition, then, otherwise)])
            case Extreme(kind=kind, left=left, right=right):
                choose = ibis.least if kind is ExtremeKind.MIN else ibis.greatest
                return choose(self.expression(left, names), self.expression(right, names))
            case TextTest():
                return self._text_test(node, names)
            case PartOfDay(part=part, day=day):
                return _part_of_day(part, self.expression(day, names))
            case Loop():
                return self._loop(node, names)
            case Size(of=of):
                return self.expression(of, names).length().cast("int64")
            case Sum(items=items):
                return self.expression(items, names).sums().fill_null(0).cast("int64")
            case ExtremeOf(kind=kind, items=items):
                array = self.expression(items, names)
                extreme = array.mins() if kind is ExtremeKind.MIN else array.maxs()
                return extreme.fill_null(0).cast("int64")

    def chain(self, node: Tree, names: Names, row: Value) -> tuple[Value, list[Value]]:
        """The item and the conditions of a chain of filters and maps over the lines, of which `row` is one."""
        if not isinstance(node, Loop):
            return row, []
        item, conditions = self.chain(node.items, names, row)
        body = self.expression(node.body, {**names, node.variable: item})
        return (item, [*conditions, body]) if node.kind is LoopKind.FILTER else (body, conditions)

    def _field(self, node: Field, names: Names) -> Value:
        record = node.record.type
        assert isinstance(record, Record), record
        if isinstance(node.record, Root):
            value = self._column((node.record.name, node.name))
        else:
            value = self.expression(node.record, names)[node.name]
        if node.name in record.attributes:
            value = value.fill_null(_absent(node.type))
        return _typed(value, node.type)

    def _binary(self, node: Binary, names: Names) -> Value:
        if node.operator is BinaryOperator.IN:
            return self._contained(node, names)
        left = self.expression(node.left, names)
        if node.operator is BinaryOperator.DIVIDE:
            return self._quotient(left, self.expression(node.right, names)).cast("int64")
        right = self.expression(node.right, names)
        if node.operator in _ORDER and node.left.type == TEXT:
            left, right = self._by_character(left), self._by_character(right)
        return _SIMPLE[node.operator](left, right)

    def _contained(self, node: Binary, names: Names) -> Value:
        left = self.expression(node.left, names)
        if isinstance(node.right, Items):
            items = [self.expression(item, names) for item in node.right.items]
            return left.isin(items) if items else ibis.literal(value=False)
        return self.expression(node.right, names).contains(left)

    def _text_test(self, node: TextTest, names: Names) -> Value:
        text, part = self.expression(node.text, names), self.expression(node.part, names)
        match node.kind:
            case TextTestKind.CONTAINS:
                return text.contains(part)
            case TextTestKind.STARTS_WITH:
                return text.startswith(part)
            case TextTestKind.ENDS_WITH:
                return text.endswith(part)

    def _loop(self, node: Loop, names: Names) -> Value:
        """A loop over a list that stands in a column or in the rule."""
        items = self.expression(node.items, names)
        match node.kind:
            case LoopKind.MAP:
                return items.map(self._body(node, names, negated=False))
            case LoopKind.FILTER:
                return items.filter(self._body(node, names, negated=False))
            case LoopKind.EXISTS:
                return items.filter(self._body(node, names, negated=False)).length() > 0
            case LoopKind.ALL:
                return items.filter(self._body(node, names, negated=True)).length() == 0

    def _body(self, node: Loop, names: Names, *, negated: bool) -> Callable[..., Value]:
        """The body as a function; Ibis names its parameter in SQL after ours, so that each needs its own name."""
        self._items += 1
        name = f"item{self._items}"

        def body(**given: Value) -> Value:
            value = self.expression(node.body, {**names, node.variable: given[name]})
            return ~value if negated else value

        parameter = inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY)
        body.__signature__ = inspect.Signature([parameter])  # type: ignore[attr-defined]
        return body


def _literal(value: int | bool | str) -> Value:
    """A whole number has 64 bits also where the database would give a short one fewer."""
    if isinstance(value, bool | str):
        return ibis.literal(value)
    if value == INT_MIN:  # SQL reads its digits before its sign, and they pass 64 bits
        return _literal(INT_MIN + 1) - _literal(1)
    short = -(2**31) <= value < 2**31
    return ibis.literal(value, "int32" if short else "int64").cast("int64")


def _typed(column: Value, kind: Type) -> Value:
    return column.cast("int64") if kind == INT else column


def _absent(kind: Type) -> Value:
    if isinstance(kind, ListOf):
        assert isinstance(kind.item, Scalar), kind
        # PostgreSQL takes an empty array only with its type, and Ibis writes a type only where it changes.
        written, wanted = ("int64", "string") if kind.item == TEXT else ("string", _ITEMS[kind.item])
        return ibis.literal([], type=f"array<{written}>").cast(f"array<{wanted}>")
    return ibis.literal(absent_value(kind))


def _part_of_day(part: DayPart, number: Value) -> Value:
    day = ibis.least(ibis.greatest(number, _literal(DAY_FIRST)), _literal(DAY_LAST))
    if part is DayPart.WEEKDAY:  # day 0 was a Thursday; the first remainder may be negative
        return ((day + 3) % 7 + 7) % 7 + 1
    since = ibis.literal(date(1970, 1, 1)) + day.cast("int32").as_interval("D")
    match part:
        case DayPart.YEAR:
            return since.year().cast("int64")
        case DayPart.MONTH:
            return since.month().cast("int64")
        case DayPart.DAY_OF_MONTH:
            return since.day().cast("int64")
