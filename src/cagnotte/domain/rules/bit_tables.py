"""Tables that tell, of up to a block of rules, which ones the facts do not rule out.

A set of rules is a whole number with one bit per rule. For each path that predicates ask, a table gives the
rules that accept a value; the sets of all paths are intersected. Bounds are looked up by bisection.
Predicates on the items of a list are looked up item by item, in one pass, and united.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cagnotte.domain.rules.predicates import Contains, HasItem, OneOf, Path, Plain, Predicate, Within, both
from cagnotte.domain.rules.python_code import reading

type Bits = int  # a set of rules of one block: bit n is rule n

BLOCK = 2_048
"""As many rules as share tables: these grow with the number of blocks, and not with the square of the rules."""

_LAYERS_MAX = 3  # predicates of one rule on items of one list; the others are tried
_NONE: Bits = 0


class Block:
    """The tables of up to BLOCK rules while they are filled, then the function that looks up in them."""

    def __init__(self, size: int) -> None:
        self._all: Bits = (1 << size) - 1
        self._facts = _Layer()
        self._items: dict[tuple[Path, bool], list[_Layer]] = {}
        self._wanted: dict[int, list[HasItem]] = {}

    def place(self, number: int, predicate: Predicate) -> bool:
        """False, with nothing changed, when the tables have no room for one more of its kind and path."""
        if not isinstance(predicate, HasItem):
            return self._facts.place(number, predicate)
        known = self._wanted.setdefault(number, [])
        if any(_says_as_much(each, predicate) for each in known):
            return True
        layers = self._items.setdefault((predicate.path, predicate.is_not), [])
        layer = next((layer for layer in layers if not layer.holds(number)), None)
        if layer is None:
            if len(layers) == _LAYERS_MAX:
                return False
            layer = _Layer()
            layers.append(layer)
        placed = [layer.place(number, plain) for plain in predicate.wanted]
        assert all(placed), predicate  # one item's predicates are merged already
        known.append(predicate)
        return True

    def matcher(self) -> Callable[[Any], Bits]:
        writer = _MatcherWriter()
        body = [f"rules = {writer.constant(self._all)}"]
        body += self._facts.statements(writer, "facts", "rules", self._all)
        for (path, is_not), layers in self._items.items():
            for layer in layers:
                body += _item_statements(writer, path, layer, is_not=is_not, everything=self._all)
        return writer.function([*body, "return rules"])


def _says_as_much(known: HasItem, predicate: HasItem) -> bool:
    """Whether the facts that meet `known` meet `predicate` too, as far as it is seen at a glance."""
    if known == predicate:
        return True
    is_alike = known.path == predicate.path and not known.is_not and not predicate.is_not
    return is_alike and all(plain in known.wanted for plain in predicate.wanted)


def _item_statements(
    writer: "_MatcherWriter", path: Path, layer: "_Layer", *, is_not: bool, everything: Bits
) -> Iterator[str]:
    members = layer.members
    yield "met = 0"
    yield f"for item in {reading('facts', path)}:"
    yield f"    one = {writer.constant(members)}"
    for statement in layer.statements(writer, "item", "one", members):
        yield f"    {statement}"
    yield "    met |= one"
    free = writer.constant(everything ^ members)
    yield f"rules &= {writer.constant(everything)} ^ met" if is_not else f"rules &= met | {free}"


class _Layer:
    """For each path and rule at most one predicate of a kind; of a list, one for `is_not` and one without."""

    def __init__(self) -> None:
        self.members: Bits = 0
        self._rows: dict[tuple[type[Plain], Path, bool], dict[int, Plain]] = {}

    def holds(self, number: int) -> bool:
        return bool(self.members >> number & 1)

    def place(self, number: int, plain: Plain) -> bool:
        key = (type(plain), plain.path, isinstance(plain, Contains) and plain.is_not)
        rules = self._rows.setdefault(key, {})
        together = both(rules[number], plain) if number in rules else plain
        if together is None:
            return False
        rules[number] = together
        self.members |= 1 << number
        return True

    def statements(self, writer: "_MatcherWriter", owner: str, name: str, everything: Bits) -> Iterator[str]:
        """Python that takes from the set called `name`, a part of `everything`, what `owner` does not meet."""
        for (kind, path, is_not), rules in self._rows.items():
            value = reading(owner, path)
            if kind is OneOf:
                table, other = _accepting(rules, everything)
                yield f"{name} &= {writer.constant(table.get)}({value}, {writer.constant(other)})"
            elif kind is Within:
                bounds, between = _bounded(rules, everything)
                found = f"bisect_right({writer.constant(bounds)}, {value})"
                yield f"{name} &= {writer.constant(between)}[{found}]"
            elif is_not:
                table, _ = _holding(rules)
                without = {value: everything ^ held for value, held in table.items()}
                yield f"for each in {value}:"
                yield f"    {name} &= {writer.constant(without.get)}(each, {writer.constant(everything)})"
            else:
                table, asking = _holding(rules)
                yield f"held = {writer.constant(everything ^ asking)}"
                yield f"for each in {value}:"
                yield f"    held |= {writer.constant(table.get)}(each, 0)"
                yield f"{name} &= held"


def _accepting(rules: dict[int, Plain], everything: Bits) -> tuple[dict[Any, Bits], Bits]:
    """Value -> the rules that accept it, and those that accept any value not in the table."""
    accepted: dict[Any, Bits] = {}
    refused: dict[Any, Bits] = {}
    other = everything
    for number, plain in rules.items():
        assert isinstance(plain, OneOf), plain
        if not plain.is_not:
            other ^= 1 << number
        for value in plain.values:
            named = refused if plain.is_not else accepted
            named[value] = named.get(value, _NONE) | 1 << number
    values = accepted.keys() | refused.keys()
    return {each: other & ~refused.get(each, _NONE) | accepted.get(each, _NONE) for each in values}, other


def _holding(rules: dict[int, Plain]) -> tuple[dict[Any, Bits], Bits]:
    """Value -> the rules that name it, and all rules that name one."""
    table: dict[Any, Bits] = {}
    asking = _NONE
    for number, plain in rules.items():
        assert isinstance(plain, Contains), plain
        asking |= 1 << number
        for value in plain.values:
            table[value] = table.get(value, _NONE) | 1 << number
    return table, asking


def _bounded(rules: dict[int, Plain], everything: Bits) -> tuple[list[int], list[Bits]]:
    """Bounds in order, and the rules that accept what lies below the first, between two, above the last."""
    opened: dict[int, Bits] = {}
    closed: dict[int, Bits] = {}
    now = everything
    for number, plain in rules.items():
        assert isinstance(plain, Within), plain
        bit, least, most = 1 << number, plain.least, plain.most
        if least is not None:
            now ^= bit
        if least is not None and most is not None and least > most:
            continue
        if least is not None:
            opened[least] = opened.get(least, _NONE) | bit
        if most is not None:
            closed[most + 1] = closed.get(most + 1, _NONE) | bit
    bounds, between = sorted(opened.keys() | closed.keys()), [now]
    for bound in bounds:
        now = (now | opened.get(bound, _NONE)) & ~closed.get(bound, _NONE)
        between.append(now)
    return bounds, between


class _MatcherWriter:
    """Writes the function that looks up; tables are constants by name, so no rule's text gets into the code."""

    def __init__(self) -> None:
        self._constants: dict[str, object] = {}

    def constant(self, value: object) -> str:
        name = f"c{len(self._constants)}"
        self._constants[name] = value
        return name

    def function(self, statements: Sequence[str]) -> Callable[[Any], Bits]:
        source = "def match(facts):\n" + "".join(f"    {line}\n" for line in statements)
        namespace: dict[str, Any] = {
            "__builtins__": {},
            "bisect_right": bisect_right,
            "getattr": getattr,
            **self._constants,
        }
        exec(compile(source, "<index>", "exec"), namespace)  # noqa: S102 - see PythonWriter.function
        match: Callable[[Any], Bits] = namespace["match"]
        return match
