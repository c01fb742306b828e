"""A Spark session for work that outgrows one machine; needs the extra `cagnotte[spark]` and Java 17 or 21."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import pyspark
from pyspark.sql import DataFrame, SparkSession

LOCAL = "local[*]"
_LOOPBACK = "127.0.0.1"

# Without these, a query may answer something else than Python.
_EXACT = {
    "spark.sql.ansi.enabled": "true",  # an overflow stops the query, where it would wrap around in silence
    "spark.sql.variable.substitute": "false",  # ${...} in the text of a rule is text
    "spark.sql.parser.escapedStringLiterals": "false",  # as Ibis writes them
    "spark.sql.session.timeZone": "UTC",
}
_QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    # Large programmes make deep queries, and Spark walks them by recursion.
    "spark.driver.extraJavaOptions": "-Xss16m",
}


@contextmanager
def spark_session(
    name: str, *, master: str = LOCAL, settings: Mapping[str, str] | None = None
) -> Iterator[SparkSession]:
    """A session that ends with the block; one per process at a time.

    `master` is Spark's address of a cluster, such as spark://host:7077 or yarn; by default all cores of this
    machine. `settings` go before ours, except those that keep answers equal to Python's. Executors run this
    very Python, so that they find Cagnotte; PYSPARK_PYTHON names another. On this machine alone nothing
    listens beyond the loopback address. Raises PySparkRuntimeError where Java is missing.
    """
    assert SparkSession.getActiveSession() is None, "the settings of the session before would stay"
    _tell_environment(master)
    builder = SparkSession.builder.appName(name).master(master)
    for key, value in {**_QUIET, **_bound_to(master), **(settings or {}), **_EXACT}.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def read_parquet(session: SparkSession, folder: Path | str, view: str) -> None:
    """Parquet files that every executor can read, as the view of that name; an earlier one is replaced."""
    session.read.parquet(str(folder)).createOrReplaceTempView(view)


def run(session: SparkSession, expression: Any) -> DataFrame:
    """An Ibis expression over views by their names, as a frame; `.toArrow()` fetches its rows.

    The query is SQL: Ibis' own connection to Spark would hold back the version of Spark.
    """
    return session.sql(str(ibis.to_sql(expression, dialect="pyspark")))


def _tell_environment(master: str) -> None:
    """What Spark's programs read from the environment; what is set there already stays."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
    os.environ.setdefault("SPARK_SCALA_VERSION", "2.13")  # else its workers look for a built source tree
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", _LOOPBACK)


def _bound_to(master: str) -> Mapping[str, str]:
    if not master.startswith("local"):
        return {}
    return {"spark.driver.host": _LOOPBACK, "spark.driver.bindAddress": _LOOPBACK}
