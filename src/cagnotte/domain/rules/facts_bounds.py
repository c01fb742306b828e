"""Facts that rules may be asked about: those whose numbers, lists and texts keep their bounds."""

from collections.abc import Callable, Iterator
from typing import Any

from cagnotte.domain.rules.limits import TEXT_CHARACTERS_MOST
from cagnotte.domain.rules.python_code import attribute
from cagnotte.domain.rules.types import BOOL, INT, TEXT, ListOf, Record, Scalar, Scope, Type, absent_value


def bounds_checker(scope: Scope) -> Callable[[object], str | None]:
    """A function of the facts: the path of the first value beyond its bounds or of another type, else None.

    The paths are those of `names_used`: `eligible.paid`, `lines`, `lines[].paid`. Facts that are not
    within bounds may give a value beyond 64 bits, and must not be judged.
    """
    body = [line for name, kind in scope.items() for line in _checks(kind, attribute("facts", name), name, 0)]
    return _function("facts", body)


def within_bounds(scope: Scope, facts: object) -> str | None:
    """The same for facts that come alone; keep a `bounds_checker` for those that come one after the other."""
    return bounds_checker(scope)(facts)


def is_within(kind: Type, value: object) -> bool:
    """Whether one value, such as an attribute that comes in, has the type and keeps its bounds."""
    return _function("value", _checks(kind, "value", "value", 0))(value) is None


def _function(argument: str, body: Iterator[str] | list[str]) -> Callable[[object], str | None]:
    source = "\n".join([f"def check({argument}):", *(f" {line}" for line in body), " return None"])
    namespace: dict[str, Any] = {"__builtins__": {}, **_CALLABLE}
    # Names come from the scope and are rule names; paths are written by repr().
    exec(compile(source, "<bounds>", "exec"), namespace)  # noqa: S102
    check: Callable[[object], str | None] = namespace["check"]
    return check


_CALLABLE = {
    **{"type": type, "len": len, "getattr": getattr},
    **{"int": int, "str": str, "bool": bool, "tuple": tuple, "list": list},
}


def _checks(kind: Type, value: str, path: str, depth: int) -> Iterator[str]:
    """Statements that return the path of what is wrong with the value of an expression."""
    own = f"v{depth}"
    yield f"{own} = {value}"
    match kind:
        case Scalar():
            yield f"if {_is_beyond(kind, own)}: return {path!r}"
        case ListOf(item=item, most=most):
            yield f"if type({own}) is not tuple and type({own}) is not list: return {path!r}"
            yield f"if len({own}) > {most}: return {path!r}"
            yield f"for i{depth} in {own}:"
            yield from (f" {line}" for line in _checks(item, f"i{depth}", f"{path}[]", depth + 1))
        case Record(fields=fields, attributes=attributes):
            for name, of in fields.items():
                if name not in attributes:
                    yield from _checks(of, attribute(own, name), f"{path}.{name}", depth + 1)
            yield f"a{depth} = {own}.attributes or None" if attributes else "pass"
            for name in (each for each in fields if each in attributes):
                given = f"a{depth}.get({name!r}, {absent_value(fields[name])!r})"
                yield f"if a{depth} is not None:"
                checks = _checks(fields[name], given, f"{path}.{name}", depth + 1)
                yield from (f" {line}" for line in checks)


def _is_beyond(kind: Scalar, value: str) -> str:
    if kind == INT:
        return f"type({value}) is not int or not {-kind.most} <= {value} <= {kind.most}"
    if kind == TEXT:
        return f"type({value}) is not str or len({value}) > {TEXT_CHARACTERS_MOST}"
    assert kind == BOOL, kind
    return f"type({value}) is not bool"
