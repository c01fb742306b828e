"""The Python back end: typed trees to the source of a Python function, and that source to the function.

Attributes are read once into locals, and loops become list comprehensions, which Python 3.12
runs inside the function itself: nothing of the language is left when a basket is judged.
"""

import keyword
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cagnotte.domain.rules.suggestions import is_rule_name
from cagnotte.domain.rules.tree import (
    Binary,
    BinaryOperator,
    Choice,
    Extreme,
    ExtremeKind,
    Field,
    Items,
    Literal,
    Loop,
    LoopKind,
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
}


class PythonWriter:
    """Writes expressions, and remembers the roots that they read."""

    def __init__(self) -> None:
        self._roots: set[str] = set()
        self._variables = 0

    def function(self, statements: Iterable[str]) -> Callable[[object], Any]:
        """A function of the facts with these statements, which this writer's expressions are part of."""
        body = list(statements)
        roots = [f"r_{name} = {_attribute('facts', name)}" for name in sorted(self._roots)]
        source = "def judge(facts):\n" + "".join(f"    {line}\n" for line in [*roots, *body])
        namespace: dict[str, Any] = {"__builtins__": {}, **_CALLABLE}
        # Names come from the checked scope and literals from repr(): the text of a rule never gets in.
        exec(compile(source, "<rules>", "exec"), namespace)  # noqa: S102
        judge: Callable[[object], Any] = namespace["judge"]
        return judge

    def expression(self, node: Tree, names: Names = _NO_NAMES) -> str:  # noqa: PLR0911, PLR0912 - one plain list
        match node:
            case Literal(value=value):
                return repr(value)
            case Root(name=name):
                self._roots.add(name)
                return f"r_{name}"
            case Variable(name=name):
                return names[name]
            case Field(record=record, name=name):
                return _attribute(self.expression(record, names), name)
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
            case TextTest():
                return self._text_test(node, names)

    def numbered(self, node: Tree) -> str:
        """The positions, in the list that the chain starts from, of the items that pass its filters."""
        clauses, _ = self._chain(node, _NO_NAMES, number="number")
        return f"[number{clauses}]"

    def _binary(self, node: Binary, names: Names) -> str:
        left, right = self.expression(node.left, names), self.expression(node.right, names)
        match node.operator:
            case BinaryOperator.DIVIDE | BinaryOperator.REMAINDER:
                return self._division(node, left)
            case BinaryOperator.IN if _is_constant(node.right):
                return f"({left} in {{{right[1:-1]}}})"
            case operator:
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
            return f"(not not [1{clauses} if {condition}])"
        return f"(not [1{clauses} if not {condition}])"

    def _list(self, node: Tree, names: Names) -> str:
        if not isinstance(node, Loop):
            return self.expression(node, names)
        clauses, element = self._chain(node, names)
        return f"[{element}{clauses}]"

    def _sum(self, items: Tree, names: Names) -> str:
        return f"sum({self._list(items, names)})"

    def _chain(self, node: Tree, names: Names, *, number: str | None = None) -> tuple[str, str]:
        """Filters and maps as the clauses of one comprehension, and the expression of its element."""
        if not isinstance(node, Loop):
            variable, items = self._variable(), self.expression(node, names)
            if number is None:
                return f" for {variable} in {items}", variable
            return f" for {number}, {variable} in enumerate({items})", variable
        clauses, element = self._bound_chain(node.items, names, number=number)
        body = self.expression(node.body, {**names, node.variable: element})
        return (f"{clauses} if {body}", element) if node.kind is LoopKind.FILTER else (clauses, body)

    def _bound_chain(self, node: Tree, names: Names, *, number: str | None = None) -> tuple[str, str]:
        """The same, with the element in a variable: written out, it would double at each step of a chain."""
        clauses, element = self._chain(node, names, number=number)
        if element.isidentifier():
            return clauses, element
        variable = self._variable()
        return f"{clauses} for {variable} in [{element}]", variable

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


def _is_constant(node: Tree) -> bool:
    return isinstance(node, Items) and bool(node.items) and all(isinstance(i, Literal) for i in node.items)


def _attribute(owner: str, name: str) -> str:
    assert is_rule_name(name), name
    # A programme may declare an attribute such as `class`, which Python's grammar keeps for itself.
    return f"getattr({owner}, {name!r})" if keyword.iskeyword(name) else f"{owner}.{name}"
