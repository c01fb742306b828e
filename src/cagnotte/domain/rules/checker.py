"""Gives every node of a rule its type, or says all that is wrong with it."""

from cagnotte.domain.rules.call_types import type_function, type_method
from cagnotte.domain.rules.faults import RuleError, RuleFaultCode
from cagnotte.domain.rules.judge import Judge, Variables
from cagnotte.domain.rules.operator_types import type_conditional, type_infix, type_listing, type_prefix
from cagnotte.domain.rules.suggestions import nearest
from cagnotte.domain.rules.syntax import (
    Call,
    Conditional,
    Constant,
    Infix,
    Listing,
    Name,
    Prefix,
    Select,
    Syntax,
)
from cagnotte.domain.rules.tree import Field, Literal, Root, Tree, Variable
from cagnotte.domain.rules.types import BOOL, INT, TEXT, ListOf, Record, Scope, Type, type_name


def check(syntax: Syntax, *, source: str, gives: Type, scope: Scope) -> Tree:
    """The typed tree; raises RuleError with every fault found, in text order."""
    checker = _Checker(source, scope)
    tree = checker.typed(syntax, {})
    if tree is not None and tree.type != gives:
        kinds = {"expected": type_name(gives), "found": type_name(tree.type)}
        checker.blame(RuleFaultCode.WRONG_RESULT, syntax, **kinds)
    if checker.faults:
        raise RuleError(tuple(sorted(checker.faults, key=lambda fault: (fault.start, fault.end))))
    assert tree is not None, "neither a tree nor a fault"
    return tree


class _Checker(Judge):
    def typed(self, node: Syntax, variables: Variables) -> Tree | None:  # noqa: PLR0911 - one plain list
        match node:
            case Constant(value=value):
                kind = BOOL if isinstance(value, bool) else INT if isinstance(value, int) else TEXT
                return Literal(value=value, type=kind, start=node.start, end=node.end)
            case Name():
                return self._name(node, variables)
            case Select():
                return self._select(node, variables)
            case Call(target=None):
                return type_function(self, node, variables)
            case Call():
                return type_method(self, node, variables)
            case Listing():
                return type_listing(self, node, variables)
            case Prefix():
                return type_prefix(self, node, variables)
            case Infix():
                return type_infix(self, node, variables)
            case Conditional():
                return type_conditional(self, node, variables)

    def _name(self, node: Name, variables: Variables) -> Tree | None:
        if node.name in variables:
            return Variable(name=node.name, type=variables[node.name], start=node.start, end=node.end)
        if node.name in self.scope:
            return Root(name=node.name, type=self.scope[node.name], start=node.start, end=node.end)
        near = nearest(node.name, {*self.scope, *variables, "true", "false"})
        self.blame(RuleFaultCode.UNKNOWN_NAME, node, name=node.name, suggestion=near)
        return None

    def _select(self, node: Select, variables: Variables) -> Tree | None:
        record = self.typed(node.target, variables)
        if record is None:
            return None
        fields = record.type.fields if isinstance(record.type, Record) else {}
        if node.name in fields:
            kind = fields[node.name]
            return Field(record=record, name=node.name, type=kind, start=node.start, end=node.end)
        forgotten = (
            f"{node.name}()" if node.name in {"size", "sum", "min", "max"} and _has_size(record.type) else None
        )
        self.blame_at(
            RuleFaultCode.UNKNOWN_FIELD,
            node.name_start,
            node.name_start + len(node.name),
            name=node.name,
            record=type_name(record.type),
            suggestion=forgotten or nearest(node.name, fields),
        )
        return None


def _has_size(kind: Type) -> bool:
    return kind == TEXT or isinstance(kind, ListOf)
