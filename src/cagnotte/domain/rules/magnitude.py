"""How long a number a rule can make: Python's have no end, and `.map(x, x * x)` doubles them each time."""

from collections.abc import Mapping

from cagnotte.domain.rules.faults import RuleFaultCode, refusal
from cagnotte.domain.rules.limits import PRODUCT_BITS_MAX
from cagnotte.domain.rules.tree import (
    Binary,
    BinaryOperator,
    Field,
    Literal,
    Loop,
    LoopKind,
    Root,
    Sum,
    Tree,
    Variable,
    children,
)

type Bits = Mapping[str, int]

_FACT_BITS = 64
_LIST_LENGTH_BITS = 32


def refuse_huge_products(tree: Tree) -> None:
    """Raises RuleError at a product that could pass PRODUCT_BITS_MAX when the facts are of 64 bits."""
    _bits(tree, {})


def _bits(node: Tree, variables: Bits) -> int:  # noqa: PLR0911 - one plain list
    """How many bits the largest value of the node can need; of a list, those of its items."""
    match node:
        case Literal(value=value):
            return 0 if isinstance(value, str) else value.bit_length()
        case Root() | Field():
            return _FACT_BITS
        case Variable(name=name):
            return variables[name]
        case Loop():
            return _loop_bits(node, variables)
        case Sum(items=items):
            return _bits(items, variables) + _LIST_LENGTH_BITS
        case Binary(operator=operator):
            is_product = operator is BinaryOperator.TIMES
            return _product_bits(node, variables) if is_product else _largest(node, variables) + 1
        case _:
            return _largest(node, variables)


def _loop_bits(node: Loop, variables: Bits) -> int:
    item = _bits(node.items, variables)
    body = _bits(node.body, {**variables, node.variable: item})
    return body if node.kind is LoopKind.MAP else item


def _product_bits(node: Binary, variables: Bits) -> int:
    bits = sum(_bits(child, variables) for child in children(node))
    if bits > PRODUCT_BITS_MAX:
        factors = str(PRODUCT_BITS_MAX // _FACT_BITS)
        raise refusal(RuleFaultCode.PRODUCT_TOO_BIG, node.start, node.end, limit=factors)
    return bits


def _largest(node: Tree, variables: Bits) -> int:
    return max((_bits(child, variables) for child in children(node)), default=_LIST_LENGTH_BITS)
