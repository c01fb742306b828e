"""The tree as written, before types: what the parser makes and the checker reads."""

import msgspec

type Syntax = Constant | Name | Select | Call | Listing | Prefix | Infix | Conditional


class _Written(msgspec.Struct, frozen=True, kw_only=True):
    start: int
    end: int


class Constant(_Written, frozen=True):
    value: int | bool | str


class Name(_Written, frozen=True):
    name: str


class Select(_Written, frozen=True):
    """`target.name`; the name's own place is kept for faults."""

    target: Syntax
    name: str
    name_start: int


class Call(_Written, frozen=True):
    """`name(...)`, or `target.name(...)`."""

    target: Syntax | None
    name: str
    name_start: int
    arguments: tuple[Syntax, ...]


class Listing(_Written, frozen=True):
    items: tuple[Syntax, ...]


class Prefix(_Written, frozen=True):
    operator: str
    operand: Syntax


class Infix(_Written, frozen=True):
    operator: str
    left: Syntax
    right: Syntax


class Conditional(_Written, frozen=True):
    condition: Syntax
    then: Syntax
    otherwise: Syntax


def children(node: Syntax) -> tuple[Syntax, ...]:  # noqa: PLR0911 - one plain list
    match node:
        case Constant() | Name():
            return ()
        case Select(target=target):
            return (target,)
        case Call(target=target, arguments=arguments):
            return arguments if target is None else (target, *arguments)
        case Listing(items=items):
            return items
        case Prefix(operand=operand):
            return (operand,)
        case Infix(left=left, right=right):
            return (left, right)
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
