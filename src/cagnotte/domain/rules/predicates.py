"""Predicates on facts that an index can look up, and what two of them come to together."""

import msgspec

type Path = tuple[Step, ...]  # from the facts, or from one item of a list
type Values = frozenset[int | bool | str]
type Plain = OneOf | Within | Contains
type Predicate = Plain | HasItem


class Step(msgspec.Struct, frozen=True):
    """A name read with a dot. `absent` is given for a programme's own: what is read where it is not set."""

    name: str
    absent: int | bool | str | tuple[()] | None = None


class OneOf(msgspec.Struct, frozen=True):
    """The scalar at `path` is one of `values`; with `is_not`, none of them."""

    path: Path
    values: Values
    is_not: bool = False


class Within(msgspec.Struct, frozen=True):
    """The whole number at `path` is at least `least` and at most `most`; None: no bound."""

    path: Path
    least: int | None
    most: int | None


class Contains(msgspec.Struct, frozen=True):
    """The list of scalars at `path` holds one or more of `values`; with `is_not`, none of them."""

    path: Path
    values: Values
    is_not: bool = False


class HasItem(msgspec.Struct, frozen=True):
    """One item or more of the list at `path` meets every one of `wanted`; with `is_not`, no item does."""

    path: Path
    wanted: tuple[Plain, ...]
    is_not: bool = False


def both(one: Plain, other: Plain) -> Plain | None:
    """The one predicate that says what both say, of the same path; None where there is none."""
    match one, other:
        case OneOf(), OneOf():
            return _both_values(one, other)
        case Within(), Within():
            least = max((bound for bound in (one.least, other.least) if bound is not None), default=None)
            most = min((bound for bound in (one.most, other.most) if bound is not None), default=None)
            return Within(one.path, least, most)
        case Contains(is_not=True), Contains(is_not=True):
            return Contains(one.path, one.values | other.values, is_not=True)
        case _:
            return None


def _both_values(one: OneOf, other: OneOf) -> OneOf:
    if one.is_not and other.is_not:
        return OneOf(one.path, one.values | other.values, is_not=True)
    if one.is_not:
        return OneOf(one.path, other.values - one.values)
    return OneOf(one.path, one.values - other.values if other.is_not else one.values & other.values)


def opposite(predicate: Predicate) -> Predicate | None:
    """What holds exactly when the predicate does not; None where no one predicate says it."""
    match predicate:
        case Within(path=path, least=None, most=int(most)):
            return Within(path, most + 1, None)
        case Within(path=path, least=int(least), most=None):
            return Within(path, None, least - 1)
        case Within():
            return None
        case _:
            return msgspec.structs.replace(predicate, is_not=not predicate.is_not)


def either(one: Predicate, other: Predicate) -> Predicate | None:
    """What holds when one or both do, of the same path; None where no one predicate says it."""
    if one.path != other.path:
        return None
    match one, other:
        case OneOf(is_not=False), OneOf(is_not=False):
            return OneOf(one.path, one.values | other.values)
        case Contains(is_not=False), Contains(is_not=False):
            return Contains(one.path, one.values | other.values)
        case HasItem(is_not=False, wanted=(mine,)), HasItem(is_not=False, wanted=(yours,)):
            wanted = either(mine, yours)
            return None if wanted is None or isinstance(wanted, HasItem) else HasItem(one.path, (wanted,))
        case _:
            return None
