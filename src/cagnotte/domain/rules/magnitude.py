"""How large each part of a rule can be: whatever the facts within their bounds, 64 bits hold it."""

from collections.abc import Mapping
from math import gcd
from typing import NamedTuple

from cagnotte.domain.rules.day_numbers import PART_RANGES
from cagnotte.domain.rules.faults import RuleError, RuleFaultCode, refusal
from cagnotte.domain.rules.limits import INT_MAX, INT_MIN, TEXT_CHARACTERS_MOST
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
    Tree,
    Unary,
    UnaryOperator,
    Variable,
    children,
)
from cagnotte.domain.rules.types import INT, ListOf, Scalar, Type


class Span(NamedTuple):
    """An int lies between `low` and `high`, both included; a list has up to `length` items that do.

    Of what holds no int, `low` and `high` are 0.
    """

    low: int
    high: int
    length: int = 0


type Spans = Mapping[str, Span]

_NOTHING = Span(0, 0)


def refuse_overflow(tree: Tree, source: str) -> None:
    """Raises RuleError at the first part that facts within their bounds could bring beyond 64 bits.

    Parts are judged one by one: a rule is also refused when a condition would keep the facts from it.
    """
    _Measure(source).span(tree, {})


class _Measure:
    def __init__(self, source: str) -> None:
        self._source = source
        self._divided_earlier: dict[tuple[int, int], str] = {}

    def span(self, node: Tree, variables: Spans) -> Span:
        span = self._unchecked(node, variables)
        if span.low < INT_MIN or span.high > INT_MAX:
            raise self._refusal(node)
        return span

    def _refusal(self, node: Tree) -> RuleError:
        said = {"part": self._source[node.start : node.end], "limit": str(INT_MAX)}
        if (suggestion := self._divided_earlier.get((node.start, node.end))) is not None:
            said["suggestion"] = suggestion
        return refusal(RuleFaultCode.BEYOND_64_BITS, node.start, node.end, **said)

    def _note_earlier_division(self, node: Binary) -> None:
        """Of `a * b / c`, should `a * b` be too large: a smaller fraction, or else `a / c * b`."""
        product, divisor = node.left, node.right
        if node.operator is not BinaryOperator.DIVIDE or not isinstance(product, Binary):
            return
        if product.operator is BinaryOperator.TIMES and isinstance(divisor, Literal):
            suggestion = self._smaller(product, int(divisor.value))
            self._divided_earlier[product.start, product.end] = suggestion

    def _smaller(self, product: Binary, divisor: int) -> str:
        first, second = self._operand(product.left), self._operand(product.right)
        factor = product.right.value if isinstance(product.right, Literal) else 1
        shared = gcd(int(factor), divisor)
        if shared == 1:
            return f"{first} / {divisor} * {second}"
        multiplied = first if factor == shared else f"{first} * {int(factor) // shared}"
        return multiplied if divisor == shared else f"{multiplied} / {divisor // shared}"

    def _operand(self, node: Tree) -> str:
        written = self._source[node.start : node.end]
        return f"({written})" if isinstance(node, Binary | Choice) else written

    def _unchecked(self, node: Tree, variables: Spans) -> Span:  # noqa: PLR0911, PLR0912 - one plain list
        match node:
            case Literal(value=value):
                return _NOTHING if isinstance(value, str) else Span(int(value), int(value))
            case Variable(name=name):
                return variables[name]
            case Root() | Field():
                for child in children(node):
                    self.span(child, variables)
                return _declared(node.type)
            case Items(items=items):
                return self._hull(items, variables)._replace(length=len(items))
            case Loop():
                return self._loop(node, variables)
            case Sum(items=items):
                each = self.span(items, variables)
                return Span(min(each.low, 0) * each.length, max(each.high, 0) * each.length)
            case Size(of=of):
                within = self.span(of, variables)
                return Span(0, within.length if isinstance(of.type, ListOf) else TEXT_CHARACTERS_MOST)
            case ExtremeOf(items=items):
                each = self.span(items, variables)
                return Span(min(each.low, 0), max(each.high, 0))
            case PartOfDay(part=part, day=day):
                self.span(day, variables)
                return Span(*PART_RANGES[part])
            case Extreme(kind=kind, left=left, right=right):
                first, second = self.span(left, variables), self.span(right, variables)
                chosen = min if kind is ExtremeKind.MIN else max
                return Span(chosen(first.low, second.low), chosen(first.high, second.high))
            case Choice(condition=condition, then=then, otherwise=otherwise):
                self.span(condition, variables)
                return self._hull((then, otherwise), variables)
            case Binary():
                return self._binary(node, variables)
            case Unary(operator=UnaryOperator.NEGATE, operand=operand):
                span = self.span(operand, variables)
                return Span(-span.high, -span.low)
            case _:
                for child in children(node):
                    self.span(child, variables)
                return _NOTHING

    def _hull(self, nodes: tuple[Tree, ...], variables: Spans) -> Span:
        spans = [self.span(node, variables) for node in nodes] or [_NOTHING]
        return Span(min(span.low for span in spans), max(span.high for span in spans))

    def _loop(self, node: Loop, variables: Spans) -> Span:
        items = self.span(node.items, variables)
        body = self.span(node.body, {**variables, node.variable: Span(items.low, items.high)})
        match node.kind:
            case LoopKind.FILTER:
                return items
            case LoopKind.MAP:
                return Span(body.low, body.high, items.length)
            case _:
                return _NOTHING

    def _binary(self, node: Binary, variables: Spans) -> Span:
        self._note_earlier_division(node)
        left, right = self.span(node.left, variables), self.span(node.right, variables)
        match node.operator:
            case BinaryOperator.PLUS:
                return Span(left.low + right.low, left.high + right.high)
            case BinaryOperator.MINUS:
                return Span(left.low - right.high, left.high - right.low)
            case BinaryOperator.TIMES:
                corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
                return Span(min(corners), max(corners))
            case BinaryOperator.DIVIDE:
                ends = [_quotient(end, right.low) for end in (left.low, left.high)]
                return Span(min(ends), max(ends))
            case BinaryOperator.REMAINDER:
                most = abs(right.low) - 1
                return Span(max(min(left.low, 0), -most), min(max(left.high, 0), most))
            case _:
                return _NOTHING


def _quotient(dividend: int, divisor: int) -> int:
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend >= 0) == (divisor > 0) else -quotient


def _declared(kind: Type) -> Span:
    """What facts of the type hold; the items of a list of records are read through their fields."""
    match kind:
        case ListOf(item=item, most=most):
            span = _declared(item)
            return Span(span.low, span.high, most)
        case Scalar(most=most) if kind == INT:
            return Span(-most, most)
        case _:
            return _NOTHING
