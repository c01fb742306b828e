"""Codes that rules compare with: `tier == "glod"` holds for nobody, and nobody would notice."""

from collections.abc import Iterator, Mapping, Sequence

from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.near_words import suggested
from cagnotte.domain.programme.notes import Notes
from cagnotte.domain.rules.tree import Binary, BinaryOperator, Field, Items, Literal, Root, Tree, children
from cagnotte.domain.tiers.terms import MAIN

_EQUALITY = {BinaryOperator.EQUAL, BinaryOperator.DIFFERENT}


def check_compared_texts(notes: Notes, programme: Programme) -> None:
    """Note each text that a rule compares with a code of the document and that is none; "" means: without."""
    known = _known_codes(programme)
    for table, name, rule in notes.rules:
        for path, literal in _compared(rule.tree):
            codes = known.get(path)
            found = str(literal.value)
            if codes is not None and found and found not in codes:
                params = {"name": path, "found": found, "known": ", ".join(codes), **suggested(found, codes)}
                table.fault_within(Code.UNKNOWN_REFERENCE, name, literal.start, literal.end, params)


def _known_codes(programme: Programme) -> Mapping[str, Sequence[str]]:
    """What a rule reads -> the codes that it can be."""
    known = {f"tiers.{family}": _tiers(programme, family) for family in programme.families()}
    known["tier"] = _tiers(programme, MAIN)
    known["member.plan"] = [plan.code for plan in programme.plans]
    known["member.badges"] = [each.code for each in programme.achievements]
    known["currency"] = list(programme.currencies)
    if programme.countries:
        known["member.country"] = [country.code for country in programme.countries]
    if programme.brands:
        known["member.brand"] = [brand.code for brand in programme.brands]
    return known


def _tiers(programme: Programme, family: str) -> list[str]:
    return [tier.code for tier in programme.tiers_of(family)]


def _compared(tree: Tree) -> Iterator[tuple[str, Literal]]:
    """(what is read, the text that it is compared with), for all comparisons in the rule."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        waiting.extend(children(node))
        if isinstance(node, Binary):
            yield from _of_comparison(node)


def _of_comparison(node: Binary) -> Iterator[tuple[str, Literal]]:
    left, right = node.left, node.right
    if node.operator in _EQUALITY:
        yield from _pairs(left, [right])
        yield from _pairs(right, [left])
    elif node.operator is BinaryOperator.IN:
        yield from _pairs(left, right.items if isinstance(right, Items) else [])
        yield from _pairs(right, [left])


def _pairs(read: Tree, written: Sequence[Tree]) -> Iterator[tuple[str, Literal]]:
    path = _path(read)
    if path:
        yield from ((path, each) for each in written if isinstance(each, Literal))


def _path(node: Tree) -> str:
    match node:
        case Root(name=name):
            return name
        case Field(record=Root(name=record), name=name):
            return f"{record}.{name}"
    return ""
