"""What a person is told about a rule: its clauses, its names, its lines."""

import msgspec
import pytest

from cagnotte.domain.rules import Clause, compile_rules, explain, lines_counted, names_used
from domain.rules.sample_scope import Eligible, Facts, Line, Member, condition, points

BASKET = Facts(
    eligible=Eligible(paid=12_345, quantity=3),
    lines=(
        Line(category="wine", paid=1200, tags=("organic",)),
        Line(category="dairy", paid=-50),
        Line(category="wine", paid=300),
    ),
    member=Member(refused=("sms", "mail")),
    weekday=3,
)


def test_each_clause_of_a_condition_says_whether_it_held_and_on_which_values() -> None:
    rule = condition('weekday == 2 && (lines.exists(l, l.paid > hour) && tier in ["gold"])')

    clauses = explain(rule, BASKET)

    assert clauses == (
        Clause("weekday == 2", False, (("weekday", "3"),)),
        Clause(
            "lines.exists(l, l.paid > hour)",
            True,
            (("lines.exists(l, l.paid > hour)", "true"), ("hour", "18")),
        ),
        Clause('tier in ["gold"]', True, (("tier", '"gold"'),)),
    )


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ('!("mail" in member.refused)', (("member.refused", '["sms", "mail"]'),)),
        ("eligible . paid > 5 || eligible.paid < 2", (("eligible.paid", "12345"),)),
        ("is_birthday_month", (("is_birthday_month", "false"),)),
        ("true", ()),
        (
            "lines.filter(l, l.paid > 0).map(l, l.paid).sum() > 10",
            (("lines.filter(l, l.paid > 0).map(l, l.paid).sum()", "1500"),),
        ),
        (
            "lines.all(l, l.paid < size(lines))",
            (("lines.all(l, l.paid < size(lines))", "false"), ("size(lines)", "3")),
        ),
        ("lines.exists_one(l, l.paid < 0)", (("lines.exists_one(l, l.paid < 0)", "true"),)),
        ("lines.map(l, l.paid).max() > 10", (("lines.map(l, l.paid).max()", "1200"),)),
        ("hour * 9223372036 > 0", (("hour", "18"),)),
    ],
)
def test_the_values_shown_are_those_that_the_clause_used(source: str, values: tuple[tuple[str, str], ...]) -> None:
    (clause,) = explain(condition(source), BASKET)

    assert clause.values == values


def test_a_text_is_shown_as_one_would_write_it_and_a_long_list_is_cut() -> None:
    facts = Facts(tier='l\'"été"\n', member=Member(visits=tuple(range(12)), refused=()))

    (of_text,) = explain(condition('tier == "x"'), facts)
    (of_list,) = explain(condition("11 in member.visits"), facts)

    assert of_text.values == (("tier", '"l\'\\"été\\"\\n"'),)
    assert of_list == Clause(
        "11 in member.visits",
        True,
        (("member.visits", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …]"),),
    )


def test_a_number_beyond_64_bits_is_only_said_to_be_beyond() -> None:
    rule = condition("[hour * 9].sum() > -1 || [hour * -9].sum() > 1")

    (clause,) = explain(rule, Facts(hour=2**9000))  # such facts keep no bounds; they can still be explained

    assert [value for _, value in clause.values] == [
        "> 9223372036854775807",
        "> 9223372036854775807",
        "< -9223372036854775808",
    ]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("1", set()),
        ("weekday + eligible.paid", {"weekday", "eligible.paid"}),
        (
            'lines.filter(l, "organic" in l.tags && hour > 2).map(l, l.paid).sum()',
            {"lines", "lines[].tags", "lines[].paid", "hour"},
        ),
        ("lines.map(l, l.paid).filter(p, p > 3).size()", {"lines", "lines[].paid"}),
        (
            "lines.map(l, lines.filter(m, m.sku == l.brand).size()).sum()",
            {"lines", "lines[].sku", "lines[].brand"},
        ),
        ("member.visits.map(v, v).sum()", {"member.visits"}),
    ],
)
def test_the_names_used_are_the_values_that_the_rule_reads(source: str, names: set[str]) -> None:
    assert names_used(points(source)) == names


@pytest.mark.parametrize(
    ("source", "positions"),
    [
        ('lines.filter(l, l.category == "wine").map(l, l.paid).sum() / 50', (0, 2)),
        ("lines.map(l, l.paid).sum()", (0, 1, 2)),
        ("lines.map(l, l.paid).filter(p, p < 1000).filter(p, p > 0).sum()", (2,)),
        ("size(lines.filter(l, l.paid < 0)) + lines.filter(l, l.paid > 1000).size()", (0, 1)),
        ('lines.exists(l, "organic" in l.tags) ? 10 : 0', None),
        ("lines.map(l, l.paid).filter(p, p > 500).max() + lines.map(l, l.quantity).min() * 0", (0, 1, 2)),
        ("lines.filter(l, l.paid > 500).map(l, l.paid).max()", (0,)),
        ("weekday == 3 ? lines.filter(l, l.paid < 0).size() : size(lines)", (1,)),
        ("weekday == 4 ? lines.filter(l, l.paid < 0).size() : size(lines)", (0, 1, 2)),
        ("weekday == 3 ? 10 : size(lines)", ()),
        ("lines.filter(l, l.paid > 9999).size()", ()),
        ("member.visits.sum()", None),
        ("eligible.paid / 100", None),
    ],
)
def test_the_lines_counted_are_those_that_passed_the_filters(
    source: str, positions: tuple[int, ...] | None
) -> None:
    assert lines_counted(points(source), BASKET) == positions


def test_the_lines_of_a_condition_are_those_that_made_it_true() -> None:
    assert lines_counted(condition('lines.exists(l, l.category == "wine")'), BASKET) == (0, 2)
    assert lines_counted(condition("lines.filter(l, l.paid > 0).all(l, l.paid > 500)"), BASKET) == (0, 2)
    assert lines_counted(condition("4 in member.visits"), BASKET) is None


def test_rules_judged_together_tell_position_and_points_of_those_that_hold() -> None:
    judge = compile_rules(
        [
            (None, points("eligible.paid / 100")),
            (condition("weekday == 2"), points("50")),
            (condition("weekday == 3"), points("from * 10")),
        ]
    )

    assert judge(BASKET) == [(0, 123), (2, 40)]
    assert compile_rules([])(BASKET) == []


def test_a_typed_tree_is_plain_data_that_another_back_end_can_read() -> None:
    tree = points("weekday + 1").tree

    assert msgspec.to_builtins(tree) == {
        "node": "Binary",
        "type": {"type": "Scalar", "name": "int"},
        "start": 0,
        "end": 11,
        "operator": "+",
        "left": {
            "node": "Root",
            "type": {"type": "Scalar", "name": "int", "most": 9_999},
            "start": 0,
            "end": 7,
            "name": "weekday",
        },
        "right": {
            "node": "Literal",
            "type": {"type": "Scalar", "name": "int"},
            "start": 10,
            "end": 11,
            "value": 1,
        },
    }
