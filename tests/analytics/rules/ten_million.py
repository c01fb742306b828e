"""Python and DuckDB on millions of evaluations: `python -m analytics.rules.ten_million [rules baskets seed]`.

Run it in `tests`. Prints how many answers were compared and how many differ, and ends 1 when any does.
`spark.ten_million` does the same with Spark.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from random import Random

from analytics.rules.tables import Answers, Pair, database_of, duckdb_answers, python_answers
from cagnotte.analytics.rules import not_in_bulk
from domain.rules.random_rules import RandomRules, random_facts
from domain.rules.sample_scope import Facts

_RULES_AT_ONCE = 25
_SHOWN_MOST = 5


def main(rules: int = 2_000, baskets: int = 5_000, seed: int = 1) -> int:
    """Compares `rules` pairs that tables can answer on `baskets` sales; the number of answers that differ."""
    dice = Random(seed)
    sales = random_sales(dice, baskets)
    with database_of(sales) as database:
        differing = compare("DuckDB", lambda pairs: duckdb_answers(pairs, database), sales, dice, rules)
    print(f"seed {seed}")
    return differing


def random_sales(dice: Random, baskets: int) -> list[Facts]:
    return [random_facts(dice) for _ in range(baskets)]


def compare(
    engine: str, answers: Callable[[Sequence[Pair]], Answers], sales: Sequence[Facts], dice: Random, rules: int
) -> int:
    """Draws `rules` pairs, prints what came of them, and returns how many answers differ from Python's."""
    started = time.perf_counter()
    compared = differing = given = left_out = 0
    seconds = {"Python": 0.0, engine: 0.0}
    for pairs, refused in _batches(dice, rules):
        left_out += refused
        begun = time.perf_counter()
        by_python = python_answers(pairs, sales)
        middle = time.perf_counter()
        by_engine = answers(pairs)
        seconds["Python"] += middle - begun
        seconds[engine] += time.perf_counter() - middle
        compared += len(pairs) * len(sales)
        given += sum(value is not None for row in by_python for value in row)
        if by_python != by_engine:
            differing += _tell_differences(pairs, by_python, by_engine)
    print(
        f"{compared:,} evaluations, {differing:,} differences; {given:,} conditions held;"
        f" {left_out:,} rules left to Python; {time.perf_counter() - started:.0f} s"
        f" ({', '.join(f'{name} {spent:.0f} s' for name, spent in seconds.items())})"
    )
    return differing


def _batches(dice: Random, wanted: int) -> Iterator[tuple[list[Pair], int]]:
    """Batches of pairs that tables can answer, `wanted` in all, and how many others came up on the way."""
    while wanted > 0:
        rules = RandomRules(dice)
        tried: list[Pair] = [
            (rules.condition_rule() if dice.random() < 0.8 else None, rules.number_rule())
            for _ in range(min(wanted, _RULES_AT_ONCE))
        ]
        refused = not_in_bulk(tried)
        pairs = [pair for position, pair in enumerate(tried) if position not in refused]
        wanted -= len(pairs)
        if pairs:
            yield pairs, len(refused)


def _tell_differences(pairs: Sequence[Pair], by_python: Answers, by_engine: Answers) -> int:
    differing = 0
    for sale, (left, right) in enumerate(zip(by_python, by_engine, strict=True)):
        for (when, points), one, other in zip(pairs, left, right, strict=True):
            if one != other:
                differing += 1
                if differing <= _SHOWN_MOST:
                    print(
                        f"sale {sale}: {one} != {other}\n  when {when and when.source}\n  points {points.source}"
                    )
    return differing


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:])) else 0)
