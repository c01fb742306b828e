"""What a person probably meant: other languages' words and signs, and near misses of known names."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

OPERATOR_WORDS = {"and": "&&", "or": "||", "not": "!"}
# Understood only where an operator was due, since a programme may declare names such as `ou`.
INFIX_WORDS = {**OPERATOR_WORDS, "et": "&&", "ou": "||", "is": "==", "equals": "==", "mod": "%", "div": "/"}
NULL_WORDS = frozenset({"null", "NULL", "None", "nil", "undefined"})
FOREIGN_SIGNS = {
    "===": "==",
    "!==": "!=",
    "<>": "!=",
    "=>": ">=",
    "=<": "<=",
    "//": "/",
    "&": "&&",
    "|": "||",
}
TYPED_SIGNS = {
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "×": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
}
# Reserved by CEL: a rule that used them as names could not be read by another CEL engine.
RESERVED_WORDS = frozenset(
    {
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    }
)
RESERVED_MEANINGS = {
    "if": "? :",
    "else": "? :",
    "for": ".filter()",
    "while": ".filter()",
    "loop": ".filter()",
}
METHOD_ALIASES = {
    "any": "exists",
    "some": "exists",
    "every": "all",
    "count": "size",
    "length": "size",
    "len": "size",
    "includes": "contains",
    "has": "contains",
    "where": "filter",
    "select": "map",
    "total": "sum",
}

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_COMPARABLE_CHARACTERS_MAX = 64  # a longer word is no near miss, and comparing it costs time


def is_rule_name(name: str) -> bool:
    """Whether a scope may hold this name: ASCII letters, digits, underscore, and no word of the language."""
    taken = name.lower() in OPERATOR_WORDS or name in NULL_WORDS or name in RESERVED_WORDS
    return _NAME.fullmatch(name) is not None and not taken and name not in {"true", "false", "in"}


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, whatever its capitals; None when none is near."""
    if len(name) > _COMPARABLE_CHARACTERS_MAX:
        return None
    by_lower = {each.lower(): each for each in sorted(known)}
    close = get_close_matches(name.lower(), by_lower, n=1)
    return by_lower[close[0]] if close else None
