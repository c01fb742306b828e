"""Some dozens of conditions asked at once: each is tried; what several ask of all lines first is read once."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from cagnotte.domain.rules.predicates import Contains, HasItem, OneOf, Path, Values
from cagnotte.domain.rules.python_code import PythonWriter, reading
from cagnotte.domain.rules.requirements import Requirement, requirements
from cagnotte.domain.rules.rule import Rule
from cagnotte.domain.rules.types import BOOL, INT

_SHARED_FROM = 3  # as many rules that ask for a value among the items pay for the set of these values

type _Key = tuple[Path, Path, bool]
"""A list of the facts, what is read of each item, and whether that is a list itself."""


def compile_rules(pairs: Sequence[tuple[Rule | None, Rule]]) -> Callable[[object], list[tuple[int, int]]]:
    """One function of the facts for many (when, points) pairs of rules over one scope.

    It gives (position of the pair, points) for each pair whose condition holds, in their order;
    a pair without a condition always holds.
    """
    assert all(points.tree.type == INT for _, points in pairs)
    assert all(when is None or when.tree.type == BOOL for when, _ in pairs)
    asked = [() if when is None else requirements(when.tree) for when, _ in pairs]
    sets = _sets(asked)
    writer = PythonWriter()
    statements = ["given = []", *(_set_of(name, key) for key, name in sets.items())]
    for position, (parts, (_, points)) in enumerate(zip(asked, pairs, strict=True)):
        gift = f"given.append(({position}, {writer.expression(points.tree)}))"
        condition = " and ".join([text for part in parts for text in _condition(writer, part, sets)])
        statements.append(f"if {condition}: {gift}" if condition else gift)
    return writer.function([*statements, "return given"])


def _sets(asked: Sequence[tuple[Requirement, ...]]) -> dict[_Key, str]:
    """The sets of values that pay, each with the name of its local.

    Rules that ask for something else before seldom come to their lines. Of 50 rules, 24 that begin
    with a line's category or department, on sales of seven lines, the sets save 60 % of the time.
    """
    firsts = [list(_values_asked(parts[0]))[:1] for parts in asked if parts]
    wanted = Counter(key for first in firsts for key, _ in first)
    paying = [key for key, count in wanted.items() if count >= _SHARED_FROM]
    return {key: f"seen{number}" for number, key in enumerate(paying)}


def _values_asked(part: Requirement) -> Iterator[tuple[_Key, Values]]:
    """The values of which one must be among those of the items: one pair for each predicate that says so."""
    predicate = part.predicate
    if isinstance(predicate, HasItem) and not predicate.is_not:
        for plain in predicate.wanted:
            if isinstance(plain, OneOf | Contains) and not plain.is_not:
                yield (predicate.path, plain.path, isinstance(plain, Contains)), plain.values


def _condition(writer: PythonWriter, part: Requirement, sets: dict[_Key, str]) -> Iterator[str]:
    """What is looked up in the sets first, then the part itself unless that says it all."""
    for key, values in _values_asked(part):
        if key in sets:
            yield _is_among(sets[key], values)
            assert isinstance(part.predicate, HasItem)
            if part.is_whole and len(part.predicate.wanted) == 1:
                return
            break
    yield writer.expression(part.part)


def _is_among(name: str, values: Values) -> str:
    written = sorted(map(repr, values))
    if len(written) == 1:
        return f"{written[0]} in {name}"
    return f"not {name}.isdisjoint(({', '.join(written)},))" if written else "False"


def _set_of(name: str, key: _Key) -> str:
    items, path, is_list = key
    value = reading("item", path)
    inner = f"each for item in {reading('facts', items)} for each in {value}" if is_list else ""
    return f"{name} = {{{inner or f'{value} for item in {reading("facts", items)}'}}}"
