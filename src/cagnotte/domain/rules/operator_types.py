"""Typing rules of operators, lists and the conditional."""

from cagnotte.domain.rules.faults import RuleFault, RuleFaultCode
from cagnotte.domain.rules.judge import Judge, Variables
from cagnotte.domain.rules.syntax import Conditional, Infix, Listing, Prefix
from cagnotte.domain.rules.tree import (
    Binary,
    BinaryOperator,
    Choice,
    Field,
    Items,
    Literal,
    Root,
    Tree,
    Unary,
    UnaryOperator,
)
from cagnotte.domain.rules.types import BOOL, INT, TEXT, ListOf, Scalar, Type, type_name

_LOGICAL = {BinaryOperator.AND, BinaryOperator.OR}
_EQUALITY = {BinaryOperator.EQUAL, BinaryOperator.DIFFERENT}
_ORDER = {BinaryOperator.LESS, BinaryOperator.AT_MOST, BinaryOperator.MORE, BinaryOperator.AT_LEAST}
_DIVISION = {BinaryOperator.DIVIDE, BinaryOperator.REMAINDER}
_SCALAR = "int | text | bool"
_ORDERED = "int | text"


def type_prefix(judge: Judge, node: Prefix, variables: Variables) -> Tree | None:
    operator = UnaryOperator(node.operator)
    wanted = BOOL if operator is UnaryOperator.NOT else INT
    operand = judge.expect(node.operand, wanted, node.operator, variables)
    if operand is None:
        return None
    return Unary(operator=operator, operand=operand, type=wanted, start=node.start, end=node.end)


def type_infix(judge: Judge, node: Infix, variables: Variables) -> Tree | None:
    operator = BinaryOperator(node.operator)
    if operator is BinaryOperator.IN:
        return _contained(judge, node, variables)
    if operator in _EQUALITY or operator in _ORDER:
        return _compared(judge, node, variables)
    if operator in _DIVISION:
        return _divided(judge, node, variables)
    wanted = BOOL if operator in _LOGICAL else INT
    left = judge.expect(node.left, wanted, operator, variables)
    right = judge.expect(node.right, wanted, operator, variables)
    return _binary(node, left, right, wanted)


def type_conditional(judge: Judge, node: Conditional, variables: Variables) -> Tree | None:
    condition = judge.expect(node.condition, BOOL, "?:", variables)
    then, otherwise = judge.typed(node.then, variables), judge.typed(node.otherwise, variables)
    if then is None or otherwise is None:
        return None
    if not isinstance(then.type, Scalar):
        judge.blame_type(node.then, then.type, place="?:", expected=_SCALAR)
        return None
    if then.type != otherwise.type:
        judge.blame_difference(node, "?:", then, otherwise)
        return None
    if condition is None:
        return None
    place = {"start": node.start, "end": node.end}
    return Choice(condition=condition, then=then, otherwise=otherwise, type=then.type, **place)


def type_listing(judge: Judge, node: Listing, variables: Variables) -> Items | None:
    """A list of one scalar type that is not empty; only `in` takes an empty one, and types it itself."""
    if not node.items:
        judge.blame(RuleFaultCode.EMPTY_LIST, node)
        return None
    trees = [judge.typed(item, variables) for item in node.items]
    items = tuple(tree for tree in trees if tree is not None)
    if len(items) < len(trees) or _blamed_items(judge, items):
        return None
    return Items(items=items, type=ListOf(items[0].type), start=node.start, end=node.end)


def _blamed_items(judge: Judge, items: tuple[Tree, ...]) -> bool:
    first = items[0].type
    blamed = False
    for item in items:
        if not isinstance(item.type, Scalar):
            judge.blame_type(item, item.type, place="[]", expected=_SCALAR)
            blamed = True
        elif item.type != first and isinstance(first, Scalar):
            kinds = {"expected": type_name(first), "found": type_name(item.type)}
            judge.blame(RuleFaultCode.MIXED_LIST, item, **kinds)
            blamed = True
    return blamed


def _compared(judge: Judge, node: Infix, variables: Variables) -> Tree | None:
    left, right = _left_of_relation(judge, node, variables), judge.typed(node.right, variables)
    if left is None or right is None:
        return None
    ordered = BinaryOperator(node.operator) in _ORDER
    comparable = {INT.name, TEXT.name} if ordered else {INT.name, TEXT.name, BOOL.name}
    if type_name(left.type) not in comparable or not isinstance(left.type, Scalar):
        expected = _ORDERED if ordered else _SCALAR
        judge.blame_type(node.left, left.type, place=node.operator, expected=expected)
        return None
    if left.type != right.type:
        judge.blame_difference(node, node.operator, left, right)
        return None
    return _binary(node, left, right, BOOL)


def _contained(judge: Judge, node: Infix, variables: Variables) -> Tree | None:
    left = _left_of_relation(judge, node, variables)
    if isinstance(node.right, Listing) and not node.right.items:
        return _contained_in_nothing(judge, node, left)
    right = judge.typed(node.right, variables)
    if right is None:
        return None
    if not isinstance(right, Items | Root | Field) or not isinstance(right.type, ListOf):
        judge.blame(RuleFaultCode.IN_NEEDS_LIST, node.right, found=type_name(right.type))
        return None
    if left is None:
        return None
    if not isinstance(left.type, Scalar) or left.type != right.type.item:
        judge.blame_difference(node, "in", left, right)
        return None
    return _binary(node, left, right, BOOL)


def _contained_in_nothing(judge: Judge, node: Infix, left: Tree | None) -> Tree | None:
    if left is None:
        return None
    if not isinstance(left.type, Scalar):
        judge.blame_type(node.left, left.type, place="in", expected=_SCALAR)
        return None
    nothing = Items(items=(), type=ListOf(left.type), start=node.right.start, end=node.right.end)
    return _binary(node, left, nothing, BOOL)


def _left_of_relation(judge: Judge, node: Infix, variables: Variables) -> Tree | None:
    """`!a >= b` reads `(!a) >= b`: where that cannot be typed, `!(a >= b)` was meant, and is suggested."""
    negated, known = node.left, len(judge.faults)
    left = judge.typed(negated, variables)
    if isinstance(negated, Prefix) and negated.operator == "!" and negated.start == node.start:
        meant = f"!({judge.source[negated.start + 1 : node.end].strip()})"
        judge.faults[known:] = [_with_suggestion(fault, negated, meant) for fault in judge.faults[known:]]
    return left


def _with_suggestion(fault: RuleFault, negated: Prefix, meant: str) -> RuleFault:
    if fault.code is not RuleFaultCode.WRONG_TYPE or fault.params["place"] != "!":
        return fault
    if (fault.start, fault.end) != (negated.operand.start, negated.operand.end):
        return fault
    return RuleFault(fault.code, fault.start, fault.end, {**fault.params, "suggestion": meant})


def _divided(judge: Judge, node: Infix, variables: Variables) -> Tree | None:
    left = judge.expect(node.left, INT, node.operator, variables)
    right = judge.expect(node.right, INT, node.operator, variables)
    if isinstance(right, Literal) and right.value == 0:
        judge.blame(RuleFaultCode.DIVISION_BY_ZERO, node.right, operator=node.operator)
        return None
    if right is not None and not isinstance(right, Literal):
        judge.blame(RuleFaultCode.DIVISION_BY_EXPRESSION, node.right, operator=node.operator)
        return None
    return _binary(node, left, right, INT)


def _binary(node: Infix, left: Tree | None, right: Tree | None, kind: Type) -> Tree | None:
    if left is None or right is None:
        return None
    operator = BinaryOperator(node.operator)
    return Binary(operator=operator, left=left, right=right, type=kind, start=node.start, end=node.end)
