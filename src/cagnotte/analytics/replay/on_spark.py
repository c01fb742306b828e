"""A replay on a Spark session of its own, for a caller who knows Spark by its address only."""

from pathlib import Path

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from cagnotte.analytics.replay.figures import Report
from cagnotte.analytics.replay.run import Question
from cagnotte.analytics.replay.spark import replay_on_spark
from cagnotte.analytics.replay.unavailable import SparkUnavailable
from cagnotte.analytics.spark import spark_session


def replay_at(master: str, folder: Path, question: Question) -> Report:
    """Fold the history on the Spark at that address, such as local[*] or spark://host:7077.

    Raises HistoryRefused or OtherCurrency, and SparkUnavailable when Spark does not start or gives up.
    """
    try:
        with spark_session("cagnotte replay", master=master) as session:
            return replay_on_spark(session, folder.resolve(), question)
    except (PySparkException, Py4JError) as error:
        raise SparkUnavailable(_said(str(error))) from error


def _said(error: str) -> str:
    """What Spark says, without the stack of Java; the first line of an error there names the call only."""
    lines = [line.strip(": ") for line in error.splitlines() if line.strip()]
    calls = lines[:1] if lines and lines[0].startswith("An error occurred while calling") else []
    return (lines[len(calls) :] or [error])[0]
