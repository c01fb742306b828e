"""Many conditions asked at once: rules are looked up by what they require, and only those left are tried."""

from collections.abc import Callable, Sequence
from itertools import batched
from typing import Any

import msgspec

from cagnotte.domain.rules.bit_tables import BLOCK, Bits, Block
from cagnotte.domain.rules.one_by_one import compile_rules
from cagnotte.domain.rules.predicates import Predicate
from cagnotte.domain.rules.python_code import PythonWriter
from cagnotte.domain.rules.requirements import item_required, requirements
from cagnotte.domain.rules.rule import Rule
from cagnotte.domain.rules.tree import Literal, Tree
from cagnotte.domain.rules.types import BOOL, INT

type Earned = list[tuple[int, int]]
type Points = Callable[[object], int | None]

_INDEXED_FROM = 100  # fewer rules are tried one by one in less time


class Asked(msgspec.Struct, frozen=True):
    """What one rule asks of the facts: `when` (None: nothing) and everything in `also`.

    `line`: a rule over the root `line`, that must hold for one of `lines` or more.
    """

    when: Rule | None
    line: Rule | None = None
    also: tuple[Predicate, ...] = ()


class RuleIndex:
    """`rest`: for each position, the parts of its `when` that the tables do not say, or not wholly.

    A candidate holds when these do, and its `line` for a line; without them, it holds.
    """

    def __init__(self, matchers: Sequence[Callable[[Any], Bits]], rest: Sequence[tuple[Tree, ...]]) -> None:
        self.rest = rest
        # Blocks and bits are visited from the last, since the highest bit is the one quickly found.
        self._matchers = [(number * BLOCK, matcher) for number, matcher in enumerate(matchers)][::-1]
        self._bits = [1 << number for number in range(min(BLOCK, len(rest)))]

    def candidates(self, facts: object) -> list[int]:
        """Positions, in order, of what may hold: everything that does is among them."""
        bits, found = self._bits, []
        for first, matcher in self._matchers:
            rules = matcher(facts)
            while rules:
                last = rules.bit_length() - 1
                rules ^= bits[last]
                found.append(first + last)
        found.reverse()
        return found


def build_index(asked: Sequence[Asked], *, changing: frozenset[str] = frozenset()) -> RuleIndex:
    """The index of what many rules over one scope ask.

    `changing`: roots that the caller sets anew before it tries a candidate; nothing is looked up of them.
    """
    matchers, rest = [], []
    for rules in batched(asked, BLOCK):
        block = Block(len(rules))
        for number, each in enumerate(rules):
            rest.append(_placed(block, number, each, changing))
        matchers.append(block.matcher())
    return RuleIndex(matchers, rest)


def compile_indexed(
    pairs: Sequence[tuple[Rule | None, Rule]],
    *,
    also: Sequence[tuple[Predicate, ...]] | None = None,
    indexed_from: int = _INDEXED_FROM,
) -> Callable[[object], Earned]:
    """What `compile_rules` gives for the same pairs, in time that hardly grows with rules that do not hold.

    `also`: for each pair, predicates without which the caller does not want it, and it may be left out.
    Fewer pairs than `indexed_from` are tried one by one. Of very many pairs, each is compiled when it is
    first a candidate.
    """
    assert all(points.tree.type == INT for _, points in pairs)
    assert all(when is None or when.tree.type == BOOL for when, _ in pairs)
    if len(pairs) < indexed_from:
        return compile_rules(pairs)
    wanted = also if also is not None else [()] * len(pairs)
    index = build_index([Asked(when, also=more) for (when, _), more in zip(pairs, wanted, strict=True)])
    return _judge(index, [points for _, points in pairs])


def _placed(block: Block, number: int, asked: Asked, changing: frozenset[str]) -> tuple[Tree, ...]:
    """Put what is asked into the tables; the parts of the condition that they do not say, or not wholly."""
    left = []
    for each in () if asked.when is None else requirements(asked.when.tree):
        is_placed = _is_placed(block, number, each.predicate, changing)
        if not (is_placed and each.is_whole):
            left.append(each.part)
    # What less is asked after what more is asked, which may say it already.
    on_a_line = () if asked.line is None else item_required("lines", "line", asked.line.tree)
    for predicate in (*on_a_line, *asked.also):
        _is_placed(block, number, predicate, changing)
    return tuple(left)


def _is_placed(block: Block, number: int, predicate: Predicate | None, changing: frozenset[str]) -> bool:
    if predicate is None or predicate.path[0].name in changing:
        return False
    return block.place(number, predicate)


def _judge(index: RuleIndex, points: Sequence[Rule]) -> Callable[[object], Earned]:
    rest, candidates = index.rest, index.candidates
    constant = [_constant(position, rest[position], rule.tree) for position, rule in enumerate(points)]
    compiled = _Compiled(rest, points)
    tries = compiled.tries

    def judge(facts: object) -> Earned:
        given: Earned = []
        for position in candidates(facts):
            known = constant[position]
            if known is not None:
                given.append(known)
                continue
            earned = (tries[position] or compiled.at(position))(facts)
            if earned is not None:
                given.append((position, earned))
        return given

    return judge


def _constant(position: int, rest: tuple[Tree, ...], points: Tree) -> tuple[int, int] | None:
    """What the rule gives as soon as it is a candidate, if that needs no computing."""
    return None if rest or not isinstance(points, Literal) else (position, int(points.value))


class _Compiled:
    """`tries`: for each position, once compiled, its points, or None when the rest of its condition fails."""

    def __init__(self, rest: Sequence[tuple[Tree, ...]], points: Sequence[Rule]) -> None:
        self._rest = rest
        self._points = points
        self._sure: dict[str, Points] = {}  # text -> what rules with nothing left to ask share
        self.tries: list[Points | None] = [None] * len(points)
        if len(points) <= BLOCK:  # no sale waits for a compilation where all of them are a matter of moments
            for position in range(len(points)):
                self.at(position)

    def at(self, position: int) -> Points:
        rest, rule = self._rest[position], self._points[position]
        known = None if rest else self._sure.get(rule.source)
        compiled = known or _compiled(rest, rule.tree)
        if not rest:
            self._sure[rule.source] = compiled
        self.tries[position] = compiled
        return compiled


def _compiled(rest: Sequence[Tree], points: Tree) -> Points:
    writer = PythonWriter()
    asked = " and ".join([writer.expression(part) for part in rest]) or "True"
    return writer.function([f"return {writer.expression(points)} if {asked} else None"])
