"""The typed tree of a rule: a tagged union read with `match`, the same for every back end.

Every node knows its type and its place in the text. What cannot be typed is not in it: each
tree gives a value for any facts of its scope.
"""

from enum import StrEnum

import msgspec

from cagnotte.domain.rules.day_numbers import DayPart
from cagnotte.domain.rules.types import Type

type Tree = (
    Literal
    | Root
    | Variable
    | Field
    | Items
    | Unary
    | Binary
    | Choice
    | Loop
    | Sum
    | Size
    | Extreme
    | ExtremeOf
    | TextTest
    | PartOfDay
)


class UnaryOperator(StrEnum):
    NOT = "!"
    NEGATE = "-"


class BinaryOperator(StrEnum):
    OR = "||"
    AND = "&&"
    EQUAL = "=="
    DIFFERENT = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    IN = "in"
    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    DIVIDE = "/"
    REMAINDER = "%"


class LoopKind(StrEnum):
    FILTER = "filter"
    MAP = "map"
    EXISTS = "exists"
    ALL = "all"


class ExtremeKind(StrEnum):
    MIN = "min"
    MAX = "max"


class TextTestKind(StrEnum):
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    CONTAINS = "contains"


class _Node(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="node"):
    type: Type
    start: int
    end: int


class Literal(_Node, frozen=True):
    """An int within 64 bits, a bool or a text."""

    value: int | bool | str


class Root(_Node, frozen=True):
    """A name of the scope: an attribute of the facts."""

    name: str


class Variable(_Node, frozen=True):
    """The name that a loop gives to one item; never the name of a root or of an outer loop."""

    name: str


class Field(_Node, frozen=True):
    """A field of a record; one of the programme's own where the record's type names it in `attributes`."""

    record: Tree
    name: str


class Items(_Node, frozen=True):
    """A list written in the rule; scalars of one type, empty only to the right of `in`."""

    items: tuple[Tree, ...]


class Unary(_Node, frozen=True):
    operator: UnaryOperator
    operand: Tree


class Binary(_Node, frozen=True):
    """`/` and `%` truncate towards zero, and their right is a Literal other than 0.

    The right of `in` is Items or a list-typed Root or Field.
    """

    operator: BinaryOperator
    left: Tree
    right: Tree


class Choice(_Node, frozen=True):
    condition: Tree
    then: Tree
    otherwise: Tree


class Loop(_Node, frozen=True):
    """`items.kind(variable, body)`; a map gives scalars, so lists of lists do not occur."""

    kind: LoopKind
    items: Tree
    variable: str
    body: Tree


class Sum(_Node, frozen=True):
    """The sum of a list of ints; 0 when it is empty."""

    items: Tree


class Size(_Node, frozen=True):
    """How many items a list has, or how many Unicode characters a text has."""

    of: Tree


class Extreme(_Node, frozen=True):
    kind: ExtremeKind
    left: Tree
    right: Tree


class ExtremeOf(_Node, frozen=True):
    """The smallest or the largest of a list of ints; 0 when it is empty."""

    kind: ExtremeKind
    items: Tree


class TextTest(_Node, frozen=True):
    """Exact characters: capitals and accents count."""

    kind: TextTestKind
    text: Tree
    part: Tree


class PartOfDay(_Node, frozen=True):
    """What the calendar says of a day number; one outside the years 1 to 9999 is read as the nearest within."""

    part: DayPart
    day: Tree


def children(node: Tree) -> tuple[Tree, ...]:  # noqa: PLR0911 - one plain list
    match node:
        case Literal() | Root() | Variable():
            return ()
        case Field(record=only) | Unary(operand=only) | Size(of=only) | PartOfDay(day=only):
            return (only,)
        case Sum(items=only) | ExtremeOf(items=only):
            return (only,)
        case Items(items=items):
            return items
        case Binary(left=left, right=right) | Extreme(left=left, right=right):
            return (left, right)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Loop(items=target, body=body):
            return (target, body)
        case TextTest(text=text, part=part):
            return (text, part)
