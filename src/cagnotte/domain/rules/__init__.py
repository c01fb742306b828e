"""The rule language: CEL syntax, whole numbers only, typed; see docs/reference/rules.md."""

from cagnotte.domain.rules.day_numbers import day_number
from cagnotte.domain.rules.explanation import Clause
from cagnotte.domain.rules.facts_bounds import bounds_checker, is_within, within_bounds
from cagnotte.domain.rules.faults import RuleError, RuleFault, RuleFaultCode
from cagnotte.domain.rules.one_by_one import compile_rules
from cagnotte.domain.rules.rule import (
    Rule,
    Value,
    compile_rule,
    explain,
    lines_counted,
    names_used,
)
from cagnotte.domain.rules.suggestions import is_rule_name
from cagnotte.domain.rules.types import (
    BALANCE,
    BOOL,
    CALENDAR,
    DAY_NUMBER,
    INT,
    QUANTITY,
    TEXT,
    ListOf,
    Record,
    Scalar,
    Scope,
    Type,
    int_within,
    list_of,
)

__all__ = [
    "BALANCE",
    "BOOL",
    "CALENDAR",
    "DAY_NUMBER",
    "INT",
    "QUANTITY",
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
    "bounds_checker",
    "compile_rule",
    "compile_rules",
    "day_number",
    "explain",
    "int_within",
    "is_rule_name",
    "is_within",
    "lines_counted",
    "list_of",
    "names_used",
    "within_bounds",
]
