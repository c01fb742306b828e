"""The session that all work on Spark shares."""

import sys
from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

import cagnotte
from cagnotte.analytics.spark import spark_session


def test_executors_run_this_python_and_find_cagnotte_there(session: SparkSession) -> None:
    def seen(part: Iterator[int]) -> Iterator[tuple[str, list[str]]]:
        yield from ((sys.executable, list(cagnotte.__path__)) for _ in part)

    found = session.sparkContext.parallelize([1, 2], 2).mapPartitions(seen).collect()

    assert found == [(sys.executable, list(cagnotte.__path__))] * 2


def test_a_second_session_beside_the_first_is_refused(session: SparkSession) -> None:
    with pytest.raises(AssertionError, match="settings"), spark_session("another", master="local[1]"):
        pass

    assert session.sql("SELECT 1").collect() == [(1,)]
