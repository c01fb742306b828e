"""What can be wrong with a rule: codes, places and values; the sentences are made at the edge."""

from enum import StrEnum

import msgspec


class RuleFaultCode(StrEnum):
    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    TOO_MANY_NODES = "too_many_nodes"
    UNEXPECTED_CHARACTER = "unexpected_character"
    UNCLOSED_TEXT = "unclosed_text"
    UNKNOWN_ESCAPE = "unknown_escape"
    DECIMAL_NUMBER = "decimal_number"
    MALFORMED_NUMBER = "malformed_number"
    NUMBER_TOO_BIG = "number_too_big"
    SINGLE_EQUALS = "single_equals"
    FOREIGN_OPERATOR = "foreign_operator"
    FOREIGN_WORD = "foreign_word"
    NULL = "null"
    RESERVED_WORD = "reserved_word"
    UNEXPECTED_TOKEN = "unexpected_token"  # noqa: S105 - a fault's code, not a password
    UNEXPECTED_END = "unexpected_end"
    MISSING_CLOSING = "missing_closing"
    CHAINED_COMPARISON = "chained_comparison"
    UNKNOWN_NAME = "unknown_name"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_METHOD = "unknown_method"
    UNKNOWN_FUNCTION = "unknown_function"
    WRONG_ARGUMENT_COUNT = "wrong_argument_count"
    WRONG_TYPE = "wrong_type"
    TYPES_DIFFER = "types_differ"
    WRONG_RESULT = "wrong_result"
    MIXED_LIST = "mixed_list"
    EMPTY_LIST = "empty_list"
    IN_NEEDS_LIST = "in_needs_list"
    DIVISION_BY_ZERO = "division_by_zero"
    DIVISION_BY_EXPRESSION = "division_by_expression"
    VARIABLE_EXPECTED = "variable_expected"
    VARIABLE_SHADOWS = "variable_shadows"
    LOOPS_TOO_DEEP = "loops_too_deep"
    BAD_DATE = "bad_date"
    BEYOND_64_BITS = "beyond_64_bits"
    TOO_MUCH_WORK = "too_much_work"


class RuleFault(msgspec.Struct, frozen=True):
    """One fault; `start` and `end` (exclusive) count characters of the rule's text.

    `params` holds what a sentence needs: found, expected, name, and `suggestion` when one is known.
    """

    code: RuleFaultCode
    start: int
    end: int
    params: dict[str, str] = {}


class RuleError(Exception):
    """A rule's text is refused: the first fault of its syntax, or every fault of its types in text order."""

    def __init__(self, faults: tuple[RuleFault, ...]) -> None:
        assert faults, "a refusal without a fault"
        super().__init__(", ".join(f"{fault.code}@{fault.start}:{fault.end}" for fault in faults))
        self.faults = faults


def refusal(code: RuleFaultCode, start: int, end: int, **params: str) -> RuleError:
    return RuleError((RuleFault(code, start, end, params),))
