"""A replay on a Spark session of its own, for a caller who knows Spark by its address only."""

from pathlib import Path

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
    except PySparkException as error:
        raise SparkUnavailable(str(error).partition("\n")[0]) from error
