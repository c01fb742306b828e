"""Rules over tables give on Spark what they give in Python, and what would differ stops the query."""

from collections.abc import Iterable
from random import Random

import pytest
from pyspark.errors import ArithmeticException
from pyspark.sql import SparkSession

from analytics.rules.cases import BASKETS, GIVES
from analytics.rules.tables import Pair, python_answers
from cagnotte.analytics.rules import not_in_bulk
from cagnotte.domain.rules.limits import AMOUNT_MOST, DAY_NUMBER_MOST
from domain.rules.random_rules import WORDS, RandomRules, quoted, random_facts
from domain.rules.sample_scope import Eligible, Facts, Line, condition, points
from spark.answers import sales_in, spark_answers


def both(session: SparkSession, sources: Iterable[str], baskets: list[Facts]) -> None:
    pairs: list[Pair] = [(None, points(source)) for source in sources]
    with sales_in(session, baskets):
        assert spark_answers(pairs, session) == python_answers(pairs, baskets)


def test_every_rule_of_the_other_databases_gives_the_same_here(session: SparkSession) -> None:
    pairs: list[Pair] = [(None, points(source)) for source, _ in GIVES]

    with sales_in(session, BASKETS):
        answers = spark_answers(pairs, session)

    assert answers == list(zip(*[expected for _, expected in GIVES], strict=True))


def test_a_pair_whose_condition_fails_gives_null_and_a_sale_without_lines_keeps_its_row(
    session: SparkSession,
) -> None:
    pairs: list[Pair] = [
        (condition("lines.exists(l, l.paid > 1000)"), points("7")),
        (condition("!lines.exists(l, l.paid > 1000)"), points("lines.size()")),
        (condition("lines.all(l, l.paid > 1000)"), points("lines.map(l, l.paid).min()")),
    ]

    with sales_in(session, BASKETS):
        answers = spark_answers(pairs, session)

    assert answers == [(7, None, None), (None, 0, 0), (None, 2, None)]


def test_without_one_line_in_all_sales_their_totals_are_nothing(session: SparkSession) -> None:
    pairs: list[Pair] = [(None, points("lines.map(l, l.paid).sum() + lines.size()"))]

    with sales_in(session, [Facts(), Facts()]):
        answers = spark_answers(pairs, session)

    assert answers == [(0,), (0,)]


@pytest.mark.parametrize("seed", range(3))
def test_random_rules_on_spark_give_what_python_gives(session: SparkSession, seed: int) -> None:
    dice = Random(seed)
    baskets = [random_facts(dice) for _ in range(200)]
    rules = RandomRules(dice)
    tried: list[Pair] = [(rules.condition_rule(), rules.number_rule()) for _ in range(20)]
    left_out = not_in_bulk(tried)
    pairs = [pair for position, pair in enumerate(tried) if position not in left_out]

    with sales_in(session, baskets):
        answers = spark_answers(pairs, session)

    assert len(pairs) >= 10
    assert answers == python_answers(pairs, baskets)


def test_division_truncates_and_stays_whole_to_the_last_digit(session: SparkSession) -> None:
    amounts = (0, 1, -1, 199, -199, AMOUNT_MOST, -AMOUNT_MOST)
    divisors = (1, -1, 7, -7, 100, 2**31, -(2**63), 2**63 - 1)
    sources = [
        f"{dividend} {operator} {divisor}"
        for dividend in ("eligible.paid", "(eligible.paid * 8388607)")
        for operator in "/%"
        for divisor in divisors
    ]

    both(session, sources, [Facts(eligible=Eligible(paid=amount)) for amount in amounts])


def test_texts_are_counted_compared_and_searched_by_their_characters(session: SparkSession) -> None:
    tests = ["tier < channel", "tier >= channel", "tier == channel", "tier in [channel, 'été']"]
    tests += [f"tier.{test}(channel)" for test in ("contains", "startsWith", "endsWith")]
    sources = ["tier.size()", *[f"{test} ? 1 : 0" for test in tests]]

    both(session, sources, [Facts(tier=left, channel=right) for left in WORDS for right in WORDS])


def test_a_text_written_in_a_rule_means_its_characters_also_where_spark_has_signs_of_its_own(
    session: SparkSession,
) -> None:
    words = [*WORDS, "${spark.app.name}", "${x}", ":name", "?", "'", '"', "`", "/* */", "\\u0041", "\\%", "\\_"]

    both(session, [f"tier == {quoted(word)} ? 1 : 0" for word in words], [Facts(tier=word) for word in words])


def test_days_have_the_same_parts_in_all_centuries(session: SparkSession) -> None:
    leap_days, first_gregorian = (19_782, -25_509, 11_016), (-141_428, -141_427, -141_437)
    bounds = (DAY_NUMBER_MOST, -DAY_NUMBER_MOST, -719_163, -719_162, 2_932_896, 2_932_897)
    days = (*bounds, *leap_days, *first_gregorian, *range(-4, 4))

    both(
        session,
        [f"{part}_of(day)" for part in ("year", "month", "day_of_month", "weekday")],
        [Facts(day=day) for day in days],
    )


def test_lists_that_are_empty_or_absent_are_nothing(session: SparkSession) -> None:
    sources = [
        "lines.map(l, l.sizes.min() + l.labels.size() * 100).sum()",
        "lines.filter(l, l.sizes.sum() == 0).size()",
        "lines.filter(l, l.labels.all(t, t == 'x')).size() * 10 + lines.filter(l, 'x' in l.labels).size()",
        "member.visits.filter(v, v > 3).max() + (tier in [] ? 1 : 0)",
    ]
    lists = [Line(), Line(attributes={"sizes": (), "labels": ()}), Line(attributes={"labels": ("x",)})]

    both(session, sources, [Facts(lines=tuple(lists[:count])) for count in range(4)])


def test_a_fact_beyond_its_bounds_stops_the_query_and_never_wraps_around(session: SparkSession) -> None:
    pairs: list[Pair] = [(None, points("eligible.paid * 3"))]

    with sales_in(session, [Facts(eligible=Eligible(paid=2**62))]), pytest.raises(ArithmeticException) as stopped:
        spark_answers(pairs, session)

    assert stopped.value.getCondition() == "ARITHMETIC_OVERFLOW"
