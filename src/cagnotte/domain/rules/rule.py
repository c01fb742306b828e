"""A rule, compiled once from its text and then asked about any number of facts."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import msgspec

from cagnotte.domain.rules.checker import check
from cagnotte.domain.rules.explanation import Clause, explainer, line_counter, paths
from cagnotte.domain.rules.magnitude import refuse_overflow
from cagnotte.domain.rules.parser import parse
from cagnotte.domain.rules.python_code import PythonWriter
from cagnotte.domain.rules.suggestions import is_rule_name
from cagnotte.domain.rules.tree import Tree
from cagnotte.domain.rules.types import BOOL, Scalar, Scope, Type
from cagnotte.domain.rules.work import refuse_long_work

type Value = int | bool | str


class Rule(msgspec.Struct, frozen=True, dict=True):
    """A checked rule; `facts` is any object whose attributes are the root names of the rule's scope.

    Records are read as attributes, lists are tuples; the programme's own fields stand in a record's mapping
    `attributes`. A rule gives a value for any facts: it cannot fail. For facts `within_bounds`, that value
    and all on the way to it hold in 64 bits.
    """

    source: str
    tree: Tree

    def evaluate(self, facts: object) -> Value:
        value: Value = self._judge(facts)
        return value

    @cached_property
    def _judge(self) -> Callable[[object], Any]:
        writer = PythonWriter()
        return writer.function([f"return {writer.expression(self.tree)}"])

    @cached_property
    def _explainer(self) -> Callable[[object], tuple[Clause, ...]]:
        assert self.tree.type == BOOL, self.source
        return explainer(self.tree, self.source)

    @cached_property
    def _line_counters(self) -> dict[str, Callable[[object], tuple[int, ...]] | None]:
        return {}


def compile_rule(source: str, *, gives: Type, scope: Scope) -> Rule:
    """The rule that `source` says, giving an INT, BOOL or TEXT over the names of `scope`.

    Raises RuleError, and nothing else whatever the text: the first fault of its syntax, or else
    every fault of its types, or else the first part that could pass 64 bits, or too many steps.
    """
    assert isinstance(gives, Scalar), gives
    assert all(is_rule_name(name) for name in scope), sorted(scope)
    tree = check(parse(source), source=source, gives=gives, scope=scope)
    refuse_overflow(tree, source)
    refuse_long_work(tree)
    return Rule(source, tree)


def explain(rule: Rule, facts: object) -> tuple[Clause, ...]:
    """The clauses of a boolean rule, split at its outer `&&`; the rule holds when they all do."""
    return rule._explainer(facts)


def names_used(rule: Rule) -> frozenset[str]:
    """Every value that the rule reads: `weekday`, `eligible.paid`, `lines`, `lines[].category`."""
    return paths(rule.tree)


def lines_counted(rule: Rule, facts: object, *, root: str = "lines") -> tuple[int, ...] | None:
    """Positions in `root` of the items that passed the filters of the rule; None if it does not read them.

    Of a choice `c ? a : b`, only the side taken counts.
    """
    counters = rule._line_counters
    if root not in counters:
        counters[root] = line_counter(rule.tree, root)
    counter = counters[root]
    return None if counter is None else counter(facts)
