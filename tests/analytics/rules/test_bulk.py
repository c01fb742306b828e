"""Rules over tables give what they give one sale at a time."""

from collections.abc import Iterator
from random import Random

import duckdb
import pytest
from hypothesis import given, settings

from analytics.rules.cases import BASKETS, GIVES
from analytics.rules.tables import (
    LINES,
    SALES,
    Pair,
    database_of,
    duckdb_answers,
    load,
    python_answers,
    query_of,
)
from cagnotte.analytics.rules import NotInBulk, column_of, compile_ibis, not_in_bulk
from domain.rules.random_rules import DICE, RandomRules, random_facts
from domain.rules.sample_scope import condition, points


@pytest.fixture(scope="module")
def three_sales() -> Iterator[duckdb.DuckDBPyConnection]:
    with database_of(BASKETS) as connection:
        yield connection


@pytest.fixture(scope="module")
def changing_sales() -> Iterator[duckdb.DuckDBPyConnection]:
    with database_of(()) as connection:
        yield connection


@pytest.mark.parametrize(("source", "expected"), GIVES)
def test_a_rule_over_tables_gives(
    three_sales: duckdb.DuckDBPyConnection, source: str, expected: list[int]
) -> None:
    pairs: list[Pair] = [(None, points(source))]

    answers = duckdb_answers(pairs, three_sales)

    assert answers == [(value,) for value in expected]
    assert python_answers(pairs, BASKETS) == answers


def test_a_pair_whose_condition_fails_gives_null_and_a_sale_without_lines_keeps_its_row(
    three_sales: duckdb.DuckDBPyConnection,
) -> None:
    pairs: list[Pair] = [
        (condition("lines.exists(l, l.paid > 1000)"), points("7")),
        (condition("!lines.exists(l, l.paid > 1000)"), points("lines.size()")),
        (None, points("0")),
    ]

    assert duckdb_answers(pairs, three_sales) == [(7, None, 0), (None, 0, 0), (None, 2, 0)]


def test_many_rules_share_what_they_ask_of_the_lines_in_one_group_by(
    three_sales: duckdb.DuckDBPyConnection,
) -> None:
    wine = "lines.filter({0}, {0}.category == 'wine').map({0}, {0}.paid).sum()"
    pairs: list[Pair] = [
        (condition(f"{wine.format(name)} > {n}"), points(wine.format("l"))) for n, name in enumerate("abc")
    ]

    query = query_of(pairs, dialect="duckdb")

    assert query.count("SUM(") == 1
    assert query.count("GROUP BY") == 1


@settings(deadline=None, max_examples=30)
@given(dice=DICE)
def test_random_rules_over_tables_give_what_python_gives(
    changing_sales: duckdb.DuckDBPyConnection, dice: Random
) -> None:
    baskets = [random_facts(dice) for _ in range(12)]
    load(changing_sales, baskets)
    rules = RandomRules(dice)
    pairs: list[Pair] = [
        (rules.condition_rule() if dice.random() < 0.8 else None, rules.number_rule()) for _ in range(8)
    ]
    left_out = not_in_bulk(pairs)
    pairs = [pair for position, pair in enumerate(pairs) if position not in left_out] or [(None, points("0"))]

    assert duckdb_answers(pairs, changing_sales) == python_answers(pairs, baskets)


@pytest.mark.parametrize(
    ("when", "given", "part"),
    [
        (
            None,
            "lines.map(l, lines.filter(m, m.paid > l.paid).size()).sum()",
            "lines.filter(m, m.paid > l.paid).size()",
        ),
        ("lines.exists(l, lines.all(m, m.paid <= l.paid))", "1", "lines.all(m, m.paid <= l.paid)"),
        (
            None,
            "lines.map(l, l.paid % 9)" + ".map(x, (x + x) / 2)" * 20 + ".sum()",
            "lines.map(l, l.paid % 9)" + ".map(x, (x + x) / 2)" * 20 + ".sum()",
        ),
    ],
)
def test_what_tables_cannot_answer_is_told_with_its_part(when: str | None, given: str, part: str) -> None:
    pairs: list[Pair] = [(None, points("1")), (None if when is None else condition(when), points(given))]

    assert not_in_bulk(pairs) == {1: part}
    with pytest.raises(NotInBulk) as refused:
        compile_ibis(pairs, SALES, LINES, dialect="duckdb")
    assert refused.value.parts == {1: part}


@pytest.mark.parametrize("dialect", ["postgres", "pyspark"])
def test_every_operation_can_be_written_for_the_other_databases(dialect: str) -> None:
    pairs: list[Pair] = [
        (condition("tier < channel && lines.all(l, 'a' in l.tags)"), points("eligible.paid / 7 % 3")),
        (condition("lines.exists(l, l.labels.exists(t, t.endsWith(tier)))"), points("year_of(day)")),
        (None, points("lines.map(l, l.sizes.max()).min() + [day, 1].sum()")),
    ]

    query = query_of(pairs, dialect=dialect)

    assert (" DIV CAST(7" if dialect == "pyspark" else "DIV(") in query
    assert ("CONVERT_TO(" in query) is (dialect == "postgres")


def test_the_columns_of_a_sale_are_named_by_their_path() -> None:
    assert column_of("weekday") == "weekday"
    assert column_of("member", "spend_365d") == "member__spend_365d"
