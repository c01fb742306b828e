"""One Spark for the run."""

from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from cagnotte.analytics.spark import spark_session
from spark.answers import SMALL, TWO_EXECUTORS


@pytest.fixture(scope="session")
def session() -> Iterator[SparkSession]:
    with spark_session("tests", master=TWO_EXECUTORS, settings=SMALL) as opened:
        yield opened
