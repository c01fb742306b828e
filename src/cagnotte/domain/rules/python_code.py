"""The Python back end: typed trees to the source of a Python function, and that source to the function.

Attributes are read once into locals, and loops become list comprehensions, which Python 3.12
runs inside the function itself: nothing of the language is left when a basket is judged. `exists`
and `all`, which stop at the first item that decides, become functions of their own.
"""

import keyword
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import FunctionType
from typing import Any

from cagnotte.domain.rules.day_numbers import PART_FUNCTIONS
from cagnotte.domain.rules.predicates import Path
from cagnotte.domain.rules.suggestions import is_rule_name
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
from cagnotte.domain.rules.types import Record, absent_value

type Names = Mapping[str, str]

_SIGNS = {BinaryOperator.AND: "and", BinaryOperator.OR: "or"}
_NO_NAMES: Names = {}


def truncating_quotient(dividend: int, divisor: int) -> int:
    """Division towards zero, as CEL and SQL do; Python's `//` goes down."""
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend >= 0) == (divisor > 0) else -quotient


def truncating_remainder(dividend: int, divisor: int) -> int:
    """What truncating division leaves: it has the sign of the dividend."""
    remainder = abs(dividend) % abs(divisor)
    return remainder if dividend >= 0 else -remainder


_CALLABLE = {
    "getattr": getattr,
    "len": len,
    "max": max,
    "min": min,
    "quotient": truncating_quotient,
    "remainder": truncating_remainder,
    "sorted": sorted,
    "sum": sum,
    "tuple": tuple,
    "enumerate": enumerate,
    **{part.value: function for part, function in PART_FUNCTIONS.items()},
}
_LOCAL = re.compile(r"\b(?:r_\w+|[vk][0-9]+)\b")


class PythonWriter:
    """Writes expressions, and remembers the roots and the functions that they need.

    `shares_code`: rules that differ only in what they compare with become one code with other constants, which
    takes a thousand rules a tenth of the time to compile.
    """

    def __init__(self, *, shares_code: bool = False) -> None:
        self._shares_code = shares_code
        self._constants: dict[str, object] = {}
        self._roots: set[str] = set()
        self._variables = 0
        self._searches: list[str] = []

    def function(self, statements: Iterable[str]) -> Callable[[object], Any]:
        """A function of the facts with these statements, which this writer's expressions are part of."""
        body = list(statements)
        roots = [f"r_{name} = {attribute('facts', name)}" for name in sorted(self._roots)]
        given = ", ".join(["facts", *self._constants])
        judge_lines = [f"def judge({given}):", *(f"    {line}" for line in [*roots, *body])]
        source = "\n".join([*self._searches, *judge_lines, ""])
        if not self._shares_code:
            return _compiled(source)
        shared = _compiled_once(source)
        # Constants are arguments: Python reads globals slowly where one code has many sets of them.
        return FunctionType(shared.__code__, shared.__globals__, "judge", tuple(self._constants.values()))

    def expression(self, node: Tree, names: Names = _NO_NAMES) -> str:  # noqa: PLR0911, PLR0912 - one plain list
        match node:
            case Literal(value=value):
                return self._constant(value) if self._shares_code else repr(value)
            case Root(name=name):
                self._roots.add(name)
                return f"r_{name}"
            case Variable(name=name):
                return names[name]
            case Field():
                return self._field(node, names)
            case Items(items=items):
                return f"({''.join(f'{self.expression(item, names)}, ' for item in items)})"
            case Unary(operator=operator, operand=operand):
                sign = "not " if operator is UnaryOperator.NOT else "-"
                return f"({sign}{self.expression(operand, names)})"
            case Binary():
                return self._binary(node, names)
            case Choice(condition=condition, then=then, otherwise=otherwise):
                written = [self.expression(each, names) for each in (then, condition, otherwise)]
                return f"({written[0]} if {written[1]} else {written[2]})"
            case Loop():
                return self._loop(node, names)
            case Sum(items=items):
                return self._sum(items, names)
            case Size(of=of):
                return f"len({self._list(of, names)})"
            case Extreme():
                return self._extreme(node, names)
            case ExtremeOf(kind=kind, items=items):
                return f"{kind.value}({self._list(items, names)}, default=0)"
            case PartOfDay(part=part, day=day):
                return f"{part.value}({self.expression(day, names)})"
            case TextTest():
                return self._text_test(node, names)

    def numbered(self, node: Tree) -> str:
        """The positions, in the list that the chain starts from, of the items that pass its filters."""
        clauses, _ = self._chain(node, _NO_NAMES, number="number")
        return f"[number {' '.join(clauses)}]"

    def _set(self, items: Items) -> str:
        values = [item.value for item in items.items if isinstance(item, Literal)]
        if self._shares_code:
            return self._constant(frozenset(values))
        return f"{{{', '.join(map(repr, values))}}}"

    def _constant(self, value: object) -> str:
        name = f"k{len(self._constants)}"
        self._constants[name] = value
        return name

    def _field(self, node: Field, names: Names) -> str:
        owner, record = self.expression(node.record, names), node.record.type
        assert isinstance(record, Record), record
        if node.name not in record.attributes:
            return attribute(owner, node.name)
        return f"{owner}.attributes.get({node.name!r}, {absent_value(node.type)!r})"

    def _binary(self, node: Binary, names: Names) -> str:
        left = self.expression(node.left, names)
        match node.operator:
            case BinaryOperator.DIVIDE | BinaryOperator.REMAINDER:
                return self._division(node, left)
            case BinaryOperator.IN if isinstance(node.right, Items) and _is_constant(node.right):
                return f"({left} in {self._set(node.right)})"
            case operator:
                right = self.expression(node.right, names)
                return f"({left} {_SIGNS.get(operator, operator.value)} {right})"

    def _division(self, node: Binary, left: str) -> str:
        assert isinstance(node.right, Literal), node.right
        divisor = int(node.right.value)
        is_quotient = node.operator is BinaryOperator.DIVIDE
        # A name costs nothing to read twice, and a call costs more than the division.
        if isinstance(node.left, Root | Field | Variable) and divisor > 0:
            sign = "//" if is_quotient else "%"
            return f"({left} {sign} {divisor} if {left} >= 0 else -(-{left} {sign} {divisor}))"
        return f"{'quotient' if is_quotient else 'remainder'}({left}, {divisor})"

    def _loop(self, node: Loop, names: Names) -> str:
        if node.kind in {LoopKind.FILTER, LoopKind.MAP}:
            return self._list(node, names)
        clauses, element = self._bound_chain(node.items, names)
        condition = self.expression(node.body, {**names, node.variable: element})
        if node.kind is LoopKind.EXISTS:
            return self._search([*clauses, f"if {condition}"], names, found=True)
        return self._search([*clauses, f"if not {condition}"], names, found=False)

    def _search(self, clauses: list[str], names: Names, *, found: bool) -> str:
        """A call of a new function that gives `found` at the first item that passes all clauses."""
        known = {*names.values(), *(f"r_{root}" for root in self._roots), *self._constants}
        # A text of the rule may look like a local too: one more argument does no harm.
        given = ", ".join(sorted(set(_LOCAL.findall(" ".join(clauses))) & known))
        name = f"search{len(self._searches)}"
        steps = [f"{' ' * depth}{clause}:" for depth, clause in enumerate(clauses, 1)]
        body = [*steps, f"{' ' * (len(clauses) + 1)}return {found}", f" return {not found}"]
        self._searches.append("\n".join([f"def {name}({given}):", *body]))
        return f"{name}({given})"

    def _list(self, node: Tree, names: Names) -> str:
        if not isinstance(node, Loop):
            return self.expression(node, names)
        clauses, element = self._chain(node, names)
        return f"[{element} {' '.join(clauses)}]"

    def _sum(self, items: Tree, names: Names) -> str:
        return f"sum({self._list(items, names)})"

    def _chain(self, node: Tree, names: Names, *, number: str | None = None) -> tuple[list[str], str]:
        """Filters and maps as the clauses of one comprehension, and the expression of its element."""
        if not isinstance(node, Loop):
            variable, items = self._variable(), self.expression(node, names)
            if number is None:
                return [f"for {variable} in {items}"], variable
            return [f"for {number}, {variable} in enumerate({items})"], variable
        clauses, element = self._bound_chain(node.items, names, number=number)
        body = self.expression(node.body, {**names, node.variable: element})
        return ([*clauses, f"if {body}"], element) if node.kind is LoopKind.FILTER else (clauses, body)

    def _bound_chain(self, node: Tree, names: Names, *, number: str | None = None) -> tuple[list[str], str]:
        """The same, with the element in a variable: written out, it would double at each step of a chain."""
        clauses, element = self._chain(node, names, number=number)
        if element.isidentifier():
            return clauses, element
        variable = self._variable()
        return [*clauses, f"for {variable} in [{element}]"], variable

    def _variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"

    def _extreme(self, node: Extreme, names: Names) -> str:
        left, right = self.expression(node.left, names), self.expression(node.right, names)
        if all(isinstance(side, Root | Field | Variable | Literal) for side in (node.left, node.right)):
            sign = "<=" if node.kind is ExtremeKind.MIN else ">="
            return f"({left} if {left} {sign} {right} else {right})"
        return f"{node.kind.value}({left}, {right})"

    def _text_test(self, node: TextTest, names: Names) -> str:
        text, part = self.expression(node.text, names), self.expression(node.part, names)
        match node.kind:
            case TextTestKind.CONTAINS:
                return f"({part} in {text})"
            case TextTestKind.STARTS_WITH:
                return f"{text}.startswith({part})"
            case TextTestKind.ENDS_WITH:
                return f"{text}.endswith({part})"


def _compiled(source: str) -> FunctionType:
    namespace: dict[str, Any] = {"__builtins__": {}, **_CALLABLE}
    # Names come from the checked scope and literals from repr(): the text of a rule never gets in.
    exec(compile(source, "<rules>", "exec"), namespace)  # noqa: S102
    judge: FunctionType = namespace["judge"]
    return judge


_compiled_once = lru_cache(maxsize=1024)(_compiled)


def _is_constant(items: Items) -> bool:
    return bool(items.items) and all(isinstance(item, Literal) for item in items.items)


def attribute(owner: str, name: str) -> str:
    """The expression of an attribute that has a rule name."""
    assert is_rule_name(name), name
    # A programme may declare an attribute such as `class`, which Python's grammar keeps for itself.
    return f"getattr({owner}, {name!r})" if keyword.iskeyword(name) else f"{owner}.{name}"


def reading(owner: str, path: Path) -> str:
    """The expression of what stands at a path from the owner."""
    for step in path:
        if step.absent is None:
            owner = attribute(owner, step.name)
        else:
            assert is_rule_name(step.name), step.name
            owner = f"{owner}.attributes.get({step.name!r}, {step.absent!r})"
    return owner
