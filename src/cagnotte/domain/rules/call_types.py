"""Typing rules of functions, methods and loops."""

from collections.abc import Iterable

from cagnotte.domain.rules.day_numbers import DayPart, written_day
from cagnotte.domain.rules.faults import RuleFaultCode
from cagnotte.domain.rules.judge import Judge, Variables
from cagnotte.domain.rules.limits import LOOPS_MAX
from cagnotte.domain.rules.suggestions import METHOD_ALIASES, nearest
from cagnotte.domain.rules.syntax import Call, Constant, Name, Syntax
from cagnotte.domain.rules.tree import (
    Binary,
    BinaryOperator,
    Extreme,
    ExtremeKind,
    ExtremeOf,
    Literal,
    Loop,
    LoopKind,
    PartOfDay,
    Size,
    Sum,
    TextTest,
    TextTestKind,
    Tree,
)
from cagnotte.domain.rules.types import BOOL, INT, TEXT, ListOf, Scalar, Type, list_of, type_name

EXTREMES = frozenset(kind.value for kind in ExtremeKind)
DAY_PARTS = frozenset(part.value for part in DayPart)
FUNCTIONS = frozenset({*EXTREMES, *DAY_PARTS, "size", "date"})
LIST_METHODS = frozenset({*(kind.value for kind in LoopKind), *EXTREMES, "exists_one", "sum", "size"})
TEXT_METHODS = frozenset({*(kind.value for kind in TextTestKind), "size"})


def type_function(judge: Judge, node: Call, variables: Variables) -> Tree | None:
    if node.name not in FUNCTIONS:
        _blame_function(judge, node)
        return None
    if node.name == "size":
        return _size_function(judge, node, variables)
    if node.name == "date":
        return _date(judge, node)
    if node.name in DAY_PARTS:
        return _part_of_day(judge, node, variables)
    return _extreme(judge, node, variables)


def _extreme(judge: Judge, node: Call, variables: Variables) -> Tree | None:
    if not _has_arguments(judge, node, 2):
        return None
    left, right = (judge.expect(each, INT, node.name, variables) for each in node.arguments)
    if left is None or right is None:
        return None
    kind = ExtremeKind(node.name)
    return Extreme(kind=kind, left=left, right=right, type=INT, start=node.start, end=node.end)


def type_method(judge: Judge, node: Call, variables: Variables) -> Tree | None:
    assert node.target is not None, node
    target = judge.typed(node.target, variables)
    if target is None:
        return None
    methods = _methods(target.type)
    if node.name not in methods:
        _blame_method(judge, node, target.type, methods)
        return None
    if node.name == "size":
        return _size(node, target) if _has_arguments(judge, node, 0) else None
    if node.name in {"sum", *EXTREMES}:
        return _of_numbers(judge, node, target)
    if node.name in TEXT_METHODS:
        return _text_test(judge, node, target, variables)
    return _loop(judge, node, target, variables)


def _methods(kind: Type) -> frozenset[str]:
    if isinstance(kind, ListOf):
        return LIST_METHODS
    return TEXT_METHODS if kind == TEXT else frozenset()


def _blame_function(judge: Judge, node: Call) -> None:
    meant = METHOD_ALIASES.get(node.name.lower(), node.name)
    near = nearest(meant, FUNCTIONS) or nearest(meant, LIST_METHODS | TEXT_METHODS)
    suggestion = near if near is None or near in FUNCTIONS else f".{near}()"
    _blame_call(judge, RuleFaultCode.UNKNOWN_FUNCTION, node, suggestion=suggestion)


def _blame_method(judge: Judge, node: Call, kind: Type, methods: Iterable[str]) -> None:
    suggestion = nearest(METHOD_ALIASES.get(node.name.lower(), node.name), methods)
    _blame_call(judge, RuleFaultCode.UNKNOWN_METHOD, node, type=type_name(kind), suggestion=suggestion)


def _blame_call(judge: Judge, code: RuleFaultCode, node: Call, **params: str | None) -> None:
    judge.blame_at(code, node.name_start, node.name_start + len(node.name), name=node.name, **params)


def _has_arguments(judge: Judge, node: Call, expected: int) -> bool:
    if len(node.arguments) == expected:
        return True
    counts = {"expected": str(expected), "found": str(len(node.arguments))}
    judge.blame(RuleFaultCode.WRONG_ARGUMENT_COUNT, node, name=node.name, **counts)
    return False


def _size_function(judge: Judge, node: Call, variables: Variables) -> Tree | None:
    if not _has_arguments(judge, node, 1):
        return None
    target = judge.typed(node.arguments[0], variables)
    if target is None:
        return None
    if target.type != TEXT and not isinstance(target.type, ListOf):
        judge.blame_type(node.arguments[0], target.type, place="size", expected="list | text")
        return None
    return _size(node, target)


def _size(node: Call, target: Tree) -> Tree:
    return Size(of=target, type=INT, start=node.start, end=node.end)


def _of_numbers(judge: Judge, node: Call, target: Tree) -> Tree | None:
    if not _has_arguments(judge, node, 0):
        return None
    if target.type != list_of(INT):
        judge.blame_type(target, target.type, place=node.name, expected=type_name(list_of(INT)))
        return None
    place = {"start": node.start, "end": node.end}
    if node.name == "sum":
        return Sum(items=target, type=INT, **place)
    return ExtremeOf(kind=ExtremeKind(node.name), items=target, type=INT, **place)


def _date(judge: Judge, node: Call) -> Tree | None:
    """`date("2026-12-25")` is a number as soon as it is read."""
    if not _has_arguments(judge, node, 1):
        return None
    (written,) = node.arguments
    text = written.value if isinstance(written, Constant) else None
    day = written_day(text) if isinstance(text, str) else None
    if day is None:
        judge.blame(RuleFaultCode.BAD_DATE, written, found=judge.source[written.start : written.end])
        return None
    return Literal(value=day, type=INT, start=node.start, end=node.end)


def _part_of_day(judge: Judge, node: Call, variables: Variables) -> Tree | None:
    if not _has_arguments(judge, node, 1):
        return None
    day = judge.expect(node.arguments[0], INT, node.name, variables)
    if day is None:
        return None
    return PartOfDay(part=DayPart(node.name), day=day, type=INT, start=node.start, end=node.end)


def _text_test(judge: Judge, node: Call, target: Tree, variables: Variables) -> Tree | None:
    if not _has_arguments(judge, node, 1):
        return None
    part = judge.expect(node.arguments[0], TEXT, node.name, variables)
    if part is None:
        return None
    kind = TextTestKind(node.name)
    return TextTest(kind=kind, text=target, part=part, type=BOOL, start=node.start, end=node.end)


def _loop(judge: Judge, node: Call, target: Tree, variables: Variables) -> Tree | None:
    if not _has_arguments(judge, node, 2):
        return None
    name, body = node.arguments
    variable = _loop_variable(judge, name, variables)
    if variable is None:
        return None
    # Variables never shadow each other, so their number is the number of loops around the body.
    if len(variables) >= LOOPS_MAX:
        judge.blame(RuleFaultCode.LOOPS_TOO_DEEP, node, name=node.name, limit=str(LOOPS_MAX))
        return None
    assert isinstance(target.type, ListOf), target.type
    is_counted = node.name == "exists_one"
    kind = LoopKind.FILTER if is_counted else LoopKind(node.name)
    tree = _loop_body(judge, kind, body, {**variables, variable: target.type.item}, place=node.name)
    if tree is None:
        return None
    gives = {LoopKind.FILTER: target.type, LoopKind.MAP: list_of(tree.type)}.get(kind, BOOL)
    place = {"start": node.start, "end": node.end}
    loop = Loop(kind=kind, items=target, variable=variable, body=tree, type=gives, **place)
    return _is_one(loop) if is_counted else loop


def _is_one(passing: Loop) -> Tree:
    """`exists_one` says that exactly one item passes."""
    place = {"start": passing.start, "end": passing.end}
    size, one = Size(of=passing, type=INT, **place), Literal(value=1, type=INT, **place)
    return Binary(operator=BinaryOperator.EQUAL, left=size, right=one, type=BOOL, **place)


def _loop_variable(judge: Judge, name: Syntax, variables: Variables) -> str | None:
    if not isinstance(name, Name):
        judge.blame(RuleFaultCode.VARIABLE_EXPECTED, name)
        return None
    if name.name in judge.scope or name.name in variables:
        judge.blame(RuleFaultCode.VARIABLE_SHADOWS, name, name=name.name)
        return None
    return name.name


def _loop_body(judge: Judge, kind: LoopKind, body: Syntax, variables: Variables, *, place: str) -> Tree | None:
    if kind is not LoopKind.MAP:
        return judge.expect(body, BOOL, place, variables)
    tree = judge.typed(body, variables)
    if tree is not None and not isinstance(tree.type, Scalar):
        judge.blame_type(body, tree.type, place=place, expected="int | text | bool")
        return None
    return tree
