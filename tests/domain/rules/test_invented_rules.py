"""Properties of the language, tried on invented rules, facts and texts."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from cagnotte.domain.rules import (
    BOOL,
    INT,
    Rule,
    RuleError,
    RuleFaultCode,
    Type,
    compile_rule,
    compile_rules,
    explain,
    lines_counted,
    names_used,
)
from domain.rules.invented_rules import FACTS, Node, bool_trees, int_trees, reference, text_of
from domain.rules.sample_scope import SCOPE, Facts, condition, faults_of, points, value_of

# The time of one case says nothing on a shared machine.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TOO_MUCH = {
    RuleFaultCode.TOO_LONG,
    RuleFaultCode.TOO_DEEP,
    RuleFaultCode.TOO_MANY_NODES,
    RuleFaultCode.BEYOND_64_BITS,
    RuleFaultCode.TOO_MUCH_WORK,
}


def compiled(tree: Node, *, gives: Type) -> Rule:
    """The rule of an invented tree; one beyond the limits is not a case."""
    try:
        return compile_rule(text_of(tree), gives=gives, scope=SCOPE)
    except RuleError as error:
        assume({fault.code for fault in error.faults} & TOO_MUCH)
        assume(False)
        raise


def names_in(facts: Any) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in SCOPE}


@settings(patiently, max_examples=250)
@given(tree=int_trees(), facts=FACTS)
def test_a_compiled_number_equals_the_reference(tree: Node, facts: Facts) -> None:
    value = compiled(tree, gives=INT).evaluate(facts)

    assert value == reference(tree, names_in(facts))
    assert type(value) is int


@settings(patiently, max_examples=250)
@given(tree=bool_trees(), facts=FACTS)
def test_a_compiled_condition_equals_the_reference(tree: Node, facts: Facts) -> None:
    value = compiled(tree, gives=BOOL).evaluate(facts)

    assert value is reference(tree, names_in(facts))


@patiently
@given(pairs=st.lists(st.tuples(st.none() | bool_trees(depth=3), int_trees(depth=3)), max_size=6), facts=FACTS)
def test_rules_judged_together_equal_rules_judged_one_by_one(
    pairs: list[tuple[Node | None, Node]], facts: Facts
) -> None:
    rules = [
        (None if when is None else compiled(when, gives=BOOL), compiled(given_points, gives=INT))
        for when, given_points in pairs
    ]

    together = compile_rules(rules)(facts)

    assert together == [
        (position, earned.evaluate(facts))
        for position, (when, earned) in enumerate(rules)
        if when is None or when.evaluate(facts)
    ]


@patiently
@given(tree=bool_trees(), facts=FACTS)
def test_a_condition_holds_when_all_its_clauses_do(tree: Node, facts: Facts) -> None:
    rule = compiled(tree, gives=BOOL)

    clauses = explain(rule, facts)

    assert all(clause.holds for clause in clauses) is rule.evaluate(facts)
    assert all(clause.text in rule.source for clause in clauses)


@patiently
@given(tree=int_trees(), facts=FACTS)
def test_counted_lines_are_positions_in_order_and_only_for_rules_that_read_lines(tree: Node, facts: Facts) -> None:
    rule = compiled(tree, gives=INT)

    counted = lines_counted(rule, facts)

    assert list(counted or ()) == sorted({*(counted or ())} & set(range(len(facts.lines))))
    assert "lines" in names_used(rule) or counted is None


PIECES = st.sampled_from(
    [
        "lines",
        "weekday",
        "tier",
        "l",
        "true",
        "false",
        "null",
        "and",
        "in",
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        "?",
        ":",
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "<",
        "<=",
        "==",
        "=",
        "&&",
        "&",
        "|",
        "||",
        "1",
        "0",
        "1.5",
        ".5",
        "filter",
        "exists",
        "map",
        "sum",
        "size",
        "min",
        '"a"',
        "'b'",
        '"',
        "'",
        "\\",
        "\\u00e9",
        "\n",
        "é",
        "“",
        "\xa0",
        "9999999999999999999",
        "//",
        "#",
    ]
)


@settings(patiently, max_examples=700)
@given(
    source=st.text(st.characters(), max_size=40)
    | st.lists(PIECES, max_size=25).map(" ".join)
    | st.lists(PIECES, max_size=25).map("".join)
)
@example(source="\ud800")
@example(source="\U0010ffff\x00")
@example(source="(" * 4_000)
@example(source="!" * 4_000)
@example(source="1?" * 2_000)
@example(source="a." * 2_000)
@example(source="[" * 4_000)
@example(source="9" * 4_000)
@example(source='"' + "\\" * 3_999)
@example(source="٣ + ²")
@pytest.mark.parametrize("gives", [INT, BOOL])
def test_any_text_compiles_or_is_refused_within_the_text(gives: Type, source: str) -> None:
    faults = faults_of(source, gives=gives)

    assert all(0 <= fault.start <= fault.end <= len(source) for fault in faults)
    assert all(type(value) is str for fault in faults for value in fault.params.values())
    assert list(faults) == sorted(faults, key=lambda fault: (fault.start, fault.end))
    if not faults:
        assert type(value_of(source, gives=gives)) is (int if gives == INT else bool)


@patiently
@given(tree=bool_trees(depth=3), cut=st.integers(0, 200), typo=st.characters())
def test_a_rule_with_a_slip_of_the_finger_is_refused_within_the_text(tree: Node, cut: int, typo: str) -> None:
    text = text_of(tree)
    source = text[:cut] + typo + text[cut + 1 :]

    faults = faults_of(source)

    assert all(0 <= fault.start <= fault.end <= len(source) for fault in faults)


def test_the_same_text_gives_the_same_rule() -> None:
    assert condition("weekday == 2") == condition("weekday == 2")
    assert points("weekday") != points("hour")
