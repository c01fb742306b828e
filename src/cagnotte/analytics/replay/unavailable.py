"""Spark, where it is installed: it is an extra, so nothing may import it before somebody asks for it."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from cagnotte.analytics.replay.figures import Report
from cagnotte.analytics.replay.run import Question

type ReplayAt = Callable[[str, Path, Question], Report]


class SparkUnavailable(Exception):
    """Spark is there and does not start, or gives up; the text is its own, in English."""


def replay_at_spark() -> ReplayAt | None:
    """`replay_at` of on_spark.py; None without the extra `cagnotte[spark]`."""
    if find_spec("pyspark") is None:
        return None
    found: ReplayAt = import_module("cagnotte.analytics.replay.on_spark").replay_at
    return found
