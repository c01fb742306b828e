"""The few operations that databases spell differently and Ibis does not make exact."""

from collections.abc import Callable
from typing import Any

import ibis

# Ibis divides whole numbers through floating point and rounds down; these functions stay whole and truncate.
_QUOTIENTS = {"duckdb": "divide", "postgres": "div", "pyspark": "div"}


def quotient(dialect: str) -> Callable[[Any, Any], Any]:
    """Truncating division of whole numbers, exact to 64 bits."""

    def divided(dividend: int, divisor: int) -> int: ...  # type: ignore[empty-body]

    builtin: Callable[[Any, Any], Any] = ibis.udf.scalar.builtin(name=_QUOTIENTS[dialect])(divided)
    return builtin


def by_character(dialect: str) -> Callable[[Any], Any]:
    """What a text is compared by, so that texts stand in the order of their characters' numbers.

    PostgreSQL would ask the database's collation; bytes of UTF-8 have that order everywhere.
    """
    if dialect != "postgres":
        return _as_it_is

    def convert_to(text: str, encoding: str) -> bytes: ...  # type: ignore[empty-body]

    builtin = ibis.udf.scalar.builtin(name="convert_to")(convert_to)
    return lambda text: builtin(text, "UTF8")


def _as_it_is(text: Any) -> Any:
    return text
