"""64 bits hold every number of a rule that was taken, whatever the facts within their bounds."""

from collections.abc import Iterator
from random import Random

import msgspec
import pytest
from hypothesis import given, settings

from cagnotte.domain.rules import (
    BOOL,
    INT,
    TEXT,
    ListOf,
    Record,
    Rule,
    Scalar,
    Type,
    int_within,
    is_within,
    list_of,
    within_bounds,
)
from cagnotte.domain.rules.limits import (
    AMOUNT_MOST,
    BALANCE_MOST,
    INT_MAX,
    INT_MIN,
    ITEMS_MOST,
    TEXT_CHARACTERS_MOST,
)
from cagnotte.domain.rules.tree import Loop, Tree, children
from domain.rules.random_rules import DICE, RandomRules, random_facts
from domain.rules.sample_scope import LINE, SCOPE, Facts, Line, Member, Sale, faults_of


@pytest.mark.parametrize(
    "source",
    [
        "eligible.paid * 150 / 10000",
        "eligible.paid / 100 * 3",
        "lines.map(l, l.paid).sum() * 150 / 10000",
        "lines.filter(l, true).map(l, l.paid).sum() * 150 / 10000",
        "lines.map(l, l.paid * 100 / 3).sum()",
        "lines.map(l, l.quantity * l.quantity).max()",
        "eligible.quantity * eligible.quantity",
        "member.spend_365d * 2",
        "eligible.paid * min(max(from, 0), 10)",
        "min(lines.map(l, l.paid).sum() * 100, 5000)",
        "eligible.paid * weekday",
        "(day - member.birthday) * eligible.quantity",
        "lines.map(l, l.grams).sum() * 800",
        "9223372036854775807 - 9223372036854775807",
        "-9223372036854775808",
        "eligible.paid % 3 * 4611686018427387903",
        "year_of(eligible.paid) * 100000000000000",
        "lines.map(l, lines.map(m, m.quantity).sum()).max()",
    ],
)
def test_an_ordinary_formula_is_taken(source: str) -> None:
    assert faults_of(source, gives=INT) == ()


@pytest.mark.parametrize(
    ("marked", "suggestion"),
    [
        ("«eligible.paid * eligible.paid»", None),
        ("(«eligible.paid * from») / 100", "eligible.paid / 100 * from"),
        ("((eligible.paid + 1) * («from * eligible.paid») / 100)", None),
        ("(«(eligible.paid + 1) * from») / -7 + 2", "(eligible.paid + 1) / -7 * from"),
        ("(«lines.map(l, l.paid).sum() * 1000») / 10000", "lines.map(l, l.paid).sum() / 10"),
        ("(«lines.map(l, l.paid).sum() * 1500») / 10000", "lines.map(l, l.paid).sum() * 3 / 20"),
        ("(«lines.map(l, l.paid).sum() * 2000») / 1000", "lines.map(l, l.paid).sum() * 2"),
        ("weekday == 2 ? «eligible.paid * from» : 0", None),
        ("«lines.map(l, lines.map(m, m.paid).sum()).sum()»", None),
        ("lines.map(l, «l.paid * l.grams»).sum()", None),
        ("«lines.map(l, l.paid * 1000000).sum()»", None),
        ("«-(-9223372036854775807 - 1)»", None),
        ("«-9223372036854775808 / -1»", None),
        ("«9223372036854775807 + 1»", None),
        ("-(«-9223372036854775808 - 1»)", None),
        ("size(lines.filter(l, «l.paid * l.paid» > 1))", None),
        ("[1, «from * from»].size()", None),
        ("min(«from * from», 5)", None),
        ("weekday_of(«from * from»)", None),
    ],
)
def test_a_part_that_could_pass_64_bits_is_refused_at_its_place(marked: str, suggestion: str | None) -> None:
    source = marked.replace("«", "").replace("»", "")

    (fault,) = faults_of(source, gives=INT)

    start, end = marked.index("«"), marked.index("»") - 1
    assert (fault.code, fault.start, fault.end) == ("beyond_64_bits", start, end)
    assert fault.params.get("suggestion") == suggestion
    assert fault.params["part"] == source[start:end]


def test_a_bound_of_its_own_leaves_an_attribute_more_room() -> None:
    assert int_within(1_000) == INT
    assert int_within(1_000) != TEXT
    assert list_of(INT, most=5) == list_of(INT)
    assert list_of(INT) != list_of(TEXT)
    assert len({INT, int_within(5), TEXT, list_of(INT), list_of(INT, most=2)}) == 3
    assert is_within(int_within(1_000), 1_000)
    assert not is_within(int_within(1_000), 1_001)


@settings(deadline=None, max_examples=250)
@given(dice=DICE)
def test_no_part_of_a_rule_that_was_taken_passes_64_bits(dice: Random) -> None:
    rule = RandomRules(dice).number_rule()
    baskets = [random_facts(dice) for _ in range(4)]

    values = [Rule(rule.source, part).evaluate(facts) for part in _numbers(rule.tree) for facts in baskets]

    assert values
    assert all(type(value) is int and INT_MIN <= value <= INT_MAX for value in values)


def _numbers(node: Tree) -> Iterator[Tree]:
    """The number parts that mean something by themselves: those outside the bodies of loops."""
    if node.type == INT:
        yield node
    for child in (node.items,) if isinstance(node, Loop) else children(node):
        yield from _numbers(child)


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        (Facts(), None),
        (Facts(hour=9_999, lines=(Line(paid=AMOUNT_MOST, quantity=-(2**31) + 1),)), None),
        (Facts(hour=10_000), "hour"),
        (Facts(lines=(Line(), Line(paid=AMOUNT_MOST + 1))), "lines[].paid"),
        (Facts(lines=(Line(paid=-AMOUNT_MOST - 1),)), "lines[].paid"),
        (Facts(lines=(Line(quantity=2**31),)), "lines[].quantity"),
        (Facts(lines=(Line(),) * (ITEMS_MOST + 1)), "lines"),
        (Facts(lines=(Line(tags=("a",) * (ITEMS_MOST + 1)),)), "lines[].tags"),
        (Facts(tier="x" * (TEXT_CHARACTERS_MOST + 1)), "tier"),
        (Facts(tier="x" * TEXT_CHARACTERS_MOST), None),
        (Facts(member=Member(visits=(1, AMOUNT_MOST + 1))), "member.visits[]"),
        (Facts(sale=Sale({"rating": AMOUNT_MOST + 1})), "sale.rating"),
        (Facts(sale=Sale({"rating": "5"})), "sale.rating"),
        (Facts(sale=Sale({"rating": True})), "sale.rating"),
        (Facts(sale=Sale({"unknown": 2**99})), None),
        (Facts(lines=(Line(attributes={"is_local": 1}),)), "lines[].is_local"),
        (Facts(lines=(Line(attributes={"labels": ("a", "b")}),)), None),
    ],
)
def test_facts_beyond_their_bounds_are_told_by_their_path(facts: Facts, path: str | None) -> None:
    assert within_bounds(SCOPE, facts) == path


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (INT, AMOUNT_MOST, True),
        (INT, -AMOUNT_MOST - 1, False),
        (INT, True, False),
        (Scalar("int", BALANCE_MOST), BALANCE_MOST, True),
        (BOOL, 1, False),
        (TEXT, "été", True),
        (TEXT, None, False),
        (ListOf(TEXT), ("a", 1), False),
        (ListOf(TEXT), ["a"], True),
        (ListOf(INT), "12", False),
    ],
)
def test_one_value_is_within_the_bounds_of_its_type(kind: Type, value: object, expected: bool) -> None:
    assert is_within(kind, value) is expected


def test_a_record_knows_which_fields_are_the_programmes_own() -> None:
    record = Record("line", {"paid": INT}).with_attributes({"colour": TEXT}).with_attributes({"class": INT})

    assert record.attributes == {"colour", "class"}
    assert list(record.fields) == ["paid", "colour", "class"]
    assert LINE.attributes == {"colour", "grams", "is_local", "labels", "sizes", "class"}


@pytest.mark.parametrize("name", ["paid", "true", "é", "a b", ""])
def test_a_built_in_field_and_what_is_no_name_cannot_be_an_attribute(name: str) -> None:
    with pytest.raises(AssertionError):
        Record("line", {"paid": INT}).with_attributes({name: TEXT})


def test_types_are_written_without_the_usual_bounds() -> None:
    assert msgspec.to_builtins(INT) == {"type": "Scalar", "name": "int"}
    assert msgspec.to_builtins(int_within(5)) == {"type": "Scalar", "name": "int", "most": 5}
