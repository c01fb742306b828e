"""Google's CEL as a judge: the same text and the same facts, and what CEL makes of them.

CEL has no functions of lists of numbers and none of day numbers: those are given to it here, in words of
their own. Attributes are given with the value that their absence means.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings, ext_math, ext_optional, ext_strings

from cagnotte.domain.rules import ListOf, Record, Scalar, Type
from cagnotte.domain.rules.types import absent_value

_TYPES = {"int": cel.Type.INT, "bool": cel.Type.BOOL, "text": cel.Type.STRING}
_NUMBERS = cel.Type.List(cel.Type.DYN)


def _within_calendar(number: int) -> date:
    low, high = (date.min - date(1970, 1, 1)).days, (date.max - date(1970, 1, 1)).days
    return date(1970, 1, 1) + timedelta(days=sorted((low, number, high))[1])


def _date(written: str) -> int:
    return (date.fromisoformat(written) - date(1970, 1, 1)).days


def _of_number(name: str, impl: Callable[[int], int]) -> cel.FunctionDecl:
    overload = cel.Overload(f"{name}_day", return_type=cel.Type.INT, parameters=[cel.Type.INT], impl=impl)
    return cel.FunctionDecl(name, [overload])


def _of_list(name: str, impl: Callable[[list[int]], int]) -> cel.Overload:
    return cel.Overload(f"{name}_list", return_type=cel.Type.INT, parameters=[_NUMBERS], is_member=True, impl=impl)


def _of_two(name: str, impl: Callable[[int, int], int]) -> cel.Overload:
    parameters = [cel.Type.INT, cel.Type.INT]
    return cel.Overload(f"{name}_two", return_type=cel.Type.INT, parameters=parameters, impl=impl)


_FUNCTIONS = [
    cel.FunctionDecl("sum", [_of_list("sum", sum)]),
    cel.FunctionDecl("min", [_of_two("min", min), _of_list("min", lambda items: min([*items], default=0))]),
    cel.FunctionDecl("max", [_of_two("max", max), _of_list("max", lambda items: max([*items], default=0))]),
    cel.FunctionDecl(
        "date",
        [cel.Overload("date_text", return_type=cel.Type.INT, parameters=[cel.Type.STRING], impl=_date)],
    ),
    _of_number("year_of", lambda number: _within_calendar(number).year),
    _of_number("month_of", lambda number: _within_calendar(number).month),
    _of_number("day_of_month_of", lambda number: _within_calendar(number).day),
    _of_number("weekday_of", lambda number: _within_calendar(number).isoweekday()),
]

_EXTENSIONS = [
    ext_bindings.ExtBindings(),
    ext_math.ExtMath(),
    ext_optional.ExtOptional(),
    ext_strings.ExtStrings(),
]


class CelJudge:
    """One environment for a scope. `value` raises where CEL refuses the text or fails."""

    def __init__(self, scope: Mapping[str, Type]) -> None:
        self._scope = scope
        variables = {name: _cel_type(kind) for name, kind in scope.items()}
        self._env = cel.NewEnv(variables=variables, functions=_FUNCTIONS, extensions=_EXTENSIONS)

    def reads(self, source: str) -> Any:
        """The compiled expression; RuntimeError or ValueError when the text is no CEL over these names."""
        return self._env.compile(source)

    def facts(self, facts: object) -> Any:
        """Facts as CEL sees them, to be used for any number of rules."""
        given = {name: _plain(kind, getattr(facts, name)) for name, kind in self._scope.items()}
        return self._env.Activation(given)

    def value(self, source: str, facts: Any) -> Any:
        given = self.reads(source).eval(facts)
        assert given.type() != cel.Type.ERROR, (source, given.value())
        return given.value()


def _cel_type(kind: Type) -> Any:
    match kind:
        case Scalar(name=name):
            return _TYPES[name]
        case ListOf(item=item):
            return cel.Type.List(_cel_type(item))
        case Record():
            return cel.Type.Map(cel.Type.STRING, cel.Type.DYN)


def _plain(kind: Type, value: Any) -> Any:
    match kind:
        case Scalar():
            return value
        case ListOf(item=item):
            return [_plain(item, each) for each in value]
        case Record(fields=fields, attributes=attributes):
            return {
                name: _plain(
                    of,
                    value.attributes.get(name, absent_value(of)) if name in attributes else getattr(value, name),
                )
                for name, of in fields.items()
            }
