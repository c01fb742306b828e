"""Rules over tables give on PostgreSQL what they give in Python, also where the database has a collation."""

from collections.abc import Sequence
from random import Random

import psycopg
import pytest
from psycopg import sql

from analytics.rules.tables import Pair, arrow_tables, python_answers, query_of
from cagnotte.analytics.rules import not_in_bulk
from domain.rules.random_rules import RandomRules, random_facts
from domain.rules.sample_scope import Facts, condition, points

_TYPES = {"int64": "bigint", "bool": "boolean", "string": "text"}


def _load(conn: psycopg.Connection, baskets: Sequence[Facts]) -> None:
    for name, table in zip(("sales", "sale_lines"), arrow_tables(baskets), strict=True):
        columns = [
            sql.SQL("{} {}").format(sql.Identifier(field.name), sql.SQL(_sql_type(str(field.type))))
            for field in table.schema
        ]
        columns_sql, target = sql.SQL(", ").join(columns), sql.Identifier(name)
        conn.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({})").format(target, columns_sql))
        with conn.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(target)) as copy:
            for row in table.to_pylist():
                copy.write_row(tuple(row.values()))


def _sql_type(name: str) -> str:
    item = name.removeprefix("list<").removeprefix("element: ").removeprefix("item: ").removesuffix(">")
    return _TYPES[item] + ("[]" if name.startswith("list<") else "")


def _answers(conn: psycopg.Connection, pairs: Sequence[Pair]) -> list[tuple[int | None, ...]]:
    query = query_of(pairs, dialect="postgres").replace("%", "%%")
    return [row[1:] for row in conn.execute(query.encode(), ()).fetchall()]


@pytest.mark.parametrize("seed", range(4))
def test_random_rules_on_postgresql_give_what_python_gives(conn: psycopg.Connection, seed: int) -> None:
    dice = Random(seed)
    baskets = [random_facts(dice) for _ in range(20)]
    rules = RandomRules(dice)
    tried: list[Pair] = [(rules.condition_rule(), rules.number_rule()) for _ in range(20)]
    pairs = [pair for position, pair in enumerate(tried) if position not in not_in_bulk(tried)]
    _load(conn, baskets)

    answers = _answers(conn, pairs)

    assert len(pairs) >= 10
    assert answers == python_answers(pairs, baskets)


def test_texts_stand_in_the_order_of_their_characters_whatever_the_collation(conn: psycopg.Connection) -> None:
    words = ["a", "B", "é", "z", "Z", "\ue000", "\U0001f600", ""]
    baskets = [Facts(tier=left, channel=right) for left in words for right in words]
    pairs: list[Pair] = [(condition("tier < channel"), points("1")), (condition("tier >= channel"), points("2"))]
    _load(conn, baskets)

    answers = _answers(conn, pairs)

    assert answers == [(1, None) if facts.tier < facts.channel else (None, 2) for facts in baskets]
