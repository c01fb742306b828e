"""The replay on a Spark of two executors: the same figures as in this process."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from pyspark.sql import SparkSession

from analytics.replay.histories import BAKERY, BASE, TIERS, programme, replayed
from analytics.replay.test_workers import invented
from cagnotte.analytics.replay import Question
from cagnotte.analytics.replay.spark import replay_on_spark


# Spark looks at pandas before it hands out Arrow batches; no pandas is used.
@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")
def test_a_replay_on_spark_says_what_one_in_this_process_says(session: SparkSession, tmp_path: Path):
    history = invented(tmp_path / "history", 120)
    current, draft = programme(BASE, TIERS), programme(BASE, BAKERY, TIERS.replace("10000", "6000"))

    report = replay_on_spark(session, history, Question(current, draft, ("current.toml", "draft.toml")))

    assert report.members_differing > 0
    assert replace(report, took=None) == replace(replayed(history, current, draft), took=None)
