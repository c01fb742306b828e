"""Python and Spark on millions of evaluations: `python -m spark.ten_million [rules baskets seed]`.

Run it in `tests`, with the packages of requirements-spark.lock. Prints how many answers were compared and how
many differ, and ends 1 when any does.
"""

import sys
from random import Random

from analytics.rules.ten_million import compare, random_sales
from cagnotte.analytics.spark import spark_session
from spark.answers import SMALL, TWO_EXECUTORS, sales_in, spark_answers


def main(rules: int = 2_000, baskets: int = 5_000, seed: int = 1) -> int:
    """Compares `rules` pairs that tables can answer on `baskets` sales; the number of answers that differ."""
    dice = Random(seed)
    sales = random_sales(dice, baskets)
    opened = spark_session("ten million", master=TWO_EXECUTORS, settings=SMALL)
    with opened as session, sales_in(session, sales):
        differing = compare("Spark", lambda pairs: spark_answers(pairs, session), sales, dice, rules)
    print(f"seed {seed}, {TWO_EXECUTORS}")
    return differing


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:])) else 0)
