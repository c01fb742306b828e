"""The rule language: CEL syntax, whole numbers only, typed; see docs/reference/rules.md."""

from cagnotte.domain.rules.explanation import Clause
from cagnotte.domain.rules.faults import RuleError, RuleFault, RuleFaultCode
from cagnotte.domain.rules.rule import (
    Rule,
    Value,
    compile_rule,
    compile_rules,
    explain,
    lines_counted,
    names_used,
)
from cagnotte.domain.rules.suggestions import is_rule_name
from cagnotte.domain.rules.types import BOOL, INT, TEXT, ListOf, Record, Scalar, Scope, Type, list_of

__all__ = [
    "BOOL",
    "INT",
    "TEXT",
    "Clause",
    "ListOf",
    "Record",
    "Rule",
    "RuleError",
    "RuleFault",
    "RuleFaultCode",
    "Scalar",
    "Scope",
    "Type",
    "Value",
    "compile_rule",
    "compile_rules",
    "explain",
    "is_rule_name",
    "lines_counted",
    "list_of",
    "names_used",
]
