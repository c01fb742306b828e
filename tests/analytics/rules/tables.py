"""Facts as the two tables that the bulk back end reads, and its answers back as those of Python."""

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from cagnotte.analytics.rules import compile_ibis, rule_tables
from cagnotte.domain.rules import Rule, compile_rules
from domain.rules.sample_scope import SCOPE, Facts

type Pair = tuple[Rule | None, Rule]
type Answers = list[tuple[int | None, ...]]

SALES, LINES = rule_tables(SCOPE)


def arrow_tables(baskets: Sequence[Facts]) -> tuple[pa.Table, pa.Table]:
    """Sales, numbered from 0 by the column sale_id, and their lines."""
    lines = [(number, line) for number, facts in enumerate(baskets) for line in facts.lines]
    return (
        _table(SALES.schema(), range(len(baskets)), baskets),
        _table(LINES.schema(), [number for number, _ in lines], [line for _, line in lines]),
    )


def database_of(baskets: Sequence[Facts]) -> duckdb.DuckDBPyConnection:
    """DuckDB in memory, with the baskets; on one thread, since tests share the machine."""
    connection = duckdb.connect(config={"threads": 1})
    load(connection, baskets)
    return connection


def load(connection: duckdb.DuckDBPyConnection, baskets: Sequence[Facts]) -> None:
    """The baskets instead of those that were there."""
    for name, table in zip(("sales", "sale_lines"), arrow_tables(baskets), strict=True):
        connection.register("given", table)
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
        connection.unregister("given")


def duckdb_answers(pairs: Sequence[Pair], connection: duckdb.DuckDBPyConnection) -> Answers:
    """For each sale in order, the points of each pair; None where its condition fails."""
    return [row[1:] for row in connection.execute(query_of(pairs, dialect="duckdb")).fetchall()]


def query_of(pairs: Sequence[Pair], *, dialect: str) -> str:
    answers = compile_ibis(pairs, SALES, LINES, dialect=dialect).order_by("sale_id")
    return str(ibis.to_sql(answers, dialect=dialect))


def python_answers(pairs: Sequence[Pair], baskets: Iterable[Facts]) -> Answers:
    judge = compile_rules(pairs)
    given = [dict(judge(facts)) for facts in baskets]
    return [tuple(points.get(position) for position in range(len(pairs))) for points in given]


def _table(schema: Any, keys: Iterable[int], rows: Sequence[Any]) -> pa.Table:
    types = schema.to_pyarrow()
    columns = {name: [_value(row, name.split("__", 1)) for row in rows] for name in schema.names[1:]}
    return pa.table({"sale_id": list(keys), **columns}, schema=types)


def _value(owner: Any, path: Sequence[str]) -> Any:
    for name in path:
        owner = getattr(owner, name) if hasattr(owner, name) else owner.attributes.get(name)
    return owner
